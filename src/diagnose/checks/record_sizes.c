/* RFC 8446 5.1, RFC 6066 4 (max_fragment_length), RFC 8449. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct extensions *answer = &hs->server_hello.ext;
	uint32_t limit = RECORD_PLAINTEXT_MAX;

	if (hs->largest_record[SIDE_CLIENT] == 0 && hs->largest_record[SIDE_SERVER] == 0)
		return not_applicable(a, "no record was seen");
	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++)
		if (hs->record_oversized[s])
			return fail(a, "%s sent a record of %u bytes, more than any version allows",
				side_name(s), hs->largest_record[s]);
	if (hs->server_hello.seen && answer->has_max_fragment_length &&
		answer->max_fragment_length >= 1 && answer->max_fragment_length <= 4)
		limit = 1u << (8 + answer->max_fragment_length);
	if (hs->largest_record[SIDE_SERVER] > limit) {
		answer_show(a, message_place(hs, SIDE_SERVER, HS_CERTIFICATE), "Certificate");
		return fail(a,
			"max_fragment_length %u was agreed, but the server sent a record of %u "
			"bytes",
			limit, hs->largest_record[SIDE_SERVER]);
	}
	return pass(a, "the longest record has %u bytes from the server, %u from the client",
		hs->largest_record[SIDE_SERVER], hs->largest_record[SIDE_CLIENT]);
}

const struct check check_record_sizes = {
	.id = "record-sizes",
	.rfc = "RFC 8446 5.1, RFC 6066 4",
	.question = "Does every record keep to the size that was agreed?",
	.run = run,
};
