/* A line keeps its limits, whoever talks on it; the peer is a thread on loopback, the resolver ours. */
#include "drive/line.h"
#include "drive/resolve.h"
#include "support/unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SHORT_MS = 300, LONG_MS = 20000, LATE_MS = 3000 };

/* ---- a resolver that answers late, for the name "late.example", and never finds "none.example" ---- */

static int numeric(const char *port, struct addrinfo **out)
{
	struct addrinfo *a = calloc(1, sizeof *a);
	struct sockaddr_in *in = calloc(1, sizeof *in);

	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*a = (struct addrinfo){ .ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_addr = (struct sockaddr *)in,
		.ai_addrlen = sizeof *in };
	*out = a;
	return 0;
}

int getaddrinfo(
	const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
	static const struct timespec late = { .tv_sec = 1, .tv_nsec = 500000000 };

	*out = NULL;
	if (strcmp(host, "127.0.0.1") == 0)
		return numeric(port, out);
	if ((hints->ai_flags & AI_NUMERICHOST) != 0 || strcmp(host, "none.example") == 0)
		return EAI_NONAME;
	if (strcmp(host, "late.example") == 0)
		(void)nanosleep(&late, NULL);
	return numeric(port, out);
}

void freeaddrinfo(struct addrinfo *a)
{
	free(a->ai_addr);
	free(a);
}

/* ---- a peer ---- */

struct peer {
	int listener;
	uint16_t port;
	const char *piece;
	size_t len;
	long pause_ms;
	pthread_t thread;
};

static void *play(void *ctx)
{
	struct peer *p = ctx;
	struct timespec pause = { p->pause_ms / 1000, p->pause_ms % 1000 * 1000000 };
	int fd = accept(p->listener, NULL, NULL);
	ssize_t n = 1;

	for (int i = 0; i < 1000000 && n > 0; i++) {
		n = p->len != 0 ? send(fd, p->piece, p->len, MSG_NOSIGNAL)
				: recv(fd, &(char){ 0 }, 1, 0);
		if (p->pause_ms != 0)
			(void)nanosleep(&pause, NULL);
	}
	(void)close(fd);
	return NULL;
}

static void peer_begin(struct peer *p, const char *piece, size_t len, long pause_ms)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof in;

	*p = (struct peer){ .piece = piece, .len = len, .pause_ms = pause_ms };
	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(p->listener, 4), 0);
	assert_int_equal(getsockname(p->listener, (struct sockaddr *)&in, &size), 0);
	p->port = ntohs(in.sin_port);
	assert_int_equal(pthread_create(&p->thread, NULL, play, p), 0);
}

static void peer_end(struct peer *p)
{
	(void)pthread_join(p->thread, NULL);
	(void)close(p->listener);
}

static struct target target_of(const char *host, uint16_t port)
{
	struct target t = { .port = port };

	(void)snprintf(t.host, sizeof t.host, "%s", host);
	return t;
}

static struct line *call(const char *host, uint16_t port, struct tape *tape, int whole_ms)
{
	struct target t = target_of(host, port);
	struct line_limits limits = { .connect_ms = LONG_MS, .whole_ms = whole_ms };
	struct line *l = line_open(&t, tape, &limits);

	assert_non_null(l);
	return l;
}

/* Reads until something else than bytes comes. */
static enum line_state drain(struct line *l, size_t *received)
{
	static uint8_t buffer[65536];
	enum line_state state;
	size_t n;

	*received = 0;
	while ((state = line_recv(l, buffer, sizeof buffer, &n, LONG_MS)) == LINE_OPEN)
		*received += n;
	return state;
}

/* ---- the limits ---- */

static void test_line__a_peer_that_drips_uses_up_the_time_of_the_line(void **state)
{
	struct tape *tape = tape_open();
	struct peer p;
	struct line *l;
	size_t n;

	(void)state;
	peer_begin(&p, "x", 1, 50);
	l = call("127.0.0.1", p.port, tape, SHORT_MS);
	assert_int_equal(drain(l, &n), LINE_OVERDUE);
	assert_in_range(n, 1, 10);
	assert_true(line_elapsed_ms(l) >= SHORT_MS && line_elapsed_ms(l) < LATE_MS);
	assert_int_equal(line_send(l, bytes_of("x", 1), LONG_MS), LINE_OVERDUE);
	line_close(l);
	peer_end(&p);
	tape_close(tape);
}

