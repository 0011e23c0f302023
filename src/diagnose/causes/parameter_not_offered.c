/* RFC 8446 4.1.3, RFC 5246 7.4.1.3: a server picks from the client's lists. */
#include "base/array.h"
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"
#include "diagnose/word.h"

static const enum check_id lists[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
	CHECK_compression_offered, CHECK_hello_retry_kept, CHECK_group_offered,
	CHECK_signature_scheme_offered, CHECK_extensions_offered, CHECK_session_id_echoed };
static const enum check_id explains[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
	CHECK_compression_offered, CHECK_hello_retry_kept, CHECK_group_offered,
	CHECK_signature_scheme_offered, CHECK_extensions_offered, CHECK_session_id_echoed,
	CHECK_server_hello_fits_version, CHECK_scheme_fits_key, CHECK_ske_signature,
	CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

/* The first of the lists that the server went beyond; N_CHECKS none. */
static enum check_id beyond(const struct examined *ex)
{
	if (client_answers_wrong_type(ex))
		return N_CHECKS;
	for (size_t i = 0; i < COUNT(lists); i++)
		if (failed_check(ex, lists[i]))
			return lists[i];
	return N_CHECKS;
}

static bool shows(const struct handshake_view *v)
{
	return beyond(v->ex) != N_CHECKS;
}

static void take(const struct handshake_view *v, struct finding *f)
{
	if (v->st.failed && v->st.by == SIDE_CLIENT)
		f->severity = SEVERITY_ERROR;
	note_beside_failure(v, f);
	doubt_beside_certificate(v, f);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, beyond(v->ex));
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

/* Of what the keys hide the client that was there may say it. */
static bool said(const struct handshake_view *v)
{
	return v->st.failed && !hellos_break(v->ex) &&
	       word_hidden_fault(&v->hs->side[SIDE_CLIENT].word, v->hs->tls13) == WORD_CHOICE;
}

static void prove_said(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf,
		"The server's %s answers what the client did not ask, or has what does not belong "
		"there",
		word_message(&v->hs->side[SIDE_CLIENT].word));
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
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_the_clients_word,
};

static const char *const steps[] = {
	"let the server choose from what the ClientHello lists; an unpatched library does",
	"if the server must have that parameter, offer it on the client",
	NULL,
};

const struct cause cause_parameter_not_offered = {
	.id = "parameter-not-offered",
	.origin = ORIGIN_SERVER,
	.summary = "The server chose something the client never offered",
	.handshake = &rule,
	.next_steps = steps,
};
