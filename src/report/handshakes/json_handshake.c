/* Who, when, how it ended, what was negotiated. What was offered and proved is in json_facts.c. */
#include "report/handshakes/json_handshake.h"

#include "base/moment.h"

#include "diagnose/word.h"
#include "names/codes.h"
#include "report/handshakes/json_facts.h"
#include "report/json_parts.h"
#include "report/when.h"

#include <stdio.h>

void json_endpoint(struct json *j, const char *key, const struct endpoint *e)
{
	char address[ENDPOINT_TEXT];

	endpoint_address_text(e, address);
	json_object(j, key);
	json_string(j, "address", e->family != 0 ? address : NULL);
	if (e->family != 0 && e->port != 0)
		json_uint(j, "port", e->port);
	else
		json_null(j, "port");
	json_end_object(j);
}

const char *json_side(enum side s)
{
	return s == SIDE_CLIENT ? "client" : "server";
}

static void put_moment(struct json *j, const struct handshake *hs)
{
	char start[WHEN_TEXT];

	when_instant(hs->start, start);
	json_string(j, "start", hs->undated ? NULL : start);
	if (hs->untimed)
		json_null(j, "duration_ms");
	else
		json_milliseconds(j, "duration_ms", moment_apart(hs->end, hs->start));
	json_uint(j, hs->logged ? "first_line" : "first_packet", hs->first_packet);
	json_uint(j, hs->logged ? "last_line" : "last_packet", hs->last_packet);
}

static const char *ending_name(enum ending e)
{
	static const char *const names[] = {
		[ENDING_SETTLED] = "settled",
		[ENDING_ALERT] = "alert",
		[ENDING_PROTECTED_ALERT] = "protected-alert",
		[ENDING_FIN] = "fin",
		[ENDING_RST] = "rst",
		[ENDING_SILENCE] = "silence",
		[ENDING_CAPTURE] = "capture",
		[ENDING_GAVE_UP] = "gave-up",
		[ENDING_LIMIT] = "limit",
		[ENDING_REFUSED] = "refused",
		[ENDING_UNANSWERED] = "unanswered",
		[ENDING_UNREACHABLE] = "unreachable",
		[ENDING_CUT_OFF] = "cut-off",
	};

	return names[e];
}

static bool ended_by_someone(enum ending e)
{
	return e == ENDING_ALERT || e == ENDING_PROTECTED_ALERT || e == ENDING_FIN ||
	       e == ENDING_RST || e == ENDING_GAVE_UP;
}

static void put_outcome(struct json *j, const struct handshake *hs)
{
	static const char *const names[] = {
		[OUTCOME_COMPLETED] = "completed",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_INCOMPLETE] = "incomplete",
	};

	json_string(j, "outcome", names[hs->outcome]);
	json_string(j, "ending", ending_name(hs->ending));
	if (hs->otherwise != NULL)
		json_string(j, "asked_otherwise", hs->otherwise);
	if (ended_by_someone(hs->ending))
		json_string(j, "ended_by", json_side(hs->ended_by));
	json_string(j, "last_message",
		hs->has_last_message ? name_handshake_type(hs->last_message) : NULL);
}

static void put_negotiated(struct json *j, const struct handshake *hs)
{
	unsigned draft = version_draft(hs->version);

	json_string(j, "version", hs->version != 0 ? name_version(hs->version) : NULL);
	if (draft != 0)
		json_uint(j, "version_draft", draft);
	if (hs->has_suite)
		json_named_code(
			j, "cipher_suite", hs->suite_value, name_cipher_suite(hs->suite_value));
	else
		json_null(j, "cipher_suite");
	if (hs->resumed_known)
		json_bool(j, "resumed", hs->resumed);
	else
		json_null(j, "resumed");
}

/* The ALPN protocol the server chose; in TLS 1.3 its answer is encrypted, and unknown. */
static void put_names(struct json *j, const struct handshake *hs)
{
	const struct extensions *asked = &hs->client_hello.ext;

	if (asked->has_server_name)
		json_text(j, "sni", asked->server_name);
	else if (hs->told_sni != NULL)
		json_string(j, "sni", hs->told_sni);
	else
		json_null(j, "sni");
	if (hs->alpn.name.len != 0)
		json_text(j, "alpn", hs->alpn.name);
	else
		json_null(j, "alpn");
}

static void put_randoms(struct json *j, const struct handshake *hs)
{
	if (hs->client_hello.has_random)
		json_hex(j, "client_random", bytes_of(hs->client_hello.random, 32));
	if (hs->server_hello.has_random)
		json_hex(j, "server_random", bytes_of(hs->server_hello.random, 32));
}

