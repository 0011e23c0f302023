/* A survey of servers that are made of lists: what it finds, and with how many questions. */
#include "survey/survey.h"

#include "names/names.h"

#include "support/unit.h"

#include <stdio.h>

enum { TLS10 = 0x0301, TLS11 = 0x0302, TLS12 = 0x0303, TLS13 = 0x0304 };

/* A server as its configuration has it; lists end with 0. */
struct model {
	uint16_t versions[4];
	uint16_t suites13[8], suites12[16];
	uint16_t groups[12], schemes13[8], schemes12[12];
	bool own_order; /* else the client's */
	uint16_t
		favourite; /* of the suites up to TLS 1.2, which it takes where the client's first is not its own first */
	bool dual; /* with certificates of two kinds: a suite takes schemes of its own */
	bool wants_share;
	uint16_t
		key_group; /* of its certificate, which the client's groups must have up to TLS 1.2 */
	bool asks, demands, etm, mfl;
	bool tickets, hasty, staples; /* of TLS 1.3; hasty: a ticket comes after most have gone */
	const char *protocols[4];
	size_t hello_max;            /* bytes; 0: any */
	size_t suites_max;           /* up to TLS 1.2, in a hello; 0: any number */
	bool one_record;             /* it cannot join a hello */
	unsigned closes;             /* so many connections it closes first */
	unsigned budget;             /* of questions; 0: any number */
	enum survey_outcome instead; /* of all answers, unless it is SURVEY_CHOSE */
	unsigned asked;
};

static uint16_t choose(const uint16_t *own, const struct offer_list *l, bool own_order)
{
	if (own_order) {
		for (; *own != 0; own++)
			if (offer_list_has(l, *own))
				return *own;
		return 0;
	}
	for (size_t i = 0; i < l->n; i++)
		for (const uint16_t *o = own; *o != 0; o++)
			if (*o == l->value[i])
				return *o;
	return 0;
}

static bool refuse(struct survey_reply *r, uint8_t alert)
{
	*r = (struct survey_reply){ .outcome = SURVEY_ALERT, .alert = alert };
	return true;
}

static uint16_t version_of(const struct model *m, const struct offer *o)
{
	for (const uint16_t *v = m->versions; v < m->versions + 4 && *v != 0; v++)
		if (offer_has_version(o, *v))
			return *v;
	return 0;
}

static void choose_protocol(const struct model *m, const struct offer *o, struct survey_reply *r)
{
	for (size_t i = 0; o->alpn[i] != NULL; i++)
		for (size_t k = 0; k < 4 && m->protocols[k] != NULL; k++)
			if (r->protocol[0] == '\0' && strcmp(m->protocols[k], o->alpn[i]) == 0)
				(void)snprintf(r->protocol, sizeof r->protocol, "%s", o->alpn[i]);
}

static bool answer13(const struct model *m, const struct survey_question *q, struct survey_reply *r)
{
	uint16_t scheme = choose(m->schemes13, &q->offer.schemes, m->own_order);

	r->suite = choose(m->suites13, &q->offer.suites, m->own_order);
	r->group = choose(m->groups, &q->offer.groups, m->own_order);
	if (r->suite == 0 || r->group == 0)
		return refuse(r, 40);
	if (m->wants_share && q->offer.n_shares == 0)
		return refuse(r, 109);
	if (q->depth == TALK_HELLO)
		return true;
	if (scheme == 0)
		return refuse(r, 40);
	r->scheme = scheme;
	r->flight = true;
	r->status_request = m->staples;
	r->session_ticket = m->tickets && q->depth == TALK_WHOLE && (q->patient || !m->hasty);
	return true;
}

/* Of the schemes those that the suite's kind of certificate signs with. */
static struct offer_list fitting(const struct offer_list *schemes, uint16_t suite)
{
	const struct suite *chosen = suite_find(suite);
	struct offer_list l = { .n = 0 };

