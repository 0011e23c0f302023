/* `tlsdiag alert [CODE|NAME]`: what an alert means, and what makes which stack send it. */
#include "base/array.h"
#include "cli/answers.h"
#include "cli/choice.h"
#include "cli/nearest.h"
#include "diagnose/cause.h"
#include "names/names.h"
#include "names/pages.h"
#include "report/lookups/alert_lookup.h"
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ALERT_MAX = 255, UNREADABLE = -2 };

struct settings {
	struct lookup_settings common;
	struct alert_query query;
	const char *fault;
};

static bool set_from(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "client", ATLAS_CLIENT },
		{ "server", ATLAS_SERVER } };

	return choice_parse("from", choices, COUNT(choices), value,
		&((struct settings *)settings)->query.from, e);
}

static bool set_stack(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;
	char list[160] = "";
	size_t used = 0;

	s->query.stack = value;
	for (enum stack stack = STACK_OPENSSL; stack <= STACK_JSSE; stack++)
		if (stack_matches(stack, value))
			return true;
	for (enum stack stack = STACK_OPENSSL; stack <= STACK_JSSE; stack++) {
		if (stack == STACK_MBEDTLS_3 || used >= sizeof list)
			continue;
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
			used != 0 ? ", " : "", stack_family(stack));
	}
	return err_set(e, ERR_USAGE, 0, "--stack takes one of %s, not '%s'", list, value);
}

static bool set_after(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;

	s->query.after = handshake_type_by_name(value);
	return s->query.after >= 0 ||
	       err_set(e, ERR_USAGE, 0,
		       "--after takes a handshake message such as server_key_exchange, not '%s'",
		       value);
}

static bool set_fault(void *settings, const char *value, struct err *e)
{
	(void)e;
	((struct settings *)settings)->fault = value;
	return true;
}

static const struct option_spec specs[] = {
	{ .heading = "What you know of it",
		.name = "from",
		.value = "SIDE",
		.set = set_from,
		.help = "who sent it: client or server" },
	{ .name = "stack",
		.value = "NAME",
		.set = set_stack,
		.help = "the sender's TLS stack: OpenSSL, mbedTLS, \"mbedTLS 3\", GnuTLS, ..." },
	{ .name = "after",
		.value = "MESSAGE",
		.set = set_after,
		.help = "the last handshake message it got before: server_key_exchange or "
			"ServerKeyExchange" },
	{ .heading = "The other way round",
		.name = "fault",
		.value = "ID",
		.set = set_fault,
		.help = "what each stack answers to a fault: the id of a cause, or of a fault "
			"that an answer names" },
	{ .heading = "What is written", LOOKUP_FIRST_OPTION },
	LOOKUP_OTHER_OPTIONS,
};

static const struct option_table table = { specs, COUNT(specs) };

/* ---- the alert ---- */

/* What stands behind "alert " in "tlsv1 alert decrypt error" and "SSL alert number 51". */
static const char *alert_word(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (strncasecmp(p, "alert ", 6) == 0)
			text = p + 6;
	return strncasecmp(text, "number ", 7) == 0 ? text + 7 : text;
}

/* A number of one byte, a name, or "none"; UNREADABLE when it is none of them. */
static int read_alert(const char *text)
{
	const char *word = alert_word(text);
	bool hex = strncasecmp(word, "0x", 2) == 0;
	char *end;
	long value;

	if (strcasecmp(word, "none") == 0)
		return ATLAS_NO_ALERT;
	if (*word < '0' || *word > '9')
		return alert_by_name(word) >= 0 ? alert_by_name(word) : UNREADABLE;
	value = strtol(word, &end, hex ? 16 : 10);
	return *end == '\0' && value >= 0 && value <= ALERT_MAX ? (int)value : UNREADABLE;
}

static const char *alert_name_at(const void *ctx, size_t i)
{
	(void)ctx;
	return name_alert(alert_at(i)->code);
}

static int unknown_alert(const struct command *self, const char *text)
{
	size_t i = nearest(text, alert_count(), alert_name_at, NULL);
	char message[200];

	if (i < alert_count())
		(void)snprintf(message, sizeof message, "no alert is '%.100s'; did you mean '%s'?",
			text, alert_name_at(NULL, i));
	else
		(void)snprintf(message, sizeof message,
			"no alert is '%.100s'; tlsdiag alert lists them", text);
	return complain_usage(self->name, message);
}

/* What has an alert or something else in it, or is none. */
static int look_paste_up(const struct command *self, const struct settings *s, const char *text)
{
	struct answers answers = { .list = NULL };

	/* a number that is no alert is a slip, not another code */
	if (text[strspn(text, "0123456789")] != '\0' &&
		(answers_add_paste(&answers, text) || answers.failed))
		return answers_write(&answers, "alert", &s->common);
	return unknown_alert(self, text);
}

static int look_up(const struct settings *s, int code)
{
	struct alert_lookup lookup = { code, s->query, PASTE_SENDER_UNKNOWN };
	struct page page = lookup_page(&s->common);
	struct json j = { &page.out, false };
	bool known = code == ATLAS_NO_ALERT || alert_find((unsigned)code) != NULL;

	if (s->common.json) {
		lookup_json_begin(&j, "alert", tlsdiag_crypto_version());
		json_array(&j, "alerts");
		alert_lookup_json(&j, &lookup);
		json_end_array(&j);
		lookup_json_end(&j);
	} else {
		alert_lookup_text(&page, &lookup);
	}
	return lookup_write(&page, known ? EXIT_WELL : EXIT_PROBLEM);
}