static void put_alerts(struct json *j, const struct handshake *hs)
{
	json_array(j, "alerts");
	for (size_t i = 0; i < hs->n_alerts; i++) {
		const struct sent_alert *a = &hs->alerts[i];

		json_object(j, NULL);
		json_string(j, "from", json_side(a->from));
		json_string(j, "level", a->level == 1 ? "warning" : a->level == 2 ? "fatal" : NULL);
		json_uint(j, "code", a->code);
		json_string(j, "name", name_alert(a->code));
		json_uint(j, source_words(hs->logged)->place, a->packet);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_flags(struct json *j, uint32_t flags)
{
	json_array(j, "verify_flags");
	for (unsigned i = 0; i < 32; i++) {
		const char *name = code_flag_name(UINT32_C(1) << i);

		if ((flags >> i & 1) != 0 && name != NULL)
			json_string(j, NULL, name);
	}
	json_end_array(j);
}

static void put_heap(struct json *j, const struct free_heap *heap)
{
	static const char *const moments[] = {
		[HEAP_BEFORE] = "before", [HEAP_WITHIN] = "within", [HEAP_LOWEST] = "lowest"
	};

	if (heap->moment == HEAP_UNKNOWN)
		return;
	json_object(j, "free_heap");
	json_uint(j, "bytes", heap->bytes);
	json_string(j, "moment", moments[heap->moment]);
	json_uint(j, "line", heap->line);
	json_end_object(j);
}

static void put_word(struct json *j, const char *key, const struct library_word *w)
{
	struct strbuf name = { 0 };
	char code[24];

	if (w->release == NULL)
		return;
	word_name(w, &name);
	(void)snprintf(code, sizeof code, "%s0x%04x", w->code < 0 ? "-" : "",
		(unsigned)(w->code < 0 ? -(int64_t)w->code : w->code));
	json_object(j, key);
	json_string(j, "library", w->release);
	json_string(j, "code", w->code != 0 ? code : "0");
	json_string(j, "name", name.len != 0 ? strbuf_text(&name) : NULL);
	json_string(j, "state", w->state);
	put_flags(j, w->verify_flags);
	put_heap(j, &w->heap);
	json_end_object(j);
	strbuf_free(&name);
}

/* What the client had heard of the server when it cut it off. */
static void put_cut_off(struct json *j, const struct handshake *hs)
{
	static const char *const reasons[] = {
		[CUT_TIME] = "time",
		[CUT_BYTES] = "bytes",
		[CUT_PIECES] = "pieces",
		[CUT_RECORDS] = "records",
		[CUT_EMPTY] = "empty-records",
		[CUT_MESSAGES] = "messages",
		[CUT_WARNINGS] = "warnings",
		[CUT_CHANGES] = "change-cipher-specs",
	};
	const struct hearing *h = &hs->heard;

	if (h->cut == CUT_NONE)
		return;
	json_object(j, "cut_off");
	json_string(j, "by", reasons[h->cut]);
	json_uint(j, "after_ms", h->ms);
	json_uint(j, "bytes", h->bytes);
	json_uint(j, "records", h->records);
	json_uint(j, "empty_records", h->empty);
	json_uint(j, "messages", h->messages);
	json_uint(j, "hello_requests", h->requests);
	json_uint(j, "warnings", h->warnings);
	json_uint(j, "change_cipher_specs", h->changes);
	json_end_object(j);
}

static void put_checks(struct json *j, const struct examined *ex)
{
	json_array(j, "checks");
	for (size_t i = 0; i < N_CHECKS; i++)
		json_check(j, checks[i], &ex->answers[i], ex->hs->logged);
	json_end_array(j);
}

static void put_who(struct json *j, const struct handshake *hs)
{
	json_uint(j, "id", hs->id);
	json_uint(j, "input", hs->input);
	json_string(j, "transport", hs->transport == TRANSPORT_UDP ? "dtls" : "tls");
	json_endpoint(j, "client", &hs->side[SIDE_CLIENT].address);
	json_endpoint(j, "server", &hs->side[SIDE_SERVER].address);
	if (hs->roles_guessed)
		json_bool(j, "roles_guessed", true);
	if (hs->looks.name != NULL)
		json_string(j, "client_looks_like", hs->looks.name);
	if (plain_wraps(hs->before))
		json_string(j, "inside", plain_protocol_name(hs->before));
}

void json_handshake(struct json *j, const struct examined *ex)
{
	const struct handshake *hs = ex->hs;

	put_who(j, hs);
	put_moment(j, hs);
	put_outcome(j, hs);
	put_negotiated(j, hs);
	put_names(j, hs);
	put_randoms(j, hs);
	json_offered(j, hs);
	json_certificates(j, hs);
	json_server_key_exchange(j, hs);
	json_verify(j, hs);
	json_decryption(j, hs);
	json_bool(j, "verified", hs->proved);
	if (!hs->proved && hs->not_proved_why != NULL)
		json_string(j, "not_verified_because", hs->not_proved_why);
	put_alerts(j, hs);
	put_word(j, "client_result", &hs->side[SIDE_CLIENT].word);
	put_word(j, "server_result", &hs->side[SIDE_SERVER].word);
	put_cut_off(j, hs);
	put_checks(j, ex);
}