	for (size_t i = 0; i < schemes->n; i++)
		if ((scheme_decode(schemes->value[i]).signature == SIG_ECDSA) ==
			(chosen->auth == AUTH_ECDSA))
			offer_list_add(&l, schemes->value[i]);
	return l;
}

/* The best of the suites that a scheme is offered for. */
static void choose_pair(
	const struct model *m, const struct survey_question *q, struct survey_reply *r)
{
	struct offer_list suites = q->offer.suites, schemes;

	do {
		r->suite = choose(m->suites12, &suites, m->own_order);
		if (r->suite == 0)
			return;
		schemes = fitting(&q->offer.schemes, r->suite);
		r->scheme = choose(m->schemes12, &schemes, m->own_order);
		(void)offer_list_remove(&suites, r->suite);
	} while (r->scheme == 0);
}

static bool answer12(const struct model *m, const struct survey_question *q, struct survey_reply *r)
{
	if (m->key_group != 0 && !offer_list_has(&q->offer.groups, m->key_group))
		return refuse(r, 40);
	r->suite = choose(m->suites12, &q->offer.suites, m->own_order);
	r->group = choose(m->groups, &q->offer.groups, m->own_order);
	r->scheme = choose(m->schemes12, &q->offer.schemes, m->own_order);
	if (m->dual)
		choose_pair(m, q, r);
	if (m->favourite != 0 && offer_list_has(&q->offer.suites, m->favourite) &&
		q->offer.suites.value[0] != m->suites12[0])
		r->suite = m->favourite;
	if (r->version < TLS12)
		r->scheme = 0;
	if (r->suite == 0 || r->group == 0 || (r->scheme == 0 && r->version >= TLS12))
		return refuse(r, 40);
	r->key_group = m->key_group;
	r->flight = true;
	r->extended_master_secret = true;
	r->encrypt_then_mac = m->etm && r->suite == 0xc023;
	r->max_fragment_length = m->mfl && q->offer.max_fragment_length != 0;
	return true;
}

static bool answer(void *ctx, const struct survey_question *q, struct survey_reply *r)
{
	struct model *m = ctx;

	*r = (struct survey_reply){ .outcome = SURVEY_CHOSE };
	if (m->budget != 0 && m->asked == m->budget)
		return false;
	m->asked++;
	if (m->asked <= m->closes)
		r->outcome = SURVEY_CLOSED;
	if (m->instead != SURVEY_CHOSE)
		r->outcome = m->instead;
	if (r->outcome != SURVEY_CHOSE)
		return true;
	r->version = version_of(m, &q->offer);
	if (r->version == 0)
		return refuse(r, 70);
	if (m->hello_max != 0 && q->offer.padded_to > m->hello_max)
		return refuse(r, 80);
	if (m->suites_max != 0 && r->version < TLS13 && q->offer.suites.n > m->suites_max)
		return refuse(r, 80);
	if (m->one_record && q->hello_record != 0)
		return refuse(r, 50);
	if (!(r->version == TLS13 ? answer13(m, q, r) : answer12(m, q, r)) ||
		r->outcome != SURVEY_CHOSE)
		return true;
	choose_protocol(m, &q->offer, r);
	r->certificate_request = m->asks && r->flight;
	r->n_authorities = r->certificate_request ? 2 : 0;
	r->completed = q->depth == TALK_WHOLE && !m->demands;
	return true;
}

static struct model ordinary(void)
{
	return (struct model){ .versions = { TLS13, TLS12 },
		.suites13 = { 0x1302, 0x1303, 0x1301 },
		.suites12 = { 0xc02c, 0xc02b, 0xc023 },
		.groups = { 0x0017, 0x001d, 0x0018 },
		.schemes13 = { 0x0403 },
		.schemes12 = { 0x0403, 0x0503 },
		.own_order = true,
		.etm = true };
}

static struct survey *surveyed(struct model *m)
{
	static struct survey found;
	const struct survey_options o = { .sni = "server.example" };

