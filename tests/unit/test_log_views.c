/* Logs of the two sides of one connection: which belong together, and what they come to as one. */
#include "door/log_pairs.h"
#include "door/log_views.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

struct kept {
	struct arena *arena;
	struct log_conn *conn[8];
	unsigned input[8];
	size_t n, joined;
};

static void keep(void *ctx, const struct log_conn *c, unsigned input)
{
	struct kept *k = ctx;

	assert_true(k->n < 8);
	k->input[k->n] = input;
	k->conn[k->n] = view_copy(k->arena, c);
	assert_non_null(k->conn[k->n++]);
}

static void keep_alone(void *ctx, const struct log_conn *c)
{
	keep(ctx, c, 0);
}

static void count_joined(void *ctx, unsigned input, const char *name, const char *other)
{
	struct kept *k = ctx;

	assert_true(input == 1 || input == 2);
	assert_string_not_equal(name, other);
	k->joined++;
}

static struct log_at at(uint64_t line)
{
	return (struct log_at){ line, LOG_NO_TIME };
}

static void put_hello(struct log_conn *c, enum side from, uint8_t type, uint8_t seed)
{
	uint8_t message[4 + 2 + 32 + 8] = { type, 0, 0, 42, 3, 3 };

	for (size_t i = 6; i < 38; i++)
		message[i] = (uint8_t)(seed + i);
	conn_message(c, from, bytes_of(message, sizeof message), 0, false, at(3));
}

/* What one log has. */
struct view {
	enum side role;
	int random; /* of the client; 0: none */
	int code;   /* what its own handshake returned; 0: nothing */
	int alert;  /* of the client; 0: none */
	const char *sni;
	uint16_t suite;
	int64_t time;      /* s; 0: none */
	uint8_t messages;  /* told by name: ClientHello, ServerHello, Certificate, ... */
	const char *words; /* a remark of its own */
	int changed;       /* a byte of the server's message; 0: it is as it was sent */
};

static void fill(struct log_conn *c, const struct view *v)
{
	static const uint8_t types[] = { 1, 2, 11, 12, 14 };
	uint8_t message[4 + 60] = { 11, 0, 0, 60 };

	assert_non_null(c);
	c->facts.role_known = true;
	c->facts.role = v->role;
	c->facts.sni = v->sni;
	c->facts.suite_known = v->suite != 0;
	c->facts.suite = v->suite;
	if (v->random != 0) {
		put_hello(c, SIDE_CLIENT, 1, (uint8_t)v->random);
		put_hello(c, SIDE_SERVER, 2, 7);
		if (v->changed != 0)
			message[v->changed] ^= 0x10;
		conn_message(c, SIDE_SERVER, bytes_of(message, sizeof message), 0, false, at(4));
	}
	for (size_t i = 0; i < v->messages; i++)
		conn_seen(c, i == 0 ? SIDE_CLIENT : SIDE_SERVER, types[i], false, at(5 + i));
	if (v->alert != 0)
		conn_alert(c, SIDE_CLIENT, 2, (uint8_t)v->alert, false, at(20));
	if (v->words != NULL)
		conn_remark(c, v->role, SAYING_peer_untrusted, bytes_of(v->words, strlen(v->words)),
			at(21));
	if (v->code != 0)
		conn_result(c, v->role, v->code, "mbedtls_ssl_handshake", at(22));
}

static struct log_conn *make(struct kept *k, const struct view *v)
{
	struct log_notes *n = log_notes_open((struct log_conn_sink){ keep_alone, k });
	struct log_at begin = { 2, v->time != 0 ? v->time * 1000000000 : LOG_NO_TIME };

	assert_non_null(n);
	fill(conn_open(n, 0, 0, begin), v);
	log_notes_end(n);
	log_notes_close(n);
	return k->conn[k->n - 1];
}

static int open_all(void **state)
{
	struct kept *k = calloc(1, sizeof *k);

	assert_non_null(k);
	k->arena = arena_new(SIZE_MAX);
	*state = k;
	return 0;
}

static int close_all(void **state)
{
	struct kept *k = *state;

	arena_free(k->arena);
	free(k);
	return 0;
}

#define CLIENT(...)                                                                                \
	{                                                                                          \
		.role = SIDE_CLIENT, __VA_ARGS__                                                   \
	}
#define SERVER(...)                                                                                \
	{                                                                                          \
		.role = SIDE_SERVER, __VA_ARGS__                                                   \
	}