static void test_line__a_peer_that_floods_is_cut_off(void **state)
{
	static const char zeros[65536];
	struct tape *tape = tape_open();
	struct peer p;
	struct line *l;
	size_t n;

	(void)state;
	peer_begin(&p, zeros, sizeof zeros, 0);
	l = call("127.0.0.1", p.port, tape, LONG_MS);
	assert_int_equal(drain(l, &n), LINE_FLOODED);
	assert_true(line_flood_of_bytes(l));
	assert_in_range(n, LINE_RECEIVED_MAX, LINE_RECEIVED_MAX + 65536);
	assert_in_range(tape_file(tape).len, n, 2 * n);
	assert_int_equal(line_recv(l, (uint8_t[1]){ 0 }, 1, &n, LONG_MS), LINE_FLOODED);
	line_close(l);
	peer_end(&p);
	tape_close(tape);
}

/* A flood that always has the next bytes at hand never makes anyone wait, and must not outlive the
 * time for that. */
static void test_line__the_time_is_over_for_a_peer_that_never_pauses(void **state)
{
	static const char zeros[64];
	struct tape *tape = tape_open();
	struct peer p;
	struct line *l;
	size_t n;

	(void)state;
	peer_begin(&p, zeros, sizeof zeros, 1);
	l = call("127.0.0.1", p.port, tape, SHORT_MS);
	assert_int_equal(drain(l, &n), LINE_OVERDUE);
	line_close(l);
	peer_end(&p);
	tape_close(tape);
}

static void test_line__a_wait_is_not_longer_than_its_own_time(void **state)
{
	struct tape *tape = tape_open();
	struct peer p;
	struct line *l;
	size_t n;

	(void)state;
	peer_begin(&p, NULL, 0, 0);
	l = call("127.0.0.1", p.port, tape, LONG_MS);
	assert_int_equal(line_recv(l, (uint8_t[1]){ 0 }, 1, &n, 50), LINE_TIMEOUT);
	line_close(l);
	peer_end(&p);
	tape_close(tape);
}

/* ---- what is ours, and not the peer's ---- */

static void test_line__without_descriptors_nothing_was_tried(void **state)
{
	struct rlimit was, none;
	struct tape *tape = tape_open();
	struct line *l;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	l = call("127.0.0.1", 1, tape, LONG_MS);
	assert_int_equal(line_state(l), LINE_STARVED);
	assert_string_equal(line_error(l), strerror(EMFILE));
	line_close(l);
	l = call("none.example", 1, tape, LONG_MS);
	assert_int_equal(line_state(l), LINE_STARVED);
	line_close(l);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(tape_n_packets(tape), 0);
	tape_close(tape);
}

static void test_line__a_name_that_is_not_found_is_the_names_matter(void **state)
{
	struct tape *tape = tape_open();
	struct line *l = call("none.example", 1, tape, LONG_MS);

	(void)state;
	assert_int_equal(line_state(l), LINE_NO_NAME);
	line_close(l);
	tape_close(tape);
}

/* ---- the resolver ---- */

static void test_resolve__a_resolver_that_hangs_is_left(void **state)
{
	struct tape *tape = tape_open();
	struct line *l = call("late.example", 1, tape, SHORT_MS);

	(void)state;
	assert_int_equal(line_state(l), LINE_NO_NAME);
	assert_string_equal(line_error(l), "the resolver has not answered in time");
	assert_true(line_elapsed_ms(l) < 1400);
	line_close(l);
	tape_close(tape);
	(void)nanosleep(&(struct timespec){ .tv_sec = 2 }, NULL); /* it gives back what it holds */
}

static void test_resolve__one_that_is_slow_is_waited_for(void **state)
{
	struct target t = target_of("late.example", 7);
	struct resolved r;

	(void)state;
	assert_true(resolve(&t, LONG_MS, &r));
	assert_non_null(r.list);
	freeaddrinfo(r.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line__a_peer_that_drips_uses_up_the_time_of_the_line),
		cmocka_unit_test(test_line__a_peer_that_floods_is_cut_off),
		cmocka_unit_test(test_line__the_time_is_over_for_a_peer_that_never_pauses),
		cmocka_unit_test(test_line__a_wait_is_not_longer_than_its_own_time),
		cmocka_unit_test(test_line__without_descriptors_nothing_was_tried),
		cmocka_unit_test(test_line__a_name_that_is_not_found_is_the_names_matter),
		cmocka_unit_test(test_resolve__a_resolver_that_hangs_is_left),
		cmocka_unit_test(test_resolve__one_that_is_slow_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
