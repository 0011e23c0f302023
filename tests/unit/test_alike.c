/* Which handshakes of a log are alike: those that differ in nothing but their numbers. */
#include "support/unit.h"

#include "base/array.h"
#include "session/handshake.h"
#include "session/prove_alike.h"

#include <stdlib.h>

static const struct remark refused = { .saying = SAYING_refused },
			   timeout = { .saying = SAYING_timeout };

/* ---- one fact each; of those in a row none is like another ---- */

static void nothing(struct handshake *hs)
{
	(void)hs;
}

static void version(struct handshake *hs)
{
	hs->version = 0x0303;
}

static void suite_zero(struct handshake *hs)
{
	hs->has_suite = true;
}

static void suite(struct handshake *hs)
{
	hs->has_suite = true;
	hs->suite_value = 0x1301;
}

static void outcome(struct handshake *hs)
{
	hs->outcome = OUTCOME_FAILED;
}

static void ending(struct handshake *hs)
{
	hs->ending = ENDING_FIN;
}

static void by(struct handshake *hs)
{
	hs->ended_by = SIDE_SERVER;
}

static void last_zero(struct handshake *hs)
{
	hs->has_last_message = true;
}

static void last(struct handshake *hs)
{
	hs->has_last_message = true;
	hs->last_message = HS_CERTIFICATE;
}

static void add_alert(struct handshake *hs, enum side from, uint8_t level, uint8_t code)
{
	hs->alerts[hs->n_alerts++] =
		(struct sent_alert){ .from = from, .level = level, .code = code };
}

static void alert_zero(struct handshake *hs)
{
	add_alert(hs, SIDE_CLIENT, 0, 0);
}

static void alert_level(struct handshake *hs)
{
	add_alert(hs, SIDE_CLIENT, 2, 0);
}

static void alert_code(struct handshake *hs)
{
	add_alert(hs, SIDE_CLIENT, 2, 40);
}

static void alert_other_code(struct handshake *hs)
{
	add_alert(hs, SIDE_CLIENT, 2, 48);
}

static void alert_of_server(struct handshake *hs)
{
	add_alert(hs, SIDE_SERVER, 2, 40);
}

static void alerts_both(struct handshake *hs)
{
	add_alert(hs, SIDE_CLIENT, 2, 40);
	add_alert(hs, SIDE_SERVER, 2, 40);
}

static void client_code(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].word.code = -0x2700;
}

static void server_code(struct handshake *hs)
{
	hs->side[SIDE_SERVER].word.code = -0x2700;
}

static void inner_code(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].word.inner_code = -0x2700;
}

static void got_alert_zero(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].word.got_alert = true;
}

static void got_alert(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].word.got_alert = true;
	hs->side[SIDE_CLIENT].word.alert = 40;
}

static void flags(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].word.verify_flags = 8;
}

static void remark(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].remarks = &refused;
	hs->side[SIDE_CLIENT].n_remarks = 1;
}

static void other_remark(struct handshake *hs)
{
	hs->side[SIDE_CLIENT].remarks = &timeout;
	hs->side[SIDE_CLIENT].n_remarks = 1;
}

static void remark_of_server(struct handshake *hs)
{
	hs->side[SIDE_SERVER].remarks = &refused;
	hs->side[SIDE_SERVER].n_remarks = 1;
}

static void (*const facts[])(struct handshake *) = { nothing, version, suite_zero, suite, outcome,
	ending, by, last_zero, last, alert_zero, alert_level, alert_code, alert_other_code,
	alert_of_server, alerts_both, client_code, server_code, inner_code, got_alert_zero,
	got_alert, flags, remark, other_remark, remark_of_server };

static uint64_t hash_of(size_t fact, uint64_t server, uint64_t number)
{
	struct handshake *hs = calloc(1, sizeof *hs);
	uint64_t hash;

	assert_non_null(hs);
	hs->outcome = OUTCOME_COMPLETED;
	hs->ending = ENDING_SETTLED;
	hs->id = number;
	hs->start = hs->end = (int64_t)number * 1000;
	facts[fact](hs);
	hash = alike_hash(server, hs);
	free(hs);
	return hash;
}

static void test_alike__no_fact_is_passed_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(facts); i++)
		for (size_t j = 0; j < i; j++)
			if (hash_of(i, 1, 1) == hash_of(j, 1, 1))
				fail_msg("facts %zu and %zu", i, j);
}

static void test_alike__numbers_do_not_count_and_servers_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(facts); i++) {
		assert_true(hash_of(i, 1, 1) == hash_of(i, 1, 2));
		assert_false(hash_of(i, 1, 1) == hash_of(i, 2, 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike__no_fact_is_passed_over),
		cmocka_unit_test(test_alike__numbers_do_not_count_and_servers_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
