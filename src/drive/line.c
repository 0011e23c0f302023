/*
 * Sockets do not show their packets; the tape gets what can be known: when a call of ours sent or
 * received bytes, and from the kernel's account whether the peer has acknowledged them.
 */
#include "drive/line.h"

#include "base/memory.h"
#include "drive/resolve.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { US, PEER };

/* What one call takes from the kernel: a record of full size, more or less. */
enum { AHEAD_MAX = 16384 };

struct line {
	int fd; /* -1: none */
	enum line_state state;
	struct tape *tape;
	struct tape_flow flow;
	bool closed;   /* by the peer: on the tape */
	bool reset;    /* the same */
	bool spoken;   /* something of ours was sent */
	int64_t begun; /* monotonic ns */
	int64_t wall;  /* ns since 1970 at that moment */
	int64_t whole; /* when the time of the line is over; ns after `begun` */
	size_t received, pieces;
	char error[120];
	char passed[240];           /* addresses that were tried in vain, and why */
	size_t ahead_at, ahead_len; /* received, on the tape, not yet asked for: ahead[at..len) */
	uint8_t ahead[AHEAD_MAX];
};

static const int64_t per_ms = 1000000;

static int64_t clock_ns(clockid_t which)
{
	struct timespec t;

	(void)clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t since(const struct line *l)
{
	return clock_ns(CLOCK_MONOTONIC) - l->begun;
}

/* ns since 1970, that never jump within a line. */
static int64_t now(const struct line *l)
{
	return l->wall + since(l);
}

static void set_error(struct line *l, const char *text)
{
	(void)snprintf(l->error, sizeof l->error, "%s", text);
}

static enum line_state ends(struct line *l, enum line_state state, int error)
{
	l->state = state;
	if (error != 0)
		set_error(l, strerror(error));
	return state;
}

static struct endpoint endpoint_of(const struct sockaddr_storage *a)
{
	struct endpoint e = { 0 };

	if (a->ss_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, a, sizeof in);
		e.family = 4;
		e.port = ntohs(in.sin_port);
		memcpy(e.addr, &in.sin_addr, 4);
	} else if (a->ss_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, a, sizeof in6);
		e.family = 6;
		e.port = ntohs(in6.sin6_port);
		memcpy(e.addr, &in6.sin6_addr, 16);
	}
	return e;
}

/* The moment when a wait that begins now is over; moments are ns after l->begun. */
static int64_t until(const struct line *l, int timeout_ms)
{
	int64_t moment = since(l) + timeout_ms * per_ms;

	return moment < l->whole ? moment : l->whole;
}

static bool overdue(const struct line *l)
{
	return since(l) >= l->whole;
}

