/* `tlsdiag strerror CODE...`: what error codes mean. */
#include "base/array.h"
#include "cli/answers.h"
#include "cli/words.h"

static const struct option_spec specs[] = { LOOKUP_OPTIONS };

static const struct option_table table = { specs, COUNT(specs) };

/* What the number of an alert or a suite is asked for by; a code; or else a text with codes in it. */
static int look_all_up(const struct lookup_settings *s, const struct words *w)
{
	struct answers answers = { .list = NULL };

	for (int i = 0; i < w->n; i++)
		if (!answers_add_number(&answers, w->list[i]) &&
			!answers_add_code(&answers, w->list[i]) &&
			!answers_add_paste(&answers, w->list[i]))
			answers_add_unknown(&answers, w->list[i]);
	return answers_write(&answers, "strerror", s);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct lookup_settings s = { .color = COLOR_AUTO };
	struct words w;
	struct err err = { 0 };
	int first, status;

	if (!words_split(&w, argc, argv)) {
		complain("out of memory");
		status = EXIT_INPUT;
	} else if (!options_parse(&table, w.n_rest, w.rest, &s, &first, &err)) {
		status = complain_usage(self->name, err.msg);
	} else if (s.help) {
		command_help(self);
		status = EXIT_WELL;
	} else {
		words_merge(&w, argc, argv, first);
		status = w.n != 0 ? look_all_up(&s, &w)
				  : complain_usage(self->name, "no code is named");
	}
	words_free(&w);
	return status;
}

const struct command command_strerror = {
	.name = "strerror",
	.synopsis = "[OPTION]... CODE...",
	.summary = "tell what error codes mean, and what usually causes them",
	.text = "Knows the codes of mbedTLS 2.1 to 4.1 and PSA, and those of OpenSSL, wolfSSL,\n"
		"GnuTLS, BearSSL, rustls, Go, Java, NSS, Chrome, curl, Windows, Apple, ESP-IDF,\n"
		"lwIP and errno that a handshake can end with. A CODE is a number as it stands in\n"
		"a log (-0x4C80, 0x4c80, 4c80, -19584, 4294937344, 0A000132), a sum of a high\n"
		"and a low code, a name or a part of one, \"flags 0x0c\" for the bits of\n"
		"mbedtls_ssl_get_verify_result(), or a pasted text: all that it names is told.",
	.examples = "  tlsdiag strerror -0x7280\n"
		    "  tlsdiag strerror -19584 0A000132 CERT_VERIFY_FAILED\n"
		    "  tlsdiag strerror 'error:0A00007B:SSL routines::bad signature'\n"
		    "  tlsdiag strerror 'mbedtls_pk_verify() returned -19968 (-0x4e00)'\n"
		    "  tlsdiag strerror --json 'flags 0x0c'",
	.status = "0 every code is known, 1 one is not, 2 the command line is wrong,\n"
		  "3 the output cannot be written.",
	.options = &table,
	.run = run,
};