	survey_run(&o, answer, m, &found);
	assert_int_equal(found.questions, m->asked);
	return &found;
}

static void assert_values(
	const struct survey_values *v, const uint16_t *want, enum survey_order order)
{
	size_t n = 0;

	for (; want[n] != 0; n++)
		assert_int_equal(v->value[n], want[n]);
	assert_int_equal(v->n, n);
	assert_int_equal(v->order, order);
	assert_true(v->whole);
}

static void test_survey__finds_all_that_is_taken_in_the_servers_order(void **state)
{
	struct model m = ordinary();
	const struct survey *s = surveyed(&m);

	(void)state;
	assert_int_equal(s->version[0].taken, SURVEY_YES);
	assert_int_equal(s->version[1].taken, SURVEY_YES);
	assert_int_equal(s->version[2].taken, SURVEY_NO);
	assert_int_equal(s->version[2].refusal, SURVEY_ALERT);
	assert_int_equal(s->version[2].alert, 70);
	assert_int_equal(s->version[3].taken, SURVEY_NO);
	assert_values(&s->version[0].suites, m.suites13, SURVEY_ORDER_SERVER);
	assert_values(&s->version[1].suites, m.suites12, SURVEY_ORDER_SERVER);
	assert_values(&s->groups[SURVEY_TLS13], m.groups, SURVEY_ORDER_SERVER);
	assert_values(&s->groups[SURVEY_OLDER], m.groups, SURVEY_ORDER_SERVER);
	assert_values(&s->schemes[SURVEY_TLS13], m.schemes13, SURVEY_ORDER_UNKNOWN);
	assert_values(&s->schemes[SURVEY_OLDER], m.schemes12, SURVEY_ORDER_SERVER);
	assert_false(s->cut_short);
	assert_in_range(s->questions - s->n_stacks, 25, 32);
	assert_in_range(s->n_stacks, 12, SURVEY_STACKS_MAX);
	for (size_t i = 0; i < s->n_stacks; i++)
		assert_int_equal(s->stack[i].taken, SURVEY_YES);
}

static void test_survey__says_when_the_clients_order_decides(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.own_order = false;
	s = surveyed(&m);
	assert_int_equal(s->version[0].suites.order, SURVEY_ORDER_CLIENT);
	assert_int_equal(s->version[1].suites.order, SURVEY_ORDER_CLIENT);
	assert_int_equal(s->groups[SURVEY_TLS13].order, SURVEY_ORDER_CLIENT);
	assert_int_equal(s->schemes[SURVEY_OLDER].order, SURVEY_ORDER_CLIENT);
	assert_int_equal(s->version[0].suites.n, 3);
	assert_int_equal(s->version[1].suites.n, 3);
}

/* What stands before what is told by the whole hello, not by one that lacks the schemes of half of the suites. */
static void test_survey__two_certificates_are_told_in_the_order_that_holds(void **state)
{
	static const uint16_t suites[] = { 0xc02f, 0xc02b, 0xc030, 0xc02c, 0xc027, 0 };
	static const uint16_t schemes[] = { 0x0401, 0x0403, 0x0501, 0 };
	static const uint16_t as_offered[] = { 0xc02b, 0xc02c, 0xc02f, 0xc030, 0xc027, 0 };
	struct model m = ordinary();
	const struct survey *s;
	unsigned own_questions;

	(void)state;
	m.dual = true;
	m.versions[0] = TLS12;
	m.versions[1] = 0;
	memcpy(m.suites12, suites, sizeof suites);
	memcpy(m.schemes12, schemes, sizeof schemes);
	s = surveyed(&m);
	own_questions = s->questions;
	assert_values(&s->version[1].suites, suites, SURVEY_ORDER_SERVER);
	assert_int_equal(s->schemes[SURVEY_OLDER].n, 3);
	m.asked = 0;
	m.own_order = false;
	s = surveyed(&m);
	assert_values(&s->version[1].suites, as_offered, SURVEY_ORDER_CLIENT);
	assert_int_equal(s->schemes[SURVEY_OLDER].n, 3);
	assert_int_equal(s->groups[SURVEY_OLDER].n, 3);
	assert_true(s->questions < own_questions);
}

