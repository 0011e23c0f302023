/* The desk: what it keeps, what it only counts, and what it gives at the end. */
#include "base/array.h"
#include "diagnose/diagnose.h"
#include "diagnose/open_ends.h"
#include "rules/facts.h"
#include "rules/said.h"

struct deal {
	struct facts *f;
	struct desk *desk;
	uint64_t next_id;
	size_t ballast; /* bytes that each handshake holds beside its facts */
	uint8_t host;   /* last byte of the server's address */
};

static struct deal deal_begin(void **state, bool quiet)
{
	struct deal d = { .f = *state, .next_id = 1, .host = 1 };
	struct diagnose_options o = { .deep_seconds = 0, .quiet = quiet };

	d.desk = desk_open(&d.f->evidence, &o);
	assert_non_null(d.desk);
	return d;
}

/* A copy of the facts that owns itself, as the session hands it out; without certificates, which
 * would belong to a store, and so without the signature under one. */
static struct handshake *fresh(struct deal *d)
{
	struct arena *arena = arena_new(KEEP_BYTES);
	struct handshake *hs = arena_alloc(arena, sizeof *hs);

	*hs = d->f->hs[0];
	hs->arena = arena;
	hs->id = d->next_id++;
	hs->side[SIDE_SERVER].address.addr[3] = d->host;
	hs->side[SIDE_SERVER].n_certs = hs->side[SIDE_CLIENT].n_certs = 0;
	for (unsigned side = 0; side < 2; side++)
		memset(&hs->side[side].chain, 0, sizeof hs->side[side].chain);
	hs->ske.has_signature = hs->ske.has_scheme = false;
	if (d->ballast != 0)
		assert_non_null(arena_alloc(arena, d->ballast));
	return hs;
}

static void hand_in(struct deal *d, struct handshake *hs)
{
	struct examined ex;

	desk_examine(d->desk, hs, &ex);
	desk_keep(d->desk, &ex);
}

static void hand_in_completed(struct deal *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hand_in(d, fresh(d));
}

static void hand_in_failed(struct deal *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct handshake *hs = fresh(d);

		hs->outcome = OUTCOME_FAILED;
		hs->ending = ENDING_FIN;
		hand_in(d, hs);
	}
}

/* Completed, and yet a check fails: the server's key is 2*G. */
static void hand_in_notable(struct deal *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct handshake *hs = fresh(d);

		hs->side[SIDE_SERVER].repeats.public_multiple = 2;
		hand_in(d, hs);
	}
}

static const struct server_result *conclude(struct deal *d, size_t n_servers)
{
	desk_conclude(d->desk);
	assert_int_equal(desk_n_servers(d->desk), n_servers);
	return desk_server(d->desk, 0);
}

static size_t kept(const struct case_file *cf, enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += cf->kept[i]->hs->outcome == outcome;
	return n;
}

static void test_desk__an_empty_desk_has_no_servers(void **state)
{
	struct deal d = deal_begin(state, false);

	desk_conclude(d.desk);
	assert_int_equal(desk_n_servers(d.desk), 0);
	assert_int_equal(desk_summary(d.desk).handshakes, 0);
	desk_close(d.desk);
	desk_close(NULL);
}

/* What the last of them agreed on is not what all did. */
static void test_desk__what_was_agreed_is_that_of_all_completed(void **state)
{
	struct deal d = deal_begin(state, false);
	struct handshake *hs = fresh(&d);
	const struct case_file *cf;

	hs->version = 0x0302;
	hs->suite_value = 0xc013;
	hand_in(&d, hs);
	hand_in_completed(&d, (size_t)3 * KEEP_COMPLETED);
	hand_in_failed(&d, 1);
	cf = conclude(&d, 1)->file;
	assert_int_equal(cf->version_min, 0x0302);
	assert_int_equal(cf->version_max, d.f->hs[0].version);
	assert_true(cf->suites_differ);
	desk_close(d.desk);
}

/* ---- a server is an address, a port and a name ---- */

/* The name has to outlive the desk. */
static void hand_in_named(struct deal *d, const char *name)
{
	struct handshake *hs = fresh(d);

	hs->client_hello.ext.has_server_name = name != NULL;
	hs->client_hello.ext.server_name =
		bytes_of((const uint8_t *)name, name != NULL ? strlen(name) : 0);
	hand_in(d, hs);
}

