/* What compiles, and fails or weakens the build when it runs. A trap is a row: when, how bad, and what to say. */
#include "config/finding.h"

#include "base/array.h"

#include <string.h>

struct trap {
	const char *when; /* as #if has it */
	const char *macro;
	const char *id;
	enum config_severity severity;
	const char *reason, *fix;
};

#define WITHOUT_CERTIFICATES                                                                       \
	"defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_TLS_C) && "                      \
	"!defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED) && "                     \
	"(defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ENABLED) || "                           \
	"defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED))"

static const struct trap traps[] = {
	{ "defined(MBEDTLS_ENTROPY_C) && defined(MBEDTLS_NO_PLATFORM_ENTROPY) && "
	  "!defined(MBEDTLS_ENTROPY_HARDWARE_ALT) && !defined(MBEDTLS_ENTROPY_NV_SEED) && "
	  "!defined(MBEDTLS_TEST_NULL_ENTROPY)",
		"MBEDTLS_NO_PLATFORM_ENTROPY", "config-no-entropy", CONFIG_WARNING,
		"There is no source of entropy: mbedtls_ctr_drbg_seed() fails with -0x0034 unless "
		"the program "
		"adds a strong source of its own.",
		"define MBEDTLS_ENTROPY_HARDWARE_ALT and write mbedtls_hardware_poll(), or call "
		"mbedtls_entropy_add_source()" },
	{ "defined(MBEDTLS_TEST_NULL_ENTROPY)", "MBEDTLS_TEST_NULL_ENTROPY", "config-no-entropy",
		CONFIG_WARNING,
		"Entropy is a constant, as for tests: every device makes the same keys.",
		"remove the line, and give the build a real source" },
	{ "defined(MBEDTLS_ENTROPY_HARDWARE_ALT)", "MBEDTLS_ENTROPY_HARDWARE_ALT",
		"config-no-entropy", CONFIG_NOTE,
		"Entropy comes from your own mbedtls_hardware_poll(). The library does not notice "
		"one that "
		"returns the same bytes each time, and handshakes complete all the same.",
		"compare what it returns after two resets" },
	{ "defined(MBEDTLS_X509_CRT_PARSE_C) && !defined(MBEDTLS_HAVE_TIME_DATE)", "",
		"config-no-date-check", CONFIG_WARNING,
		"Dates of certificates are not checked: an expired one is taken.",
		"define MBEDTLS_HAVE_TIME and MBEDTLS_HAVE_TIME_DATE where the device knows the "
		"time" },
	{ "defined(MBEDTLS_HAVE_ASM)", "MBEDTLS_HAVE_ASM", "config-assembly", CONFIG_NOTE,
		"Large numbers are multiplied by assembly, which some compilers have broken: "
		"signatures and "
		"curve points are then wrong.",
		"if the self tests of mpi or ecp fail, build once without it" },
	{ "defined(MBEDTLS_ENABLE_WEAK_CIPHERSUITES) && !defined(MBEDTLS_SSL_CIPHERSUITES)",
		"MBEDTLS_ENABLE_WEAK_CIPHERSUITES", "config-weak-allowed", CONFIG_WARNING,
		"Suites with single DES or without encryption are offered and taken.",
		"remove the line" },
	{ "defined(MBEDTLS_ENABLE_WEAK_CIPHERSUITES) && defined(MBEDTLS_SSL_CIPHERSUITES)",
		"MBEDTLS_ENABLE_WEAK_CIPHERSUITES", "config-no-effect", CONFIG_NOTE,
		"It changes nothing here: MBEDTLS_SSL_CIPHERSUITES names the suites.",
		"remove the line" },
	{ "defined(MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE) && defined(MBEDTLS_SHA1_C)",
		"MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE", "config-weak-allowed",
		CONFIG_NOTE, "Signatures of handshakes with SHA-1 are taken.", "remove the line" },
	{ "defined(MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE) && !defined(MBEDTLS_SHA1_C)",
		"MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE", "config-no-effect", CONFIG_NOTE,
		"It changes nothing here: SHA-1 is not compiled in.", "remove the line" },
	/* In the stock configurations it stands beside AESNI_C. */
	{ "defined(MBEDTLS_PADLOCK_C) && !defined(MBEDTLS_AESNI_C)", "MBEDTLS_PADLOCK_C",
		"config-no-effect", CONFIG_NOTE,
		"It changes nothing but on processors of VIA: elsewhere nothing of it is compiled.",
		"remove the line" },
	{ "defined(MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_CERTIFICATES) && defined(MBEDTLS_SHA1_C)",
		"MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_CERTIFICATES", "config-weak-allowed",
		CONFIG_WARNING,
		"Certificates that are signed with SHA-1 are taken: such signatures can be forged.",
		"remove the line" },
	{ "defined(MBEDTLS_SSL_PROTO_SSL3)", "MBEDTLS_SSL_PROTO_SSL3", "config-weak-allowed",
		CONFIG_WARNING, "SSL 3.0 can be negotiated where the program allows it.",
		"remove the line" },
	{ "defined(MBEDTLS_SSL_PROTO_TLS1)", "MBEDTLS_SSL_PROTO_TLS1", "config-weak-allowed",
		CONFIG_NOTE, "TLS 1.0, which RFC 8996 withdrew, can be negotiated.",
		"remove the line if no peer needs it" },
	{ "defined(MBEDTLS_SSL_PROTO_TLS1_1)", "MBEDTLS_SSL_PROTO_TLS1_1", "config-weak-allowed",
		CONFIG_NOTE, "TLS 1.1, which RFC 8996 withdrew, can be negotiated.",
		"remove the line if no peer needs it" },
	{ "defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_TLS_C) && "
	  "!defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ENABLED) && "
	  "!defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED) && "
	  "!defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED)",
		"MBEDTLS_SSL_PROTO_TLS1_3", "config-no-key-exchange", CONFIG_ERROR,
		"TLS 1.3 has no way to exchange keys.",
		"define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED" },
	{ "defined(MBEDTLS_THREADING_C) && defined(MBEDTLS_THREADING_ALT)", "MBEDTLS_THREADING_ALT",
		"config-threading", CONFIG_NOTE,
		"The locks are your own: until the program has called mbedtls_threading_set_alt(), "
		"each "
		"of them fails with -0x001C, and with it random numbers, RSA keys and the session "
		"cache.",
		"call it before anything else of the library" },
	{ "defined(MBEDTLS_SSL_TLS_C) && !defined(MBEDTLS_THREADING_C)", "", "config-threading",
		CONFIG_NOTE,
		"Nothing is locked: two tasks that share a generator of random numbers, or a "
		"private "
		"key, spoil it for each other.",
		"with several tasks define MBEDTLS_THREADING_C, or give each its own contexts" },
	{ WITHOUT_CERTIFICATES " && defined(MBEDTLS_SSL_CLI_C)", "MBEDTLS_SSL_PROTO_TLS1_3",
		"config-no-key-exchange", CONFIG_ERROR,
		"TLS 1.3 is there for shared keys alone, and the library's defaults do not know "
		"it: a client ends with -0x6C00 before it sends anything, unless the program "
		"allows TLS 1.3 alone, and its mode psk alone.",
		"define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED, or leave "
		"MBEDTLS_SSL_PROTO_TLS1_3 out" },
	{ WITHOUT_CERTIFICATES " && defined(MBEDTLS_SSL_SRV_C)", "MBEDTLS_SSL_PROTO_TLS1_3",
		"config-no-key-exchange", CONFIG_WARNING,
		"TLS 1.3 is there for shared keys alone: a client that offers it and has none is "
		"refused with the alert missing_extension (-0x6600), also if it would take TLS "
		"1.2.",
		"define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED, or leave "
		"MBEDTLS_SSL_PROTO_TLS1_3 out where clients have certificates" },
};

