/* A dialogue on a line, here one that plays a server from a table. */
#include "drive/proxy.h"
#include "drive/starttls.h"

#include "support/unit.h"

#include <stdio.h>

/* What the peer does next. Time passes only while it is waited for. */
struct move {
	enum line_state state;
	const char *said; /* LINE_OPEN; NULL ends the table */
	int takes_ms;
};

struct line {
	const struct move *next;
	double now_ms;
	char sent[512];
};

enum line_state line_send(struct line *l, struct bytes bytes, int timeout_ms)
{
	assert_true(timeout_ms > 0);
	assert_true(strlen(l->sent) + bytes.len < sizeof l->sent);
	strncat(l->sent, (const char *)bytes.data, bytes.len);
	return LINE_OPEN;
}

enum line_state line_recv(struct line *l, uint8_t *buffer, size_t size, size_t *n, int timeout_ms)
{
	const struct move *m = l->next;

	assert_true(timeout_ms > 0);
	*n = 0;
	if (m->said == NULL || m->takes_ms > timeout_ms) {
		l->now_ms += timeout_ms;
		return LINE_TIMEOUT;
	}
	l->next++;
	l->now_ms += m->takes_ms;
	if (m->state != LINE_OPEN)
		return m->state;
	*n = strlen(m->said);
	assert_true(*n <= size);
	memcpy(buffer, m->said, *n);
	return LINE_OPEN;
}

double line_elapsed_ms(const struct line *l)
{
	return l->now_ms;
}

static void test_run__both_sides_speak_in_turn(void **state)
{
	static const struct move moves[] = {
		{ LINE_OPEN, "220 mx.exa", 10 },
		{ LINE_OPEN, "mple\r\n", 10 },
		{ LINE_OPEN, "250-mx.example\r\n250 STARTTLS\r\n", 10 },
		{ LINE_OPEN, "220 go\r\n", 10 },
		{ LINE_OPEN, NULL, 0 },
	};
	struct line l = { .next = moves };
	struct dialogue_result r;

	(void)state;
	assert_true(starttls_begin(&l, STARTTLS_SMTP, "mx.example", 1000, &r));
	assert_int_equal(r.state, DIALOGUE_DONE);
	assert_int_equal(r.surplus, 0);
	assert_string_equal(l.sent, "EHLO tlsdiag.invalid\r\nSTARTTLS\r\n");
}

