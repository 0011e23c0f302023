/* Which messages are out of turn, and that holes never make them so. */
#include "base/array.h"
#include "support/tls_talk.h"

static void assert_ladders(const char *const (*rows)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tls_talk t;

		assert_ladder(talk_whole(&t, rows[i][0]), rows[i][1]);
		tls_talk_close(&t);
	}
}

#define ASSERT_LADDERS(rows) assert_ladders(rows, sizeof(rows) / sizeof *(rows))

/* RFC 8446 4.1.4: one retry, no second. */
static void test_order__a_second_retry_is_out_of_turn(void **state)
{
	static const char *const rows[][2] = {
		{ "c:CH13 s:HRR c:CH13 s:SH13 c:alert47",
			"c:ClientHello s:ServerHello c:ClientHello s:ServerHello c:alert47" },
		{ "c:CH13 s:HRR c:CH13 s:HRR c:alert10",
			"c:ClientHello s:ServerHello c:ClientHello s:ServerHello! c:alert10" },
	};

	(void)state;
	ASSERT_LADDERS(rows);
}

static void test_order__messages_in_turn_are_expected(void **state)
{
	static const char *const rows[][2] = {
		{ "c:CH s:SHN s:CERT s:SHD c:CKE c:CCS c:alert80",
			"c:ClientHello s:ServerHello s:Certificate s:ServerHelloDone "
			"c:ClientKeyExchange c:CCS c:alert80" },
		{ "c:CH s:SH s:CERT s:SKE s:CR s:SHD c:CERT c:CKE c:CV c:CCS c:e22 s:alert42",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:CertificateRequest s:ServerHelloDone c:Certificate c:ClientKeyExchange "
			"c:CertificateVerify c:CCS c:e22x1 s:alert42" },
		{ "c:CH s:SH s:CERT s:SKE s:CR s:SHD c:NOCERT c:CKE c:CCS s:alert40",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:CertificateRequest s:ServerHelloDone c:Certificate c:ClientKeyExchange "
			"c:CCS s:alert40" },
		{ "c:CHT s:SHR s:NST s:CCS s:e22 c:alert20",
			"c:ClientHello s:ServerHello s:NewSessionTicket s:CCS s:e22x1 c:alert20" },
		{ "c:CHS s:SHR s:CCS s:e22 c:alert20",
			"c:ClientHello s:ServerHello s:CCS s:e22x1 c:alert20" },
		{ "s:HREQ c:CH s:alert40", "s:HelloRequest c:ClientHello s:alert40" },
		{ "c:CH13 c:CCS c:e23 s:SH13 s:CCS s:d13 c:alert47",
			"c:ClientHello c:CCS c:e23x1 s:ServerHello s:CCS s:e23x1 c:alert47" },
	};

	(void)state;
	ASSERT_LADDERS(rows);
}

/* Which of CERT and SKE a server may send, and which it must. */
static void test_order__each_key_exchange_has_its_messages(void **state)
{
	static const struct {
		const char *suite;
		bool cert_alone, both, ske_alone, neither; /* are in turn */
	} rows[] = {
		{ "002f", true, false, false, false }, /* RSA */
		{ "0003", true, true, false,
			false }, /* RSA for export: of a short key of its own */
		{ "000e", true, false, false, false }, /* DH for export */
		{ "0031", true, false, false, false }, /* DH */
		{ "c00e", true, false, false, false }, /* ECDH */
		{ "0033", false, true, false, false }, /* DHE */
		{ "c013", false, true, false, false }, /* ECDHE */
		{ "0034", false, true, true, false },  /* DH_anon */
		{ "c018", false, true, true, false },  /* ECDH_anon */
		{ "008c", true, true, true, true },    /* PSK: a hint may be */
		{ "0090", false, true, true, false },  /* DHE_PSK */
		{ "c035", false, true, true, false },  /* ECDHE_PSK */
		{ "0094", true, true, false, false },  /* RSA_PSK */
		{ "c01d", false, true, true, false },  /* SRP */
		{ "c01e", false, true, false, false }, /* SRP_RSA */
		{ "001e", true, true, true, true },    /* KRB5 */
		{ "c0ff", false, true, true, false },  /* ECJPAKE */
		{ "fafa", true, true, true, true },    /* nobody knows */
	};
	static const char *const flights[] = { "CERT", "CERT+SKE", "SKE", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const bool in_turn[] = { rows[i].cert_alone, rows[i].both, rows[i].ske_alone,
			rows[i].neither };

		for (size_t k = 0; k < COUNT(flights); k++) {
			char script[80];
			struct tls_talk t;
			const struct handshake *hs;
			bool unexpected = false;

			(void)snprintf(script, sizeof script, "c:CH s:SH=%s s:%s%sSHD",
				rows[i].suite, flights[k] != NULL ? flights[k] : "",
				flights[k] != NULL ? "+" : "");
			hs = talk_whole(&t, script);
			for (size_t e = 0; e < hs->n_events; e++)
				unexpected |= hs->events[e].unexpected;
			if (unexpected == in_turn[k])
				fail_msg("%s: %d", script, unexpected);
			tls_talk_close(&t);
		}
	}
}