/* Go's servers prefer ChaCha20 where the client does not begin with AES: that is neither's order. */
static void test_survey__an_order_that_is_neither_is_not_claimed(void **state)
{
	static const uint16_t suites[] = { 0xc02b, 0xc02c, 0xcca9, 0xc023, 0 };
	static const uint16_t as_offered[] = { 0xc02b, 0xc02c, 0xcca9, 0xc023, 0 };
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	memcpy(m.suites12, suites, sizeof suites);
	m.favourite = 0xcca9;
	s = surveyed(&m);
	assert_values(&s->version[1].suites, as_offered, SURVEY_ORDER_UNKNOWN);
}

/* A hello with the whole registry may be too long: what there is is found by shorter ones. */
static void test_survey__a_refused_long_hello_is_followed_by_a_short_one(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.suites_max = 100;
	s = surveyed(&m);
	assert_values(&s->version[1].suites, m.suites12, SURVEY_ORDER_SERVER);
	assert_int_equal(s->groups[SURVEY_OLDER].n, 3);
	m.asked = 0;
	m.own_order = false;
	s = surveyed(&m);
	assert_int_equal(s->version[1].suites.n, 3);
	assert_int_equal(s->version[1].suites.order, SURVEY_ORDER_CLIENT);
}

static void test_survey__a_share_goes_along_where_it_is_wanted(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.wants_share = true;
	s = surveyed(&m);
	assert_values(&s->version[0].suites, m.suites13, SURVEY_ORDER_SERVER);
	assert_int_equal(s->groups[SURVEY_TLS13].n, 3);
}

static void test_survey__the_curve_of_the_certificate_stays_on_offer(void **state)
{
	struct model m = ordinary();
	static const uint16_t groups[] = { 0x001d, 0x0018, 0x0017, 0 };
	const struct survey *s;

	(void)state;
	m.key_group = 0x0017;
	memcpy(m.groups, groups, sizeof groups);
	s = surveyed(&m);
	assert_int_equal(s->groups[SURVEY_OLDER].n, 3);
	assert_memory_equal(s->groups[SURVEY_OLDER].value, groups, 3 * sizeof groups[0]);
	assert_int_equal(s->groups[SURVEY_OLDER].order, SURVEY_ORDER_SERVER);
	assert_false(s->groups[SURVEY_OLDER].whole); /* more might stand behind it */
	m.asked = 0;
	m.own_order = false;
	assert_true(surveyed(&m)->groups[SURVEY_OLDER].n == 3);
}

static void test_survey__what_stands_behind_that_curve_stays_hidden(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.key_group = 0x0017; /* the server's first choice */
	s = surveyed(&m);
	assert_int_equal(s->groups[SURVEY_OLDER].n, 1);
	assert_false(s->groups[SURVEY_OLDER].whole);
	assert_true(s->schemes[SURVEY_OLDER].whole);
	assert_int_equal(s->groups[SURVEY_TLS13].n, 3);
}

static void test_survey__old_versions_and_weak_suites_are_found(void **state)
{
	struct model m = ordinary();
	static const uint16_t suites[] = { 0xc013, 0x0005, 0 }, versions[] = { TLS11, TLS10, 0 };
	const struct survey *s;

	(void)state;
	memcpy(m.versions, versions, sizeof versions);
	memcpy(m.suites12, suites, sizeof suites);
	s = surveyed(&m);
	assert_int_equal(s->version[0].taken, SURVEY_NO);
	assert_int_equal(s->version[1].taken, SURVEY_NO);
	assert_values(&s->version[2].suites, suites, SURVEY_ORDER_SERVER);
	assert_values(&s->version[3].suites, suites, SURVEY_ORDER_SERVER);
	assert_values(&s->groups[SURVEY_OLDER], m.groups, SURVEY_ORDER_SERVER);
	assert_int_equal(s->schemes[SURVEY_OLDER].n, 0);
}

