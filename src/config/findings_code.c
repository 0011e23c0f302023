/*
 * What a release's code refuses to compile, though no rule of its check_config.h says so. Each row was seen with the
 * compiler (tests/config/truth.py --whole).
 */
#include "config/finding.h"

#include "base/array.h"

struct refusal {
	enum config_release first, last;
	const char *when; /* as #if has it */
	const char *macro, *missing, *file;
};

static const struct refusal refusals[] = {
	/* Its way back to the PRF of a session is that of TLS 1.2. */
	{ RELEASE_2_28, RELEASE_2_28,
		"defined(MBEDTLS_SSL_TLS_C) && defined(MBEDTLS_SSL_CONTEXT_SERIALIZATION) && "
		"!defined(MBEDTLS_SSL_PROTO_TLS1_2) && "
		"(defined(MBEDTLS_SHA256_C) || defined(MBEDTLS_SHA512_C))",
		"MBEDTLS_SSL_CONTEXT_SERIALIZATION", "MBEDTLS_SSL_PROTO_TLS1_2", "ssl_tls.c" },
};

void config_findings_code(const struct search *s)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		const struct refusal *r = &refusals[i];
		const char *reason, *fix;

		if (s->version->release < r->first || s->version->release > r->last ||
			!config_holds(s->config, r->when))
			continue;
		reason = arena_printf(s->arena,
			"%s needs %s, which is not defined: %s does not compile, though the "
			"release has no rule about it.",
			r->macro, r->missing, r->file);
		fix = arena_printf(s->arena, "define %s, or remove %s", r->missing, r->macro);
		if (reason != NULL && fix != NULL)
			config_finding_add(s, CONFIG_ERROR, "config-missing-dependency", r->macro,
				reason, fix);
	}
}
