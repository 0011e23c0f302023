/*
 * Judged by the newest handshake that completed and shows the fact, else by the newest other one:
 * what a smoke check wants to know is how the server is now. A resumed one shows no certificate.
 */
#include "diagnose/expect.h"

#include "base/moment.h"

#include "diagnose/rule.h"
#include "diagnose/story.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FACT_TEXT = 320, DAY = 86400 };

/* A fact as it is told and compared. */
struct fact {
	bool known;
	char text[FACT_TEXT];
	char other[FACT_TEXT]; /* another spelling that is as good; "" none */
	int64_t number;
};

struct expect_key {
	const char *name;
	const char *meaning;
	bool ordered; /* numbers: >= and <= mean something */
	/* Fills *out; leaves known false when the handshake does not show it. */
	void (*read)(const struct handshake *hs, const struct evidence *ev, struct fact *out);
	int (*number_of)(
		const char *value); /* of a name; NULL: any text, or a number when ordered */
};

static void know(struct fact *f, const char *text)
{
	f->known = true;
	(void)snprintf(f->text, sizeof f->text, "%s", text);
}

static void count(struct fact *f, int64_t n)
{
	f->known = true;
	f->number = n;
	(void)snprintf(f->text, sizeof f->text, "%lld", (long long)n);
}

static void yes_or_no(struct fact *f, bool yes)
{
	know(f, yes ? "true" : "false");
}

static void code(struct fact *f, unsigned value, const char *name)
{
	char text[48];

	name_or_hex(text, name, value);
	know(f, text);
	(void)snprintf(f->other, sizeof f->other, "0x%04x", value);
	f->number = value;
}

/* ---- the facts ---- */

static void read_outcome(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	know(f, hs->outcome == OUTCOME_COMPLETED ? "completed"
		: hs->outcome == OUTCOME_FAILED  ? "failed"
						 : "incomplete");
}

static void read_version(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	if (hs->version != 0)
		code(f, version_draft(hs->version) != 0 ? 0x0304 : hs->version,
			name_version(hs->version));
}

static void read_suite(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	if (hs->has_suite)
		code(f, hs->suite_value, name_cipher_suite(hs->suite_value));
}

static void read_group(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	struct place at;
	uint16_t group;

	(void)ev;
	if (server_group(hs, &group, &at))
		code(f, group, name_group(group));
}

/* In TLS 1.2 the scheme names no curve: "ecdsa_sha512" is as good as the name TLS 1.3 gives it. */
static void read_scheme(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	struct scheme s = scheme_decode(hs->ske.scheme);
	const char *signature = signature_kind_name(s.signature);

	(void)ev;
	if (!hs->ske.seen || !hs->ske.has_scheme)
		return;
	code(f, s.value, name_scheme(s.value));
	if (signature != NULL)
		(void)snprintf(f->other, sizeof f->other, "%s_%s", signature, hash_name(s.hash));
}

static void read_key(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);

	(void)ev;
	if (c == NULL)
		return;
	know(f, c->key_name);
	if (c->key == KEY_EC || c->key == KEY_RSA)
		(void)snprintf(f->other, sizeof f->other, "%s", c->key == KEY_EC ? "EC" : "RSA");
}

static void read_key_bits(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);

	(void)ev;
	if (c != NULL && c->key_bits != 0)
		count(f, c->key_bits);
}

/* The value of the CN in a name as text, "CN=x,O=y". */
static void common_name(const char *name, char *out, size_t size)
{
	const char *cn = strstr(name, "CN=");

	if (cn != NULL)
		(void)snprintf(out, size, "%.*s", (int)strcspn(cn + 3, ","), cn + 3);
}

static void read_issuer(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);

	(void)ev;
	if (c == NULL)
		return;
	know(f, c->issuer);
	common_name(c->issuer, f->other, sizeof f->other);
}

static void read_subject(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);

	(void)ev;
	if (c == NULL)
		return;
	know(f, c->subject);
	common_name(c->subject, f->other, sizeof f->other);
}