/* Code of one's own in place of the library's arithmetic, ciphers or hashes. */
static void find_alternatives(const struct search *s)
{
	static const char *const harmless[] = { "MBEDTLS_PLATFORM_", "MBEDTLS_TIMING_",
		"MBEDTLS_THREADING_", "MBEDTLS_ENTROPY_" };
	const struct macro_text *m = NULL;
	/* What a system's options put there is its vendor's, and widely used. */
	enum config_severity severity =
		config_origin(s->config).kind == CONFIG_KCONFIG ? CONFIG_NOTE : CONFIG_WARNING;

	while ((m = config_next(s->config, m)) != NULL) {
		size_t n = strlen(m->name);
		bool own = n > 4 && strcmp(m->name + n - 4, "_ALT") == 0 &&
			   strncmp(m->name, "MBEDTLS_", 8) == 0;
		const char *reason;

		for (size_t i = 0; i < COUNT(harmless); i++)
			own = own && strncmp(m->name, harmless[i], strlen(harmless[i])) != 0;
		reason = own ? arena_printf(s->arena,
				       "%s puts your own code, or the chip vendor's, in place of "
				       "the "
				       "library's: a fault in it looks like a bad signature or a "
				       "bad record.",
				       m->name)
			     : NULL;
		if (reason != NULL)
			config_finding_add(s, severity, "config-alternative-implementation",
				m->name, reason, "if handshakes fail, build once without it");
	}
}

void config_findings_traps(const struct search *s)
{
	/* What is missing may stand in the other file. */
	bool half = config_lacks_crypto(s->config, s->version->release);

	for (size_t i = 0; i < COUNT(traps); i++)
		if (config_holds(s->config, traps[i].when) &&
			(*traps[i].macro == '\0' ? !half
						 : config_release_has(s->version->release,
							   traps[i].macro) != '-'))
			config_finding_add(s, traps[i].severity, traps[i].id, traps[i].macro,
				traps[i].reason, traps[i].fix);
	find_alternatives(s);
}
