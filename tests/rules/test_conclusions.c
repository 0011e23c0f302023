/*
 * What is concluded of whole connections, for each alert that may end them, against
 * tests/rules/conclusions.txt (support/listing.h):
 *
 *   > causes                     what each cause says of itself, before any handshake is seen
 *   > c:CH s:A ; c:CH s:SH ...   connections (support/tls_talk.h), one after the other, with one server
 *
 * `A` is an alert: each number in its turn, and those that come to the same are one line. CERTS is a
 * Certificate message that can be read. Told are the findings of the server, the one that stands first
 * first: how bad, how sure, how many lines show it and how many steps follow, and which checks it explains.
 */
#include "base/array.h"
#include "diagnose/chains.h"
#include "diagnose/diagnose.h"
#include "diagnose/handshakes.h"
#include "session/prove.h"
#include "support/certs.h"
#include "support/listing.h"
#include "support/tls_talk.h"

#define LISTING "tests/rules/conclusions.txt"

/* Whose fault it is; "-": nobody is accused. */
static const char *accused(enum origin o)
{
	return origin_name(o) != NULL ? origin_name(o) : "-";
}

static const uint8_t alerts[] = { 0, 1, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
	50, 51, 60, 70, 71, 80, 86, 90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120, 121,
	255 };

/* A record with the certificates of fixtures/certs/rsa.crt and root.crt. */
static void say_certs(struct tls_talk *t, unsigned dir)
{
	static const char *const names[] = { "rsa", "root", NULL };
	struct wire *list = calloc(1, sizeof *list), *message = calloc(1, sizeof *message),
		    *record = calloc(1, sizeof *record);
	const struct cert *certs[2];
	size_t n = fixture_certs(t->store, names, certs, 2);

	for (size_t i = 0; i < n; i++) {
		put_uint(list, certs[i]->der.len, 3);
		put(list, certs[i]->der.data, certs[i]->der.len);
	}
	put_uint(message, HS_CERTIFICATE, 1);
	put_uint(message, list->n + 3, 3);
	put_vec(message, list, 3);
	put_record(record, CONTENT_HANDSHAKE, message->b, message->n);
	talk_send(t, dir, record->b, record->n);
	free(list);
	free(message);
	free(record);
}

static void say_one(struct tls_talk *t, char *word, uint8_t alert)
{
	unsigned dir = word[0] == 's';
	char text[12];

	if (strcmp(word + 2, "A") == 0) {
		(void)snprintf(text, sizeof text, "alert%u", alert);
		talk_word(t, dir, text);
	} else if (strcmp(word + 2, "CERTS") == 0) {
		say_certs(t, dir);
	} else {
		talk_word(t, dir, word + 2);
	}
}

static void say_all(struct tls_talk *t, const char *script, uint8_t alert)
{
	char *copy = strdup(script), *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		if (strcmp(word, ";") != 0) {
			say_one(t, word, alert);
			continue;
		}
		talk_end(t, FLOW_CLOSED);
		talk_connect_again(t);
	}
	talk_end(t, FLOW_CLOSED);
	free(copy);
}

static void tell_finding(struct strbuf *b, const struct finding *f)
{
	strbuf_printf(b, " %s (%s %s %s %zu+%zu of %zu assuming %u", f->cause->id,
		severity_name(f->severity), confidence_name(f->confidence), accused(f->origin),
		f->n_proof, f->n_steps, f->n_handshakes, f->assumptions);
	for (size_t i = 0; i < f->n_explains; i++)
		strbuf_printf(b, " %s", checks[f->explains[i]]->id);
	for (size_t i = 0; i < f->n_alerts; i++)
		strbuf_printf(b, " %s",
			f->alerts[i].contradicts   ? "!"
			: f->alerts[i].packet != 0 ? "@"
						   : "-");
	if (f->n_ruled_out != 0)
		strbuf_printf(b, " not %zu", f->n_ruled_out);
	strbuf_puts(b, ")");
}

static void tell_conclusion(struct strbuf *b, const char *script, uint8_t alert)
{
	const struct evidence ev = { .verify = VERIFY_AUTO, .has_at = true, .at = FIXTURE_TIME };
	struct prover *p = prover_open(&ev);
	struct desk *desk = desk_open(&ev, &(struct diagnose_options){ .deep_seconds = 0 });
	struct tls_talk t;

	tls_talk_open(&t, NULL);
	say_all(&t, script, alert);
	for (size_t i = 0; i < t.n; i++) {
		struct examined ex;

		(void)prover_wants(p, t.hs[i]);
		prove_handshake(p, t.hs[i]);
		desk_examine(desk, t.hs[i], &ex);
		desk_keep(desk, &ex);
	}
	t.n = 0; /* they are the desk's */
	desk_conclude(desk);
	for (size_t i = 0; i < desk_n_servers(desk); i++)
		for (size_t k = 0; k < desk_server(desk, i)->n_findings; k++)
			tell_finding(b, &desk_server(desk, i)->findings[k]);
	desk_close(desk);
	prover_close(p);
	tls_talk_close(&t);
}

static void say_after_alerts(struct strbuf *now, const char *line)
{
	struct strbuf told[COUNT(alerts)] = { { 0 } };
	bool any = strstr(line, ":A") != NULL;
	size_t n = any ? COUNT(alerts) : 1;

	for (size_t i = 0; i < n; i++)
		tell_conclusion(&told[i], line + 2, alerts[i]);
	for (size_t i = 0; i < n; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first &= strcmp(strbuf_text(&told[k]), strbuf_text(&told[i])) != 0;
		if (!first)
			continue;
		strbuf_puts(now, any ? "  after" : "  then");
		for (size_t k = i; k < n && any; k++)
			if (strcmp(strbuf_text(&told[k]), strbuf_text(&told[i])) == 0)
				strbuf_printf(now, " %u", alerts[k]);
		strbuf_printf(now, ":%s\n", strbuf_text(&told[i]));
	}
	for (size_t i = 0; i < n; i++)
		strbuf_free(&told[i]);
}

static void tell_cause(struct strbuf *b, const struct cause *c)
{
	size_t n_steps = 0;

	while (c->next_steps != NULL && c->next_steps[n_steps] != NULL)
		n_steps++;
	strbuf_printf(b, "  %s: %s %zu steps%s%s", c->id, accused(c->origin), n_steps,
		c->innocent != NULL ? " innocent" : "", c->run != NULL ? " run" : "");
	for (const struct handshake_rule *r = c->handshake; r != NULL; r = r->otherwise)
		strbuf_printf(b, "%s %s %s assumes %u", r != c->handshake ? "," : "",
			severity_name(r->severity), confidence_name(r->confidence), r->assumptions);
	if (c->chain != NULL) {
		strbuf_printf(b, " else %s flags %x alerts",
			severity_name(c->chain->when_completed), (unsigned)c->chain->flags);
		for (size_t i = 0; i < COUNT(c->chain->typical) && c->chain->typical[i] != 0; i++)
			strbuf_printf(b, " %d", c->chain->typical[i]);
	}
	strbuf_puts(b, "\n");
}

static void say_conclusions(struct strbuf *now, const char *line)
{
	if (strcmp(line, "> causes") == 0) {
		for (size_t i = 0; i < N_CAUSES; i++)
			tell_cause(now, causes[i]);
		return;
	}
	say_after_alerts(now, line);
}

static void test_conclusions__are_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_conclusions);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conclusions__are_what_the_listing_says),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_conclusions);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