static void read_sha256(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);
	char hex[65];

	(void)ev;
	if (c == NULL)
		return;
	for (size_t i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", c->sha256[i]);
	know(f, hex);
}

static void read_certificates(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	if (hs->n_certs[SIDE_SERVER] != 0)
		count(f, (int64_t)hs->n_certs[SIDE_SERVER]);
}

/* Of the certificate that is the first to end; begun days do not count. */
static void read_days_left(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	int64_t at = ev->has_at ? ev->at : moment_seconds(hs->start), left = 0;

	for (size_t i = 0; i < hs->n_certs[SIDE_SERVER]; i++) {
		const struct cert *c = hs->certs[SIDE_SERVER][i];
		int64_t days;

		if (c == NULL || !c->has_dates)
			continue;
		days = c->not_after - at;
		days = days >= 0 ? days / DAY : -((-days + DAY - 1) / DAY);
		if (!f->known || days < left)
			left = days;
		count(f, left);
	}
}

static void read_alpn(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	const struct extensions *chosen = &hs->server_hello.ext;

	(void)ev;
	if (hs->alpn_told != NULL) {
		know(f, hs->alpn_told);
		return;
	}
	if (!hs->server_hello.seen || (hs->tls13 && hs->word[SIDE_CLIENT].release == NULL))
		return;
	f->known = true;
	if (chosen->n_alpn != 0 && !bytes_printable(chosen->alpn[0]))
		(void)snprintf(f->text, sizeof f->text, "bytes that are no text");
	else if (chosen->n_alpn != 0)
		(void)snprintf(f->text, sizeof f->text, "%.*s", (int)chosen->alpn[0].len,
			(const char *)chosen->alpn[0].data);
	else
		(void)snprintf(f->text, sizeof f->text, "none");
}

static void read_resumed(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	if (hs->resumed_known)
		yes_or_no(f, hs->resumed);
}

static void read_client_auth(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	if (!hs->tls13 && (hs->certificate_request.seen || hs->server_hello_done))
		yes_or_no(f, hs->certificate_request.seen);
}

static void read_milliseconds(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	count(f, moment_apart(hs->end, hs->start) / 1000000);
}

static const struct expect_key keys[] = {
	{ "outcome", "completed, failed or incomplete", false, read_outcome, NULL },
	{ "version", "TLS1.2, ... (also >=, <=)", true, read_version, version_by_name },
	{ "suite", "the cipher suite, by its name or number", false, read_suite, suite_by_name },
	{ "group", "the group of the key exchange", false, read_group, group_by_name },
	{ "scheme", "the scheme of the ServerKeyExchange's signature", false, read_scheme, NULL },
	{ "key", "the leaf's key: EC, RSA, \"EC secp256r1\", \"RSA 2048\"", false, read_key, NULL },
	{ "key-bits", "its size", true, read_key_bits, NULL },
	{ "issuer", "the leaf's issuer: the whole name, or its CN", false, read_issuer, NULL },
	{ "subject", "the leaf's subject, the same", false, read_subject, NULL },
	{ "sha256", "the leaf's fingerprint", false, read_sha256, NULL },
	{ "certificates", "how many were sent", true, read_certificates, NULL },
	{ "days-left", "until the first certificate ends", true, read_days_left, NULL },
	{ "alpn", "the protocol chosen, or none", false, read_alpn, NULL },
	{ "resumed", "true or false", false, read_resumed, NULL },
	{ "client-certificate", "true when one is asked for", false, read_client_auth, NULL },
	{ "milliseconds", "that the handshake took", true, read_milliseconds, NULL },
};

enum { N_KEYS = sizeof keys / sizeof keys[0] };

const char *expect_key_at(size_t i, const char **meaning)
{
	if (i >= N_KEYS)
		return NULL;
	*meaning = keys[i].meaning;
	return keys[i].name;
}

/* ---- reading an expectation ---- */

static const struct expect_key *key_find(const char *text, size_t len)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (strlen(keys[i].name) == len && strncmp(keys[i].name, text, len) == 0)
			return &keys[i];
	return NULL;
}

