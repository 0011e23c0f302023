/* What limits of our own made a run leave out: the counts of all stages, put into words. */
#include "door/run.h"

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

const struct limit_note *limits_tell(struct tlsdiag *run, size_t *n)
{
	struct capture_totals c = capture_totals(run->capture);
	struct session_totals s = pipeline_totals(run->pipeline);
	struct prove_totals p = pipeline_proved(run->pipeline);
	struct notes out = { .arena = run->given.arena };

	out.list = arena_alloc(out.arena, LIMITS_MAX * sizeof *out.list);
	note(&out, "connections", s.given_up + c.evicted,
		"connection was given up, to stay within the memory limit",
		"connections were given up, to stay within the memory limit", NULL);
	note(&out, "signatures", p.left_out,
		"handshake was not verified: so much was to be verified before it",
		"handshakes were not verified: so much was to be verified before them",
		"--verify=all");
	note(&out, "chains", p.chains_left_out,
		"chain has too many certificates that may be issuers to try the keys of all",
		"chains have too many certificates that may be issuers to try the keys of all",
		run->given.evidence.verify == VERIFY_ALL ? NULL : "--verify=all");
	note(&out, "forensics", desk_summary(pipeline_desk(run->pipeline)).autopsies_cut,
		"bad signature or point was not taken apart to the end, for want of CPU time",
		"bad signatures or points were not taken apart to the end, for want of CPU time",
		"--deep SECONDS");
	note(&out, "dh-groups", p.groups_left_out,
		"DHE group was not tested for being prime: so much was to be tested before it",
		"DHE groups were not tested for being prime: so much was to be tested before them",
		"--verify=all");
	*n = out.n;
	return out.list;
}
