/* Ports are remembered one bit each; of servers only so many as tell a handful from more. */
#include "door/bench.h"

#include "base/memory.h"
#include "session/handshake.h"

#include <stdlib.h>

enum { PORTS = 1 << 16 };

struct bench {
	struct bench_sink sink;
	struct endpoint servers[HANDFUL];
	size_t n_servers; /* up to HANDFUL + 1: there are more */
	uint8_t spoke[PORTS / 8];
	struct handshake *waiting[BENCH_MAX];
	size_t n_waiting;
	struct unmade unmade;
};

uint64_t unmade_all(const struct unmade *u)
{
	return u->refused + u->unanswered + u->unreachable;
}

struct bench *bench_open(struct bench_sink sink)
{
	struct bench *b = memory_new(sizeof *b);

	if (b != NULL)
		b->sink = sink;
	return b;
}

void bench_close(struct bench *b)
{
	for (size_t i = 0; b != NULL && i < b->n_waiting; i++)
		handshake_free(b->waiting[i]);
	free(b);
}

/* ---- what is known of the run ---- */

static void note_server(struct bench *b, const struct endpoint *server)
{
	for (size_t i = 0; i < b->n_servers && i < HANDFUL; i++)
		if (endpoint_equal(&b->servers[i], server))
			return;
	if (b->n_servers < HANDFUL)
		b->servers[b->n_servers] = *server;
	b->n_servers += b->n_servers <= HANDFUL;
}

static bool port_spoke(const struct bench *b, uint16_t port)
{
	return (b->spoke[port / 8] >> port % 8 & 1) != 0;
}

static bool is_mute(const struct party *p)
{
	return p->begun == 0 && p->tcp.bytes == 0 && p->protected_records == 0;
}

/* No byte was said on it, by either side; the capture or a limit may have ended it before it was clear
 * what comes of it. */
static bool is_unmade(const struct handshake *hs)
{
	return (hs->ending == ENDING_REFUSED || hs->ending == ENDING_UNANSWERED ||
		       hs->ending == ENDING_UNREACHABLE || hs->ending == ENDING_CAPTURE ||
		       hs->ending == ENDING_LIMIT) &&
	       hs->n_alerts == 0 && is_mute(&hs->side[SIDE_CLIENT]) &&
	       is_mute(&hs->side[SIDE_SERVER]);
}

/* ---- what waits ---- */

static void count(struct bench *b, struct handshake *hs)
{
	if (hs->ending == ENDING_REFUSED)
		b->unmade.refused++;
	else if (hs->ending == ENDING_UNREACHABLE)
		b->unmade.unreachable++;
	else
		b->unmade.unanswered++;
	handshake_free(hs);
}

/* Hands on those that wait for this port, of all ports with 0; the others go on waiting. */
static void hand_on(struct bench *b, uint16_t port)
{
	size_t n = b->n_waiting;

	b->n_waiting = 0;
	for (size_t i = 0; i < n; i++) {
		struct handshake *hs = b->waiting[i];

		if (port == 0 || hs->side[SIDE_SERVER].address.port == port)
			b->sink.take(b->sink.ctx, hs);
		else
			b->waiting[b->n_waiting++] = hs;
	}
}

static bool is_handful(const struct bench *b)
{
	return b->n_servers <= HANDFUL;
}

static void let_wait(struct bench *b, struct handshake *hs)
{
	if (b->n_waiting == BENCH_MAX && is_handful(b))
		hand_on(b, 0); /* one that tries so often at so few is no scan */
	if (b->n_waiting == BENCH_MAX)
		count(b, hs);
	else
		b->waiting[b->n_waiting++] = hs;
}

void bench_take(struct bench *b, struct handshake *hs)
{
	uint16_t port = hs->side[SIDE_SERVER].address.port;

	note_server(b, &hs->side[SIDE_SERVER].address);
	if (is_unmade(hs) && !port_spoke(b, port)) {
		let_wait(b, hs);
		return;
	}
	if (!port_spoke(b, port)) {
		b->spoke[port / 8] |= (uint8_t)(1 << port % 8);
		if (port != 0)
			hand_on(b, port);
	}
	b->sink.take(b->sink.ctx, hs);
}

void bench_conclude(struct bench *b)
{
	if (is_handful(b))
		hand_on(b, 0);
	while (b->n_waiting != 0)
		count(b, b->waiting[--b->n_waiting]);
}

struct unmade bench_unmade(const struct bench *b)
{
	return b->unmade;
}