static const char *op_take(const char *text, enum expect_op *op)
{
	static const char *const signs[] = { [EXPECT_IS] = "=",
		[EXPECT_IS_NOT] = "!=",
		[EXPECT_AT_LEAST] = ">=",
		[EXPECT_AT_MOST] = "<=" };

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
			*op = (enum expect_op)i;
			return text + strlen(signs[i]);
		}
	return NULL;
}

static bool number_take(struct expectation *x, struct err *e)
{
	char *end;

	errno = 0;
	if (x->key->number_of != NULL)
		x->number = x->key->number_of(x->value);
	else
		x->number = strtoll(x->value, &end, x->key->ordered ? 10 : 16);
	if (x->key->number_of != NULL && x->number < 0 && strncmp(x->value, "0x", 2) != 0)
		return err_set(e, ERR_USAGE, 0, "--expect %s: there is no %s '%s'", x->text,
			x->key->name, x->value);
	if (x->key->number_of == NULL && x->key->ordered &&
		(errno != 0 || end == x->value || *end != '\0'))
		return err_set(e, ERR_USAGE, 0, "--expect %s takes a number, not '%s'",
			x->key->name, x->value);
	return true;
}

bool expect_parse(const char *text, struct expectation *out, struct err *e)
{
	size_t len = strcspn(text, "=!<>");

	*out = (struct expectation){ .text = text, .key = key_find(text, len) };
	out->value = op_take(text + len, &out->op);
	if (out->value == NULL || *out->value == '\0')
		return err_set(e, ERR_USAGE, 0, "--expect takes KEY=VALUE, not '%s'", text);
	if (out->key == NULL) {
		char names[160] = "";
		size_t used = 0;

		for (size_t i = 0; i < N_KEYS && used < sizeof names; i++)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
				i != 0 ? ", " : "", keys[i].name);
		return err_set(
			e, ERR_USAGE, 0, "--expect knows no '%.*s', but %s", (int)len, text, names);
	}
	if (!out->key->ordered && out->op != EXPECT_IS && out->op != EXPECT_IS_NOT)
		return err_set(e, ERR_USAGE, 0, "--expect %s takes = or !=, not '%s'",
			out->key->name, text);
	return number_take(out, e);
}

/* ---- judging ---- */

/* The newest handshake of that kind (completed or not) that shows it. */
static const struct handshake *newest(
	const struct case_file *cf, bool completed, const struct expect_key *key, struct fact *f)
{
	for (size_t i = cf->n_kept; i-- != 0;) {
		const struct handshake *hs = cf->kept[i]->hs;

		if ((hs->outcome == OUTCOME_COMPLETED) != completed)
			continue;
		*f = (struct fact){ .known = false };
		key->read(hs, cf->evidence, f);
		if (f->known)
			return hs;
	}
	return NULL;
}

static bool is(const struct expectation *x, const struct fact *f)
{
	return names_same(x->value, f->text) ||
	       (f->other[0] != '\0' && names_same(x->value, f->other)) ||
	       (x->key->number_of != NULL && x->number == f->number) ||
	       (x->key->ordered && x->number == f->number);
}

static bool holds(const struct expectation *x, const struct fact *f)
{
	switch (x->op) {
	case EXPECT_IS:
		return is(x, f);
	case EXPECT_IS_NOT:
		return !is(x, f);
	case EXPECT_AT_LEAST:
		return f->number >= x->number;
	case EXPECT_AT_MOST:
		return f->number <= x->number;
	}
	return false;
}

void expect_judge(const struct expectation *x, const struct case_file *cf, struct expected *out)
{
	struct fact f = { .known = false };
	const struct handshake *hs = newest(cf, true, x->key, &f);

	if (hs == NULL)
		hs = newest(cf, false, x->key, &f);
	*out = (struct expected){ .expectation = x, .status = UNKNOWN };
	if (hs == NULL) {
		out->message = case_text(cf, "no handshake shows it in the clear");
		return;
	}
	out->handshake = hs->id;
	out->status = holds(x, &f) ? PASS : FAIL;
	out->message = case_text(cf, "is %s", f.text);
}
