/* What lines of level 1 say in words, as facts of sayings.def. What only a code tells, is told by it. */
#include "log/mbedtls.h"

#include "base/array.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
	const char *words; /* the line begins so */
	enum saying saying;
} sayings[] = {
	{ "requesting more data than fits", SAYING_record_too_large },
	{ "bad message length", SAYING_record_too_large },
	{ "TLS handshake fragmentation not supported", SAYING_fragmented },
	{ "ClientHello fragmentation not supported", SAYING_fragmented },
	{ "Record too large: ", SAYING_own_too_large },
	{ "Record content ", SAYING_own_too_large },
	{ "DTLS handshake message too large", SAYING_own_too_large },
	{ "certificate too large, ", SAYING_own_too_large },
	{ "fragment larger than the (negotiated) maximum", SAYING_own_too_large },
	{ "Buffer provided for encrypted record not large", SAYING_own_too_large },
	{ "buffer too small", SAYING_own_too_large },
	{ "got no ciphersuites in common", SAYING_no_common_suite },
	{ "No matched ciphersuite", SAYING_no_common_suite },
	{ "no matching curve for ECDHE", SAYING_no_common_group },
	{ "no matching named group found", SAYING_no_common_group },
	{ "No group available.", SAYING_no_common_group },
	{ "no suitable signature algorithm", SAYING_no_common_scheme },
	{ "no signature algorithm in common", SAYING_no_common_scheme },
	{ "client only supports ssl smaller than minimum", SAYING_no_common_version },
	{ "server only supports ssl smaller than minimum", SAYING_no_common_version },
	{ "bad server version", SAYING_no_common_version },
	{ "server version out of bounds", SAYING_no_common_version },
	{ "Unsupported version of TLS", SAYING_no_common_version },
	{ "No supported version found", SAYING_no_common_version },
	{ "TLS 1.2 not supported", SAYING_no_common_version },
	{ "TLS version mismatch: got ", SAYING_no_common_version },
	{ "minor version mismatch: got ", SAYING_no_common_version },
	{ "major version mismatch: got ", SAYING_not_tls },
	{ "got no CA chain", SAYING_no_trust_anchors },
	{ "certificate key type mismatch", SAYING_certificate_unusable },
	{ "bad certificate (EC key curve)", SAYING_peer_weak_key },
	{ "bad server certificate (ECDH curve)", SAYING_peer_weak_key },
	{ "bad certificate (usage extensions)", SAYING_peer_usage },
	{ "SSLv3 client has no certificate", SAYING_no_certificate_from_peer },
	{ "TLSv1 client has no certificate", SAYING_no_certificate_from_peer },
	{ "peer has no certificate", SAYING_no_certificate_from_peer },
	{ "ALPN extension: no matching protocol", SAYING_alpn },
	{ "non-matching ALPN extension", SAYING_alpn },
	{ "legacy renegotiation, breaking off handshake", SAYING_no_renegotiation_info },
	{ "renegotiation_info extension missing (secure)", SAYING_no_renegotiation_info },
	{ "legacy renegotiation not allowed", SAYING_no_renegotiation_info },
	{ "non-matching extended master secret", SAYING_extended_master_secret },
	{ "inapropriate fallback", SAYING_downgrade },
	{ "downgrade attack detected", SAYING_downgrade },
	{ "message mac does not match", SAYING_bad_record },
	{ "discarding invalid record (mac)", SAYING_bad_record },
	{ "too many records with bad MAC", SAYING_bad_record },
	{ "bad padding ", SAYING_bad_record },
	{ "bad finished message", SAYING_finished },
	{ "got no pre-shared key", SAYING_psk_identity },
	{ "Invalid PSK identity", SAYING_psk_identity },
	{ "Invalid binder", SAYING_psk_mismatch },
	{ "no RNG provided", SAYING_entropy },
	{ "Random bytes generation failed", SAYING_entropy },
	{ "handshake timeout", SAYING_timeout },
	{ "Server used SigAlg value ", SAYING_not_offered },
	{ "Server used unsupported ", SAYING_not_offered },
	{ "peer not adhering to requested sig_alg", SAYING_not_offered },
	{ "Received signature algorithm(", SAYING_not_offered },
	{ "bad server key exchange message (ECDHE curve)", SAYING_not_offered },
	{ "Invalid server key share, our group ", SAYING_not_offered },
	{ "Invalid key share in HRR", SAYING_not_offered },
	{ "non-handshake message during renegotiation", SAYING_unexpected },
	{ "handshake received (not ", SAYING_unexpected },
	{ "Receive unexpected handshake message", SAYING_unexpected },
	{ "dropping unexpected ApplicationData", SAYING_unexpected },
	{ "received out-of-order ChangeCipherSpec", SAYING_unexpected },
	{ "Multiple HRRs received", SAYING_unexpected },
	{ "invalid handshake header", SAYING_malformed },
	{ "handshake message too short", SAYING_malformed },
	{ "invalid alert message", SAYING_malformed },
	{ "invalid CCS message", SAYING_malformed },
	{ "missing input data in ", SAYING_malformed },
	{ "invalid zero-length message type", SAYING_malformed },
	{ "ClientHello message misses mandatory extensions", SAYING_malformed },
	{ "got no private key", SAYING_certificate_unusable },
	{ "got no local certificate", SAYING_certificate_unusable },
	{ "No certificate available", SAYING_certificate_unusable },
	{ "should never happen", SAYING_failed },
};

