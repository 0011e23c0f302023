/* Tells the formats apart by their first bytes; each has a reader of its own. */
#include "capture/reader.h"

#include "content/content.h"

#include <stdio.h>
#include <stdlib.h>

/* What people hand over instead of a capture is named, with what reads it. */
static bool is_something_else(
	const struct input *in, struct bytes first, enum content_kind kind, struct err *e)
{
	const char *path = strcmp(in->name, "standard input") != 0 ? in->name : "FILE";
	struct strbuf help = { 0 };

	content_help(kind, path, content_is_text(first), &help);
	(void)err_set(e, ERR_INPUT, 0, "'%.80s' is not a capture but %s%s%s", in->name,
		content_name(kind), help.len != 0 ? ": " : "", strbuf_text(&help));
	strbuf_free(&help);
	return false;
}

static bool not_a_capture(struct input *in, struct err *e)
{
	struct bytes first = input_peek(in, CONTENT_LOOK);
	enum content_kind kind = content_tell(first);
	char hex[3 * 8 + 1] = "";

	if (in->failed != 0)
		return err_set(e, in->failed > 0 ? ERR_OS : ERR_INPUT,
			in->failed > 0 ? in->failed : 0, "cannot read '%s': %s", in->name,
			input_failure(in));
	if (first.len == 0)
		return err_set(e, ERR_INPUT, 0, "'%s' is empty", in->name);
	if (kind != CONTENT_UNKNOWN && kind != CONTENT_EMPTY)
		return is_something_else(in, first, kind, e);
	for (size_t i = 0; i < first.len && i < 8; i++)
		(void)snprintf(hex + 3 * i, 4, " %02x", first.data[i]);
	return err_set(e, ERR_INPUT, 0, "'%s' is not a capture: begins with%s", in->name, hex);
}

bool reader_open(struct reader *r, struct input *in, struct err *e)
{
	struct bytes first = input_peek(in, 12);

	*r = (struct reader){ .in = in };
	if (pcap_file_begins(first))
		return pcap_file_open(r, e);
	if (pcapng_file_begins(first))
		return pcapng_file_open(r, e);
	return not_a_capture(in, e);
}

void reader_close(struct reader *r)
{
	free(r->interfaces);
	r->interfaces = NULL;
}

enum read_result reader_cut_short(const struct reader *r, const char *inside, struct err *e)
{
	const struct input *in = r->in;

	if (in->failed != 0) {
		(void)err_set(e, in->failed > 0 ? ERR_OS : ERR_INPUT,
			in->failed > 0 ? in->failed : 0,
			"cannot read '%s' on after packet %llu: %s", in->name,
			(unsigned long long)r->packets, input_failure(in));
		return in->cut ? READ_CUT : READ_DAMAGED;
	}
	if (inside != NULL)
		(void)err_set(e, ERR_INPUT, 0, "'%s' breaks off inside %s", in->name, inside);
	else
		(void)err_set(e, ERR_INPUT, 0, "'%s' breaks off inside packet %llu", in->name,
			(unsigned long long)r->packets + 1);
	return READ_CUT;
}
