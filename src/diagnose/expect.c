/*
 * Judged by the newest handshake that completed and shows the fact, else by the newest other one:
 * what a smoke check wants to know is how the server is now. A resumed one shows no certificate.
 */
#include "diagnose/expect.h"

#include "base/array.h"
#include "base/moment.h"
#include "base/strbuf.h"
#include "diagnose/rule.h"
#include "diagnose/story.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { CODE_TEXT = 48, SHA256_TEXT = 2 * 32 + 1, DAY = 86400 };

/* Every text that a fact can be; as large as the largest of them. */
union fact_text {
	char name[NAME_TEXT]; /* of a certificate */
	char key[OID_TEXT];
	char alpn[UINT8_MAX + 1]; /* RFC 7301 3.1: the length of a protocol's name is a byte */
	char code[CODE_TEXT];
	char sha256[SHA256_TEXT];
};
enum { FACT_TEXT = sizeof(union fact_text) };

/* A fact as it is told and compared. */
struct fact {
	bool known;
	char text[FACT_TEXT];
	char other[FACT_TEXT]; /* another spelling that is as good; "" none */
	int64_t number;
};

/* What the value of a key is. */
enum value_kind {
	VALUE_TEXT,
	VALUE_COUNT, /* a decimal number */
	VALUE_CODE,  /* a name, or its number on the wire: 0x0303 */
};

struct expect_key {
	const char *name;
	const char *meaning;
	enum value_kind kind;
	bool ordered; /* >= and <= mean something */
	/* Fills *out; leaves known false when the handshake does not show it. */
	void (*read)(const struct handshake *hs, const struct evidence *ev, struct fact *out);
	/* Of VALUE_CODE: the number of a name, -1 when there is none such. NULL: any name may do. */
	int (*by_name)(const char *name);
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
	char text[CODE_TEXT];

	name_or_hex(text, name, value);
	know(f, text);
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
	char hex[SHA256_TEXT];

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
	if (hs->side[SIDE_SERVER].n_certs != 0)
		count(f, (int64_t)hs->side[SIDE_SERVER].n_certs);
}

/* Of the certificate that is the first to end; begun days do not count. */
static void read_days_left(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	int64_t at = ev->has_at ? ev->at : moment_seconds(hs->start), left = 0;

	for (size_t i = 0; i < hs->side[SIDE_SERVER].n_certs; i++) {
		const struct cert *c = hs->side[SIDE_SERVER].certs[i];
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
	struct bytes name = hs->alpn.name;

	(void)ev;
	f->known = hs->alpn.from != FROM_NOWHERE;
	if (!f->known)
		return;
	if (name.len == 0)
		(void)snprintf(f->text, sizeof f->text, "none");
	else if (bytes_printable(name))
		(void)snprintf(
			f->text, sizeof f->text, "%.*s", (int)name.len, (const char *)name.data);
	else
		(void)snprintf(f->text, sizeof f->text, "bytes that are no text");
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
	if (hs->client_auth != CLIENT_AUTH_UNKNOWN)
		yes_or_no(f, hs->client_auth != CLIENT_AUTH_NOT_ASKED);
	else if (!hs->tls13 && (hs->certificate_request.seen || hs->server_hello_done))
		yes_or_no(f, hs->certificate_request.seen);
}

static void read_milliseconds(const struct handshake *hs, const struct evidence *ev, struct fact *f)
{
	(void)ev;
	count(f, moment_apart(hs->end, hs->start) / 1000000);
}

static const struct expect_key keys[] = {
	{ "outcome", "completed, failed or incomplete", VALUE_TEXT, false, read_outcome, NULL },
	{ "version", "TLS1.2, ... (also >=, <=)", VALUE_CODE, true, read_version, version_by_name },
	{ "suite", "the cipher suite, by its name or number", VALUE_CODE, false, read_suite,
		suite_by_name },
	{ "group", "the group of the key exchange", VALUE_CODE, false, read_group, group_by_name },
	{ "scheme", "the scheme of the ServerKeyExchange's signature", VALUE_CODE, false,
		read_scheme, NULL },
	{ "key", "the leaf's key: EC, RSA, \"EC secp256r1\", \"RSA 2048\"", VALUE_TEXT, false,
		read_key, NULL },
	{ "key-bits", "its size", VALUE_COUNT, true, read_key_bits, NULL },
	{ "issuer", "the leaf's issuer: the whole name, or its CN", VALUE_TEXT, false, read_issuer,
		NULL },
	{ "subject", "the leaf's subject, the same", VALUE_TEXT, false, read_subject, NULL },
	{ "sha256", "the leaf's fingerprint", VALUE_TEXT, false, read_sha256, NULL },
	{ "certificates", "how many were sent", VALUE_COUNT, true, read_certificates, NULL },
	{ "days-left", "until the first certificate ends", VALUE_COUNT, true, read_days_left,
		NULL },
	{ "alpn", "the protocol chosen, or none", VALUE_TEXT, false, read_alpn, NULL },
	{ "resumed", "true or false", VALUE_TEXT, false, read_resumed, NULL },
	{ "client-certificate", "true when one is asked for", VALUE_TEXT, false, read_client_auth,
		NULL },
	{ "milliseconds", "that the handshake took", VALUE_COUNT, true, read_milliseconds, NULL },
};

enum { N_KEYS = COUNT(keys) };

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

	for (size_t i = 0; i < COUNT(signs); i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
			*op = (enum expect_op)i;
			return text + strlen(signs[i]);
		}
	return NULL;
}

