/* RFC 8446 6.2 decode_error: the field and the byte are the proof. */
#include "base/array.h"
#include "diagnose/handshakes.h"
#include "diagnose/word.h"
#include "names/atlas.h"

static const enum check_id explains[] = { CHECK_messages_well_formed, CHECK_extensions_once,
	CHECK_server_hello_fits_version, CHECK_extensions_offered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_ske_signature, CHECK_record_sizes, N_CHECKS };

/* Of what is wrong with a hello as a whole, nobody minds but who received it. */
static bool hello_wrong(const struct handshake_view *v, enum check_id *id)
{
	static const enum check_id whole[] = { CHECK_extensions_once,
		CHECK_server_hello_fits_version };

	for (size_t i = 0; i < COUNT(whole) && v->st.failed; i++) {
		bool clients;

		*id = whole[i];
		if (!failed_check(v->ex, whole[i]))
			continue;
		clients = whole[i] == CHECK_extensions_once &&
			  extensions_repeated(&v->hs->client_hello.ext) != NULL;
		if (v->st.by == (clients ? SIDE_SERVER : SIDE_CLIENT))
			return true;
	}
	return false;
}

/* Is it in what stands under the keys? */
static bool under_the_keys(const struct handshake *hs, enum check_id id)
{
	const struct encrypted_extensions *ext = &hs->encrypted_extensions;

	return (id == CHECK_extensions_once ? encrypted_repeated(ext) : encrypted_misplaced(ext)) !=
	       NULL;
}

/* In a version that was never offered, or that the client will not speak, the messages have another form than the
 * one they are read by, and an alert about it may come in a record of that version. */
static bool of_wrong_version(const struct handshake_view *v)
{
	const struct event *ev = malformed_message(v->hs);

	if (ev == NULL)
		return false;
	if (ev->kind != EVENT_MESSAGE)
		return failed_check(v->ex, CHECK_version_offered);
	return ev->type != HS_CLIENT_HELLO && ev->type != HS_SERVER_HELLO &&
	       (failed_check(v->ex, CHECK_version_offered) ||
		       (gave_up_with(&v->st, SIDE_CLIENT, 70) &&
			       v->hs->version != client_hello_highest(&v->hs->client_hello)));
}

/* RFC 8446 5.1; some stacks refuse the first such record, others none, or the thirty-third. */
static bool empty_record_refused(const struct handshake_view *v)
{
	enum { MANY = 32 };
	const struct empty_records *e = &v->hs->side[SIDE_SERVER].empty;
	struct atlas_answer a;
	bool takes;

	if (e->n == 0 || !v->st.failed || v->st.by != SIDE_CLIENT ||
		v->st.stage != STAGE_SERVER_FLIGHT)
		return false;
	takes = atlas_find("rec_empty", (enum stack)v->hs->looks.stack, &a) && a.result == ATLAS_OK;
	return (!takes || e->n > MANY) && nothing_else_failed(v->ex);
}

static bool shows(const struct handshake_view *v)
{
	enum check_id id;

	return (failed_check(v->ex, CHECK_messages_well_formed) &&
		       v->hs->outcome != OUTCOME_COMPLETED && !of_wrong_version(v)) ||
	       hello_wrong(v, &id) || empty_record_refused(v);
}

static void prove_empty(const struct handshake_view *v, struct finding *f)
{
	f->confidence = CONFIDENCE_LIKELY;
	finding_say(f, v->cf, "The server sends records without content, and the client gives up");
	finding_quote(f, v->cf, v->ex, CHECK_record_sizes);
}

static void prove_message(const struct handshake_view *v, const struct event *ev, struct finding *f)
{
	const char *title = event_title(ev);

	f->origin = ev->from == SIDE_CLIENT ? ORIGIN_CLIENT : ORIGIN_SERVER;
	finding_say(f, v->cf, "The %s sends a malformed %s",
		ev->from == SIDE_CLIENT ? "client" : "server",
		strncmp(title, "a ", 2) == 0 ? title + 2 : title);
	/* Who refused it had read no more of it than we have. */
	if (ev->wrong.code == PARSE_CUT || ev->wrong.code == PARSE_LIMIT)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct event *ev = malformed_message(v->hs);
	enum check_id id;

	if (ev != NULL) {
		prove_message(v, ev, f);
	} else if (!failed_check(v->ex, CHECK_messages_well_formed) && hello_wrong(v, &id)) {
		f->origin = v->st.by == SIDE_CLIENT ? ORIGIN_SERVER : ORIGIN_CLIENT;
		finding_say(f, v->cf,
			under_the_keys(v->hs, id) ? "The %s sends EncryptedExtensions that break "
						    "the rules for them"
						  : "The %s sends a hello that breaks the rules "
						    "for one",
			v->st.by == SIDE_CLIENT ? "server" : "client");
		finding_quote(f, v->cf, v->ex, id);
	} else if (empty_record_refused(v)) {
		prove_empty(v, f);
	}
	if (failed_check(v->ex, CHECK_messages_well_formed))
		finding_quote(f, v->cf, v->ex, CHECK_messages_well_formed);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

/* An empty Certificate is bad_certificate to some. */
static void take(const struct handshake_view *v, struct finding *f)
{
	const struct event *ev = malformed_message(v->hs);

	if (ev == NULL || ev->kind != EVENT_MESSAGE || ev->type != HS_CERTIFICATE)
		doubt_beside_certificate(v, f);
}

/* ---- what the keys hide ---- */

enum { NO_CERTIFICATE = 41 }; /* mbedTLS 3 says so in TLS 1.3, of an empty list */

static bool empty_list(const struct handshake_view *v)
{
	return v->hs->tls13 && v->st.stage == STAGE_SERVER_FLIGHT &&
	       gave_up_with(&v->st, SIDE_CLIENT, NO_CERTIFICATE);
}

static enum word_fault fault_of(const struct handshake_view *v)
{
	return word_hidden_fault(&v->hs->side[SIDE_CLIENT].word, v->hs->tls13);
}

/* The client that was there may say it. */
static bool said(const struct handshake_view *v)
{
	enum word_fault fault = fault_of(v);

	return v->st.failed && !hellos_break(v->ex) &&
	       (fault == WORD_FORM || fault == WORD_RECORD || empty_list(v));
}

static void prove_said(const struct handshake_view *v, struct finding *f)
{
	if (empty_list(v)) {
		finding_say(f, v->cf, "The server's Certificate holds no certificate");
		finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	} else if (fault_of(v) == WORD_FORM) {
		finding_say(f, v->cf, "The client cannot read the server's %s to its end",
			word_message(&v->hs->side[SIDE_CLIENT].word));
	} else {
		finding_say(f, v->cf,
			"The client cannot make a message of what the server sends under its keys");
	}
	finding_prove_word(f, v->cf, v->hs);
}

static const struct handshake_rule by_the_clients_word = {
	.shows = said,
	.prove = prove_said,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_the_clients_word,
};

static const char *const steps[] = {
	"look at the code that writes that field: a length counted before or after something else "
	"was added",
	"a buffer that is too small, or written twice, cuts or lengthens messages like this",
	NULL,
};

const struct cause cause_message_malformed = {
	.id = "message-malformed",
	.origin = ORIGIN_SERVER,
	.summary = "A message breaks its own structure",
	.handshake = &rule,
	.next_steps = steps,
};