static void remark(struct mbed *m, struct mbed_context *c, enum saying saying, struct bytes words,
	struct log_at at)
{
	mbed_steps_settle(m, c);
	conn_remark(mbed_conn(m, c, at), c->role, saying, text_trim(words), at);
}

/* ---- lines that need another ---- */

/*
 * An answer "HTTP/1.1 400", a request "GET /". Servers that speak first and know STARTTLS begin with "220 ", "421 " or
 * "500 " (SMTP, FTP), "+OK" (POP3), "* OK" (IMAP).
 */
static enum saying said_by(enum side reader, uint8_t first)
{
	if (first == (reader == SIDE_CLIENT ? 'H' : 'G'))
		return SAYING_http;
	return reader == SIDE_CLIENT && strchr("245+*", first) != NULL && first != 0
		       ? SAYING_greeting
		       : SAYING_not_tls;
}

/* "unknown record type 72": the first byte of what came, which is not dumped. */
static bool record_type(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t type;
	uint8_t first;

	if (!scan_word(&s, "unknown record type"))
		return false;
	(void)scan_blanks(&s);
	if (!scan_decimal(&s, &type) || type > UINT8_MAX) {
		remark(m, c, SAYING_not_tls, l->body, l->at);
		return true;
	}
	first = (uint8_t)type;
	if (!c->keys_in && !c->in_bytes && c->n_header == 0)
		conn_wire(
			mbed_conn(m, c, l->at), mbed_side(c, false), bytes_of(&first, 1), 4, l->at);
	remark(m, c, said_by(c->role, first), l->body, l->at);
	return true;
}

/* "ciphersuite mismatch: ...": harmless with one suite; the last counts if none is left. */
static bool mismatch(struct mbed_context *c, const struct mbed_line *l)
{
	size_t n = l->body.len < sizeof c->mismatch - 1 ? l->body.len : sizeof c->mismatch - 1;

	if (!text_begins(l->body, "ciphersuite mismatch: ") &&
		!text_begins(l->body, "certificate mismatch: "))
		return false;
	if (text_begins(l->body, "ciphersuite mismatch: no suitable certificate") &&
		c->mismatch[0] != '\0')
		return true; /* the reason is the line before */
	memcpy(c->mismatch, l->body.data, n);
	c->mismatch[n] = '\0';
	return true;
}

static bool none_usable(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct bytes why = bytes_of(c->mismatch, strlen(c->mismatch));
	enum saying saying = SAYING_certificate_unusable;
	char words[LOG_REMARK_TEXT_MAX];

	if (!text_begins(l->body, "got ciphersuites in common, but none"))
		return false;
	if (text_has(why, "elliptic curve"))
		saying = SAYING_no_common_group;
	else if (text_has(why, "hash algorithm") || text_has(why, "signature algorithm"))
		saying = SAYING_no_common_scheme;
	else if (text_has(why, "pre-shared key"))
		saying = SAYING_no_common_suite;
	(void)snprintf(words, sizeof words,
		"got ciphersuites in common, but none of them usable%s%s", why.len != 0 ? ": " : "",
		c->mismatch);
	remark(m, c, saying, bytes_of(words, strlen(words)), l->at);
	return true;
}

/* "bad certificate message": of a bad form, or out of place; the code behind it tells. */
static bool bad_message(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct bytes b = l->body;
	char words[LOG_REMARK_TEXT_MAX];
	size_t n = b.len < sizeof c->malformed - 1 ? b.len : sizeof c->malformed - 1;

	if (!text_begins(b, "bad ") || !text_has(b, " message"))
		return false;
	if (text_begins(b, "bad client hello message") && c->fetched == 1 && c->hello_len > 512) {
		/* refused by its header alone */
		(void)snprintf(words, sizeof words,
			"bad client hello message: message len. %" PRIu64, c->hello_len);
		remark(m, c, SAYING_record_too_large, bytes_of(words, strlen(words)), l->at);
		return true;
	}
	memcpy(c->malformed, b.data, n);
	c->malformed[n] = '\0';
	c->malformed_at = l->at;
	return true;
}

static void settle(struct mbed *m, struct mbed_context *c, enum saying saying)
{
	if (c->malformed[0] != '\0')
		remark(m, c, saying, bytes_of(c->malformed, strlen(c->malformed)), c->malformed_at);
	c->malformed[0] = '\0';
}

/*
 * Of an empty message "bad ... message" is said as well where another one came, with the code of a bad form; level 3
 * shows which one it was.
 */
static bool out_of_place(const struct mbed_context *c)
{
	enum { SERVER_HELLO_DONE = 14 };

	return c->last_read != MBED_NONE_PENDING && c->last_read != SERVER_HELLO_DONE &&
	       strncmp(c->malformed, "bad server hello done message",
		       sizeof "bad server hello done message" - 1) == 0;
}

