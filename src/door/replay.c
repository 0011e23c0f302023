/*
 * A hello out of a capture, a log, or a file of its own, sent again: captures and logs are read by a run of their
 * own, which only looks for the hello and for what was answered to it.
 */
#include "drive/replay.h"

#include "base/memory.h"
#include "content/look.h"
#include "door/run.h"
#include "drive/hello_file.h"
#include "session/handshake.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { REPLAY_BYTES = 4 << 20 };

/* The search for a hello among the handshakes of a capture, or of a log. */
struct search {
	uint64_t wanted; /* id; 0: the first that failed, else the first with a hello */
	bool found, failed;
	bool answered;
	bool rebuilt;    /* from the fields that a dissection names */
	uint64_t n_seen; /* handshakes, with a hello or without */
	struct strbuf records;
	struct server_answer then;
};

void tlsdiag_replay_options_init(struct tlsdiag_replay_options *o)
{
	struct tlsdiag_probe_options p;

	tlsdiag_probe_options_init(&p);
	*o = (struct tlsdiag_replay_options){ .times = 1,
		.connect_ms = p.connect_ms,
		.timeout_ms = p.timeout_ms,
		.deadline_ms = p.deadline_ms };
}

/* ---- the hello ---- */

/* As it stood on the wire: the same message in records of the same version and size. */
static void frame(const struct event *ev, bool sslv2, struct strbuf *out)
{
	size_t most = ev->n_records > 1 && ev->record_length != 0 ? ev->record_length
								  : RECORD_PLAINTEXT_MAX;

	if (sslv2)
		strbuf_add(out, (const char *)ev->raw.data, ev->raw.len);
	for (size_t at = 0; !sslv2 && at < ev->raw.len; at += most) {
		size_t len = ev->raw.len - at < most ? ev->raw.len - at : most;
		const char header[RECORD_HEADER] = { CONTENT_HANDSHAKE,
			(char)(ev->record_version >> 8), (char)ev->record_version, (char)(len >> 8),
			(char)len };

		strbuf_add(out, header, sizeof header);
		strbuf_add(out, (const char *)ev->raw.data + at, len);
	}
}

static bool better(const struct search *s, const struct handshake *hs)
{
	if (s->wanted != 0)
		return hs->id == s->wanted;
	return !s->found || (!s->failed && hs->outcome == OUTCOME_FAILED);
}

static void look(void *ctx, const struct examined *ex)
{
	struct search *s = ctx;
	const struct handshake *hs = ex->hs;
	const struct event *hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);

	s->n_seen++;
	if (hello == NULL || hello->raw.len == 0 || hello->unread || !better(s, hs))
		return;
	s->found = true;
	s->failed = hs->outcome == OUTCOME_FAILED;
	s->answered = hs->server_hello.seen || hs->hello_retry.seen || hs->n_alerts != 0;
	s->rebuilt = hs->rebuilt;
	strbuf_clear(&s->records);
	frame(hello, hs->client_hello.sslv2_format, &s->records);
	answer_read(ex, &s->then);
}

/* Reads it with the user's evidence, so that both answers are judged alike. */
static bool search_file(
	const struct tlsdiag *run, const char *path, bool log, struct search *s, struct err *e)
{
	struct tlsdiag_options o = run->options;
	struct tlsdiag_error why = { .kind = TLSDIAG_NO_ERROR };
	struct tlsdiag *reader;
	bool ok;

	o.report = TLSDIAG_NO_REPORT;
	o.on_handshake = NULL;
	o.on_progress = NULL;
	o.n_expect = 0;
	o.server = o.client = NULL;
	o.verify = TLSDIAG_VERIFY_ALL;
	reader = tlsdiag_open(&o, &why);
	if (reader == NULL)
		return err_set(e, ERR_INPUT, 0, "%s", why.message);
	reader->spy = look;
	reader->spy_ctx = s;
	ok = log ? tlsdiag_read_log(reader, path, NULL, &why)
		 : tlsdiag_read_capture(reader, path, &why);
	logs_end(reader); /* no other log is to come that might tell of the same connections */
	pipeline_flush(reader->pipeline);
	tlsdiag_close(reader);
	if (!ok && run_is_stopped(run))
		return err_set(e, ERR_LIMIT, 0, "%s", why.message);
	if (s->found)
		return true; /* also when the file breaks off later */
	if (!ok)
		return err_set(e, ERR_INPUT, 0, "%s", why.message);
	if (s->wanted != 0)
		return err_set(e, ERR_INPUT, 0,
			"'%s' has no handshake %llu with a ClientHello: it holds %llu handshakes",
			path, (unsigned long long)s->wanted, (unsigned long long)s->n_seen);
	return err_set(e, ERR_INPUT, 0, "'%s' holds no ClientHello", path);
}

