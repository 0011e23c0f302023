/* Macros that stand for a number and have none behind them: the release does not compile where it uses them. */
#include "config/finding.h"
#include "config/tables.h"

#include "base/array.h"

#include <ctype.h>
#include <string.h>

/* Which module uses the values of a family; the narrower first. Measured with 2.28.3 and 3.6.6. */
struct use {
	const char *begin, *module;
};

static const struct use uses[] = {
	{ "MBEDTLS_SSL_CACHE_", "MBEDTLS_SSL_CACHE_C" },
	{ "MBEDTLS_SSL_COOKIE_", "MBEDTLS_SSL_COOKIE_C" },
	{ "MBEDTLS_SSL_CID_", "MBEDTLS_SSL_DTLS_CONNECTION_ID" },
	{ "MBEDTLS_SSL_DTLS_", "MBEDTLS_SSL_PROTO_DTLS" },
	{ "MBEDTLS_SSL_TLS1_3_", "MBEDTLS_SSL_PROTO_TLS1_3" },
	{ "MBEDTLS_SSL_MAX_EARLY_DATA_SIZE", "MBEDTLS_SSL_EARLY_DATA" },
	{ "MBEDTLS_SSL_DEFAULT_TICKET_LIFETIME", "MBEDTLS_SSL_SESSION_TICKETS" },
	{ "MBEDTLS_SSL_", "MBEDTLS_SSL_TLS_C" },
	{ "MBEDTLS_PSK_MAX_LEN", "MBEDTLS_SSL_TLS_C" },
	{ "MBEDTLS_MPI_", "MBEDTLS_BIGNUM_C" },
	{ "MBEDTLS_ECP_", "MBEDTLS_ECP_C" },
	{ "MBEDTLS_CTR_DRBG_", "MBEDTLS_CTR_DRBG_C" },
	{ "MBEDTLS_HMAC_DRBG_", "MBEDTLS_HMAC_DRBG_C" },
	{ "MBEDTLS_ENTROPY_MAX_", "MBEDTLS_ENTROPY_C" },
	{ "MBEDTLS_X509_MAX_INTERMEDIATE_CA", "MBEDTLS_X509_CRT_PARSE_C" },
	{ "MBEDTLS_RSA_GEN_KEY_", "MBEDTLS_RSA_C" },
};

static bool is_word(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

/* Does it stand there as a value, not only within defined()? */
static bool compares(const char *rule, const char *macro)
{
	static const char asked[] = "defined(";
	size_t len = strlen(macro);

	for (const char *at = rule; (at = strstr(at, macro)) != NULL; at += len) {
		bool begins = at == rule || !is_word(at[-1]);
		size_t before = (size_t)(at - rule);

		if (begins && !is_word(at[len]) &&
			(before < sizeof asked - 1 ||
				strncmp(at - (sizeof asked - 1), asked, sizeof asked - 1) != 0))
			return true;
	}
	return false;
}

/* The preprocessor reads a rule to its end, whatever its first half says: a value that is none ends it. */
static bool is_compared(const struct search *s, const char *macro)
{
	struct text_table rules = table_rules(s->version->release);

	for (size_t i = 0; i < rules.n; i++)
		if (compares(rules.rows[i], macro))
			return true;
	return false;
}

static bool is_used(const struct search *s, const char *macro)
{
	if (is_compared(s, macro))
		return true;
	for (size_t i = 0; i < COUNT(uses); i++)
		if (strncmp(macro, uses[i].begin, strlen(uses[i].begin)) == 0)
			return config_has(s->config, uses[i].module);
	return false;
}

/* What begins like a number is meant to be one; a name may be another header's. */
static bool is_meant_as_number(const char *value)
{
	return isdigit((unsigned char)*value) || *value == '(' || *value == '-';
}

static bool is_number(const struct search *s, const char *macro)
{
	return config_number(s->config, macro, 1) == config_number(s->config, macro, 2);
}

static const char *reason_of(const struct search *s, const struct macro_text *m)
{
	if (*m->value == '\0')
		return arena_printf(s->arena,
			"%s stands for a value, and none is behind it: the release does not "
			"compile.",
			m->name);
	/* A list of suites is no single number. */
	if (strcmp(m->name, "MBEDTLS_SSL_CIPHERSUITES") == 0 || !is_meant_as_number(m->value) ||
		strchr(m->value, '(') != NULL || is_number(s, m->name))
		return NULL;
	return arena_printf(s->arena,
		"%s is '%s', which is no number: the release does not compile.", m->name, m->value);
}

void config_findings_values(const struct search *s)
{
	const struct macro_text *m = NULL;

	while ((m = config_next(s->config, m)) != NULL) {
		const char *reason, *fix;

		if (m->takes_arguments || !config_is_value(m->name) || !is_used(s, m->name) ||
			config_release_has(s->version->release, m->name) != '+')
			continue;
		reason = reason_of(s, m);
		fix = arena_printf(
			s->arena, "write the number behind %s, or remove the line", m->name);
		if (reason != NULL && fix != NULL)
			config_finding_add(
				s, CONFIG_ERROR, "config-bad-value", m->name, reason, fix);
	}
}
