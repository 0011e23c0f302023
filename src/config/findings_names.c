/* Macros that the release does not have, and switches that are set to 0: neither does what its author meant. */
#include "config/finding.h"

#include "base/array.h"

#include <string.h>

struct renamed {
	const char *macro, *instead;
};

static const struct renamed renamed[] = {
	{ "MBEDTLS_SSL_MAX_CONTENT_LEN",
		"set MBEDTLS_SSL_IN_CONTENT_LEN and MBEDTLS_SSL_OUT_CONTENT_LEN instead" },
	{ "MBEDTLS_ECP_MAX_BITS", "remove it: the size follows from the curves" },
	{ "MBEDTLS_SHA512_NO_SHA384", "remove it, and leave MBEDTLS_SHA384_C undefined" },
	{ "MBEDTLS_ENABLE_WEAK_CIPHERSUITES",
		"remove it; suites are named with mbedtls_ssl_conf_ciphersuites()" },
	{ "MBEDTLS_SSL_SRV_RESPECT_CLIENT_PREFERENCE",
		"remove it, and call mbedtls_ssl_conf_preference_order()" },
	{ "MBEDTLS_SSL_PROTO_TLS1_3_EXPERIMENTAL", "define MBEDTLS_SSL_PROTO_TLS1_3 instead" },
	{ "MBEDTLS_SSL_EXPORT_KEYS", "remove it: keys can always be exported" },
	{ "MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE",
		"remove it; schemes are named with mbedtls_ssl_conf_sig_algs()" },
	{ "MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_CERTIFICATES",
		"remove it; hashes are named with mbedtls_ssl_conf_cert_profile()" },
};

static const char *instead_of(const char *macro, bool newer)
{
	if (newer)
		return "remove it, or build a release that has it";
	for (size_t i = 0; i < COUNT(renamed); i++)
		if (strcmp(renamed[i].macro, macro) == 0)
			return renamed[i].instead;
	return "remove it";
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
	size_t n = strlen(text), m = strlen(with);

	return n >= m && strcmp(text + n - m, with) == 0;
}

/* A program may define macros of its own under the library's prefix: guards of its headers, files that it names. */
static bool is_known_otherwise(const char *macro)
{
	return ends(macro, "_H") || ends(macro, "_FILE") ||
	       begins(macro, "MBEDTLS_PLATFORM_STD_") || begins(macro, "MBEDTLS_PSA_ACCEL_") ||
	       begins(macro, "MBEDTLS_TLS_") || strcmp(macro, "MBEDTLS_CONFIG_VERSION") == 0 ||
	       strcmp(macro, "MBEDTLS_ALLOW_PRIVATE_ACCESS") == 0;
}

/* The last release before this one, or the first after it, that has the macro. */
static enum config_release release_with(enum config_release r, const char *macro, bool newer)
{
	int step = newer ? 1 : -1, i = (int)r + step;

	while (i > 0 && i < N_RELEASES - 1 &&
		config_release_has((enum config_release)i, macro) != '+')
		i += step;
	return (enum config_release)i;
}

static bool is_newer(enum config_release r, const char *macro)
{
	for (int i = 0; i < (int)r; i++)
		if (config_release_has((enum config_release)i, macro) == '+')
			return false;
	return true;
}

static void find_absent(const struct search *s, const char *macro)
{
	enum config_release r = s->version->release;
	bool newer = is_newer(r, macro);
	const char *other = config_release_name(release_with(r, macro, newer));
	const char *reason = arena_printf(s->arena,
		newer ? "mbedTLS %s does not have %s yet, so it changes nothing: it came after, by "
			"%s."
		      : "mbedTLS %s no longer has %s, so it changes nothing: the last to have it "
			"is %s.",
		config_release_name(r), macro, other);

	if (reason != NULL)
		config_finding_add(s, CONFIG_WARNING,
			newer ? "config-unknown-macro" : "config-removed-macro", macro, reason,
			instead_of(macro, newer));
}

static void find_unknown(const struct search *s, const char *macro)
{
	const char *reason = arena_printf(s->arena,
		"No release of mbedTLS has %s in its configuration: it may be mistyped, and then "
		"changes "
		"nothing.",
		macro);

	if (reason != NULL)
		config_finding_add(s, CONFIG_WARNING, "config-unknown-macro", macro, reason,
			"compare its name with the configuration that comes with the release");
}

static void find_zero(const struct search *s, const struct macro_text *m)
{
	const char *reason = arena_printf(s->arena,
		"%s is set to 0, and is on all the same: mbedTLS asks only whether it is defined.",
		m->name);
	const char *fix = arena_printf(s->arena, "remove the line, or write #undef %s", m->name);

	if (reason != NULL && fix != NULL)
		config_finding_add(s, CONFIG_WARNING, "config-zero-is-on", m->name, reason, fix);
}

void config_findings_names(const struct search *s)
{
	/* What an option stands for is not mistyped. */
	bool options = config_origin(s->config).kind == CONFIG_KCONFIG;
	const struct macro_text *m = NULL;

	while ((m = config_next(s->config, m)) != NULL) {
		char has = config_release_has(s->version->release, m->name);

		if (!begins(m->name, "MBEDTLS_") || m->takes_arguments)
			continue;
		if (has == '-')
			find_absent(s, m->name);
		else if (!options && has == '\0' && !is_known_otherwise(m->name) &&
			 !config_is_value(m->name))
			find_unknown(s, m->name);
		else if (has == '+' && strcmp(m->value, "0") == 0 && !config_is_value(m->name))
			find_zero(s, m);
	}
}
