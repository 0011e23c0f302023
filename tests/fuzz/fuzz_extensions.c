/* Extension blocks, each read as every message reads it. */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

static void read_in(struct bytes block, enum extension_place place)
{
	struct extensions ext = { 0 };
	struct parse_err err;
	struct cur c = cur_init(block, &err);
	bool ok = parse_extensions(&c, place, &ext);

	must_agree(ok, &err, block);
	must_be_sound(block, &ext);
	for (size_t i = 0; i < ext.n; i++)
		must(extensions_find(&ext, ext.list[i].type) <= &ext.list[i]);
	for (size_t i = 0; i < u16s_count(&ext.groups); i++)
		must(u16s_has(&ext.groups, u16s_at(&ext.groups, i)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes block = bytes_of(data, size);

	read_in(block, IN_CLIENT_HELLO);
	read_in(block, IN_SERVER_HELLO);
	read_in(block, IN_HELLO_RETRY_REQUEST);
	read_in(block, IN_OTHER);
	return 0;
}
