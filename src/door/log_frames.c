/*
 * A capture file in memory, made of the frames: the capture's own reader puts link layers, IP and TCP right,
 * so that a dump of frames and the capture it was made from give the same chunks.
 */
#include "door/log_frames.h"

#include "base/memory.h"
#include "capture/capture.h"

#include <stdlib.h>

enum { FILE_HEADER = 24, PACKET_HEADER = 16, SNAPLEN = 262144, NS_PER_S = 1000000000 };

/* Frames without times, or with those of a clock that was not set, say nothing of the calendar. */
struct passing {
	struct sink sink;
	bool undated, untimed;
};

static enum sink_answer pass(void *ctx, const struct chunk *chunk)
{
	const struct passing *p = ctx;
	struct chunk passed = *chunk;

	chunk->flow->undated = p->undated;
	chunk->flow->untimed = p->untimed;
	if (passed.reason != GAP_MIDWAY)
		passed.reason = GAP_UNLOGGED;
	return p->sink.take(p->sink.ctx, &passed);
}

struct file {
	uint8_t *data;
	size_t len;
};

/* In the order of bytes of pcap's mark as it is written here. */
static void put32(struct file *f, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		f->data[f->len++] = (uint8_t)(v >> shift);
}

static void put_frame(struct file *f, const struct log_note *n)
{
	uint64_t whole = n->bytes.len + n->missing;
	uint64_t time = n->at.time > 0 ? (uint64_t)n->at.time : 0;

	put32(f, (uint32_t)(time / NS_PER_S));
	put32(f, (uint32_t)(time % NS_PER_S));
	put32(f, (uint32_t)n->bytes.len);
	put32(f, whole < SNAPLEN ? (uint32_t)whole : SNAPLEN);
	if (n->bytes.len != 0)
		memcpy(f->data + f->len, n->bytes.data, n->bytes.len);
	f->len += n->bytes.len;
}

static void put_header(struct file *f, uint32_t link)
{
	put32(f, 0xa1b23c4d); /* nanoseconds */
	put32(f, 2u << 16 | 4);
	put32(f, 0);
	put32(f, 0);
	put32(f, SNAPLEN);
	put32(f, link);
}

/* A file has one link type: one for each, should frames be of several. */
static void read_link(
	const struct log_conn *c, int64_t link, struct file *f, struct capture *capture)
{
	struct err ignored = { 0 };

	f->len = 0;
	put_header(f, (uint32_t)link);
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		if (n->kind == LOG_FRAME && n->value == link && n->bytes.len <= SNAPLEN)
			put_frame(f, n);
	(void)capture_read_bytes(capture, "log", bytes_of(f->data, f->len), &ignored);
}

static bool is_first_of_link(const struct log_conn *c, const struct log_note *n)
{
	const struct log_note *first = c->notes;

	while (first->kind != LOG_FRAME || first->value != n->value)
		first = first->next;
	return first == n;
}

static size_t file_size(const struct log_conn *c)
{
	size_t size = FILE_HEADER;

	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		size += PACKET_HEADER + n->bytes.len;
	return size;
}

void log_frames_push(const struct log_conn *c, struct sink sink)
{
	bool timed = c->notes->at.time != LOG_NO_TIME;
	struct passing passing = { sink, !timed || log_time_undated(c->notes->at.time), !timed };
	struct err ignored = { 0 };
	struct file f = { .data = memory_get(file_size(c)) };
	struct capture *capture = f.data != NULL ? capture_open((struct sink){ pass, &passing },
							   &(struct capture_options){ 0 }, &ignored)
						 : NULL;

	for (const struct log_note *n = c->notes; capture != NULL && n != NULL; n = n->next)
		if (n->kind == LOG_FRAME && is_first_of_link(c, n))
			read_link(c, n->value, &f, capture);
	capture_close(capture);
	free(f.data);
}