/* A pipe is read once only, so that what it holds is a hello. */
static struct content_look look_at(const char *path)
{
	struct content_look seen = { .kind = CONTENT_UNKNOWN };
	struct err ignored = { 0 };
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || !content_look(path, &seen, &ignored))
		seen.kind = CONTENT_UNKNOWN;
	return seen;
}

static bool is_log(enum content_kind kind)
{
	const char *command = content_command(kind);

	return command != NULL && strcmp(command, "log") == 0 && kind != CONTENT_HEX;
}

static bool read_hello(const char *path, struct search *s, struct arena *a, struct err *e)
{
	struct hello_bytes hello;

	if (!hello_file_read(path, a, &hello, e))
		return false;
	strbuf_add(&s->records, (const char *)hello.records.data, hello.records.len);
	return true;
}

/* Bytes in hexadecimal may be a hello of its own, which is read as such; or frames with an answer in them. */
static bool search_dump(const struct tlsdiag *run, const char *path, struct search *s)
{
	struct err ignored = { 0 };

	if (search_file(run, path, true, s, &ignored) && s->answered)
		return true;
	s->found = s->rebuilt = false;
	strbuf_clear(&s->records);
	return false;
}

/* What is known for something else holds no hello for that; false. */
static bool name_kind(const struct content_look *seen, const char *path, struct err *e)
{
	enum content_kind kind = seen->kind;
	struct strbuf help = { 0 };

	if (e->code != ERR_INPUT || kind == CONTENT_UNKNOWN || kind == CONTENT_EMPTY ||
		kind == CONTENT_HEX || kind == CONTENT_TLS_BYTES)
		return false;
	content_help(kind, path, seen->text, &help);
	(void)err_set(e, ERR_INPUT, 0, "'%.80s' holds no ClientHello but is %s%s%s", path,
		content_name(kind), help.len != 0 ? ": " : "", strbuf_text(&help));
	strbuf_free(&help);
	return false;
}

static bool find_hello(const struct tlsdiag *run, const struct tlsdiag_replay_options *o,
	struct search *s, struct arena *a, struct err *e)
{
	const struct content_look seen = look_at(o->file);
	enum content_kind kind = seen.kind;
	struct err ignored = { 0 };

	s->wanted = o->handshake;
	if (kind == CONTENT_PCAP || kind == CONTENT_PCAPNG)
		return search_file(run, o->file, false, s, e);
	if (is_log(kind))
		return search_file(run, o->file, true, s, e) ||
		       (s->wanted == 0 && read_hello(o->file, s, a, &ignored));
	if (s->wanted != 0)
		return err_set(e, ERR_USAGE, 0,
			"--handshake is for captures and logs; '%s' is none", o->file);
	return (kind == CONTENT_HEX && search_dump(run, o->file, s)) ||
	       read_hello(o->file, s, a, e) || name_kind(&seen, o->file, e);
}

/* ---- with keys of our own ---- */

struct rekeying {
	struct offer *offer; /* malloc'ed; NULL: it is sent as it is */
	size_t hello_record; /* as its own were */
};

/* Can it be said with other keys? Not an SSLv2 hello, nor one that breaks the rules: those are sent as they are. */
static bool prepare_rekeying(enum tlsdiag_replay_form form, struct bytes records, struct arena *a,
	struct rekeying *out, struct err *e)
{
	struct err ignored = { 0 };
	struct hello_bytes hello;
	bool can;

	if (form == TLSDIAG_REPLAY_AS_IS)
		return true;
	out->offer = memory_new(sizeof *out->offer);
	if (out->offer == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	can = hello_bytes_read(records, a, &hello, &ignored) && hello.record_version != 0 &&
	      offer_of_hello(hello.message, out->offer);
	if (can) {
		out->offer->record_version = hello.record_version;
		if (hello.n_records > 1)
			out->hello_record =
				(size_t)hello.records.data[3] << 8 | hello.records.data[4];
	}
	if (can && (form == TLSDIAG_REPLAY_REKEYED || offer_has_version(out->offer, 0x0304)))
		return true;
	free(out->offer);
	out->offer = NULL;
	return form == TLSDIAG_REPLAY_DEFAULT ||
	       err_set(e, ERR_INPUT, 0,
		       "this ClientHello breaks the rules of TLS, or is one of SSLv2: it can only "
		       "be sent as it is (--as-is)");
}

/* ---- the answers ---- */

static void note_answer(void *ctx, const struct examined *ex)
{
	struct replay *r = ctx;

	if (r->n_now < REPLAY_ANSWERS_MAX && ex->hs->ending != ENDING_REFUSED &&
		ex->hs->ending != ENDING_UNANSWERED && ex->hs->ending != ENDING_UNREACHABLE)
		answer_read(ex, &r->now[r->n_now++]);
}

static bool write_pcap(FILE *to, const struct tape *t, struct err *e)
{
	struct bytes b = tape_file(t);

	if (to == NULL || fwrite(b.data, 1, b.len, to) == b.len)
		return true;
	return err_set(e, ERR_OS, errno, "cannot write the capture: %s", strerror(errno));
}

static struct probe_way way_of(const struct tlsdiag_replay_options *o)
{
	return (struct probe_way){ .connect_ms = (int)o->connect_ms,
		.deadline_ms = deadline_of(o->deadline_ms) };
}

/* Nothing is answered to it. */
static bool send_as_is(const struct tlsdiag_replay_options *o, const struct probe_way *way,
	struct bytes records, const struct target *t, struct probe *p, struct err *e)
{
	const struct replay_options driver = {
		.records = records, .timeout_ms = (int)o->timeout_ms, .times = o->times, .way = *way
	};