/* One of TLS 1.2 that the client closed at once after the server's Finished; host is the client's. */
static struct handshake *open_end(struct deal *d, uint8_t host)
{
	struct handshake *hs = fresh(d);

	hs->outcome = OUTCOME_COMPLETED;
	hs->ending = ENDING_FIN;
	hs->side[SIDE_CLIENT].address.addr[3] = host;
	return hs;
}

/* Another library, whatever it is. */
static void offer_other_suites(struct handshake *hs)
{
	static const uint8_t suites[] = { 0xc0, 0x2b, 0xc0, 0x2c };

	hs->client_hello.suites.raw = bytes_of(suites, sizeof suites);
}

static void test_desk__an_open_end_is_settled_by_the_same_client_or_the_same_features(void **state)
{
	static const struct {
		uint8_t host;
		bool other_suites, other_version, other_suite, resumed;
		uint64_t open;
	} rows[] = {
		{ 50, false, false, false, false, 0 }, /* the same in all */
		{ 51, false, false, false, false, 0 }, /* another host, with the same hello */
		{ 50, true, false, false, false, 0 },  /* the same host, with another hello */
		{ 51, true, false, false, false, 1 },  /* neither */
		{ 50, false, true, false, false, 1 },  /* what they agreed on was another thing */
		{ 50, false, false, true, false, 1 },
		{ 50, false, false, false, true, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct deal d = deal_begin(state, true);
		struct handshake *hs = open_end(&d, 50);

		hand_in(&d, hs);
		hs = open_end(&d, rows[i].host);
		hs->ending = ENDING_SETTLED;
		if (rows[i].other_suites)
			offer_other_suites(hs);
		hs->version = rows[i].other_version ? 0x0302 : hs->version;
		hs->suite_value = rows[i].other_suite ? 0xc02f : hs->suite_value;
		hs->resumed_known = true;
		hs->resumed = rows[i].resumed;
		hand_in(&d, hs);
		desk_conclude(d.desk);
		assert_int_equal(desk_server(d.desk, 0)->file->n_open_ends, rows[i].open);
		desk_close(d.desk);
	}
}

static void test_desk__open_ends_beyond_all_room_stay_open(void **state)
{
	struct deal d = deal_begin(state, true);

	for (size_t i = 0; i <= OPEN_ENDS_MAX; i++)
		hand_in(&d, open_end(&d, 50));
	hand_in_completed(&d, 1);
	desk_conclude(d.desk);
	assert_int_equal(desk_server(d.desk, 0)->file->n_open_ends, 1);
	desk_close(d.desk);
}

static void test_desk__servers_of_one_address_know_each_other(void **state)
{
	struct deal d = deal_begin(state, false);
	const struct case_file *a, *b;

	hand_in_named(&d, "a.example");
	hand_in_named(&d, "b.example");
	d.host = 2;
	hand_in_named(&d, "a.example");
	desk_conclude(d.desk);
	assert_int_equal(desk_n_servers(d.desk), 3);
	for (size_t i = 0; i < 3; i++) {
		a = desk_server(d.desk, i)->file;
		b = a->beside;
		assert_true((b == NULL) == (a->server.addr[3] == 2));
		assert_true(b == NULL || (b != a && b->beside == a));
	}
	desk_close(d.desk);
}

/* As a SYN that was refused, or a connection of which the beginning is missing. */
static void hand_in_without_hello(struct deal *d)
{
	struct handshake *hs = fresh(d);

	hs->client_hello.seen = false;
	hs->outcome = OUTCOME_INCOMPLETE;
	hand_in(d, hs);
}

static void hand_in_target(struct deal *d, const char *target)
{
	struct handshake *hs = fresh(d);

	hs->target = target;
	hand_in(d, hs);
}

static void test_desk__names_part_the_handshakes_of_one_address(void **state)
{
	struct deal d = deal_begin(state, false);

	hand_in_named(&d, "a.example");
	hand_in_named(&d, "b.example");
	hand_in_named(&d, "A.Example");
	hand_in_named(&d, NULL);
	assert_int_equal(conclude(&d, 3)->file->n_completed, 2);
	assert_true(bytes_equal(
		desk_server(d.desk, 1)->file->name, bytes_of((const uint8_t *)"b.example", 9)));
	assert_int_equal(desk_server(d.desk, 2)->file->name.len, 0);
	assert_int_not_equal(
		desk_server(d.desk, 0)->file->number, desk_server(d.desk, 1)->file->number);
	desk_close(d.desk);
}

static void test_desk__targets_of_one_address_and_one_name_are_judged_apart(void **state)
{
	struct deal d = deal_begin(state, false);

	hand_in_target(&d, "a.example:443");
	hand_in_target(&d, "b.example:443");
	hand_in_target(&d, "a.example:443");
	assert_int_equal(conclude(&d, 2)->file->n_completed, 2);
	assert_string_equal(desk_server(d.desk, 0)->file->target, "a.example:443");
	assert_string_equal(desk_server(d.desk, 1)->file->target, "b.example:443");
	desk_close(d.desk);
}

static void test_desk__what_has_no_hello_is_with_the_only_server_there(void **state)
{
	struct deal d = deal_begin(state, false);

	hand_in_without_hello(&d);
	hand_in_named(&d, "a.example");
	hand_in_without_hello(&d);
	assert_int_equal(conclude(&d, 1)->file->n_incomplete, 2);
	assert_int_equal(desk_server(d.desk, 0)->file->n_completed, 1);
	assert_int_equal(desk_server(d.desk, 0)->file->name.len, 9);
	desk_close(d.desk);
}

static void test_desk__what_has_no_hello_is_with_neither_of_two(void **state)
{
	struct deal d = deal_begin(state, false);

	hand_in_named(&d, "a.example");
	hand_in_named(&d, "b.example");
	hand_in_without_hello(&d);
	(void)conclude(&d, 3);
	desk_close(d.desk);
}

static void test_desk__keeps_the_first_failed_ones_and_counts_all(void **state)
{
	struct deal d = deal_begin(state, false);
	const struct server_result *r;

	hand_in_failed(&d, KEEP_FAILED + 8);
	r = conclude(&d, 1);
	assert_int_equal(r->file->n_kept, KEEP_FAILED);
	assert_int_equal(r->file->n_failed, KEEP_FAILED + 8);
	assert_int_equal(r->n_dropped, 8);
	assert_int_equal(r->file->kept[KEEP_FAILED - 1]->hs->id, KEEP_FAILED);
	assert_int_equal(desk_summary(d.desk).failed, KEEP_FAILED + 8);
	desk_close(d.desk);
}

static void test_desk__keeps_a_few_completed_ones(void **state)
{
	struct deal d = deal_begin(state, false);
	const struct server_result *r;

	hand_in_completed(&d, 20);
	hand_in_failed(&d, 1);
	r = conclude(&d, 1);
	assert_int_equal(kept(r->file, OUTCOME_COMPLETED), KEEP_COMPLETED);
	assert_int_equal(kept(r->file, OUTCOME_FAILED), 1);
	assert_int_equal(r->file->n_completed, 20);
	assert_int_equal(r->n_dropped, 20 - KEEP_COMPLETED);
	desk_close(d.desk);
}

static void test_desk__completed_ones_that_show_something_have_their_own_room(void **state)
{
	struct deal d = deal_begin(state, true);
	const struct server_result *r;

	hand_in_completed(&d, 10);
	hand_in_notable(&d, 3);
	r = conclude(&d, 1);
	assert_int_equal(r->file->n_kept, KEEP_COMPLETED + 3);
	assert_int_equal(r->file->kept[KEEP_COMPLETED]->hs->id, 11);
	assert_int_equal(r->n_findings, 1);
	assert_string_equal(r->findings[0].cause->id, "ephemeral-key-trivial");
	assert_int_equal(r->findings[0].n_handshakes, 3);
	desk_close(d.desk);
}

static void test_desk__incomplete_ones_are_counted_apart_and_kept_like_failed_ones(void **state)
{
	struct deal d = deal_begin(state, false);
	struct handshake *hs = fresh(&d);
	const struct server_result *r;

	hs->outcome = OUTCOME_INCOMPLETE;
	hs->ending = ENDING_CAPTURE;
	hand_in(&d, hs);
	r = conclude(&d, 1);
	assert_int_equal(r->file->n_incomplete, 1);
	assert_int_equal(r->file->n_kept, 1);
	assert_int_equal(desk_summary(d.desk).incomplete, 1);
	assert_int_equal(desk_summary(d.desk).failed, 0);
	desk_close(d.desk);
}

/* ---- memory ---- */

static size_t bytes_kept(const struct case_file *cf)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += arena_used(cf->kept[i]->hs->arena);
	return n;
}