static void test_views__belong_together_by_what_both_say(void **state)
{
	static const struct {
		struct view a, b;
		enum view_match match;
	} rows[] = {
		{ CLIENT(.random = 1), SERVER(.random = 1), VIEWS_ARE_ONE },
		{ CLIENT(.random = 1), SERVER(.random = 2), VIEWS_DIFFER },
		{ CLIENT(.random = 1), CLIENT(.random = 1), VIEWS_DIFFER },
		{ CLIENT(.code = -0x2700), SERVER(.code = -0x7780), VIEWS_SILENT },
		{ CLIENT(.messages = 3), SERVER(.messages = 5), VIEWS_MAY_BE },
		{ CLIENT(.messages = 1), SERVER(.messages = 1), VIEWS_SILENT },
		{ CLIENT(.sni = "a.example"), SERVER(.sni = "a.example"), VIEWS_MAY_BE },
		{ CLIENT(.sni = "a.example"), SERVER(.sni = "b.example"), VIEWS_DIFFER },
		{ CLIENT(.suite = 0xc02b), SERVER(.suite = 0xc02b), VIEWS_MAY_BE },
		{ CLIENT(.suite = 0xc02b, .messages = 3), SERVER(.suite = 0xc02c, .messages = 3),
			VIEWS_DIFFER },
		{ CLIENT(.alert = 48), SERVER(.alert = 48), VIEWS_SILENT },
		{ CLIENT(.alert = 48, .messages = 3), SERVER(.alert = 42, .messages = 3),
			VIEWS_DIFFER },
		{ CLIENT(.time = 1700000000), SERVER(.time = 1700000002), VIEWS_MAY_BE },
		{ CLIENT(.time = 1700000000), SERVER(.time = 1700000003), VIEWS_DIFFER },
		{ CLIENT(.time = 100), SERVER(.time = 5000), VIEWS_SILENT }, /* since a boot */
	};
	struct kept *k = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct log_conn *a = make(k, &rows[i].a), *b = make(k, &rows[i].b);

		if (views_match(a, b) != rows[i].match || views_match(b, a) != rows[i].match)
			fail_msg("row %zu: %d and %d", i, (int)views_match(a, b),
				(int)views_match(b, a));
		k->n = 0;
	}
}

static const struct log_note *find(
	const struct log_conn *c, enum log_note_kind kind, enum side from)
{
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		if (n->kind == kind && n->from == from)
			return n;
	return NULL;
}

static void test_view__takes_in_what_only_the_other_side_knows(void **state)
{
	struct kept *k = *state;
	struct view client = { .role = SIDE_CLIENT }, server = { .role = SIDE_SERVER };
	struct log_conn *c;
	const struct log_note *n;

	client.code = -0x2700;
	client.words = "! not trusted";
	client.alert = 48;
	server.random = 1;
	server.code = -0x0050;
	c = make(k, &server);
	view_add(c, k->arena, make(k, &client), "client.log");
	n = find(c, LOG_REMARK, SIDE_CLIENT);
	assert_non_null(n);
	assert_string_equal(n->text, "client.log:21: ! not trusted");
	assert_int_equal(n->at.line, 0);
	assert_int_equal(find(c, LOG_RESULT, SIDE_CLIENT)->value, -0x2700);
	assert_int_equal(find(c, LOG_RESULT, SIDE_SERVER)->value, -0x0050);
	assert_int_equal(find(c, LOG_ALERT, SIDE_CLIENT)->code, 48);
	assert_int_equal(c->facts.role, SIDE_CLIENT); /* it says why, the server that it went */
}

static void test_view__tells_what_did_not_arrive_as_it_was_sent(void **state)
{
	struct kept *k = *state;
	struct view client = { .role = SIDE_CLIENT }, server = { .role = SIDE_SERVER };
	struct log_conn *c;

	client.random = server.random = 1;
	c = make(k, &client);
	view_add(c, k->arena, make(k, &server), NULL);
	assert_null(find(c, LOG_REMARK, SIDE_CLIENT));
	client.changed = 40;
	c = make(k, &client);
	view_add(c, k->arena, make(k, &server), NULL);
	assert_int_equal(find(c, LOG_REMARK, SIDE_CLIENT)->saying, SAYING_altered);
	assert_string_equal(find(c, LOG_REMARK, SIDE_CLIENT)->text,
		"Certificate, byte 40: 00 in the log of who sent it, 10 in that of who received "
		"it");
	client.changed = 3; /* its length */
	c = make(k, &client);
	view_add(c, k->arena, make(k, &server), NULL);
	assert_string_equal(find(c, LOG_REMARK, SIDE_CLIENT)->text,
		"Certificate: 64 bytes in the log of who sent it, 48 in that of who received it");
}

