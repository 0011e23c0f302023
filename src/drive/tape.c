/* Time goes forward by what really passed, and sequence numbers by what was sent. */
#include "drive/tape.h"

#include "base/array.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "drive/frame.h"

#include <stdlib.h>

enum { FILE_HEADER = 24, PACKET_HEADER = 16 };

static const uint8_t file_header[FILE_HEADER] = {
	0x4d, 0x3c, 0xb2, 0xa1, /* little-endian, nanoseconds */
	2, 0, 4, 0,             /* version 2.4 */
	0, 0, 0, 0, 0, 0, 0, 0, /* time zone and accuracy: always 0 */
	0, 0, 4, 0,             /* the longest packet: 262144 */
	101, 0, 0, 0,           /* LINKTYPE_RAW */
};

static const uint32_t NS_PER_SECOND = 1000000000;

/*
 * Where each end's sequence numbers begin; the number of packets is added, so that no two
 * connections of a tape begin alike, even between the same ports.
 */
static const uint32_t isn[2] = { 0x10000000, 0x20000000 };

struct tape {
	struct strbuf file;
	uint64_t n_packets;
	size_t max;
	bool failed;
};

static bool tape_room(const struct tape *t, size_t more)
{
	return !t->failed && t->file.len + more <= t->max;
}

/* What does not go in whole is taken out again, so that the file stays one. */
static bool tape_write(struct tape *t, const struct bytes *parts, size_t n)
{
	size_t before = t->file.len, more = 0;

	for (size_t i = 0; i < n; i++)
		more += parts[i].len;
	if (!tape_room(t, more)) {
		t->failed = true;
		return false;
	}
	for (size_t i = 0; i < n; i++)
		strbuf_add(&t->file, (const char *)parts[i].data, parts[i].len);
	if (!t->file.failed)
		return true;
	t->file.len = before;
	t->failed = true;
	return false;
}

struct tape *tape_open(void)
{
	struct tape *t = memory_new(sizeof *t);
	struct bytes header = bytes_of(file_header, sizeof file_header);

	if (t != NULL)
		t->max = TAPE_MAX;
	if (t == NULL || tape_write(t, &header, 1))
		return t;
	tape_close(t);
	return NULL;
}

void tape_close(struct tape *t)
{
	if (t == NULL)
		return;
	strbuf_free(&t->file);
	free(t);
}

void tape_limit(struct tape *t, size_t bytes)
{
	if (bytes < t->max)
		t->max = bytes;
}

struct bytes tape_file(const struct tape *t)
{
	return bytes_of(t->file.text, t->file.len);
}

struct bytes tape_packets(const struct tape *t)
{
	return bytes_slice(tape_file(t), FILE_HEADER, t->file.len);
}

uint64_t tape_n_packets(const struct tape *t)
{
	return t->n_packets;
}

bool tape_failed(const struct tape *t)
{
	return t->failed;
}

void tape_append(struct tape *t, const struct tape *other)
{
	struct bytes packets = tape_packets(other);

	if (tape_write(t, &packets, 1))
		t->n_packets += other->n_packets;
	t->failed |= other->failed;
}

static void put_u32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The packet's header has its time in two words, and its length as captured and as it was. */
static void add_frame(struct tape *t, const struct frame *f, int64_t time)
{
	uint64_t ns = time > 0 ? (uint64_t)time : 0;
	uint32_t length = (uint32_t)(f->len + f->body.len);
	uint8_t header[PACKET_HEADER];
	struct bytes parts[] = { bytes_of(header, sizeof header), bytes_of(f->head, f->len),
		f->body };

	put_u32(header, (uint32_t)(ns / NS_PER_SECOND));
	put_u32(header + 4, (uint32_t)(ns % NS_PER_SECOND));
	put_u32(header + 8, length);
	put_u32(header + 12, length);
	if (tape_write(t, parts, COUNT(parts)))
		t->n_packets++;
}

struct tape_flow tape_flow(
	struct tape *t, const struct endpoint *client, const struct endpoint *server)
{
	uint32_t later = (uint32_t)t->n_packets;

	return (struct tape_flow){
		.tape = t, .end = { *client, *server }, .next = { isn[0] + later, isn[1] + later }
	};
}

/* The frame that end[dir] would send now. */
static struct frame frame_now(
	const struct tape_flow *f, unsigned dir, uint8_t flags, struct bytes body)
{
	struct frame_tcp tcp = { .from = f->end[dir],
		.to = f->end[!dir],
		.seq = f->next[dir],
		.ack = f->next[!dir],
		.flags = flags,
		.body = body };
	struct frame frame;

	frame_tcp(&frame, &tcp);
	return frame;
}

/* SYN and FIN count as a byte each (RFC 9293 3.4). */
static void add_tcp(
	struct tape_flow *f, unsigned dir, uint8_t flags, struct bytes body, int64_t time)
{
	struct frame frame = frame_now(f, dir, flags, body);

	add_frame(f->tape, &frame, time);
	f->next[dir] += (uint32_t)body.len + ((flags & (FRAME_SYN | FRAME_FIN)) != 0);
	if ((flags & FRAME_ACK) != 0)
		f->told[dir] = f->next[!dir];
}

static const struct bytes nothing;

void tape_syn(struct tape_flow *f, int64_t time)
{
	add_tcp(f, 0, FRAME_SYN, nothing, time);
}

void tape_accepted(struct tape_flow *f, int64_t time)
{
	add_tcp(f, 1, FRAME_SYN | FRAME_ACK, nothing, time);
	add_tcp(f, 0, FRAME_ACK, nothing, time);
}

/* RFC 9293 3.5.2: to a SYN that nobody awaits, the number is 0. */
void tape_refused(struct tape_flow *f, int64_t time)
{
	f->next[1] = 0;
	add_tcp(f, 1, FRAME_RST | FRAME_ACK, nothing, time);
}

void tape_unreachable(struct tape_flow *f, uint8_t code, int64_t time)
{
	struct tape_flow before = *f;
	struct frame syn, answer;

	before.next[0]--;
	syn = frame_now(&before, 0, FRAME_SYN, nothing);
	frame_unreachable(&answer, &syn, code);
	add_frame(f->tape, &answer, time);
}

void tape_data(struct tape_flow *f, unsigned dir, struct bytes bytes, int64_t time)
{
	while (bytes.len != 0) {
		struct bytes part = bytes_slice(bytes, 0, FRAME_BODY_MAX);

		bytes = bytes_slice(bytes, part.len, bytes.len);
		add_tcp(f, dir, bytes.len != 0 ? FRAME_ACK : FRAME_ACK | FRAME_PSH, part, time);
	}
}

void tape_ack(struct tape_flow *f, unsigned dir, int64_t time)
{
	if (f->told[dir] != f->next[!dir])
		add_tcp(f, dir, FRAME_ACK, nothing, time);
}

void tape_fin(struct tape_flow *f, unsigned dir, int64_t time)
{
	add_tcp(f, dir, FRAME_FIN | FRAME_ACK, nothing, time);
}

void tape_rst(struct tape_flow *f, unsigned dir, int64_t time)
{
	add_tcp(f, dir, FRAME_RST | FRAME_ACK, nothing, time);
}