static void test_run__a_line_that_ends_ends_it(void **state)
{
	static const struct {
		struct move moves[4];
		enum dialogue_state ends;
		const char *what, *said;
	} rows[] = {
		{ { { LINE_CLOSED, "", 1 } }, DIALOGUE_CLOSED, "the connection", "" },
		{ { { LINE_OPEN, "+OK\r\n", 1 }, { LINE_RESET, "", 1 } }, DIALOGUE_RESET, "STLS",
			"" },
		{ { { LINE_OPEN, "+O", 1 } }, DIALOGUE_TIMEOUT, "the connection", "+O" },
		{ { { LINE_OPEN, "+OK\r\n", 1 }, { LINE_OPEN, "-ERR no\r\n", 1 } },
			DIALOGUE_REFUSED, "STLS", "-ERR no" },
		{ { { LINE_OPEN, "+OK\r\n", 1 }, { LINE_OPEN, "+", 1 }, { LINE_OVERDUE, "", 1 } },
			DIALOGUE_TIMEOUT, "STLS", "+" },
		{ { { LINE_OPEN, "+", 1 }, { LINE_FLOODED, "", 1 } }, DIALOGUE_TOO_LONG,
			"the connection", "+" },
		{ { { LINE_FAILED, "", 1 } }, DIALOGUE_FAILED, "the connection", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct line l = { .next = rows[i].moves };
		struct dialogue_result r;

		assert_false(starttls_begin(&l, STARTTLS_POP3, "dev.example", 1000, &r));
		assert_int_equal(r.state, rows[i].ends);
		assert_string_equal(r.what, rows[i].what);
		assert_string_equal(r.said, rows[i].said);
	}
}

/* The greeting takes half of the time, byte by byte; so may the reply, but not more than all. */
static void test_run__each_step_has_its_time_whatever_its_pieces(void **state)
{
	static const struct move in_time[] = {
		{ LINE_OPEN, "+", 300 },
		{ LINE_OPEN, "OK\r\n", 300 },
		{ LINE_OPEN, "+OK", 300 },
		{ LINE_OPEN, "\r\n", 300 },
		{ LINE_OPEN, NULL, 0 },
	};
	static const struct move late[] = {
		{ LINE_OPEN, "+", 600 },
		{ LINE_OPEN, "OK", 300 },
		{ LINE_OPEN, "\r\n", 600 },
		{ LINE_OPEN, NULL, 0 },
	};
	struct line l = { .next = in_time };
	struct dialogue_result r;

	(void)state;
	assert_true(starttls_begin(&l, STARTTLS_POP3, "dev.example", 1000, &r));
	l = (struct line){ .next = late };
	assert_false(starttls_begin(&l, STARTTLS_POP3, "dev.example", 1000, &r));
	assert_int_equal(r.state, DIALOGUE_TIMEOUT);
	assert_string_equal(r.said, "+OK");
	assert_int_equal(r.bytes, 3);
	assert_true(r.ms > 900 && r.ms <= 1000);
	assert_true(l.now_ms <= 1000);
}

static void test_starttls__names_and_ports(void **state)
{
	static const struct {
		const char *name;
		enum starttls p;
		uint16_t port;
	} rows[] = {
		{ "smtp", STARTTLS_SMTP, 25 },
		{ "imap", STARTTLS_IMAP, 143 },
		{ "pop3", STARTTLS_POP3, 110 },
		{ "ftp", STARTTLS_FTP, 21 },
		{ "ldap", STARTTLS_LDAP, 389 },
		{ "xmpp", STARTTLS_XMPP, 5222 },
		{ "postgres", STARTTLS_POSTGRES, 5432 },
		{ "mysql", STARTTLS_MYSQL, 3306 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(starttls_find(rows[i].name), rows[i].p);
		assert_string_equal(starttls_name(rows[i].p), rows[i].name);
		assert_int_equal(starttls_port(rows[i].p), rows[i].port);
	}
	assert_int_equal(sizeof rows / sizeof *rows, N_STARTTLS - 1);
	assert_int_equal(starttls_find("none"), STARTTLS_NONE);
	assert_int_equal(starttls_find("SMTP "), STARTTLS_NONE);
	assert_int_equal(starttls_port(STARTTLS_NONE), 443);
}

static void test_proxy__is_asked_for_the_target(void **state)
{
	static const struct {
		struct target target;
		const char *authority;
	} rows[] = {
		{ { "dev.example", 443, 0 }, "dev.example:443" },
		{ { "192.0.2.1", 4433, 4 }, "192.0.2.1:4433" },
		{ { "2001:db8::1", 443, 6 }, "[2001:db8::1]:443" },
	};
	static const struct move moves[] = {
		{ LINE_OPEN, "HTTP/1.1 200 OK\r\n\r\n", 1 },
		{ LINE_OPEN, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct line l = { .next = moves };
		struct dialogue_result r;
		char expected[256];

		assert_true(proxy_connect(&l, &rows[i].target, 1000, &r));
		(void)snprintf(expected, sizeof expected, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n",
			rows[i].authority, rows[i].authority);
		assert_string_equal(l.sent, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run__both_sides_speak_in_turn),
		cmocka_unit_test(test_run__a_line_that_ends_ends_it),
		cmocka_unit_test(test_run__each_step_has_its_time_whatever_its_pieces),
		cmocka_unit_test(test_starttls__names_and_ports),
		cmocka_unit_test(test_proxy__is_asked_for_the_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