static int list(const struct settings *s)
{
	struct page page = lookup_page(&s->common);
	struct json j = { &page.out, false };

	if (s->common.json) {
		lookup_json_begin(&j, "alert", tlsdiag_crypto_version());
		alert_table_json(&j, "alerts");
		lookup_json_end(&j);
	} else {
		alert_table_text(&page);
	}
	return lookup_write(&page, EXIT_WELL);
}

/* ---- a fault ---- */

static const char *fault_id_at(const void *ctx, size_t i)
{
	(void)ctx;
	return atlas_fault_at(i)->id;
}

/* The fault or cause that a mistyped id is most like; NULL when none is near. */
static const char *nearest_fault(const char *id)
{
	size_t i = nearest(id, atlas_fault_count(), fault_id_at, NULL);
	const struct rule_page *page = rule_page_nearest(id);

	if (i < atlas_fault_count())
		return fault_id_at(NULL, i);
	return page != NULL && cause_find(page->id) != NULL ? page->id : NULL;
}

static int unknown_fault(const struct command *self, const struct settings *s)
{
	struct fault_lookup either = { s->fault, { ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE } };
	const char *near = nearest_fault(s->fault);
	char message[240];

	if (fault_lookup_count(&either) == 0 && cause_find(s->fault) != NULL) {
		complain("no fault of '%s' was measured", s->fault);
		return EXIT_PROBLEM;
	}
	if (fault_lookup_count(&either) != 0)
		(void)snprintf(message, sizeof message,
			"'%.80s' is no fault that a %s answers: leave --from out", s->fault,
			s->query.from == ATLAS_CLIENT ? "client" : "server");
	else if (near != NULL)
		(void)snprintf(message, sizeof message,
			"no fault is named '%.80s'; did you mean '%s'?", s->fault, near);
	else
		(void)snprintf(message, sizeof message,
			"no fault that was measured is named '%.80s'", s->fault);
	return complain_usage(self->name, message);
}

static int look_fault_up(const struct command *self, const struct settings *s)
{
	struct fault_lookup lookup = { s->fault, s->query };
	struct page page;
	struct json j = { &page.out, false };

	if (fault_lookup_count(&lookup) == 0)
		return unknown_fault(self, s);
	page = lookup_page(&s->common);
	if (s->common.json) {
		lookup_json_begin(&j, "alert", tlsdiag_crypto_version());
		fault_lookup_json(&j, "faults", &lookup);
		lookup_json_end(&j);
	} else {
		fault_lookup_text(&page, &lookup);
	}
	return lookup_write(&page, EXIT_WELL);
}

/* ---- the command ---- */

/* NULL, or what does not go together. */
static const char *misuse(const struct settings *s, int n_arguments)
{
	bool narrowed = s->query.from != ALERT_FROM_ANY || s->query.stack != NULL ||
			s->query.after != ATLAS_ANY_MESSAGE;

	if (n_arguments > 1)
		return "one alert at a time (a name of several words needs quotes)";
	if (s->fault != NULL && n_arguments != 0)
		return "an alert and --fault do not go together";
	if (s->fault != NULL && s->query.after != ATLAS_ANY_MESSAGE)
		return "--after goes with an alert, not with --fault";
	if (s->fault == NULL && n_arguments == 0 && narrowed)
		return "no alert is named";
	return NULL;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct settings s = { .query = { ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE } };
	struct err err = { 0 };
	const char *wrong;
	int first, code;

	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.common.help) {
		command_help(self);
		return EXIT_WELL;
	}
	wrong = misuse(&s, argc - first);
	if (wrong != NULL)
		return complain_usage(self->name, wrong);
	if (s.fault != NULL)
		return look_fault_up(self, &s);
	if (first == argc)
		return list(&s);
	if (s.query.from == ALERT_FROM_ANY)
		s.query.from = alert_query_sender(s.query.after);
	code = read_alert(argv[first]);
	return code != UNREADABLE ? look_up(&s, code) : look_paste_up(self, &s, argv[first]);
}

const struct command command_alert = {
	.name = "alert",
	.synopsis = "[OPTION]... [ALERT]",
	.summary = "tell what an alert means, and what makes which stack send it",
	.text = "ALERT is a number (47, 0x2f), a name (illegal_parameter, \"decrypt error\"), a\n"
		"library's words for it (\"tlsv1 alert unknown ca\"), a line of a log that names\n"
		"it, or none: the connection was closed without one. Without an ALERT: the table\n"
		"of them. What stacks answer was measured with one version of each.",
	.examples = "  tlsdiag alert 47 --from client --after server_key_exchange\n"
		    "  tlsdiag alert \"tlsv1 alert unknown ca\" --stack mbedTLS\n"
		    "  tlsdiag alert none --stack wolfSSL --after ServerKeyExchange\n"
		    "  tlsdiag alert --fault ec-arithmetic-broken --from client",
	.status = "0 the alert is known, 1 it is not registered, or no fault of the\n"
		  "cause was measured, 2 the command line is wrong, 3 the output cannot be\n"
		  "written.",
	.options = &table,
	.run = run,
};
