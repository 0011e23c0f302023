/*
 * Each option is a function of the table that the commands share, and the exit status is worked out
 * here.
 */
#include "cli/run_options.h"

#include "base/array.h"
#include "cli/choice.h"
#include "cli/confine.h"
#include "cli/time_option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEEP_MAX = 86400, SOON_MAX = 36500 };

void run_settings_init(struct run_settings *s)
{
	*s = (struct run_settings){ .color = COLOR_AUTO };
	tlsdiag_options_init(&s->run);
	s->run.report = TLSDIAG_TEXT;
}

void run_settings_complete(struct run_settings *s)
{
	s->run.out = stdout;
	s->run.stop = confine_stop;
	s->run.color = terminal_color(s->color);
	s->run.utf8 = terminal_utf8();
	s->run.width = terminal_width();
}

RUN_SET_TEXT(ca)
RUN_SET_TEXT(config)
RUN_SET_TEXT(name)

bool run_set_expect(void *settings, const char *value, struct err *e)
{
	struct run_settings *s = settings;

	if (s->run.n_expect == EXPECTATIONS_MAX)
		return err_set(
			e, ERR_USAGE, 0, "--expect is given more than %d times", EXPECTATIONS_MAX);
	s->expect[s->run.n_expect++] = value;
	s->run.expect = s->expect;
	return true;
}

bool run_set_keylog(void *settings, const char *value, struct err *e)
{
	((struct run_settings *)settings)->run.keylog = value;
	return strcmp(value, "-") != 0 ||
	       err_set(e, ERR_USAGE, 0, "--keylog takes a file, not standard input");
}

bool run_set_at(void *settings, const char *value, struct err *e)
{
	struct run_settings *s = settings;

	s->run.has_at = true;
	return time_option_parse(value, &s->run.at, e);
}

bool run_set_expires_soon(void *settings, const char *value, struct err *e)
{
	char *end;
	long days;

	errno = 0;
	days = strtol(value, &end, 10);
	if (errno != 0 || *value < '0' || *value > '9' || *end != '\0' || days > SOON_MAX)
		return err_set(e, ERR_USAGE, 0, "--expires-soon takes days from 0 to %d, not '%s'",
			SOON_MAX, value);
	((struct run_settings *)settings)->run.expires_soon = (unsigned)days;
	return true;
}

bool run_set_deep(void *settings, const char *value, struct err *e)
{
	struct run_settings *s = settings;
	char *end;

	errno = 0;
	s->run.deep_whole = true;
	s->run.deep_seconds = strtod(value, &end);
	if (errno == 0 && end != value && *end == '\0' && s->run.deep_seconds >= 0 &&
		s->run.deep_seconds <= DEEP_MAX)
		return true;
	return err_set(
		e, ERR_USAGE, 0, "--deep takes seconds from 0 to %d, not '%s'", DEEP_MAX, value);
}

bool run_set_json(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct run_settings *)settings)->run.report = TLSDIAG_JSON;
	return true;
}

bool run_set_ndjson(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct run_settings *)settings)->run.report = TLSDIAG_NDJSON;
	return true;
}

bool run_set_only(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "failed", TLSDIAG_LIST_FAILED },
		{ "completed", TLSDIAG_LIST_COMPLETED }, { "all", TLSDIAG_LIST_ALL } };
	struct run_settings *s = settings;
	int chosen = 0;
	bool ok = choice_parse("only", choices, COUNT(choices), value, &chosen, e);

	s->run.list = (enum tlsdiag_list)chosen;
	return ok;
}

bool run_set_all(void *settings, const char *value, struct err *e)
{
	(void)value;
	return run_set_only(settings, "all", e);
}

/* Standard output has the report already, and two would mix. */
static bool set_file(const char **field, const char *option, const char *value, struct err *e)
{
	*field = value;
	return strcmp(value, "-") != 0 ||
	       err_set(e, ERR_USAGE, 0, "%s takes the name of a file, not '-'", option);
}

bool run_set_junit(void *settings, const char *value, struct err *e)
{
	return set_file(&((struct run_settings *)settings)->junit, "--junit", value, e);
}

bool run_set_sarif(void *settings, const char *value, struct err *e)
{
	return set_file(&((struct run_settings *)settings)->sarif, "--sarif", value, e);
}

bool run_set_fail_on(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "error", false }, { "warning", true } };
	struct run_settings *s = settings;
	int chosen = false;
	bool ok = choice_parse("fail-on", choices, COUNT(choices), value, &chosen, e);

	s->run.warnings_fail = chosen != false;
	return ok;
}

bool run_set_color(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
		{ "never", COLOR_NEVER } };
	struct run_settings *s = settings;
	int chosen = COLOR_AUTO;
	bool ok = choice_parse("color", choices, COUNT(choices), value, &chosen, e);

	s->color = (enum color_wish)chosen;
	return ok;
}

bool run_set_no_sandbox(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct run_settings *)settings)->no_sandbox = true;
	return true;
}

bool run_set_help(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct run_settings *)settings)->help = true;
	return true;
}

int run_status(const struct tlsdiag *run, const struct run_settings *s, bool unread)
{
	struct tlsdiag_summary sum = tlsdiag_summarize(run);

	if (unread)
		return EXIT_INPUT;
	if (sum.errors != 0 || sum.failed != 0 || sum.unmet != 0 ||
		(s->run.warnings_fail && sum.warnings != 0))
		return EXIT_PROBLEM;
	return sum.completed != 0 ? EXIT_WELL : EXIT_NOTHING;
}

int run_not_opened(const struct command *self, const struct tlsdiag_error *e)
{
	if (e->kind == TLSDIAG_BAD_OPTION)
		return complain_usage(self->name, e->message);
	complain("%s", e->message);
	return EXIT_INPUT;
}
