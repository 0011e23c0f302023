/* RFC 8446 5.1, RFC 6066 4 (max_fragment_length), RFC 8449. */
#include "diagnose/record_limit.h"
#include "diagnose/rule.h"

/* RFC 8446 5.4: zeros and nothing else; the outer type says application data. */
static enum status judge_bare(const struct empty_records *e, enum side s, struct answer *a)
{
	return warn(a, "%s sent %llu protected record%s that hold%s no content type (RFC 8446 5.4)",
		side_name(s), (unsigned long long)e->n, e->n == 1 ? "" : "s", e->n == 1 ? "s" : "");
}

/* RFC 8446 5.1: some receivers refuse the first such record, others the thirty-third. */
static enum status judge_empty(const struct handshake *hs, enum side s, struct answer *a)
{
	const struct empty_records *e = &hs->side[s].empty;
	const char *what = e->type == CONTENT_HANDSHAKE ? "handshake"
			   : e->type == CONTENT_ALERT   ? "alert"
							: "ChangeCipherSpec";

	answer_show(a, (struct place){ e->first_packet, 0, 1 }, "the first empty record");
	if (e->type == CONTENT_APPLICATION_DATA)
		return judge_bare(e, s, a);
	if (e->n == 1)
		return warn(a, "%s sent an empty %s record, which no version allows", side_name(s),
			what);
	return warn(a,
		"%s sent %llu empty records, which no version allows; the first is of type %s",
		side_name(s), (unsigned long long)e->n, what);
}

static enum status judge_long(const struct long_record *r, struct answer *a)
{
	if (r->agreed == 0)
		return fail(a, "%s sent a record of %u bytes, more than any version allows",
			side_name(r->from), r->length);
	answer_show(a, r->at, r->carries);
	return fail(a, "max_fragment_length %u was agreed, but %s sent a record of %u bytes",
		r->agreed, side_name(r->from), r->length);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	struct long_record longest;

	if (hs->side[SIDE_CLIENT].largest_record == 0 &&
		hs->side[SIDE_SERVER].largest_record == 0 && hs->side[SIDE_CLIENT].empty.n == 0 &&
		hs->side[SIDE_SERVER].empty.n == 0)
		return not_applicable(a, "no record was seen");
	if (long_record_of(hs, &longest))
		return judge_long(&longest, a);
	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++)
		if (hs->side[s].empty.n != 0)
			return judge_empty(hs, s, a);
	return pass(a, "the longest record has %u bytes from the server, %u from the client",
		hs->side[SIDE_SERVER].largest_record, hs->side[SIDE_CLIENT].largest_record);
}

const struct check check_record_sizes = {
	.id = "record-sizes",
	.rfc = "RFC 8446 5.1, RFC 6066 4",
	.question = "Does every record keep to the size that was agreed?",
	.run = run,
};