	return replay_run(&driver, t, p, e);
}

/* Our own client says it, and goes on; whose certificate it is it does not mind: that is told by the checks. */
static bool send_rekeyed(const struct tlsdiag_replay_options *o, const struct probe_way *way,
	const struct rekeying *r, const struct target *t, struct probe *p, struct err *e)
{
	const struct probe_options driver = { .client = { .offer = r->offer,
						      .hello_record = r->hello_record,
						      .any_chain = true,
						      .cert = o->cert,
						      .key = o->key,
						      .key_password = o->key_password,
						      .timeout_ms = (int)o->timeout_ms },
		.clients = PROBE_OWN,
		.attempts = o->times,
		.repeat = true,
		.no_sni = true, /* the offer says it */
		.way = *way };

	return probe_run(&driver, t, p, e);
}

static bool send_again(struct tlsdiag *run, const struct tlsdiag_replay_options *o,
	const struct search *s, const struct rekeying *r, const struct target *t, size_t *unreached,
	struct err *e)
{
	const struct bytes records =
		bytes_of((const uint8_t *)strbuf_text(&s->records), s->records.len);
	struct probe_way way = way_of(o);
	struct target proxy;
	struct probe p = { .n_attempts = 0 };
	bool ok;

	if (!ways_parse(o->starttls, o->proxy, &way.starttls, &proxy, e))
		return false;
	way.proxy = o->proxy != NULL ? &proxy : NULL;
	pipeline_client_repeats(run->pipeline);
	run->spy = note_answer;
	run->spy_ctx = &run->replay;
	ok = (r->offer != NULL ? send_rekeyed(o, &way, r, t, &p, e)
			       : send_as_is(o, &way, records, t, &p, e)) &&
	     run_read_probe(run, "replay", &p, way.proxy != NULL, unreached, e) &&
	     write_pcap(o->pcap, p.tape, e);
	run->spy = NULL;
	probe_free(&p);
	return ok;
}

/* Byte for byte is what nobody can promise then. */
static void note_rebuilt(struct tlsdiag *run, const struct search *s)
{
	if (s->rebuilt && run->inputs.n_names != 0)
		inputs_note(&run->inputs, run->given.arena, 0,
			"the ClientHello is put together from the fields that the dissection "
			"names: its "
			"bytes may differ from those that were sent");
}

bool tlsdiag_replay(struct tlsdiag *run, const struct tlsdiag_replay_options *o, const char *target,
	size_t *unreached, struct tlsdiag_error *e)
{
	struct search s = { .wanted = 0 };
	struct rekeying r = { .offer = NULL };
	struct arena *a = arena_new(REPLAY_BYTES);
	struct err err = { 0 };
	struct target t;
	bool ok = a != NULL || err_set(&err, ERR_MEMORY, 0, "out of memory");

	*unreached = 0;
	ok = ok && target_parse(target, ways_port(o->starttls), &t, &err) &&
	     find_hello(run, o, &s, a, &err) &&
	     prepare_rekeying(o->form,
		     bytes_of((const uint8_t *)strbuf_text(&s.records), s.records.len), a, &r,
		     &err);
	if (ok) {
		t.family = o->family;
		run->replay.name = arena_str(run->given.arena, o->file);
		run->replay.has_then = s.found;
		run->replay.then = s.then;
		run->replay.rekeyed = r.offer != NULL;
		ok = send_again(run, o, &s, &r, &t, unreached, &err);
		note_rebuilt(run, &s);
		replay_judge(&run->replay);
		run->replayed = true;
	}
	strbuf_free(&s.records);
	free(r.offer);
	arena_free(a);
	return ok || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_replay_well(const struct tlsdiag *run)
{
	return run->replayed && replay_verdict_good(run->replay.verdict);
}

bool tlsdiag_replay_open(const struct tlsdiag *run)
{
	return run->replayed && !replay_verdict_good(run->replay.verdict) &&
	       !replay_verdict_bad(run->replay.verdict);
}
