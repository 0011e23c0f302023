/* Secrets of a run: from a key log, and from inside captures. What they were good for is told at the end. */
#include "door/run.h"

#include "keylog/follow.h"

static bool decrypt(void *ctx, struct bytes encrypted, struct key_secret *premaster)
{
	return rsa_key_decrypt(ctx, encrypted, premaster);
}

void keys_use(struct tlsdiag *run, bool log)
{
	const struct session_keys keys = { .log = run->given.keylog,
		.follow = run->given.follow,
		.decrypt = run->given.rsa != NULL ? decrypt : NULL,
		.ctx = run->given.rsa,
		.rsa_only = !log };

	pipeline_keys(run->pipeline, &keys);
	run->keys_used = log;
}

void keys_take(void *ctx, struct bytes text)
{
	struct tlsdiag *run = ctx;

	keylog_take(run->given.keylog, text);
	if (!run->keys_used)
		keys_use(run, true);
}

void keys_hear(struct tlsdiag *run, struct bytes line)
{
	bool used = run->keys_used;

	keylog_take(run->given.keylog, line);
	if (used || run->keys_heard)
		return;
	keys_use(run, true);
	run->keys_used = false;
	run->keys_heard = true;
}

/* The text holds what comes after the number. */
static void note(struct tlsdiag *run, uint64_t n, const char *one, const char *many)
{
	const char *text;

	if (n == 0 || run->inputs.n_names == 0)
		return;
	text = arena_printf(
		run->given.arena, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
	if (text != NULL)
		inputs_note(&run->inputs, run->given.arena, 0, text);
}

static void tell_damage(struct tlsdiag *run, const struct keylog_totals *t)
{
	unsigned long long n = t->damaged, first = t->first_damaged;
	const char *text;

	if (n == 0)
		return;
	if (n == 1)
		text = arena_printf(
			run->given.arena, "line %llu of the key log cannot be read", first);
	else
		text = arena_printf(run->given.arena,
			"%llu lines of the key log cannot be read: line %llu is the first", n,
			first);
	if (text != NULL)
		inputs_note(&run->inputs, run->given.arena, 0, text);
}

static void tell_lines(struct tlsdiag *run, const struct keylog_totals *t)
{
	tell_damage(run, t);
	note(run, t->foreign, "line of the key log is none of a key log",
		"lines of the key log are none of a key log");
}

void keys_tell(struct tlsdiag *run)
{
	struct session_totals s = pipeline_totals(run->pipeline);
	struct keylog_totals t;

	if (!run->keys_used || run->inputs.n_names == 0)
		return;
	if (run->given.follow != NULL)
		(void)follow_wait(run->given.follow);
	t = keylog_totals(run->given.keylog);
	if (t.secrets == 0)
		inputs_note(&run->inputs, run->given.arena, 0, "the key log holds no secret");
	tell_lines(run, &t);
	if (run->replayed) /* what comes of a hello sent again is under keys that nobody has */
		return;
	note(run, s.locked, "handshake stays closed: the key log has no secret of it",
		"handshakes stay closed: the key log has no secrets of them");
	note(run, s.refused,
		"handshake has records that do not open under the key log's secrets of it",
		"handshakes have records that do not open under the key log's secrets of them");
	note(run, s.unusable, "handshake stays closed: this build cannot open records of its suite",
		"handshakes stay closed: this build cannot open records of their suites");
}
