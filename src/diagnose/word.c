/* mbedTLS's codes taken apart by name: the same number means another thing in another version. */
#include "diagnose/word.h"

#include "base/array.h"
#include "names/codes.h"

enum {
	HIGH_CODE = 0x7f80, /* the bits of a high code; a low one below them may be added */
	X509_FIRST = 0x2080,
	X509_INVALID_FORMAT = 0x2180, /* of its outermost structure, before any field is read */
	X509_LAST = 0x2980,
	X509_FATAL_ERROR = 0x3000,
	RSA_VERIFY_FAILED = 0x4380,
	ECP_VERIFY_FAILED = 0x4e00,
	SSL_TIMEOUT = 0x6800,
	SSL_HANDSHAKE_FAILURE = 0x6e00,
	SSL_CA_CHAIN_REQUIRED = 0x7680,
	SSL_BAD_CERTIFICATE = 0x7a00,
	SSL_INVALID_MAC = 0x7180,
	SSL_BAD_FINISHED = 0x7e80, /* 2.x; 3.x says that the handshake failed */
	X509_VERIFY_FAILED = 0x2700,
	PK_FIRST = 0x3980, /* what is about a key that cannot be used: feature unavailable, ... */
	PK_LAST = 0x3d00,  /* ... unknown algorithm, invalid format */
};

static const char mbedtls[] = "mbedTLS ";

/* "2.28.3" of "mbedTLS 2.28.3"; NULL: another library. */
static const char *release_of(const struct library_word *w)
{
	size_t len = sizeof mbedtls - 1;

	return w->release != NULL && strncmp(w->release, mbedtls, len) == 0 ? w->release + len
									    : NULL;
}

/* Its words, whether its release is known or not. */
static bool is_mbedtls(const struct library_word *w)
{
	return w->release != NULL && strncmp(w->release, mbedtls, sizeof mbedtls - 2) == 0;
}

/* The high code of mbedTLS as a positive number; 0: none. */
static int high_code(const struct library_word *w)
{
	return release_of(w) != NULL && w->code < 0 && w->code >= -0x8000 ? -w->code & HIGH_CODE
									  : 0;
}

bool word_lacks_tls13(const struct library_word *w, const char **release)
{
	*release = release_of(w);
	return *release != NULL && strncmp(*release, "2.", 2) == 0;
}

bool word_timed_out(const struct library_word *w)
{
	return high_code(w) == SSL_TIMEOUT;
}

bool word_failed(const struct library_word *w)
{
	return w->release != NULL && w->code != 0;
}

bool word_blames_certificate(const struct library_word *w)
{
	int code = high_code(w);

	if (is_mbedtls(w) && w->code < 0) /* those of X.509 are the same in all releases */
		code = -w->code & HIGH_CODE;
	return (code >= X509_FIRST && code <= X509_LAST) || code == X509_FATAL_ERROR ||
	       code == SSL_CA_CHAIN_REQUIRED || code == SSL_BAD_CERTIFICATE;
}

/* In TLS 1.3 mbedTLS 3 gives no other code for a bad signature than that the handshake failed. */
bool word_blames_signature(const struct library_word *w)
{
	int code = high_code(w);

	return w->state != NULL && strcmp(w->state, "CERTIFICATE_VERIFY") == 0 &&
	       (code == RSA_VERIFY_FAILED || code == ECP_VERIFY_FAILED ||
		       code == SSL_HANDSHAKE_FAILURE);
}

/* Without the prefix that all names of their kind have. */
static const char *short_name(const char *name)
{
	static const char *const prefixes[] = { "MBEDTLS_ERR_", "MBEDTLS_X509_" };

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return name + strlen(prefixes[i]);
	return name;
}

static size_t codes_of(const struct library_word *w, struct code_match out[static 2])
{
	const char *release = release_of(w);

	return release != NULL ? code_of_mbedtls(w->code, release, out) : 0;
}

void word_name(const struct library_word *w, struct strbuf *out)
{
	struct code_match match[2];
	size_t n = codes_of(w, match);

	for (size_t i = 0; i < n; i++)
		strbuf_printf(out, "%s%s", i != 0 ? " + " : "", match[i].code->name);
}

static void put_flags(uint32_t flags, struct strbuf *out)
{
	const char *before = " (";

	for (unsigned i = 0; i < 32; i++) {
		const char *name = code_flag_name(UINT32_C(1) << i);

		if ((flags >> i & 1) == 0 || name == NULL)
			continue;
		strbuf_printf(out, "%s%s", before, short_name(name));
		before = ", ";
	}
	if (before[0] == ',')
		strbuf_puts(out, ")");
}