/* All of text is a number of that base, from least to most. */
static bool whole_number(const char *text, int base, int64_t least, int64_t most, int64_t *out)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, base);
	if (errno != 0 || end == text || *end != '\0' || n < least || n > most)
		return false;
	*out = n;
	return true;
}

static bool count_take(struct expectation *x, struct err *e)
{
	x->has_number = whole_number(x->value, 10, INT64_MIN, INT64_MAX, &x->number);
	return x->has_number || err_set(e, ERR_USAGE, 0, "--expect %s takes a number, not '%s'",
					x->key->name, x->value);
}

static bool code_take(struct expectation *x, struct err *e)
{
	int code;

	if (strncmp(x->value, "0x", 2) == 0 || strncmp(x->value, "0X", 2) == 0) {
		x->has_number = whole_number(x->value, 16, 0, 0xffff, &x->number);
		return x->has_number ||
		       err_set(e, ERR_USAGE, 0,
			       "--expect %s takes a name or a number like 0x0303, not '%s'",
			       x->key->name, x->value);
	}
	if (x->key->by_name == NULL)
		return true;
	code = x->key->by_name(x->value);
	if (code < 0)
		return err_set(e, ERR_USAGE, 0, "--expect %s: there is no %s '%s'", x->text,
			x->key->name, x->value);
	x->has_number = true;
	x->number = code;
	return true;
}

static bool value_take(struct expectation *x, struct err *e)
{
	switch (x->key->kind) {
	case VALUE_TEXT:
		return true;
	case VALUE_COUNT:
		return count_take(x, e);
	case VALUE_CODE:
		return code_take(x, e);
	}
	return false;
}

static bool refuse_key(const char *key, size_t len, struct err *e)
{
	enum { SHOWN = 32 };
	struct strbuf names = { 0 };

	for (size_t i = 0; i < N_KEYS; i++)
		strbuf_printf(&names, "%s%s", i != 0 ? ", " : "", keys[i].name);
	err_set(e, ERR_USAGE, 0, "--expect knows no '%.*s', but %s",
		(int)(len < SHOWN ? len : SHOWN), key, strbuf_text(&names));
	strbuf_free(&names);
	return false;
}

bool expect_parse(const char *text, struct expectation *out, struct err *e)
{
	size_t len = strcspn(text, "=!<>");

	*out = (struct expectation){ .text = text, .key = key_find(text, len) };
	out->value = op_take(text + len, &out->op);
	if (out->value == NULL || *out->value == '\0')
		return err_set(e, ERR_USAGE, 0, "--expect takes KEY=VALUE, not '%s'", text);
	if (out->key == NULL)
		return refuse_key(text, len, e);
	if (!out->key->ordered && out->op != EXPECT_IS && out->op != EXPECT_IS_NOT)
		return err_set(e, ERR_USAGE, 0, "--expect %s takes = or !=, not '%s'",
			out->key->name, text);
	return value_take(out, e);
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
	       (x->has_number && x->number == f->number);
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