/* Waits for the socket; false when the moment has come. */
static bool await(const struct line *l, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - since(l);
		struct pollfd p = { .fd = l->fd, .events = events };
		int n = poll(&p, 1, left <= 0 ? 0 : (int)((left + per_ms - 1) / per_ms));

		if (n > 0)
			return true;
		if (n == 0 && left <= 0)
			return false;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

/* ---- connecting ---- */

/* Is that error about what this system has left, and not about the peer or the way to it? */
static bool ours(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* The address that the kernel chose for us, known once connect() was called. */
static void begin_record(struct line *l, const struct addrinfo *to)
{
	struct sockaddr_storage us = { 0 }, peer = { 0 };
	socklen_t len = sizeof us;
	struct endpoint end[2];

	memcpy(&peer, to->ai_addr, to->ai_addrlen);
	(void)getsockname(l->fd, (struct sockaddr *)&us, &len);
	end[US] = endpoint_of(&us);
	end[PEER] = endpoint_of(&peer);
	end[US].family = end[PEER].family;
	l->flow = tape_flow(l->tape, &end[US], &end[PEER]);
}

/* ICMP and ICMPv6 codes for what the kernel says (RFC 792, RFC 4443 3.1). */
static uint8_t unreachable_code(int error, uint8_t family)
{
	if (error == ENETUNREACH)
		return 0;
	if (error == EACCES || error == EPERM)
		return family == 6 ? 1 : 13;
	return family == 6 ? 3 : 1;
}

static enum line_state not_connected(struct line *l, int error)
{
	switch (error) {
	case ECONNREFUSED:
		tape_refused(&l->flow, now(l));
		return ends(l, LINE_REFUSED, error);
	case ETIMEDOUT:
		return ends(l, LINE_UNANSWERED, error);
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EACCES:
	case EPERM:
		tape_unreachable(
			&l->flow, unreachable_code(error, l->flow.end[PEER].family), now(l));
		return ends(l, LINE_UNREACHABLE, error);
	default:
		return ends(l, ours(error) ? LINE_STARVED : LINE_FAILED, error);
	}
}

static int connect_error(const struct line *l)
{
	int error = 0;
	socklen_t len = sizeof error;

	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return errno;
	return error;
}

static enum line_state connect_to(struct line *l, const struct addrinfo *to, int64_t deadline)
{
	int one = 1, error = 0;
	int64_t sent;

	l->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (l->fd < 0)
		return ends(l, ours(errno) ? LINE_STARVED : LINE_FAILED, errno);
	(void)setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	sent = now(l);
	if (connect(l->fd, to->ai_addr, to->ai_addrlen) != 0)
		error = errno;
	begin_record(l, to);
	tape_syn(&l->flow, sent);
	if (error == EINPROGRESS) {
		if (!await(l, POLLOUT, deadline)) {
			tape_syn(&l->flow,
				now(l)); /* as the kernel has done: the wait is on record */
			return ends(l, LINE_UNANSWERED, ETIMEDOUT);
		}
		error = connect_error(l);
		if (error == ECONNRESET) /* connected, and reset before we looked */
			error = 0;
	}
	if (error != 0)
		return not_connected(l, error);
	tape_accepted(&l->flow, now(l));
	return ends(l, LINE_OPEN, 0);
}

/* A name may have several addresses, of which not all are served. */
static void note_passed(struct line *l)
{
	char where[ENDPOINT_TEXT];
	size_t used = strlen(l->passed);

	if (l->flow.end[PEER].family == 0)
		return;
	endpoint_text(&l->flow.end[PEER], where);
	(void)snprintf(l->passed + used, sizeof l->passed - used, "%s%s: %s", used != 0 ? ", " : "",
		where, l->error);
}

/* Connects to one address; the packets are on `own`, which is empty before. */
static bool try_address(
	struct line *l, const struct addrinfo *to, struct tape *own, int64_t deadline)
{
	struct tape *real = l->tape;

	l->tape = own;
	l->flow = (struct tape_flow){ .tape = own };
	(void)connect_to(l, to, deadline);
	l->tape = l->flow.tape = real;
	if (l->state == LINE_OPEN)
		return true;
	if (l->fd >= 0)
		(void)close(l->fd);
	l->fd = -1;
	return false;
}

/*
 * Each address has its share of the time. What the first ones met is on record only when no later one
 * answers: a client that gets through by its second address has not failed.
 */
static void connect_in_turn(struct line *l, const struct addrinfo *list, int64_t deadline)
{
	struct tape *missed = tape_open();
	size_t left = 0;

	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next, left--) {
		struct tape *own = tape_open();
		int64_t now_ns = since(l);
		bool open = missed != NULL && own != NULL &&
			    try_address(l, a, own, now_ns + (deadline - now_ns) / (int64_t)left);

		if (own != NULL && missed != NULL)
			tape_append(open ? l->tape : missed, own);
		tape_close(own);
		if (open) {
			tape_close(missed);
			return;
		}
		if (own == NULL || missed == NULL)
			(void)ends(l, LINE_STARVED, ENOMEM);
		if (l->state == LINE_STARVED)
			break;
		note_passed(l);
	}
	if (missed != NULL)
		tape_append(l->tape, missed);
	tape_close(missed);
}

static enum line_state not_resolved(struct line *l, const struct resolved *r)
{
	set_error(l, r->error);
	l->state = r->ours ? LINE_STARVED : LINE_NO_NAME;
	return l->state;
}

static void resolve_and_connect(struct line *l, const struct target *t, int connect_ms)
{
	struct resolved r;

	if (!resolve(t, (int)((l->whole - since(l)) / per_ms), &r)) {
		(void)not_resolved(l, &r);
		return;
	}
	connect_in_turn(l, r.list, until(l, connect_ms));
	freeaddrinfo(r.list);
}

struct line *line_open(const struct target *t, struct tape *tape, const struct line_limits *limits)
{
	struct line *l = memory_new(sizeof *l);

	if (l == NULL)
		return NULL;
	l->fd = -1;
	l->tape = tape;
	l->begun = clock_ns(CLOCK_MONOTONIC);
	l->wall = clock_ns(CLOCK_REALTIME);
	l->whole = limits->whole_ms * per_ms;
	resolve_and_connect(l, t, limits->connect_ms);
	return l;
}

enum line_state line_state(const struct line *l)
{
	return l->state;
}

bool line_flood_of_bytes(const struct line *l)
{
	return l->received > LINE_RECEIVED_MAX;
}

const char *line_error(const struct line *l)
{
	return l->error;
}

const char *line_passed(const struct line *l)
{
	return l->state == LINE_OPEN ? l->passed : "";
}

struct endpoint line_end(const struct line *l, unsigned which)
{
	return l->flow.end[which];
}

double line_elapsed_ms(const struct line *l)
{
	return (double)since(l) / (double)per_ms;
}

/* ---- talking ---- */

static bool nothing_ahead(const struct line *l)
{
	return l->ahead_at == l->ahead_len;
}

/* One call's worth, onto the tape and ahead of who asks for it; like recv(). */
static ssize_t receive(struct line *l)
{
	ssize_t got = recv(l->fd, l->ahead, sizeof l->ahead, 0);

	if (got > 0) {
		l->ahead_at = 0;
		l->ahead_len = (size_t)got;
		l->received += l->ahead_len;
		l->pieces++;
		tape_data(&l->flow, PEER, bytes_of(l->ahead, l->ahead_len), now(l));
	}
	return got;
}

static enum line_state broken(struct line *l, int error)
{
	if (error == ECONNRESET || error == EPIPE) {
		/* A reset met while sending overtakes what the peer said before: its alert. */
		if (nothing_ahead(l) && !l->reset)
			(void)receive(l);
		if (!l->reset)
			tape_rst(&l->flow, PEER, now(l));
		l->reset = true;
		return ends(l, LINE_RESET, error);
	}
	return ends(l, error == ETIMEDOUT ? LINE_TIMEOUT : LINE_FAILED, error);
}

/* The kernel knows whether all we sent has been acknowledged. */
static void note_acknowledged(struct line *l)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	if (getsockopt(l->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_unacked == 0)
		tape_ack(&l->flow, PEER, now(l));
}

static enum line_state timed_out(struct line *l)
{
	note_acknowledged(l);
	return ends(l, overdue(l) ? LINE_OVERDUE : LINE_TIMEOUT, ETIMEDOUT);
}

/* LINE_OPEN as long as there is time, and room for what the peer says. */
static enum line_state within_limits(struct line *l)
{
	if (overdue(l))
		return timed_out(l);
	if (l->received > LINE_RECEIVED_MAX || l->pieces > LINE_PIECES_MAX)
		return ends(l, LINE_FLOODED, 0);
	return LINE_OPEN;
}

/*
 * A reset that came right behind the SYN ACK may be seen before our first bytes are sent, or after:
 * that is chance, and must not decide what is found. They are recorded either way, since without them
 * nothing on the tape would show what the connection was for.
 */
static enum line_state not_sent(struct line *l, struct bytes bytes, int error)
{
	if (!l->spoken && (error == ECONNRESET || error == EPIPE))
		tape_data(&l->flow, US, bytes, now(l));
	l->spoken = true;
	return broken(l, error);
}

enum line_state line_send(struct line *l, struct bytes bytes, int timeout_ms)
{
	int64_t deadline = until(l, timeout_ms);

	while (bytes.len != 0) {
		int64_t at = now(l);
		ssize_t n;

		if (overdue(l))
			return timed_out(l);
		n = send(l->fd, bytes.data, bytes.len, MSG_NOSIGNAL);

		if (n > 0) {
			l->spoken = true;
			tape_data(&l->flow, US, bytes_slice(bytes, 0, (size_t)n), at);
			bytes = bytes_slice(bytes, (size_t)n, bytes.len - (size_t)n);
		} else if (errno != EAGAIN && errno != EINTR) {
			return not_sent(l, bytes, errno);
		} else if (!await(l, POLLOUT, deadline)) {
			return timed_out(l);
		}
	}
	return ends(l, LINE_OPEN, 0);
}

static size_t take_ahead(struct line *l, uint8_t *buffer, size_t size)
{
	size_t left = l->ahead_len - l->ahead_at, n = left < size ? left : size;

	memcpy(buffer, l->ahead + l->ahead_at, n);
	l->ahead_at += n;
	return n;
}

/* Takes all that is there, however little was asked for: who reads no more than a record's header,
 * and gives up over it, leaves a record of what the peer really said. */
static enum line_state read_ahead(struct line *l, int64_t deadline)
{
	for (;;) {
		enum line_state state = within_limits(l);
		ssize_t got;

		if (state != LINE_OPEN)
			return state;
		if (l->reset)
			return ends(l, LINE_RESET, ECONNRESET);
		got = receive(l);
		if (got > 0)
			return ends(l, LINE_OPEN, 0);
		if (got == 0) {
			if (!l->closed)
				tape_fin(&l->flow, PEER, now(l));
			l->closed = true;
			return ends(l, LINE_CLOSED, 0);
		}
		if (errno != EAGAIN && errno != EINTR)
			return broken(l, errno);
		if (!await(l, POLLIN, deadline))
			return timed_out(l);
	}
}

enum line_state line_recv(struct line *l, uint8_t *buffer, size_t size, size_t *n, int timeout_ms)
{
	enum line_state state = LINE_OPEN;

	*n = 0;
	if (nothing_ahead(l))
		state = read_ahead(l, until(l, timeout_ms));
	if (state == LINE_OPEN)
		*n = take_ahead(l, buffer, size);
	return state;
}

struct bytes line_ahead(const struct line *l)
{
	return bytes_of(l->ahead + l->ahead_at, l->ahead_len - l->ahead_at);
}

size_t line_drop_ahead(struct line *l)
{
	size_t n = l->ahead_len - l->ahead_at;

	l->ahead_at = l->ahead_len;
	return n;
}

void line_close(struct line *l)
{
	if (l != NULL && l->fd >= 0 && l->state != LINE_RESET)
		tape_fin(&l->flow, US, now(l));
	line_abandon(l);
}

void line_abandon(struct line *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		(void)close(l->fd);
	free(l);
}
