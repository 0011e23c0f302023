/*
 * RFC 8446 4.1.3, 4.1.4 and the table of 4.2: a ServerHello of TLS 1.3 has legacy_version 0x0303, and of the
 * extensions only those that the keys need; the others go under the keys. One of TLS 1.2 has none that
 * TLS 1.3 has brought.
 */
#include "base/array.h"
#include "diagnose/rule.h"

/* In TLS 1.3 they stand in EncryptedExtensions, beside a certificate, or nowhere. */
static const uint16_t not_in_13[] = { EXT_SERVER_NAME, EXT_MAX_FRAGMENT_LENGTH, EXT_STATUS_REQUEST,
	EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS, EXT_SIGNATURE_ALGORITHMS, EXT_HEARTBEAT,
	EXT_ALPN, EXT_SIGNED_CERTIFICATE_TIMESTAMP, EXT_CLIENT_CERTIFICATE_TYPE,
	EXT_SERVER_CERTIFICATE_TYPE, EXT_PADDING, EXT_ENCRYPT_THEN_MAC, EXT_EXTENDED_MASTER_SECRET,
	EXT_COMPRESS_CERTIFICATE, EXT_RECORD_SIZE_LIMIT, EXT_SESSION_TICKET, EXT_EARLY_DATA,
	EXT_PSK_KEY_EXCHANGE_MODES, EXT_CERTIFICATE_AUTHORITIES, EXT_SIGNATURE_ALGORITHMS_CERT,
	EXT_RENEGOTIATION_INFO };
static const uint16_t not_in_12[] = { EXT_PRE_SHARED_KEY, EXT_EARLY_DATA, EXT_COOKIE,
	EXT_PSK_KEY_EXCHANGE_MODES, EXT_CERTIFICATE_AUTHORITIES, EXT_SIGNATURE_ALGORITHMS_CERT,
	EXT_KEY_SHARE };

static const char *title_of(const struct server_hello *hello)
{
	return hello->is_retry ? "the HelloRetryRequest" : "the ServerHello";
}

static bool lists(const uint16_t *types, size_t n, uint16_t type)
{
	for (size_t i = 0; i < n; i++)
		if (types[i] == type)
			return true;
	return false;
}

static enum status judge_extensions(
	const struct handshake *hs, const struct server_hello *hello, bool tls13, struct answer *a)
{
	const uint16_t *types = tls13 ? not_in_13 : not_in_12;
	size_t n = tls13 ? COUNT(not_in_13) : COUNT(not_in_12);

	for (size_t i = 0; i < hello->ext.n; i++) {
		const struct extension *ext = &hello->ext.list[i];

		if (!lists(types, n, ext->type))
			continue;
		answer_show(
			a, server_hello_place(hs, hello, ext->at, ext->body.len), "the extension");
		return fail(a, "%s has the extension %s, which has no place there in %s",
			title_of(hello), extension_text(ext->type).text,
			tls13 ? "TLS 1.3" : "TLS 1.2");
	}
	return PASS;
}

static enum status judge_encrypted(const struct handshake *hs, struct answer *a)
{
	const struct extension *ext = encrypted_misplaced(&hs->encrypted_extensions);

	if (ext == NULL)
		return PASS;
	answer_show(a,
		handshake_place(hs, SIDE_SERVER, HS_ENCRYPTED_EXTENSIONS, ext->at, ext->body.len),
		"the extension");
	return fail(a, "EncryptedExtensions has the extension %s, which has no place there",
		extension_text(ext->type).text);
}

/* RFC 8446 9.2: the keys come from a share, from a key that both have, or from both. */
static enum status judge_keys(
	const struct handshake *hs, const struct server_hello *hello, struct answer *a)
{
	if (hello->is_retry || hello->ext.has_key_share || hello->ext.has_pre_shared_key)
		return PASS;
	answer_show(a, server_hello_place(hs, hello, 0, 2), "ServerHello");
	return fail(a, "the ServerHello has neither key_share nor pre_shared_key: no keys can be "
		       "made");
}

static enum status judge(
	const struct handshake *hs, const struct server_hello *hello, struct answer *a)
{
	uint16_t version = server_hello_version(hello);
	bool tls13 = version == 0x0304;

	if (!hello->seen || (!tls13 && version != 0x0303))
		return PASS;
	if (hello->ext.has_versions && hello->version != 0x0303) {
		answer_show(a, server_hello_place(hs, hello, 0, 2), "legacy_version");
		return fail(a,
			"legacy_version of %s is 0x%04x, and has to be 0x0303 beside "
			"supported_versions",
			title_of(hello), hello->version);
	}
	if (hello->ext.has_versions && !tls13)
		return fail(a, "%s names TLS 1.2 in supported_versions, which is for TLS 1.3",
			title_of(hello));
	if (tls13 && judge_keys(hs, hello, a) == FAIL)
		return FAIL;
	return judge_extensions(hs, hello, tls13, a);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->server_hello.seen && !hs->hello_retry.seen)
		return not_applicable(a, "no ServerHello was seen");
	if (judge(hs, &hs->hello_retry, a) == FAIL || judge(hs, &hs->server_hello, a) == FAIL ||
		judge_encrypted(hs, a) == FAIL)
		return FAIL;
	return pass(a, "the server's hello has what its version wants, and nothing of another");
}

const struct check check_server_hello_fits_version = {
	.id = "server-hello-fits-version",
	.rfc = "RFC 8446 4.1.3, 4.2 and 9.2",
	.question = "Does the ServerHello keep to the form of its version?",
	.run = run,
	.reads_choice = true,
};
