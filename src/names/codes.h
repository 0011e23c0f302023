/*
 * Error codes: what `tlsdiag strerror` knows.
 *
 * Codes of every mbedTLS from 2.1 to 4.1 and of PSA; of OpenSSL, wolfSSL and GnuTLS, as far as a
 * handshake can end with them; and of the network. All text is static.
 */
#ifndef TLSDIAG_NAMES_CODES_H
#define TLSDIAG_NAMES_CODES_H

#include "base/strbuf.h"

enum code_library {
	CODE_MBEDTLS,      /* also PSA */
	CODE_MBEDTLS_FLAG, /* a bit of mbedtls_ssl_get_verify_result() */
	CODE_OPENSSL,
	CODE_OPENSSL_VERIFY, /* "verify error:num=" */
	CODE_WOLFSSL,
	CODE_GNUTLS,
	CODE_ERRNO, /* Linux and newlib numbers */
	CODE_LWIP,
	CODE_ESP,  /* ESP-IDF's esp-tls */
	CODE_CURL, /* the exit status, and CURLcode */
	CODE_CHROME,
	CODE_NSS,      /* Firefox too */
	CODE_SCHANNEL, /* HRESULT of Windows, WinHTTP, and what .NET says */
	CODE_APPLE,
	CODE_BEARSSL,
	CODE_RUSTLS,
	CODE_GO,
	CODE_JAVA,
	CODE_WINDOWS, /* Winsock */
	N_CODE_LIBRARIES
};

enum code_class {
	CODE_LOW,       /* mbedTLS: -0x0001 to -0x007f */
	CODE_HIGH,      /* mbedTLS: a multiple of -0x0080, to which a low code may be added */
	CODE_PSA,       /* -132 to -153 */
	CODE_PSA_ALIAS, /* a name of mbedTLS that is one of those since 4.0 */
	CODE_PLAIN,     /* any other library */
};

/* Alerts that go with a code; other values are the alert's number. */
enum {
	CODE_ALERT_UNKNOWN = -1,
	CODE_ALERT_NONE = -2,   /* the connection is closed without one */
	CODE_ALERT_VARIES = -3, /* depends on the fault behind the code */
};

struct code {
	enum code_library library;
	enum code_class kind;
	int64_t value;      /* as the library gives it; OpenSSL: the reason */
	unsigned number;    /* OpenSSL: the number of its part (20 is SSL); 0 any or not OpenSSL */
	const char *name;   /* "MBEDTLS_ERR_ECP_INVALID_KEY" */
	const char *module; /* "ECP"; NULL where there is none */
	const char *first, *last; /* releases of mbedTLS; NULL for other libraries */
	unsigned versions;        /* bit i: see code_version() */
	int alert;                /* sent with it, or CODE_ALERT_* */
	bool alert_received;      /* the code says that the *peer* sent an alert */
	const char *meaning;
	const char *alias_of; /* the PSA name behind a CODE_PSA_ALIAS; else NULL */
	bool numbered;        /* it has a number: value holds */
	const char *see;      /* ids of the rules it goes with, parted by blanks */
	const char *says;     /* how the library puts it in words, parted by '|' */
};

enum code_part { CODE_WHOLE, CODE_HIGH_PART, CODE_LOW_PART };

struct code_match {
	const struct code *code;
	enum code_part part; /* of a sum of a high and a low code */
	int64_t value;       /* what was understood: -0x7500 for "4294937344" */
};

/*
 * Reads one code as people write them and finds what it can be, likeliest first.
 *   text   -19584, 0x4c80, -0x4C80, 4c80, 4294937344, ffffb380; 0A000132, error:0A000132:...;
 *          flags 0x0c; a name, or a part of one of at least three characters
 *   out    at most max matches
 * Returns how many there are, also when that is more than max.
 */
size_t codes_find(const char *text, struct code_match *out, size_t max);

/* The same among some libraries alone: bit 1 << enum code_library; 0 stands for all. */
size_t codes_find_in(const char *text, unsigned libraries, struct code_match *out, size_t max);

/* All codes, one after the other; NULL past the last. */
const struct code *code_at(size_t i);

/*
 * What that release of mbedTLS ("2.28.3") means by a value that a function of it returned: one
 * code, or the high and the low one of which it is the sum. A release newer than the table is read
 * as the newest there. Returns how many codes that is; 0: unknown.
 */
size_t code_of_mbedtls(int value, const char *release, struct code_match out[static 2]);

/* The name of one bit of the verify flags, "MBEDTLS_X509_BADCERT_EXPIRED"; NULL: none. */
const char *code_flag_name(uint32_t bit);

/* The versions of mbedTLS that struct code.versions tells of: "2.7", ...; NULL past the last. */
const char *code_version(size_t i);

/* "mbedTLS", "PSA", "OpenSSL", ... */
const char *code_library_name(const struct code *code);

/*
 * Writes what a reader of the bare number or name must know about versions: the number meant
 * something else before or later, or the name has another number. Nothing when it never changed.
 */
void code_changes(const struct code *code, struct strbuf *out);

/* What usually makes a handshake end with a code, likeliest first. */
struct code_cause {
	const char *name; /* of the code */
	const char *text;
	const char *causes;  /* ids of causes, separated by spaces; "" for none */
	const char *command; /* what to run next; "" for nothing special */
};

const struct code_cause *code_causes(const struct code *code, size_t *n);

#endif