static void test_desk__large_handshakes_press_it_to_keep_fewer_and_count_all(void **state)
{
	enum { SERVERS = 4, EACH = 24 };
	struct deal d = deal_begin(state, false);
	size_t bytes = 0;

	d.ballast = KEEP_BYTES / 40;
	for (d.host = 1; d.host <= SERVERS; d.host++) {
		hand_in_failed(&d, EACH);
		hand_in_completed(&d, 2);
	}
	(void)conclude(&d, SERVERS);
	for (size_t i = 0; i < SERVERS; i++) {
		const struct server_result *r = desk_server(d.desk, i);

		assert_int_equal(r->file->n_failed, EACH);
		assert_int_equal(r->file->n_completed, 2);
		assert_true(kept(r->file, OUTCOME_FAILED) >= 1);
		assert_int_equal(r->file->n_kept + r->n_dropped, EACH + 2);
		bytes += bytes_kept(r->file);
	}
	assert_true(bytes / 5 <= KEEP_BYTES / 4);
	assert_int_equal(desk_summary(d.desk).failed, SERVERS * EACH);
	desk_close(d.desk);
}

static void test_desk__under_pressure_completed_ones_go_before_failed_ones(void **state)
{
	struct deal d = deal_begin(state, false);
	const struct server_result *r;

	d.ballast = KEEP_BYTES / 8;
	hand_in_completed(&d, KEEP_COMPLETED);
	hand_in_failed(&d, 5);
	r = conclude(&d, 1);
	assert_int_equal(kept(r->file, OUTCOME_COMPLETED), 1);
	assert_int_equal(kept(r->file, OUTCOME_FAILED), 5);
	assert_int_equal(r->n_dropped, KEEP_COMPLETED - 1);
	desk_close(d.desk);
}

