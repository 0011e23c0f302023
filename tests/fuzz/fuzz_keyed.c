/*
 * A connection and its key log: two bytes that say how long the log is, the log, and then steps as those of
 * fuzz_session: a byte that says which direction and what (a hole), one for how much, and the bytes.
 * Whatever comes, what is opened is bounded by what was sent, and the connection gives out its handshakes.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "session/handshake.h"
#include "session/prove.h"
#include "session/session.h"

enum {
	STORE = 1 << 16,
	STEP_DIRECTION = 0x01,
	STEP_LATE = 0x02,
	STEP_GAP = 0x28,
	STEP_KIND = 0x38
};

static void check_side(const struct party *p)
{
	must(p->keys <= KEYS_UNUSABLE);
	must(p->refused_records <= p->protected_records);
	must(p->opened_records <= p->protected_records);
	must((p->keys == KEYS_UNUSABLE) == (p->keys_why != NULL));
	must(p->finished.seen || p->finished.verdict.state == PROOF_NONE);
	must(p->keys != KEYS_NOT_GIVEN || p->opened_records == 0);
}

static void take(void *ctx, struct handshake *hs)
{
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct prover *p = prover_open(&ev);

	++*(uint64_t *)ctx;
	check_side(&hs->side[0]);
	check_side(&hs->side[1]);
	must(hs->n_events <= EVENTS_MAX && hs->n_alerts <= ALERTS_MAX);
	if (p != NULL && prover_wants(p, hs))
		prove_handshake(p, hs);
	prover_close(p);
	handshake_free(hs);
}

/* The log is given before the first step, or as soon as one asks for it. */
static void play(
	struct sink sink, struct flow *f, struct keylog *log, struct bytes text, struct bytes steps)
{
	uint64_t packet = 0;

	for (size_t at = 0; at + 2 <= steps.len;) {
		uint8_t what = steps.data[at], n = steps.data[at + 1];
		struct chunk k = { .flow = f, .dir = what & STEP_DIRECTION };

		at += 2;
		k.packet = ++packet;
		k.time = (int64_t)packet * 1000000;
		if ((what & STEP_LATE) != 0)
			keylog_take(log, text);
		if ((what & STEP_KIND) == STEP_GAP) {
			k.kind = CHUNK_GAP;
			k.gap = n != 0 ? n : GAP_UNKNOWN;
		} else {
			k.bytes = bytes_slice(steps, at, n);
			at += k.bytes.len;
			f->dir[k.dir].bytes += k.bytes.len;
		}
		(void)sink.take(sink.ctx, &k);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = bytes_of(data, size);
	size_t len = size >= 2 ? (size_t)data[0] << 8 | data[1] : 0;
	struct bytes text = bytes_slice(all, 2, len), steps = bytes_slice(all, 2 + text.len, size);
	uint64_t given = 0;
	struct cert_store *store = cert_store_open(STORE);
	struct session *s = session_open(store, (struct handshake_sink){ take, &given }, NULL);
	struct session_keys keys = { .log = keylog_open() };
	struct flow f = {
		.id = 1, .opener_known = true, .dir = { { .syn = true }, { .syn = true } }
	};
	struct chunk end = { .flow = &f, .kind = CHUNK_END };

	if (steps.len != 0 && (steps.data[0] & 0x80) == 0)
		keylog_take(keys.log, text);
	session_keys(s, &keys);
	play(session_sink(s), &f, keys.log, text, steps);
	(void)session_sink(s).take(session_sink(s).ctx, &end);
	must(session_totals(s).handshakes == given);
	session_close(s);
	keylog_close(keys.log);
	cert_store_close(store);
	return 0;
}
