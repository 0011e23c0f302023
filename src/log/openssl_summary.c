/* What OpenSSL's programs say of a handshake behind it, and of the certificates while they verify them. */
#include "base/array.h"
#include "log/named.h"
#include "log/openssl_conn.h"
#include "log/openssl_error.h"

/* "verify error:num=20:unable to get local issuer certificate" */
static bool on_verify_error(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_before_summary(in);
	uint64_t number;
	struct said said;

	if (!scan_decimal(&s, &number) || number > INT32_MAX || !scan_char(&s, ':'))
		return false;
	in->s->verdict = (int)number;
	if (openssl_verify_read((int64_t)number, scan_rest(&s), &said))
		said_note(c, &said, in->text, in->line->at);
	return true;
}

static bool on_verify(const struct openssl_input *in, struct scan s)
{
	(void)s;
	(void)openssl_before_summary(in);
	return true;
}

/* "Verify return code: 10 (certificate has expired)" */
static bool on_verify_code(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_conn_of(in);
	uint64_t number;
	struct said said;

	in->s->summary = true;
	if (!scan_decimal(&s, &number) || number > INT32_MAX || (int)number == in->s->verdict)
		return true;
	in->s->verdict = (int)number;
	(void)scan_word(&s, " (");
	if (openssl_verify_read((int64_t)number, scan_rest(&s), &said))
		said_note(c, &said, in->text, in->line->at);
	return true;
}

/* "Verification error: certificate has expired" */
static bool on_verification(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);
	struct said said;

	if (c == NULL)
		return false;
	if (in->s->verdict == 0 && openssl_verify_read(-1, scan_rest(&s), &said)) {
		in->s->verdict = -1;
		said_note(c, &said, in->text, in->line->at);
	}
	return true;
}

static void set_suite(const struct openssl_input *in, struct log_conn *c, struct bytes version,
	struct bytes suite)
{
	int value = named_suite(suite);

	if (value < 0 || c == NULL)
		return;
	in->s->suite_at = in->line->at;
	c->facts.suite_known = true;
	c->facts.suite = (uint16_t)value;
	value = named_version(version);
	if (value > 0 && c->facts.version == 0)
		c->facts.version = (uint16_t)value;
}

/* "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"; "Reused, ..." */
static bool on_suite(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);
	struct bytes version;

	if (c == NULL || !scan_until(&s, ", Cipher is ", &version))
		return false;
	if (text_begins(in->text, "Reused"))
		c->facts.resumed = true;
	set_suite(in, c, version, text_trim(scan_rest(&s)));
	return true;
}

/* "    Protocol  : TLSv1.2" of the session: what was agreed on, where anything was */
static bool on_protocol(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);
	int value = named_version(text_trim(scan_rest(&s)));

	if (c == NULL)
		return false;
	if (value > 0 && c->facts.version == 0 &&
		(c->facts.suite_known || c->facts.group != 0 || in->s->certificates != 0 ||
			text_begins(in->text, "Protocol version"))) /* of -brief: agreed on */
		c->facts.version = (uint16_t)value;
	return true;
}

/* s_server: "CIPHER is ECDHE-RSA-AES128-GCM-SHA256"; -brief: "Ciphersuite: TLS_AES_256_GCM_SHA384" */
static bool on_cipher(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);

	set_suite(in, c, bytes_of(NULL, 0), text_trim(scan_rest(&s)));
	return c != NULL;
}

/* -brief */
static bool on_brief(const struct openssl_input *in, struct scan s)
{
	(void)s;
	if (in->s->connected || in->s->summary)
		in->s->over = true;
	(void)openssl_conn_of(in);
	in->s->connected = true;
	in->s->summary = true;
	return true;
}

/* "Server Temp Key: X25519, 253 bits", "Server Temp Key: ECDH, prime256v1, 256 bits" */
static bool on_temp_key(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);
	struct bytes group;
	int value;

	if (c == NULL)
		return false;
	(void)scan_word(&s, "ECDH, ");
	if (scan_name(&s, "-", &group) && (value = named_group(group)) > 0)
		c->facts.group = (uint16_t)value;
	return true;
}

static bool on_alpn(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);

	if (c != NULL)
		c->facts.alpn = conn_text(c, text_trim(scan_rest(&s)));
	return c != NULL;
}

/* "Verified peername: device.example" */
static bool on_peername(const struct openssl_input *in, struct scan s)
{
	struct log_conn *c = openssl_known(in);

	if (c != NULL)
		c->facts.name = conn_text(c, text_trim(scan_rest(&s)));
	return c != NULL;
}

/* Lines of the summary that tell nothing more. */
static bool on_own_words(const struct openssl_input *in, struct scan s)
{
	(void)s;
	return openssl_known(in) != NULL;
}

const struct openssl_kind openssl_summary_kinds[] = {
	{ "verify error:num=", on_verify_error },
	{ "verify return:", on_verify },
	{ "verify depth is ", on_own_words },
	{ "depth=", on_verify },
	{ "Verify return code: ", on_verify_code },
	{ "Verification error: ", on_verification },
	{ "Verification: OK", on_own_words },
	{ "Verified peername: ", on_peername },
	{ "New, ", on_suite },
	{ "Reused, ", on_suite },
	{ "Protocol  : ", on_protocol },
	{ "Protocol version: ", on_protocol },
	{ "CIPHER is ", on_cipher },
	{ "Ciphersuite: ", on_cipher },
	{ "CONNECTION ESTABLISHED", on_brief },
	{ "Server Temp Key: ", on_temp_key },
	{ "Peer Temp Key: ", on_temp_key },
	{ "ALPN protocol: ", on_alpn },
	{ "Server certificate", on_own_words },
	{ "Client certificate", on_own_words },
	{ "no peer certificate available", on_own_words },
	{ "No client certificate CA names sent", on_own_words },
	{ "SSL handshake has read ", on_own_words },
	{ "Secure Renegotiation IS ", on_own_words },
	{ "SSL-Session:", on_own_words },
};
const size_t n_openssl_summary_kinds = COUNT(openssl_summary_kinds);