/* What went well is not kept at the cost of what failed, however much of it there is. */
static void test_desk__completed_ones_never_press_out_failed_ones(void **state)
{
	struct deal d = deal_begin(state, false);
	const struct server_result *r;

	d.ballast = KEEP_BYTES / 20;
	hand_in_failed(&d, 10);
	for (d.host = 2; d.host <= 60; d.host++)
		hand_in_completed(&d, 2);
	(void)conclude(&d, 60);
	r = desk_server(d.desk, 0);
	assert_int_equal(r->file->server.addr[3], 1);
	assert_int_equal(kept(r->file, OUTCOME_FAILED), 10);
	assert_int_equal(desk_summary(d.desk).not_judged, 0);
	desk_close(d.desk);
}

static void test_desk__what_was_not_kept_and_shows_something_is_counted(void **state)
{
	struct deal d = deal_begin(state, false);

	hand_in_completed(&d, KEEP_COMPLETED + 7);
	hand_in_failed(&d, KEEP_FAILED + 3);
	hand_in_notable(&d, 16 + 2);
	(void)conclude(&d, 1);
	assert_int_equal(desk_summary(d.desk).not_judged, 3 + 2);
	assert_int_equal(desk_summary(d.desk).unlisted, 0);
	desk_close(d.desk);
}

/* ---- more servers than are listed ---- */

enum { LISTED = 16384 };

static void hand_in_of(struct deal *d, unsigned server, enum outcome outcome)
{
	struct handshake *hs = fresh(d);

	hs->side[SIDE_SERVER].address.addr[1] = (uint8_t)(server >> 16);
	hs->side[SIDE_SERVER].address.addr[2] = (uint8_t)(server >> 8);
	hs->side[SIDE_SERVER].address.addr[3] = (uint8_t)server;
	hs->outcome = outcome;
	hs->ending = outcome == OUTCOME_COMPLETED ? ENDING_SETTLED : ENDING_FIN;
	hand_in(d, hs);
}

static size_t servers_with(const struct desk *desk, enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < desk_n_servers(desk); i++) {
		const struct case_file *cf = desk_server(desk, i)->file;

		n += outcome == OUTCOME_FAILED ? cf->n_failed != 0 : cf->n_incomplete != 0;
	}
	return n;
}

