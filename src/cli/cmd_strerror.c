/* `tlsdiag strerror CODE...`: what error codes mean. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/lookup.h"
#include "report/lookups/code_lookup.h"
#include "tlsdiag/tlsdiag.h"

#include <stdlib.h>
#include <string.h>

static const struct option_spec specs[] = { LOOKUP_OPTIONS };

static const struct option_table table = { specs, COUNT(specs) };

/* What is no option although it begins with a dash: "-19584", "-0x4C80". */
static bool is_negative_number(const char *arg)
{
	return arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9';
}

/* The arguments sorted for getopt, which would read "-19584" as five letters. */
struct arguments {
	char **rest; /* all but the negative numbers; for options_parse() */
	char **codes;
	int n_rest, n_codes;
};

static bool arguments_split(struct arguments *a, int argc, char **argv)
{
	a->rest = memory_zeroed((size_t)argc + 1, sizeof *a->rest);
	a->codes = memory_zeroed((size_t)argc + 1, sizeof *a->codes);
	if (a->rest == NULL || a->codes == NULL)
		return false;
	for (int i = 0; i < argc; i++)
		if (i == 0 || !is_negative_number(argv[i]))
			a->rest[a->n_rest++] = argv[i];
	return true;
}

/*
 * The codes in the order typed. getopt keeps the order of what is no option, so that both lists
 * are walked along argv side by side.
 */
static void arguments_merge(struct arguments *a, int argc, char **argv, int first)
{
	for (int i = 1; i < argc; i++) {
		bool operand = first < a->n_rest && a->rest[first] == argv[i];

		if (operand)
			first++;
		if (operand || is_negative_number(argv[i]))
			a->codes[a->n_codes++] = argv[i];
	}
}

static void arguments_free(struct arguments *a)
{
	free(a->rest);
	free(a->codes);
}

/* Looks one code up and writes it. Returns its exit status. */
static int look_up(const char *asked, struct page *p, struct json *j)
{
	size_t n = codes_find(asked, NULL, 0);
	struct code_match *matches = memory_zeroed(n + 1, sizeof *matches);
	struct code_lookup lookup = { asked, matches, n };

	if (matches == NULL) {
		p->out.failed = true;
		return EXIT_INPUT;
	}
	(void)codes_find(asked, matches, n);
	if (j != NULL)
		code_lookup_json(j, &lookup);
	else
		code_lookup_text(p, &lookup);
	free(matches);
	return n != 0 ? EXIT_WELL : EXIT_PROBLEM;
}

static int look_all_up(const struct lookup_settings *s, const struct arguments *a)
{
	struct page page = lookup_page(s);
	struct json j = { &page.out, false };
	int status = EXIT_WELL;

	if (s->json) {
		lookup_json_begin(&j, "strerror", tlsdiag_crypto_version());
		json_array(&j, "codes");
	}
	for (int i = 0; i < a->n_codes; i++) {
		int one = look_up(a->codes[i], &page, s->json ? &j : NULL);

		status = one != EXIT_WELL ? one : status;
	}
	if (s->json) {
		json_end_array(&j);
		lookup_json_end(&j);
	}
	return lookup_write(&page, status);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct lookup_settings s = { .color = COLOR_AUTO };
	struct arguments a = { 0 };
	struct err err = { 0 };
	int first, status;

	if (!arguments_split(&a, argc, argv)) {
		complain("out of memory");
		status = EXIT_INPUT;
	} else if (!options_parse(&table, a.n_rest, a.rest, &s, &first, &err)) {
		status = complain_usage(self->name, err.msg);
	} else if (s.help) {
		command_help(self);
		status = EXIT_WELL;
	} else {
		arguments_merge(&a, argc, argv, first);
		status = a.n_codes != 0 ? look_all_up(&s, &a)
					: complain_usage(self->name, "no code is named");
	}
	arguments_free(&a);
	return status;
}

const struct command command_strerror = {
	.name = "strerror",
	.synopsis = "[OPTION]... CODE...",
	.summary = "tell what error codes mean, and what usually causes them",
	.text = "Knows the codes of mbedTLS 2.1 to 4.1 and PSA, and those of OpenSSL, wolfSSL,\n"
		"GnuTLS, lwIP and errno that a handshake can end with. A CODE is a number as it\n"
		"stands in a log (-0x4C80, 0x4c80, 4c80, -19584, 4294937344, 0A000132), a sum of\n"
		"a high and a low code, a name or a part of one, or \"flags 0x0c\" for the bits "
		"of\n"
		"mbedtls_ssl_get_verify_result().",
	.examples = "  tlsdiag strerror -0x7280\n"
		    "  tlsdiag strerror -19584 0A000132 CERT_VERIFY_FAILED\n"
		    "  tlsdiag strerror 'error:0A00007B:SSL routines::bad signature'\n"
		    "  tlsdiag strerror --json 'flags 0x0c'",
	.status = "0 every code is known, 1 one is not, 2 the command line is wrong,\n"
		  "3 the output cannot be written.",
	.options = &table,
	.run = run,
};
