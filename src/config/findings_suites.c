/* Suites that MBEDTLS_SSL_CIPHERSUITES names, held against what is compiled in. */
#include "config/build.h"
#include "config/finding.h"

#include "base/strbuf.h"
#include "names/names.h"

#include <string.h>

/* Up to the next "&&" outside of parentheses. */
static size_t part_len(const char *condition)
{
	size_t len = 0;
	int depth = 0;

	while (condition[len] != '\0' && (depth != 0 || condition[len] != '&')) {
		depth += condition[len] == '(';
		depth -= condition[len] == ')';
		len++;
	}
	while (len > 0 && condition[len - 1] == ' ')
		len--;
	return len;
}

/* "(defined(A) || !defined(B))" as "A or no B". */
static void put_part(struct strbuf *out, const char *part, size_t len)
{
	static const struct {
		const char *from, *to;
	} words[] = { { "!defined(", "no " }, { "defined(", "" }, { "||", "or" }, { "&&", "and" },
		{ "(", "" }, { ")", "" } };

	for (size_t at = 0; at < len;) {
		size_t i = 0, n = sizeof words / sizeof *words;

		while (i < n && strncmp(part + at, words[i].from, strlen(words[i].from)) != 0)
			i++;
		if (i == n) {
			strbuf_printf(out, "%c", part[at]);
			at++;
			continue;
		}
		strbuf_puts(out, words[i].to);
		at += strlen(words[i].from);
	}
}

/* Of the macros that a suite needs, those that are not there. */
static void put_missing(struct strbuf *out, const struct config *c, const char *needs)
{
	char part[256];

	while (*needs != '\0') {
		size_t len = part_len(needs);

		if (len < sizeof part) {
			memcpy(part, needs, len);
			part[len] = '\0';
			if (!config_holds(c, part)) {
				strbuf_puts(out, out->len != 0 ? ", " : "");
				put_part(out, part, len);
			}
		}
		needs += len;
		needs += strspn(needs, " &");
	}
}

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
		put_missing(&missing, s->config, lost->needs);
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

	build_of(s->config, s->version->release >= RELEASE_3_0 ? 3 : 2, &b);
	for (size_t i = 0; i < b.n_lost && i < BUILD_LOST_MAX; i++)
		find_suite(s, &b.lost[i], b.server);
}