static void test_desk__a_failing_server_takes_the_place_of_a_healthy_one(void **state)
{
	struct deal d = deal_begin(state, true);
	unsigned next = 0;

	while (next < LISTED)
		hand_in_of(&d, next++, OUTCOME_COMPLETED);
	hand_in_of(&d, next++, OUTCOME_FAILED);
	hand_in_of(&d, next++, OUTCOME_COMPLETED); /* only counted */
	hand_in_of(&d, next++, OUTCOME_INCOMPLETE);
	hand_in_of(&d, 5, OUTCOME_FAILED); /* one that is listed as healthy */
	(void)conclude(&d, LISTED);
	assert_int_equal(servers_with(d.desk, OUTCOME_FAILED), 2);
	assert_int_equal(servers_with(d.desk, OUTCOME_INCOMPLETE), 1);
	assert_int_equal(desk_server(d.desk, 0)->file->n_failed, 1);
	assert_int_equal(kept(desk_server(d.desk, 0)->file, OUTCOME_FAILED), 1);
	assert_int_equal(desk_summary(d.desk).handshakes, LISTED + 4);
	assert_int_equal(desk_summary(d.desk).unlisted, 3);
	assert_int_equal(desk_summary(d.desk).unlisted_failed, 0);
	desk_close(d.desk);
}

static void test_desk__failing_servers_come_before_those_that_break_off(void **state)
{
	struct deal d = deal_begin(state, true);
	unsigned next = 0;

	while (next < LISTED)
		hand_in_of(&d, next++, OUTCOME_INCOMPLETE);
	hand_in_of(&d, next++, OUTCOME_INCOMPLETE);
	hand_in_of(&d, next++, OUTCOME_FAILED);
	(void)conclude(&d, LISTED);
	assert_int_equal(servers_with(d.desk, OUTCOME_FAILED), 1);
	assert_int_equal(desk_summary(d.desk).unlisted_failed, 2);
	desk_close(d.desk);
}

static void test_desk__failing_servers_beyond_all_room_are_counted(void **state)
{
	struct deal d = deal_begin(state, true);
	unsigned next = 0;

	while (next < LISTED + 9)
		hand_in_of(&d, next++, OUTCOME_FAILED);
	(void)conclude(&d, LISTED);
	assert_int_equal(desk_summary(d.desk).unlisted, 9);
	assert_int_equal(desk_summary(d.desk).unlisted_failed, 9);
	assert_int_equal(desk_summary(d.desk).failed, LISTED + 9);
	desk_close(d.desk);
}

/* ---- answers and results ---- */

static void test_desk__quiet_answers_have_messages_only_where_kept_ones_show_something(void **state)
{
	struct deal d = deal_begin(state, true);
	struct handshake *good = fresh(&d), *odd = fresh(&d), *bad = fresh(&d);
	const struct case_file *cf;
	struct examined ex;

	odd->side[SIDE_SERVER].repeats.public_multiple = 2;
	bad->outcome = OUTCOME_FAILED;
	desk_examine(d.desk, bad, &ex);
	assert_null(ex.answers[CHECK_version_offered].message);
	desk_keep(d.desk, &ex);
	hand_in(&d, good);
	hand_in(&d, odd);
	cf = conclude(&d, 1)->file;
	assert_int_equal(cf->n_kept, 3);
	assert_null(cf->kept[0]->answers[CHECK_version_offered].message);
	assert_non_null(cf->kept[1]->answers[CHECK_version_offered].message);
	assert_non_null(cf->kept[2]->answers[CHECK_version_offered].message);
	desk_close(d.desk);
}

static void test_desk__the_worst_server_comes_first_then_the_earliest(void **state)
{
	struct deal d = deal_begin(state, false);

	d.host = 1;
	hand_in_completed(&d, 1);
	d.host = 2;
	hand_in_completed(&d, 1);
	d.host = 3;
	hand_in_failed(&d, 1);
	(void)conclude(&d, 3);
	assert_int_equal(desk_server(d.desk, 0)->file->server.addr[3], 3);
	assert_int_equal(desk_server(d.desk, 1)->file->server.addr[3], 1);
	assert_int_equal(desk_server(d.desk, 2)->file->server.addr[3], 2);
	assert_int_equal(desk_summary(d.desk).handshakes, 3);
	assert_int_equal(desk_summary(d.desk).completed, 2);
	assert_int_equal(desk_summary(d.desk).errors, 1);
	assert_true(desk_server(d.desk, 0)->file->bystander);
	desk_close(d.desk);
}

