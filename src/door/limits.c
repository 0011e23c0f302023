/* What limits of our own made a run leave out: the counts of all stages, put into words. */
#include "door/run.h"
#include "session/prove.h"

enum { LIMITS_MAX = 32 };

struct notes {
	struct arena *arena;
	struct limit_note *list;
	size_t n;
};

/* The two texts hold what comes after the number. */
static void note(struct notes *out, const char *id, uint64_t count, const char *one,
	const char *many, const char *option)
{
	const char *text;

	if (count == 0 || out->list == NULL || out->n == LIMITS_MAX)
		return;
	text = arena_printf(
		out->arena, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
	if (text != NULL)
		out->list[out->n++] = (struct limit_note){ id, count, text, option };
}

static void note_capture(struct notes *out, const struct capture_totals *c)
{
	note(out, "problems", c->problems_dropped, "more problem of the input is not listed",
		"more problems of the input are not listed", NULL);
	note(out, "unpacked", c->packed_limited,
		"compressed input was read no further: it unpacks to far more than captures do",
		"compressed inputs were read no further: they unpack to far more than captures do",
		NULL);
	note(out, "retransmissions", c->uncompared,
		"segment that was sent again was not compared with the first: only the last bytes "
		"are remembered",
		"segments that were sent again were not compared with the first: only the last "
		"bytes are remembered",
		NULL);
}

static void note_session(struct notes *out, const struct session_totals *s)
{
	note(out, "flows", s->evicted, "connection was given up: no more are followed at a time",
		"connections were given up: no more are followed at a time", NULL);
	note(out, "connections", s->given_up,
		"connection was given up: handshakes that are open at a time have a memory limit",
		"connections were given up: handshakes that are open at a time have a memory limit",
		NULL);
	note(out, "endless-handshakes", s->skimmed_bytes,
		"handshake had no end after 4 MiB: messages after that were not read",
		"handshakes had no end after 4 MiB: messages after that were not read", NULL);
	note(out, "large-handshakes", s->skimmed_memory,
		"handshake says more than is kept of one: further messages were not read",
		"handshakes say more than is kept of one: further messages were not read", NULL);
	note(out, "long-messages", s->long_messages,
		"message was not read: it claims to be longer than any that is",
		"messages were not read: they claim to be longer than any that is", NULL);
	note(out, "long-lists", s->long_lists,
		"message holds more of something than is kept of it; the first are",
		"messages hold more of something than is kept of it; the first are", NULL);
	note(out, "events", s->full_ladders,
		"handshake has more messages, records or alerts than are kept; the first are",
		"handshakes have more messages, records or alerts than are kept; the first are",
		NULL);
}

static void note_proof(struct notes *out, const struct prove_totals *p, bool all)
{
	note(out, "signatures", p->left_out,
		"handshake was not verified: so much was to be verified before it",
		"handshakes were not verified: so much was to be verified before them",
		"--verify=all");
	note(out, "alike", p->alike,
		"handshake of a log was not verified: 64 that ended in the same way were",
		"handshakes of a log were not verified: of those that ended in the same way the "
		"first 64 are",
		NULL);
	note(out, "chains", p->chains_left_out,
		"chain has too many certificates that may be issuers to try the keys of all",
		"chains have too many certificates that may be issuers to try the keys of all",
		all ? NULL : "--verify=all");
	note(out, "properties", p->properties_cut,
		"chain has more properties that somebody may refuse than are kept: the first are",
		"chains have more properties that somebody may refuse than are kept: the first are",
		NULL);
	note(out, "dh-groups", p->groups_left_out,
		"DHE group was not tested for being prime: so much was to be tested before it",
		"DHE groups were not tested for being prime: so much was to be tested before them",
		"--verify=all");
}

static void note_desk(struct notes *out, const struct desk_summary *d)
{
	note(out, "servers", d->unlisted,
		"handshake was with a server that is only counted: failing ones are listed first",
		"handshakes were with servers that are only counted: failing ones are listed first",
		NULL);
	note(out, "failed-servers", d->unlisted_failed,
		"of these failed or is incomplete, and was not judged",
		"of these failed or are incomplete, and were not judged", NULL);
	note(out, "handshakes", d->not_judged,
		"handshake that failed or shows something was only counted: of each server the "
		"first are judged",
		"handshakes that failed or show something were only counted: of each server the "
		"first are judged",
		NULL);
	note(out, "forensics", d->autopsies_cut,
		"bad signature or point was not taken apart to the end, for want of CPU time",
		"bad signatures or points were not taken apart to the end, for want of CPU time",
		"--deep SECONDS");
}

static void note_logs(struct notes *out, const struct logs *l)
{
	note(out, "log-lines", l->totals.clipped,
		"line of a log is longer than is read of one: its beginning was read",
		"lines of a log are longer than is read of one: their beginnings were read", NULL);
	note(out, "log-notes", l->totals.dropped + l->said_dropped + l->remarks_dropped,
		"thing that a log says was not kept: of a connection the first are",
		"things that a log says were not kept: of a connection the first are", NULL);
}

static void note_keys(struct notes *out, const struct given *g)
{
	struct keylog_totals t = keylog_totals(g->keylog);

	note(out, "keylog", g->follow != NULL && follow_limited(g->follow),
		"key log was read no further than its first 256 MiB", "", NULL);
	note(out, "keylog-connections", t.dropped,
		"connection of the key log was forgotten: the latest 131072 are kept",
		"connections of the key log were forgotten: the latest 131072 are kept", NULL);
}

const struct limit_note *limits_tell(struct tlsdiag *run, size_t *n)
{
	struct capture_totals c = capture_totals(run->capture);
	struct session_totals s = pipeline_totals(run->pipeline);
	struct prove_totals p = pipeline_proved(run->pipeline);
	struct desk_summary d = desk_summary(pipeline_desk(run->pipeline));
	struct notes out = { .arena = run->given.arena };

	out.list = arena_alloc(out.arena, LIMITS_MAX * sizeof *out.list);
	note_capture(&out, &c);
	note_logs(&out, &run->logs);
	note_keys(&out, &run->given);
	note_session(&out, &s);
	note_proof(&out, &p, run->given.evidence.verify == VERIFY_ALL);
	note_desk(&out, &d);
	*n = out.n;
	return out.list;
}
