/*
 * A client that leaves says nothing of why. Where it was ours it has told; else the bytes must show
 * that it waited for an end that did not come, and not for a server that had fallen silent.
 */
#include "diagnose/endless.h"

#include "base/array.h"

#include "names/names.h"

static const double second = 1e9;

/* ---- what a capture shows ---- */

/* It failed by the client's leaving, though the server was heard, and in whole. */
static bool left_alone(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return st.failed && (hs->ending == ENDING_SILENCE || st.by == SIDE_CLIENT) && !st.early &&
	       st.stage <= STAGE_SERVER_FLIGHT && hs->client_hello.seen && !hs->server_hello_done &&
	       hs->n_gaps == 0;
}

static bool wordlessly(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return st.alert < 0 && !st.hidden && hs->before == PLAIN_NONE &&
	       hs->server_spoke == PLAIN_NONE;
}

/* How often the server sent its most frequent message, or a warning. */
static size_t repeats(const struct handshake *hs)
{
	size_t n[256] = { 0 }, warnings = 0, most = 0;

	for (size_t i = 0; i < hs->n_alerts; i++)
		warnings += hs->alerts[i].from == SIDE_SERVER && hs->alerts[i].level == 1;
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_SERVER && ++n[ev->type] > most)
			most = n[ev->type];
	}
	return warnings > most ? warnings : most;
}

static bool captured_endless(const struct handshake *hs)
{
	return left_alone(hs) && (hs->side[SIDE_SERVER].tcp.bytes >= ENDLESS_CAPTURED ||
					 repeats(hs) >= ENDLESS_REPEATS);
}

/* Up to its last byte; the server's, as the client had only its hello to say. */
static double seconds_spoken(const struct handshake *hs)
{
	return (double)(hs->end - hs->start) / second;
}

static bool captured_slow(const struct handshake *hs)
{
	const struct direction *server = &hs->side[SIDE_SERVER].tcp;
	double spoken = seconds_spoken(hs), silence = (double)(hs->ended_time - hs->end) / second;

	if (!left_alone(hs) || !wordlessly(hs) || server->data_segments < SLOW_SEGMENTS ||
		spoken < SLOW_SECONDS || spoken > (double)SLOW_PAUSE * server->data_segments ||
		server->bytes >= ENDLESS_CAPTURED)
		return false;
	return (double)server->bytes < SLOW_RATE * spoken &&
	       silence <= 2 * spoken / server->data_segments;
}

/* ---- either way ---- */

bool answer_endless(const struct handshake *hs)
{
	if (hs->heard.cut == CUT_NONE)
		return captured_endless(hs) && !captured_slow(hs);
	return hs->heard.cut != CUT_TIME || hs->heard.bytes > ENDLESS_BYTES;
}

bool answer_too_slow(const struct handshake *hs)
{
	if (hs->heard.cut == CUT_NONE)
		return captured_slow(hs);
	return !answer_endless(hs);
}

static void put_count(
	struct strbuf *out, const char *before, uint64_t n, const char *one, const char *many)
{
	if (n != 0)
		strbuf_printf(out, "%s%llu %s", before, (unsigned long long)n, n == 1 ? one : many);
}

void heard_text(const struct hearing *h, struct strbuf *out)
{
	put_count(out, "", h->bytes, "byte", "bytes");
	put_count(out, " in ", h->records, "record", "records");
	strbuf_printf(out, " within %.1f s", (double)h->ms / 1000);
}

static struct hearing heard_of(const struct handshake *hs)
{
	if (hs->heard.cut != CUT_NONE)
		return hs->heard;
	return (struct hearing){ .bytes = hs->side[SIDE_SERVER].tcp.bytes,
		.pieces = hs->side[SIDE_SERVER].tcp.data_segments,
		.ms = (uint64_t)(seconds_spoken(hs) * 1000) };
}

/* What there was most of, which is what the limit was of. */
static void prove_amount(const struct case_file *cf, const struct hearing *h, struct finding *f)
{
	struct strbuf text = { 0 };

	heard_text(h, &text);
	finding_prove(f, cf, 0, "it had sent %s when nobody listened any more", strbuf_text(&text));
	strbuf_clear(&text);
	put_count(&text, "", h->requests, "HelloRequest", "HelloRequests");
	put_count(&text, text.len != 0 ? ", " : "", h->warnings, "warning alert", "warning alerts");
	put_count(&text, text.len != 0 ? ", " : "", h->empty, "record without content",
		"records without content");
	if (h->changes > 1)
		put_count(&text, text.len != 0 ? ", " : "", h->changes, "", "ChangeCipherSpecs");
	if (text.len != 0)
		finding_prove(f, cf, 0, "among them %s", strbuf_text(&text));
	strbuf_free(&text);
}

static void prove_rate(const struct case_file *cf, const struct hearing *h, struct finding *f)
{
	double seconds = (double)h->ms / 1000;

	if (seconds > 0)
		finding_prove(f, cf, 0, "that is %.1f bytes a second, in %llu pieces",
			(double)h->bytes / seconds, (unsigned long long)h->pieces);
}

static void say(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	static const char *const summaries[] = {
		[CUT_EMPTY] = "The server sends records without content, and no end of them",
		[CUT_MESSAGES] = "The server sends handshake messages without end",
		[CUT_WARNINGS] = "The server sends warning alerts without end",
		[CUT_CHANGES] = "The server sends ChangeCipherSpec again and again",
	};
	enum cut_off cut = hs->heard.cut;

	if (cut < COUNT(summaries) && summaries[cut] != NULL)
		finding_say(f, cf, "%s", summaries[cut]);
}

/* A server of TLS 1.3 may send data before the client's Finished, under keys that hide it. */
static bool maybe_early_data(const struct handshake *hs)
{
	return hs->tls13 && hs->side[SIDE_SERVER].protected_records != 0 &&
	       hs->heard.cut != CUT_EMPTY && hs->heard.cut != CUT_CHANGES;
}

void endless_prove(const struct handshake_view *v, struct finding *f)
{
	const struct case_file *cf = v->cf;
	const struct handshake *hs = v->hs;
	struct hearing h = heard_of(hs);
	bool told = hs->heard.cut != CUT_NONE, slow = answer_too_slow(hs);

	say(cf, hs, f);
	prove_amount(cf, &h, f);
	if (slow)
		prove_rate(cf, &h, f);
	if (hs->has_last_message && hs->last_message != HS_CLIENT_HELLO)
		finding_prove(f, cf, 0, "the last message that began was %s",
			message_title(hs->last_message));
	if (maybe_early_data(hs))
		finding_prove(f, cf, 0,
			"most of it is encrypted: data that it sends before the client's Finished "
			"would look so too");
	finding_prove_word(f, cf, hs);
	if (!told || maybe_early_data(hs) || (slow && h.bytes > h.pieces * SLOW_PIECE))
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}
