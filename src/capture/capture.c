/*
 * From the packets of one file after the other to the table of connections; all else is delegated.
 */
#include "capture/capture.h"

#include "base/memory.h"
#include "capture/decode.h"
#include "capture/filter.h"
#include "capture/flow_table.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	PROBLEMS_MAX = 64,
	PROBLEM_TEXT = 240,
	PROGRESS_EVERY = 8192, /* packets */
};

struct capture {
	struct flow_table *flows;
	struct fragments *fragments;
	struct filter *filter; /* NULL: none */
	struct capture_options options;
	struct capture_totals totals;
	struct input_problem problems[PROBLEMS_MAX];
	char texts[PROBLEMS_MAX][PROBLEM_TEXT];
	size_t n_problems;
	uint64_t times_lost;   /* of packets of this input whose time is none that we hold */
	uint32_t unknown_link; /* the last link type that was not known */
};

struct capture *capture_open(struct sink sink, const struct capture_options *o, struct err *e)
{
	struct capture *c = memory_new(sizeof *c);

	if (c == NULL) {
		(void)err_set(e, ERR_MEMORY, 0, "no memory to read captures");
		return NULL;
	}
	if (o != NULL)
		c->options = *o;
	if (c->options.filter != NULL && !filter_open(c->options.filter, &c->filter, e)) {
		capture_close(c);
		return NULL;
	}
	c->flows = flow_table_open(sink, NULL);
	c->fragments = fragments_open();
	if (c->flows != NULL && c->fragments != NULL)
		return c;
	(void)err_set(e, ERR_MEMORY, 0, "no memory to read captures");
	capture_close(c);
	return NULL;
}

void capture_close(struct capture *c)
{
	if (c == NULL)
		return;
	flow_table_close(c->flows);
	fragments_close(c->fragments);
	filter_close(c->filter);
	free(c);
}

static void add_problem(struct capture *c, uint64_t packet, const char *text)
{
	if (c->n_problems == PROBLEMS_MAX) {
		c->totals.problems_dropped++;
		return;
	}
	(void)snprintf(c->texts[c->n_problems], PROBLEM_TEXT, "%s", text);
	c->problems[c->n_problems] = (struct input_problem){ packet, c->texts[c->n_problems] };
	c->n_problems++;
}

/* Said once for each such type in a row, not for each packet. */
static void note_unknown_link(struct capture *c, const struct packet *p)
{
	char text[PROBLEM_TEXT];

	if (c->totals.unknown_link++ != 0 && c->unknown_link == p->link)
		return;
	c->unknown_link = p->link;
	(void)snprintf(text, sizeof text, "packet %llu: link type %lu is not known",
		(unsigned long long)p->number, (unsigned long)p->link);
	add_problem(c, p->number, text);
}

/* Said of the first of an input. */
static void note_lost_time(struct capture *c, const struct packet *p)
{
	char text[PROBLEM_TEXT];

	if (!p->time_lost || c->times_lost++ != 0)
		return;
	(void)snprintf(text, sizeof text,
		"packet %llu: its time is not between the years 1677 and 2262; that of the packet "
		"before it stands for it",
		(unsigned long long)p->number);
	add_problem(c, p->number, text);
}

static void take_packet(struct capture *c, const struct packet *p)
{
	struct segment s;

	c->totals.packets++;
	note_lost_time(c, p);
	if (c->filter != NULL && !filter_passes(c->filter, p)) {
		c->totals.filtered++;
		return;
	}
	switch (decode_packet(p, c->fragments, &s)) {
	case DECODED_SEGMENT:
		flow_table_take(c->flows, &s);
		break;
	case DECODED_QUOTED:
		flow_table_unreachable(c->flows, &s);
		break;
	case DECODED_BAD:
		c->totals.unreadable++;
		break;
	case DECODED_UNKNOWN_LINK:
		note_unknown_link(c, p);
		break;
	case DECODED_NOTHING:
		break;
	}
}

static void tell_progress(const struct capture *c, const struct input *in)
{
	if (c->options.progress != NULL)
		c->options.progress(c->options.progress_ctx, c->totals.bytes + in->offset,
			in->total, c->totals.packets);
}

/* What the file holds beyond this was not looked at, as if it had been cut off here. */
static bool is_stopped(struct capture *c, uint64_t packets, struct err *e)
{
	const char *why = c->options.stop != NULL ? c->options.stop(c->options.stop_ctx) : NULL;

	if (why == NULL)
		return false;
	c->totals.truncated = true;
	(void)err_set(e, ERR_LIMIT, 0, "reading was stopped after %llu packets: %s",
		(unsigned long long)packets, why);
	add_problem(c, 0, e->msg);
	return true;
}

static bool read_packets(struct capture *c, struct input *in, struct reader *r, struct err *e)
{
	enum read_result result;
	struct packet p = { 0 };
	char text[PROBLEM_TEXT];

	while ((result = reader_next(r, &p, e)) == READ_PACKET) {
		if (is_stopped(c, p.number - 1, e))
			return false;
		take_packet(c, &p);
		if (p.number % PROGRESS_EVERY == 0)
			tell_progress(c, in);
	}
	if (result == READ_END)
		return !is_stopped(c, r->packets, e);
	c->totals.truncated |= result == READ_CUT;
	if (result == READ_CUT)
		(void)snprintf(text, sizeof text, "packet %llu: cut off by the end of the file",
			(unsigned long long)r->packets + 1);
	add_problem(c, r->packets + 1, result == READ_CUT ? text : e->msg);
	return false;
}

static bool read_input(struct capture *c, struct input *in, struct err *e)
{
	struct reader r = { 0 };
	bool ok;

	c->times_lost = 0;
	ok = reader_open(&r, in, e);
	r.secrets = c->options.secrets;
	r.secrets_ctx = c->options.secrets_ctx;
	ok = ok && read_packets(c, in, &r, e);

	flow_table_end_all(c->flows);
	fragments_forget(c->fragments);
	tell_progress(c, in);
	c->totals.bytes += in->offset;
	c->totals.packed_limited += in->limited;
	reader_close(&r);
	input_close(in);
	return ok;
}

bool capture_read(struct capture *c, const char *path, struct err *e)
{
	struct input in;

	return input_open(&in, path, e) && read_input(c, &in, e);
}

bool capture_read_open(struct capture *c, int fd, const char *name, struct err *e)
{
	struct input in;

	return input_open_fd(&in, fd, name, e) && read_input(c, &in, e);
}

bool capture_read_bytes(struct capture *c, const char *name, struct bytes file, struct err *e)
{
	struct input in;

	input_open_bytes(&in, name, file);
	return read_input(c, &in, e);
}

struct capture_totals capture_totals(const struct capture *c)
{
	struct capture_totals totals = c->totals;

	totals.flows = flow_table_flows(c->flows);
	totals.evicted = flow_table_evicted(c->flows);
	totals.uncompared = flow_table_uncompared(c->flows);
	return totals;
}

size_t capture_problems(const struct capture *c, const struct input_problem **out)
{
	*out = c->problems;
	return c->n_problems;
}