static void test_survey__versions_that_are_not_wanted_are_not_asked_for(void **state)
{
	struct model m = ordinary();
	const struct survey_options o = { .min_version = TLS12, .max_version = TLS12 };
	struct survey s;

	(void)state;
	survey_run(&o, answer, &m, &s);
	assert_int_equal(s.version[0].taken, SURVEY_UNKNOWN);
	assert_int_equal(s.version[1].taken, SURVEY_YES);
	assert_int_equal(s.version[2].taken, SURVEY_UNKNOWN);
	assert_int_equal(s.version[3].taken, SURVEY_UNKNOWN);
}

static void test_survey__features_and_protocols(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.protocols[0] = "http/1.1";
	m.protocols[1] = "h2";
	m.mfl = true;
	s = surveyed(&m);
	assert_int_equal(s->feature[SURVEY_EXTENDED_MASTER_SECRET], SURVEY_YES);
	assert_int_equal(s->feature[SURVEY_ENCRYPT_THEN_MAC], SURVEY_YES);
	assert_int_equal(s->feature[SURVEY_RENEGOTIATION_INFO], SURVEY_NO);
	assert_int_equal(s->feature[SURVEY_MAX_FRAGMENT_LENGTH], SURVEY_YES);
	assert_int_equal(s->feature[SURVEY_HELLO_IN_RECORDS], SURVEY_YES);
	assert_true(s->protocols_asked);
	assert_int_equal(s->n_protocols, 2);
	assert_string_equal(s->protocol[0], "h2");
	assert_string_equal(s->protocol[1], "http/1.1");
	assert_int_equal(s->client_auth, SURVEY_AUTH_NOT_ASKED);
	m = ordinary();
	m.etm = false;
	m.suites12[2] = 0;
	s = surveyed(&m);
	assert_int_equal(s->feature[SURVEY_ENCRYPT_THEN_MAC], SURVEY_UNKNOWN);
	assert_int_equal(s->feature[SURVEY_MAX_FRAGMENT_LENGTH], SURVEY_NO);
	assert_int_equal(s->n_protocols, 0);
}

/* Under TLS 1.3's keys; a ticket may come when the client has gone. */
static void test_survey__tickets_and_stapling_of_tls13(void **state)
{
	static const struct {
		bool tickets, hasty, staples, demands;
		enum survey_fact ticket, stapling;
	} rows[] = {
		{ true, false, true, false, SURVEY_YES, SURVEY_YES },
		{ true, true, false, false, SURVEY_YES, SURVEY_NO },
		{ false, false, false, false, SURVEY_NO, SURVEY_NO },
		/* Nobody came so far. */
		{ true, false, false, true, SURVEY_UNKNOWN, SURVEY_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct model m = ordinary();
		const struct survey *s;

		m.versions[1] = 0;
		m.tickets = rows[i].tickets;
		m.hasty = rows[i].hasty;
		m.staples = rows[i].staples;
		m.asks = m.demands = rows[i].demands;
		s = surveyed(&m);
		assert_int_equal(s->feature[SURVEY_SESSION_TICKET], rows[i].ticket);
		assert_int_equal(s->feature[SURVEY_STATUS_REQUEST], rows[i].stapling);
		assert_int_equal(s->feature[SURVEY_EXTENDED_MASTER_SECRET], SURVEY_UNKNOWN);
	}
}

static void test_survey__a_certificate_is_asked_for_or_demanded(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.asks = true;
	s = surveyed(&m);
	assert_int_equal(s->client_auth, SURVEY_AUTH_ASKED);
	assert_int_equal(s->n_authorities, 2);
	m.asked = 0;
	m.demands = true;
	assert_int_equal(surveyed(&m)->client_auth, SURVEY_AUTH_DEMANDED);
	m.asked = 0;
	m.versions[1] = 0; /* TLS 1.3 alone: it stands under the keys */
	assert_int_equal(surveyed(&m)->client_auth, SURVEY_AUTH_DEMANDED);
}

static void test_survey__the_longest_hello_is_found_by_halves(void **state)
{
	static const size_t limits[] = { 600, 1024, 1500, 4096, 15000 };

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		struct model m = ordinary();
		const struct survey *s;

		m.hello_max = limits[i];
		m.one_record = true;
		s = surveyed(&m);
		assert_in_range(s->hello_taken, 512, limits[i]);
		assert_in_range(s->hello_refused, limits[i] + 1, limits[i] + 512);
		assert_int_equal(s->feature[SURVEY_HELLO_IN_RECORDS], SURVEY_NO);
	}
}