static void run_pairs(struct kept *k, const struct view *views, const unsigned *inputs, size_t n)
{
	static const char *const names[] = { "", "one.log", "two.log" };
	struct log_pairs_sink sink = { keep, count_joined, k };
	struct log_pairs *p = log_pairs_open();
	struct kept made = { .arena = k->arena };

	assert_non_null(p);
	k->n = k->joined = 0;
	for (size_t i = 0; i < n; i++)
		log_pairs_take(p, make(&made, &views[i]), inputs[i], names[inputs[i]], sink);
	log_pairs_end(p, sink);
	log_pairs_close(p);
}

static void test_pairs__are_joined_and_the_rest_keeps_its_order(void **state)
{
	static const struct view views[] = { CLIENT(.messages = 3), SERVER(.code = -1),
		SERVER(.messages = 5, .code = -0x7780), CLIENT(.code = -0x2700) };
	static const unsigned inputs[] = { 1, 1, 2, 2 };
	struct kept *k = *state;

	run_pairs(k, views, inputs, 4);
	assert_int_equal(k->n, 3);
	assert_int_equal(k->joined, 1);
	assert_int_equal(k->conn[0]->facts.role, SIDE_CLIENT);
	assert_int_equal(k->input[0], 1);
	assert_non_null(find(k->conn[0], LOG_RESULT, SIDE_SERVER));
	assert_int_equal(find(k->conn[1], LOG_RESULT, SIDE_SERVER)->value, -1);
	assert_int_equal(k->input[2], 2);
}

static void test_pairs__of_two_that_fit_neither_is_chosen(void **state)
{
	static const struct view views[] = { CLIENT(.messages = 3), SERVER(.messages = 5),
		SERVER(.messages = 4) };
	static const unsigned inputs[] = { 1, 2, 2 };
	struct kept *k = *state;

	run_pairs(k, views, inputs, 3);
	assert_int_equal(k->n, 3);
	assert_int_equal(k->joined, 0);
}

/* Who gives two files with one connection each gives the two sides of it; in one file they may be anybody's. */
static void test_pairs__two_files_with_one_each_are_one(void **state)
{
	static const struct view views[] = { CLIENT(.code = -0x2700), SERVER(.code = -0x7780) };
	static const unsigned two[] = { 1, 2 }, one[] = { 1, 1 };
	struct kept *k = *state;

	run_pairs(k, views, two, 2);
	assert_int_equal(k->n, 1);
	run_pairs(k, views, one, 2);
	assert_int_equal(k->n, 2);
}

/* Beyond what waits the oldest goes on alone, and all come in their order. */
static void test_pairs__wait_no_longer_than_there_is_room(void **state)
{
	struct kept *k = *state, made = { .arena = k->arena };
	struct log_pairs_sink sink = { keep, count_joined, k };
	struct log_pairs *p = log_pairs_open();
	struct view v = { .role = SIDE_CLIENT };

	assert_non_null(p);
	for (unsigned i = 0; i < LOG_PAIRS_MAX + 4; i++) {
		v.random = (int)i + 1;
		made.n = 0;
		log_pairs_take(p, make(&made, &v), 1, "one.log", sink);
	}
	assert_int_equal(k->n, 5);
	v.role = SIDE_SERVER;
	v.random = LOG_PAIRS_MAX + 4;
	made.n = 0;
	log_pairs_take(p, make(&made, &v), 1, "one.log", sink); /* of one that still waits */
	assert_int_equal(k->n, 5);
	log_pairs_close(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
		TEST(test_views__belong_together_by_what_both_say),
		TEST(test_view__takes_in_what_only_the_other_side_knows),
		TEST(test_view__tells_what_did_not_arrive_as_it_was_sent),
		TEST(test_pairs__are_joined_and_the_rest_keeps_its_order),
		TEST(test_pairs__of_two_that_fit_neither_is_chosen),
		TEST(test_pairs__two_files_with_one_each_are_one),
		TEST(test_pairs__wait_no_longer_than_there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
