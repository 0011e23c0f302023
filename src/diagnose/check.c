/* The table of checks and how an answer is given. The questions themselves are in checks/. */
#include "diagnose/rule.h"

#include <stdarg.h>
#include <stdio.h>

#define CHECK(name) extern const struct check check_##name;
#include "diagnose/checks.def"
#undef CHECK

const struct check *const checks[N_CHECKS] = {
#define CHECK(name) &check_##name,
#include "diagnose/checks.def"
#undef CHECK
};

const char *status_name(enum status s)
{
	static const char *const names[] = {
		[NOT_APPLICABLE] = "n/a",
		[PASS] = "pass",
		[FAIL] = "fail",
		[WARN] = "warn",
		[UNKNOWN] = "unknown",
	};

	return names[s];
}

enum check_id check_find(const char *id)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (strcmp(checks[i]->id, id) == 0)
			return (enum check_id)i;
	return N_CHECKS;
}

static void say(struct answer *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static void say(struct answer *a, const char *fmt, va_list ap)
{
	char text[512];
	int n = vsnprintf(text, sizeof text, fmt, ap);

	if (n >= 0 && a->arena != NULL)
		a->message = arena_str(a->arena, text);
}

#define ANSWER(function, status_value)                                                             \
	enum status function(struct answer *a, const char *fmt, ...)                               \
	{                                                                                          \
		va_list ap;                                                                        \
                                                                                                   \
		if (a->quiet)                                                                      \
			return (status_value);                                                     \
		va_start(ap, fmt);                                                                 \
		say(a, fmt, ap);                                                                   \
		va_end(ap);                                                                        \
		return (status_value);                                                             \
	}

ANSWER(pass_saying, PASS)
ANSWER(fail, FAIL)
ANSWER(warn, WARN)
ANSWER(unknown, UNKNOWN)
ANSWER(not_applicable, NOT_APPLICABLE)

void answer_show(struct answer *a, struct place place, const char *what)
{
	struct evidence_item *more;

	if (place.packet == 0 || a->n_evidence == EVIDENCE_MAX || a->arena == NULL)
		return;
	more = arena_alloc(a->arena, (a->n_evidence + 1) * sizeof *more); /* mostly the only one */
	if (more == NULL)
		return;
	if (a->n_evidence != 0)
		memcpy(more, a->evidence, a->n_evidence * sizeof *more);
	more[a->n_evidence++] = (struct evidence_item){ place, what };
	a->evidence = more;
}

/* Why the check cannot be asked; NULL: it can. */
static const char *not_read(const struct handshake *hs, const struct check *check)
{
	if (check->reads_offer && message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		return "the ClientHello was not read to its end";
	if (check->reads_choice && message_partial(hs, SIDE_SERVER, HS_SERVER_HELLO))
		return "the ServerHello was not read to its end";
	return NULL;
}

void checks_run(const struct handshake *hs, bool quiet, struct answer out[static N_CHECKS])
{
	for (size_t i = 0; i < N_CHECKS; i++) {
		const char *why;

		out[i] = (struct answer){ .arena = hs->arena, .quiet = quiet };
		out[i].status = checks[i]->run(hs, &out[i]);
		if (out[i].status != PASS && (why = not_read(hs, checks[i])) != NULL) {
			out[i] = (struct answer){ .arena = hs->arena, .quiet = quiet };
			out[i].status = unknown(&out[i], "%s", why);
		}
	}
}