static void test_survey__a_close_counts_when_it_comes_again(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.closes = 1;
	assert_int_equal(surveyed(&m)->version[0].taken, SURVEY_YES);
	m = ordinary();
	m.closes = 2;
	s = surveyed(&m);
	assert_int_equal(s->version[0].taken, SURVEY_NO);
	assert_int_equal(s->version[0].refusal, SURVEY_CLOSED);
	assert_int_equal(s->version[1].taken, SURVEY_YES);
}

static void test_survey__silence_and_what_is_no_tls_are_not_asked_for_ever(void **state)
{
	struct model m = ordinary();
	const struct survey *s;

	(void)state;
	m.instead = SURVEY_SILENT;
	s = surveyed(&m);
	assert_int_equal(s->questions, 3);
	assert_true(s->cut_short);
	m.asked = 0;
	m.instead = SURVEY_NO_TLS;
	s = surveyed(&m);
	assert_int_equal(s->questions, 1);
	assert_true(s->cut_short);
	assert_int_equal(s->version[0].taken, SURVEY_UNKNOWN);
}

static void test_survey__what_the_budget_leaves_out_is_not_known(void **state)
{
	(void)state;
	for (unsigned budget = 1; budget < 24; budget++) {
		struct model m = ordinary();
		const struct survey *s;

		m.budget = budget;
		s = surveyed(&m);
		assert_true(s->cut_short);
		assert_int_equal(s->questions, budget);
		if (s->version[1].taken != SURVEY_YES)
			assert_false(s->version[1].suites.whole);
		assert_int_equal(s->hello_refused, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_survey__finds_all_that_is_taken_in_the_servers_order),
		cmocka_unit_test(test_survey__says_when_the_clients_order_decides),
		cmocka_unit_test(test_survey__two_certificates_are_told_in_the_order_that_holds),
		cmocka_unit_test(test_survey__an_order_that_is_neither_is_not_claimed),
		cmocka_unit_test(test_survey__a_refused_long_hello_is_followed_by_a_short_one),
		cmocka_unit_test(test_survey__a_share_goes_along_where_it_is_wanted),
		cmocka_unit_test(test_survey__the_curve_of_the_certificate_stays_on_offer),
		cmocka_unit_test(test_survey__what_stands_behind_that_curve_stays_hidden),
		cmocka_unit_test(test_survey__old_versions_and_weak_suites_are_found),
		cmocka_unit_test(test_survey__versions_that_are_not_wanted_are_not_asked_for),
		cmocka_unit_test(test_survey__features_and_protocols),
		cmocka_unit_test(test_survey__tickets_and_stapling_of_tls13),
		cmocka_unit_test(test_survey__a_certificate_is_asked_for_or_demanded),
		cmocka_unit_test(test_survey__the_longest_hello_is_found_by_halves),
		cmocka_unit_test(test_survey__a_close_counts_when_it_comes_again),
		cmocka_unit_test(test_survey__silence_and_what_is_no_tls_are_not_asked_for_ever),
		cmocka_unit_test(test_survey__what_the_budget_leaves_out_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