void mbed_words_settle(struct mbed *m, struct mbed_context *c, int64_t code)
{
	settle(m, c, code == -0x7700 || out_of_place(c) ? SAYING_unexpected : SAYING_malformed);
}

void mbed_words_flush(struct mbed *m, struct mbed_context *c)
{
	settle(m, c, out_of_place(c) ? SAYING_unexpected : SAYING_malformed);
}

/* "alloc() of ssl sub-contexts failed", "alloc(4429 bytes) failed", "allocation failed" */
static bool allocation(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	if (!(text_begins(l->body, "alloc") && text_has(l->body, "failed")) &&
		!text_begins(l->body, "ticket alloc failed") &&
		!text_has(l->body, " - out of memory"))
		return false;
	remark(m, c, SAYING_out_of_memory, l->body, l->at);
	return true;
}

/* How long the record is that does not fit, where that was told. */
static bool too_large(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	char words[LOG_REMARK_TEXT_MAX];

	if (!text_begins(l->body, "requesting more data than fits") || !c->in_promised)
		return false;
	(void)snprintf(words, sizeof words, "requesting more data than fits: msglen = %" PRIu64,
		c->in_len);
	remark(m, c, SAYING_record_too_large, bytes_of(words, strlen(words)), l->at);
	return true;
}

/* "msglen (1) < taglen (16)": before any decrypting. The code behind it is that of a bad MAC. */
static bool short_record(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	if (!text_begins(l->body, "msglen (") ||
		!(text_has(l->body, ") < ") || text_has(l->body, ") not divisible by ")))
		return false;
	c->record_short = true;
	remark(m, c, SAYING_record_short, l->body, l->at);
	return true;
}

bool mbed_words_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	for (size_t i = 0; i < COUNT(sayings); i++) {
		if (l->body.data[0] != (uint8_t)sayings[i].words[0] ||
			!text_begins(l->body, sayings[i].words))
			continue;
		if (!too_large(m, c, l))
			remark(m, c, sayings[i].saying, l->body, l->at);
		return true;
	}
	return mismatch(c, l) || none_usable(m, c, l) || record_type(m, c, l) ||
	       allocation(m, c, l) || bad_message(m, c, l) || short_record(m, c, l);
}

/* ---- codes ---- */

enum { PSA_BAD_STATE = -137 };

static bool is_out_of_memory(int64_t code)
{
	static const int64_t codes[] = { -0x7f00, -0x0010, -0x4d80, -0x2880, -0x3f80, -0x5180,
		-0x6180, -0x1500, -0x006a, -0x3400, -0x008d };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i] == code)
			return true;
	/* A sum of a high code and that of the big numbers. */
	return code < -0x1000 && (-code & 0x7f) == 0x10;
}

static const struct {
	const char *function; /* the name ends so */
	int64_t code;         /* 0: any */
	enum saying saying;
} by_code[] = {
	{ "pk_verify", -0x4e00, SAYING_peer_signature },
	{ "pk_verify", -0x4380, SAYING_peer_signature },
	{ "pk_verify_ext", -0x4e00, SAYING_peer_signature },
	{ "pk_verify_ext", -0x4380, SAYING_peer_signature },
	{ "ecdh_make_params", -0x4c80, SAYING_own_arithmetic },
	{ "ecdh_make_public", -0x4c80, SAYING_own_arithmetic },
	{ "ecdh_read_params", -0x4c80, SAYING_peer_point },
	{ "ecdh_read_public", -0x4c80, SAYING_peer_point },
	{ "ssl_decrypt_buf", -0x7180, SAYING_bad_record },
	{ "ssl_sni_wrapper", 0, SAYING_sni },
	{ "ssl_parse_client_psk_identity", -0x6c80, SAYING_psk_identity },
	{ "get_hostname_for_verification", 0, SAYING_hostname_not_set },
	{ "f_rng", 0, SAYING_entropy },
	{ "ctr_drbg_seed", 0, SAYING_entropy },
	{ "hmac_drbg_seed", 0, SAYING_entropy },
	{ "entropy_func", 0, SAYING_entropy },
};

static bool ends_with(struct bytes b, const char *word)
{
	size_t n = strlen(word);

	return b.len >= n && memcmp(b.data + b.len - n, word, n) == 0;
}

void mbed_words_of_code(struct mbed *m, struct mbed_context *c, struct bytes function, int64_t code,
	struct bytes words, struct log_at at)
{
	if (is_out_of_memory(code)) {
		remark(m, c, SAYING_out_of_memory, words, at);
		return;
	}
	if (code == PSA_BAD_STATE && text_begins(function, "psa_")) {
		remark(m, c, SAYING_psa_not_initialised, words, at);
		return;
	}
	for (size_t i = 0; i < COUNT(by_code); i++)
		if (ends_with(function, by_code[i].function) &&
			(by_code[i].code == 0 || by_code[i].code == code)) {
			bool known = by_code[i].saying == SAYING_bad_record && c->record_short;

			c->record_short = false;
			if (known)
				return;
			remark(m, c, by_code[i].saying, words, at);
			return;
		}
}
