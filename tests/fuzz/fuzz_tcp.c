/*
 * Segments between two pairs of endpoints. Each takes eight bytes: who and what; flags; sequence
 * number; acknowledgement; length; missing bytes; time. Numbers are small steps round the
 * beginning of the stream, or far off, so that they meet often.
 */
#include "capture/flow_table.h"
#include "fuzz/flow_check.h"
#include "fuzz/fuzz.h"

enum { OP = 8 };

/* Near enough to meet, and in a few cases far away. */
static uint32_t number(uint32_t base, uint8_t coarse, uint8_t fine)
{
	static const uint32_t jumps[] = { 0, 0, 0, 0, 64, 4096, 0x7fffff00, 0xffffff80 };

	return base + jumps[coarse & 7] + fine;
}

static void take_one(
	struct flow_table *t, const uint8_t op[static OP], uint64_t packet, int64_t *time)
{
	static const uint8_t filler[256] = { 'T', 'L', 'S' };
	static const uint8_t addr[3][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 }, { 192, 0, 2, 3 } };
	bool back = (op[0] & 1) != 0;
	const uint8_t *one = addr[0], *other = addr[1 + (op[0] >> 1 & 1)];
	struct segment s = { .family = 4, .protocol = PROTOCOL_TCP, .packet = packet };

	*time += (int64_t)op[7] * op[7] * 100000;
	s.time = *time;
	s.src = bytes_of(back ? other : one, 4);
	s.dst = bytes_of(back ? one : other, 4);
	s.sport = back ? 443 : 50000;
	s.dport = back ? 50000 : 443;
	s.flags = op[1];
	s.seq = number(back ? 0xffffffe0 : 1000, op[0] >> 2, op[2]);
	s.ack = number(back ? 1000 : 0xffffffe0, op[0] >> 5, op[3]);
	s.window = op[4];
	s.scale = (int8_t)((op[4] & 15) - 1);
	s.payload = bytes_of(filler + (op[5] >> 6), op[5] & 63);
	s.missing = op[6] > 250 ? op[6] : 0;
	flow_table_take(t, &s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct flow_limits small = { 2, 2000, 2500 };
	struct flow_check check = { .enough = size != 0 && (data[0] & 1) != 0 ? 500 : UINT64_MAX };
	struct flow_table *t = flow_table_open((struct sink){ check_take, &check },
		size != 0 && (data[0] & 2) != 0 ? &small : NULL);
	uint64_t packet = 0;
	int64_t time = 0;

	must(t != NULL);
	for (size_t at = 1; at + OP <= size; at += OP)
		take_one(t, data + at, ++packet, &time);
	flow_table_end_all(t);
	must(check.begun == flow_table_flows(t) && check.ended == flow_table_flows(t));
	flow_table_close(t);
	return 0;
}
