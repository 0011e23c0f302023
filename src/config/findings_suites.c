/* Suites that MBEDTLS_SSL_CIPHERSUITES names, held against what is compiled in. */
#include "config/build.h"
#include "config/finding.h"
#include "config/missing.h"

#include "names/names.h"

static const char *not_there(const struct search *s, const struct build_lost *lost, bool server)
{
	return arena_printf(s->arena, "%.*s is named and not compiled in: %s", (int)lost->len,
		lost->name,
		server ? "a server ends with -0x6C00 as soon as a client offers it."
		       : "a client passes it over and offers the others alone.");
}

static void find_suite(const struct search *s, const struct build_lost *lost, bool server)
{
	struct strbuf missing = { 0 };
	const char *reason, *fix;

	if (lost->needs == NULL) {
		reason = arena_printf(s->arena,
			"%.*s is no suite of mbedTLS %s: its macro is not declared.",
			(int)lost->len, lost->name, s->version->name);
		fix = arena_printf(s->arena, "take it out of the list, or correct its name");
	} else {
		config_missing(s->config, lost->needs, &missing);
		reason = not_there(s, lost, server);
		fix = arena_printf(s->arena, "take it out of the list, or define what it lacks: %s",
			strbuf_text(&missing));
	}
	if (reason != NULL && fix != NULL)
		config_finding_add(s, server || lost->needs == NULL ? CONFIG_ERROR : CONFIG_WARNING,
			"config-suite-not-compiled-in", "MBEDTLS_SSL_CIPHERSUITES", reason, fix);
	strbuf_free(&missing);
}

void config_findings_suites(const struct search *s)
{
	struct build b;

	build_of(s->config, config_release_major(s->version->release), &b);
	for (size_t i = 0; i < b.n_lost && i < BUILD_LOST_MAX; i++)
		find_suite(s, &b.lost[i], b.server);
}
