/* Tells the formats apart by their first bytes; each has a reader of its own. */
#include "capture/reader.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>

/* What people hand over instead of a capture. */
static const struct {
	const char *magic, *name, *unpack;
	uint8_t len;
} compressions[] = {
	{ "\x1f\x8b", "gzip", "gunzip -c", 2 },
	{ "\x28\xb5\x2f\xfd", "zstd", "zstd -dc", 4 },
	{ "\xfd\x37zXZ", "xz", "xz -dc", 5 },
	{ "BZh", "bzip2", "bunzip2 -c", 3 },
	{ "\x04\x22\x4d\x18", "lz4", "lz4 -dc", 4 },
	{ "PK\x03\x04", "zip", "unzip -p", 4 },
};

static bool not_a_capture(const struct input *in, struct bytes first, struct err *e)
{
	char hex[3 * 8 + 1] = "";

	if (in->failed != 0)
		return err_set(e, ERR_OS, in->failed, "cannot read '%s': %s", in->name,
			strerror(in->failed));
	if (first.len == 0)
		return err_set(e, ERR_INPUT, 0, "'%s' is empty", in->name);
	for (size_t i = 0; i < COUNT(compressions); i++) {
		struct bytes magic = bytes_of(compressions[i].magic, compressions[i].len);

		if (bytes_equal(bytes_slice(first, 0, magic.len), magic))
			return err_set(e, ERR_INPUT, 0,
				"'%s' is compressed (%s): unpack it first, or pipe '%s' into '-'",
				in->name, compressions[i].name, compressions[i].unpack);
	}
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
	return not_a_capture(in, first, e);
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
		(void)err_set(e, ERR_OS, in->failed, "cannot read '%s' on after packet %llu: %s",
			in->name, (unsigned long long)r->packets, strerror(in->failed));
		return READ_DAMAGED;
	}
	if (inside != NULL)
		(void)err_set(e, ERR_INPUT, 0, "'%s' breaks off inside %s", in->name, inside);
	else
		(void)err_set(e, ERR_INPUT, 0, "'%s' breaks off inside packet %llu", in->name,
			(unsigned long long)r->packets + 1);
	return READ_CUT;
}