/* Of what the user asked for nothing is by the way. */
static void test_desk__of_servers_that_were_asked_for_none_is_a_bystander(void **state)
{
	struct deal d = deal_begin(state, false);

	((struct facts *)*state)->evidence.asked = true;
	d.host = 1;
	hand_in_completed(&d, 1);
	d.host = 2;
	hand_in_failed(&d, 1);
	(void)conclude(&d, 2);
	assert_false(desk_server(d.desk, 0)->file->bystander);
	assert_false(desk_server(d.desk, 1)->file->bystander);
	desk_close(d.desk);
}

/* Ports that refuse are no handshakes that another would stand beside. */
static void test_desk__beside_refused_connections_alone_none_is_a_bystander(void **state)
{
	struct deal d = deal_begin(state, false);

	for (d.host = 1; d.host <= 2; d.host++) {
		struct handshake *hs = fresh(&d);

		end_with(hs, STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
		hand_in(&d, hs);
	}
	(void)conclude(&d, 2);
	assert_false(desk_server(d.desk, 0)->file->bystander);
	assert_false(desk_server(d.desk, 1)->file->bystander);
	assert_int_equal(desk_summary(d.desk).errors, 2);
	desk_close(d.desk);
}

static void test_desk__a_port_is_a_server_of_its_own(void **state)
{
	struct deal d = deal_begin(state, false);
	struct handshake *hs = fresh(&d);

	hs->side[SIDE_SERVER].address.port = 8883;
	hand_in(&d, hs);
	hand_in_completed(&d, 1);
	(void)conclude(&d, 2);
	desk_close(d.desk);
}

static void test_desk__handshakes_stand_in_the_order_of_their_start(void **state)
{
	struct deal d = deal_begin(state, false);
	struct handshake *one = fresh(&d), *two = fresh(&d);
	const struct server_result *r;

	hand_in(&d, two);
	hand_in(&d, one);
	r = conclude(&d, 1);
	assert_int_equal(r->file->kept[0]->hs->id, 1);
	assert_int_equal(r->file->kept[1]->hs->id, 2);
	assert_false(r->file->bystander);
	desk_close(d.desk);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_desk__an_empty_desk_has_no_servers),
		RULE_TEST(test_desk__what_was_agreed_is_that_of_all_completed),
		RULE_TEST(
			test_desk__an_open_end_is_settled_by_the_same_client_or_the_same_features),
		RULE_TEST(test_desk__open_ends_beyond_all_room_stay_open),
		RULE_TEST(test_desk__servers_of_one_address_know_each_other),
		RULE_TEST(test_desk__names_part_the_handshakes_of_one_address),
		RULE_TEST(test_desk__targets_of_one_address_and_one_name_are_judged_apart),
		RULE_TEST(test_desk__what_has_no_hello_is_with_the_only_server_there),
		RULE_TEST(test_desk__what_has_no_hello_is_with_neither_of_two),
		RULE_TEST(test_desk__keeps_the_first_failed_ones_and_counts_all),
		RULE_TEST(test_desk__keeps_a_few_completed_ones),
		RULE_TEST(test_desk__completed_ones_that_show_something_have_their_own_room),
		RULE_TEST(test_desk__incomplete_ones_are_counted_apart_and_kept_like_failed_ones),
		RULE_TEST(test_desk__large_handshakes_press_it_to_keep_fewer_and_count_all),
		RULE_TEST(test_desk__under_pressure_completed_ones_go_before_failed_ones),
		RULE_TEST(test_desk__completed_ones_never_press_out_failed_ones),
		RULE_TEST(test_desk__what_was_not_kept_and_shows_something_is_counted),
		RULE_TEST(test_desk__a_failing_server_takes_the_place_of_a_healthy_one),
		RULE_TEST(test_desk__failing_servers_come_before_those_that_break_off),
		RULE_TEST(test_desk__failing_servers_beyond_all_room_are_counted),
		RULE_TEST(
			test_desk__quiet_answers_have_messages_only_where_kept_ones_show_something),
		RULE_TEST(test_desk__the_worst_server_comes_first_then_the_earliest),
		RULE_TEST(test_desk__of_servers_that_were_asked_for_none_is_a_bystander),
		RULE_TEST(test_desk__beside_refused_connections_alone_none_is_a_bystander),
		RULE_TEST(test_desk__a_port_is_a_server_of_its_own),
		RULE_TEST(test_desk__handshakes_stand_in_the_order_of_their_start),
	};

	return RULE_TESTS(tests, argc, argv);
}