void word_text(const struct library_word *w, struct strbuf *out)
{
	struct code_match match[2];
	size_t n = codes_of(w, match);

	if (is_mbedtls(w))
		strbuf_printf(out, "%s returned %s0x%04X",
			w->function != NULL ? w->function : "mbedtls_ssl_handshake",
			w->code < 0 ? "-" : "",
			(unsigned)(w->code < 0 ? -(int64_t)w->code : w->code));
	else
		strbuf_printf(
			out, "%s returned %d", w->release != NULL ? w->release : "it", w->code);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(out, "%s%s", i != 0 ? " + " : ", ", short_name(match[i].code->name));
	if (w->state != NULL)
		strbuf_printf(out, ", in %s", w->state);
	put_flags(w->verify_flags, out);
}

static bool stopped_in(const struct library_word *w, const char *state)
{
	return w->state != NULL && strcmp(w->state, state) == 0;
}

bool word_blames_finished(const struct library_word *w)
{
	int code = high_code(w);

	return stopped_in(w, "SERVER_FINISHED") &&
	       (code == SSL_BAD_FINISHED || code == SSL_HANDSHAKE_FAILURE);
}

/* In TLS 1.3 the first such record holds EncryptedExtensions. */
bool word_blames_first_record(const struct library_word *w)
{
	return high_code(w) == SSL_INVALID_MAC &&
	       (stopped_in(w, "SERVER_FINISHED") || stopped_in(w, "ENCRYPTED_EXTENSIONS"));
}

/* Where the client waits for what the server sends under the keys, and for which message. */
static const struct hidden_state {
	const char *state, *message;
	bool tls13_only;
} hidden_states[] = {
	{ "ENCRYPTED_EXTENSIONS", "EncryptedExtensions", true },
	{ "CERTIFICATE_REQUEST", "CertificateRequest", true },
	{ "SERVER_CERTIFICATE", "Certificate", true },
	{ "CERTIFICATE_VERIFY", "CertificateVerify", true },
	{ "SERVER_FINISHED", "Finished", false },
};

static const struct hidden_state *hidden_state(const struct library_word *w)
{
	for (size_t i = 0; i < COUNT(hidden_states); i++)
		if (stopped_in(w, hidden_states[i].state))
			return &hidden_states[i];
	return NULL;
}

/* By name: the numbers changed between the lines of mbedTLS. */
static bool is_code(const struct library_word *w, const char *name)
{
	struct code_match match[2];
	size_t n = codes_of(w, match);

	for (size_t i = 0; i < n; i++)
		if (strcmp(short_name(match[i].code->name), name) == 0)
			return true;
	return false;
}

enum word_fault word_hidden_fault(const struct library_word *w, bool tls13)
{
	static const struct {
		const char *code;
		enum word_fault fault;
	} faults[] = {
		{ "SSL_UNEXPECTED_MESSAGE", WORD_ORDER },
		{ "SSL_DECODE_ERROR", WORD_FORM },
		{ "SSL_INVALID_RECORD", WORD_RECORD },
		{ "SSL_ILLEGAL_PARAMETER", WORD_CHOICE },
		{ "SSL_UNSUPPORTED_EXTENSION", WORD_CHOICE },
	};
	const struct hidden_state *state = hidden_state(w);

	if (!word_failed(w) || w->got_alert || state == NULL || (state->tls13_only && !tls13))
		return WORD_NO_FAULT;
	for (size_t i = 0; i < COUNT(faults); i++)
		if (is_code(w, faults[i].code))
			return faults[i].fault;
	return WORD_NO_FAULT;
}

const char *word_message(const struct library_word *w)
{
	const struct hidden_state *state = hidden_state(w);

	return state != NULL ? state->message : NULL;
}

bool word_breaks_certificate(const struct library_word *w)
{
	return high_code(w) == X509_INVALID_FORMAT && stopped_in(w, "SERVER_CERTIFICATE");
}

bool word_cannot_read_certificate(const struct library_word *w)
{
	int code = high_code(w);

	return stopped_in(w, "SERVER_CERTIFICATE") && code != X509_VERIFY_FAILED &&
	       code != X509_INVALID_FORMAT &&
	       ((code >= X509_FIRST && code <= X509_LAST) || (code >= PK_FIRST && code <= PK_LAST));
}
