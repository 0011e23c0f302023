/* A whole capture file, from its first byte to the chunks. */
#include "capture/capture.h"
#include "fuzz/flow_check.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow_check check = { .enough = 20000 };
	struct err e;
	struct capture *c = capture_open((struct sink){ check_take, &check }, NULL, &e);
	struct capture_totals totals;

	must(c != NULL);
	e.msg[0] = '\0';
	must(capture_read_bytes(c, "fuzz", bytes_of(data, size), &e) || e.msg[0] != '\0');
	totals = capture_totals(c);
	must(totals.bytes <= size);
	must(totals.unreadable + totals.unknown_link + totals.filtered <= totals.packets);
	must(check.begun == totals.flows && check.ended == totals.flows);
	capture_close(c);
	return 0;
}