static void test_order__messages_out_of_turn_are_marked(void **state)
{
	static const char *const rows[][2] = {
		/* no session is resumed that was asked for by another id */
		{ "c:CHS s:SH s:CCS s:e22 c:alert10",
			"c:ClientHello s:ServerHello s:CCS! s:e22x1 c:alert10" },
		/* Finished where ServerHelloDone belongs */
		{ "c:CH s:SH s:CERT s:SKE s:FINISHED c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange s:Finished! "
			"c:alert10" },
		{ "c:CH s:SH s:SKE s:CERT s:SHD c:alert10",
			"c:ClientHello s:ServerHello s:ServerKeyExchange! s:Certificate! "
			"s:ServerHelloDone c:alert10" },
		{ "c:CH s:SH s:CERT s:SHD c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerHelloDone! c:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD s:SHD c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone s:ServerHelloDone! c:alert10" },
		{ "c:CH s:SHN s:CERT s:SKE s:SHD c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange! "
			"s:ServerHelloDone c:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:CCS c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange s:CCS! "
			"c:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD s:CCS c:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone s:CCS! c:alert10" },
		{ "c:CH s:SH s:CCS c:alert10", "c:ClientHello s:ServerHello s:CCS! c:alert10" },
		{ "c:CH s:CERT c:alert10", "c:ClientHello s:Certificate! c:alert10" },
		{ "c:CH s:SH s:SH c:alert10",
			"c:ClientHello s:ServerHello s:ServerHello! c:alert10" },
		{ "c:CH c:CH s:alert10", "c:ClientHello c:ClientHello! s:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:CV s:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone c:CertificateVerify! s:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:CERT s:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone c:Certificate! s:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:CCS s:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone c:CCS! s:alert10" },
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:e23 s:alert10",
			"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			"s:ServerHelloDone c:e23x1! s:alert10" },
		{ "c:CH13 s:SH13 s:CERT c:alert10",
			"c:ClientHello s:ServerHello s:Certificate! c:alert10" },
		{ "c:CH13 s:SH13 s:SH13 c:alert10",
			"c:ClientHello s:ServerHello s:ServerHello! c:alert10" },
		{ "c:CH s:CKE c:alert10", "c:ClientHello s:ClientKeyExchange! c:alert10" },
	};

	(void)state;
	ASSERT_LADDERS(rows);
}

static void test_order__holes_excuse_what_is_missing(void **state)
{
	static const char *const rows[][2] = {
		{ "c:CH s:SH s:gap40 s:SHD c:alert48",
			"c:ClientHello s:ServerHello s:gap s:ServerHelloDone c:alert48" },
		{ "c:CH s:gap500 s:SKE s:SHD c:alert48",
			"c:ClientHello s:gap s:ServerKeyExchange s:ServerHelloDone c:alert48" },
		{ "c:CH s:lost s:CERT c:alert48", "c:ClientHello s:gap s:Certificate c:alert48" },
	};

	(void)state;
	ASSERT_LADDERS(rows);
}

static void test_order__late_start_excuses_what_came_before(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	t.flow.dir[0].syn = t.flow.dir[1].syn = t.flow.opener_known = false;
	talk_gap(&t, 1, GAP_UNKNOWN, GAP_MIDWAY);
	talk_say(&t, "s:SKE s:SHD");
	talk_gap(&t, 0, GAP_UNKNOWN, GAP_MIDWAY);
	talk_say(&t, "c:CKE c:CCS c:e22 s:CCS s:e22");
	talk_end(&t, FLOW_INPUT_ENDED);
	assert_int_equal(t.n, 1);
	assert_ladder(t.hs[0], "s:ServerKeyExchange s:ServerHelloDone c:ClientKeyExchange c:CCS "
			       "c:e22x1 s:CCS s:e22x1");
	assert_true(t.hs[0]->midway);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_INCOMPLETE);
	assert_int_equal(t.hs[0]->ske.group, 0x0017); /* told by the shape of the message */
	tls_talk_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order__a_second_retry_is_out_of_turn),
		cmocka_unit_test(test_order__messages_in_turn_are_expected),
		cmocka_unit_test(test_order__each_key_exchange_has_its_messages),
		cmocka_unit_test(test_order__messages_out_of_turn_are_marked),
		cmocka_unit_test(test_order__holes_excuse_what_is_missing),
		cmocka_unit_test(test_order__late_start_excuses_what_came_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
