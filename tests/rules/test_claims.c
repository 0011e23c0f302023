/* What programs say, without a byte to hold it against, and with. */
#include "diagnose/claims.h"
#include "diagnose/rank.h"
#include "rules/facts.h"
#include "rules/said.h"

#define CAUSE(name) extern const struct cause cause_##name;
CAUSE(ca_not_trusted)
#undef CAUSE

#include <stdio.h>
#include <stdlib.h>

/* A handshake of which a log has only words. */
static struct handshake *only_words(struct facts *f)
{
	struct handshake *hs = f->hs;
	struct handshake empty = {
		.id = hs->id, .input = 1, .arena = hs->arena, .first_packet = 12
	};

	empty.side[0].address = hs->side[0].address;
	empty.side[1].address = hs->side[1].address;
	*hs = empty;
	hs->logged = true;
	hs->outcome = OUTCOME_FAILED;
	hs->ending = ENDING_CAPTURE;
	return hs;
}

static void remark(struct handshake *hs, enum side by, enum saying saying, const char *words)
{
	static struct remark remarks[2][4];
	struct party *p = &hs->side[by];

	p->remarks = remarks[by];
	remarks[by][p->n_remarks++] = (struct remark){ saying, 12, words };
}

static void word(
	struct handshake *hs, enum side by, const char *release, int code, const char *state)
{
	hs->side[by].word =
		(struct library_word){ .release = release, .code = code, .state = state };
}

static void test_claims__name_a_cause_without_a_byte(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	remark(hs, SIDE_CLIENT, SAYING_peer_expired, "verify error:num=10:certificate has expired");
	assert_shown(f, certificate_expired, "error", "likely");
	assert_proves(f, "the client's log: verify error:num=10:certificate has expired");
	assert_int_equal(proof_packet(&f->finding, "verify error"), 12);
	assert_shown(f, clock_wrong, "error", "possible");
	assert_not_shown(f, name_mismatch);
	assert_not_shown(f, ca_not_trusted);
}

static void test_claims__of_a_server_are_about_its_client(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_SERVER, SAYING_peer_untrusted, "unknown ca");
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	assert_not_shown(f, ca_not_trusted);
}

static void test_claims__give_way_to_a_check_that_passed(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	/* The chain is in date by the bytes: it is the device's clock. */
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 45);
	hs->logged = true;
	remark(hs, SIDE_CLIENT, SAYING_peer_expired, "! The certificate has expired");
	assert_not_shown(f, certificate_expired);
	assert_shown(f, clock_wrong, "error", "likely");
}

static void test_claims__of_a_log_beside_a_capture_are_of_its_lines(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	hs->has_log = true;
	remark(hs, SIDE_CLIENT, SAYING_altered_on_way,
		"Certificate, byte 69: 1f in the log, 0f in the capture");
	assert_shown(f, message_corrupted, "error", "likely");
	assert_proves(f, "the client's log and the capture differ: Certificate, byte 69: 1f in the "
			 "log, 0f in the capture");
	assert_int_equal(proof_packet(&f->finding, "the client's log and"), 12); /* the message's */
	remark(hs, SIDE_CLIENT, SAYING_out_of_memory, "alloc() failed");
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_proves(f, "the client's log, line 12: alloc() failed");
	assert_int_equal(proof_packet(&f->finding, "the client's log, line"), 0);
}

/* ---- certificates that a log prints ---- */

static const struct printed_cert *printed(void)
{
	static const struct printed_cert cert = { .line = 21,
		.subject = "CN=dev.example",
		.not_before = 1600000000,
		.not_after = 1700000000,
		.names = "dev.example",
		.key = KEY_RSA,
		.key_bits = 1024,
		.key_group = 0x0019,
		.hash = HASH_SHA1 };

	return &cert;
}

static void print_fault(struct handshake *hs, enum side of, enum printed_fault fault)
{
	struct printed_judgement *j = &hs->side[of].printed_judged;

	*j = (struct printed_judgement){ .at = 1800000000, .name = "www.example" };
	j->fault[fault] = printed();
}

static void test_printed__certificates_speak_for_their_causes(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	print_fault(hs, SIDE_SERVER, PRINTED_EXPIRED);
	assert_shown(f, certificate_expired, "error", "likely");
	assert_proves(f, "the certificate that the log prints, 'CN=dev.example', is valid until "
			 "2023-11-14");
	assert_proves(f, "the handshake took place at 2027-01-15");
	assert_int_equal(proof_packet(&f->finding, "the certificate that the log"), 21);
	hs->undated = true;
	assert_shown(f, certificate_expired, "error", "likely");
	assert_proves(f, "the log has no dates: it is judged at 2027-01-15");
	print_fault(hs, SIDE_SERVER, PRINTED_NOT_YET);
	assert_shown(f, certificate_not_yet_valid, "error", "likely");
	assert_proves(f, "valid from 2020-09-13");
	print_fault(hs, SIDE_SERVER, PRINTED_OTHER_NAME);
	assert_shown(f, name_mismatch, "error", "likely");
	assert_proves(f, "with the names dev.example, is not for 'www.example'");
	print_fault(hs, SIDE_SERVER, PRINTED_WEAK_KEY);
	assert_shown(f, weak_key, "error", "likely");
	assert_proves(f, "the key of 'CN=dev.example' has 1024 bits, as the log prints it");
	print_fault(hs, SIDE_SERVER, PRINTED_WEAK_HASH);
	assert_shown(f, weak_signature, "error", "likely");
	assert_proves(f, "is signed with SHA-1, as the log prints it");
	print_fault(hs, SIDE_SERVER, PRINTED_OTHER_USE);
	assert_shown(f, ext_key_usage_forbids, "error", "likely");
	assert_proves(f, "does not allow the use by the server");
	print_fault(hs, SIDE_SERVER, PRINTED_CURVE);
	assert_shown(f, certificate_curve_unsupported, "error", "likely");
	assert_proves(f, "is on secp521r1, as the log prints it");
}

static void test_printed__a_fault_is_less_sure_where_nobody_speaks_of_certificates(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	print_fault(hs, SIDE_SERVER, PRINTED_EXPIRED);
	assert_shown(f, certificate_expired, "error", "possible");
	hs->outcome = OUTCOME_COMPLETED;
	assert_shown(f, certificate_expired, "warning", "likely");
	hs->outcome = OUTCOME_INCOMPLETE;
	assert_not_shown(f, certificate_expired);
}

/* Who says what it was has let the rest pass. */
static void test_printed__a_fault_gives_way_to_the_one_that_is_named(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	print_fault(hs, SIDE_SERVER, PRINTED_WEAK_HASH);
	hs->side[SIDE_SERVER].printed_judged.fault[PRINTED_OTHER_NAME] = printed();
	remark(hs, SIDE_CLIENT, SAYING_peer_name, "hostname mismatch");
	assert_not_shown(f, weak_signature);
	assert_shown(f, name_mismatch, "error", "likely");
	assert_proves(f, "the client's log: hostname mismatch");
	assert_proves(f, "is not for 'www.example'");
}

static void test_printed__a_client_s_certificate_is_the_server_s_matter(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_SERVER, "mbedTLS 3.6.6", -0x2700, "CLIENT_CERTIFICATE");
	print_fault(hs, SIDE_CLIENT, PRINTED_OTHER_USE);
	assert_shown(f, ext_key_usage_forbids, "error", "likely");
	assert_proves(f, "does not allow the use by the client");
	print_fault(hs, SIDE_CLIENT, PRINTED_OTHER_NAME); /* no name is looked for in it */
	assert_not_shown(f, name_mismatch);
}

static void heap(struct handshake *hs, enum side by, enum heap_moment moment, uint64_t bytes)
{
	hs->side[by].word.heap = (struct free_heap){
		.moment = moment, .bytes = bytes, .line = 14, .words = "Free heap: as it was"
	};
}

static void test_heap__that_is_used_up_is_the_reason_of_what_memory_is_told_as(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	heap(hs, SIDE_CLIENT, HEAP_LOWEST, 1044);
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_proves(f, "the client had 1044 bytes of free heap at the least");
	assert_int_equal(proof_packet(&f->finding, "1044 bytes"), 14);
	assert_shown(f, ca_not_trusted, "error", "possible"); /* the word's own reading stays */
	heap(hs, SIDE_CLIENT, HEAP_WITHIN, 4096);
	assert_not_shown(f, heap_exhausted);
	heap(hs, SIDE_CLIENT, HEAP_BEFORE, 9412);
	assert_shown(f, heap_exhausted, "error", "likely");
	heap(hs, SIDE_CLIENT, HEAP_BEFORE, 34212);
	assert_shown(f, heap_exhausted, "error", "possible");
	assert_proves(f, "34212 bytes of free heap before the handshake");
	heap(hs, SIDE_CLIENT, HEAP_BEFORE, 61000);
	assert_not_shown(f, heap_exhausted);
}

static void test_heap__is_no_reason_of_what_has_another(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	remark(hs, SIDE_CLIENT, SAYING_peer_name,
		"! The certificate Common Name (CN) does not match");
	heap(hs, SIDE_CLIENT, HEAP_LOWEST, 1044);
	assert_not_shown(f, heap_exhausted);
	hs = only_words(f);
	heap(hs, SIDE_CLIENT, HEAP_LOWEST, 1044);
	hs->outcome = OUTCOME_COMPLETED;
	assert_not_shown(f, heap_exhausted);
}

/* A chain that verifies here and not there is most often a heap that ran out; not one that never ran low. */
static void test_heap__that_never_ran_low_has_not_run_out(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	hs->logged = true;
	hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	remark(hs, SIDE_CLIENT, SAYING_peer_untrusted, "! not trusted");
	hs->side[SIDE_CLIENT].word.release = "mbedTLS 2.28.3";
	assert_shown(f, heap_exhausted, "error", "likely");
	heap(hs, SIDE_CLIENT, HEAP_LOWEST, 16383);
	assert_shown(f, heap_exhausted, "error", "likely");
	heap(hs, SIDE_CLIENT, HEAP_LOWEST, 16384);
	assert_not_shown(f, heap_exhausted);
	remark(hs, SIDE_CLIENT, SAYING_out_of_memory, "no memory"); /* of another heap, maybe */
	assert_shown(f, heap_exhausted, "error", "likely");
}

static void test_heap__of_a_server_is_the_servers(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	remark(hs, SIDE_SERVER, SAYING_failed, "handshake failed");
	heap(hs, SIDE_SERVER, HEAP_WITHIN, 4095);
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_proves(f, "the server had 4095 bytes");
	assert_string_equal(f->finding.summary, "The server ran out of memory in the handshake");
}

/* What one log shows as sent and the other as received differs: the signature is bad for that. */
static void test_claims__that_a_message_was_altered_stand_before_what_comes_of_it(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	hs->logged = true;
	hs->side[SIDE_SERVER].proof.signature = (struct verdict){ PROOF_INVALID, NULL };
	remark(hs, SIDE_CLIENT, SAYING_altered,
		"ServerKeyExchange, byte 9: 00 in the log of who sent");
	assert_shown(f, message_corrupted, "error", "certain");
	assert_proves(f, "the client's log: ServerKeyExchange, byte 9");
	assert_int_equal(f->finding.assumptions, 0);
	assert_true(f->finding.n_explains >= 2);
	hs->side[SIDE_CLIENT].n_remarks = 0;
	assert_not_shown(f, message_corrupted);
}

static void test_claims__of_a_failed_verification_are_vague(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	assert_shown(f, ca_not_trusted, "error", "possible");
	assert_proves(f, "-0x2700");
	assert_shown(f, clock_wrong, "error", "possible");
	/* The flags say which of them it is. */
	hs->side[SIDE_CLIENT].word.verify_flags = 0x04;
	assert_not_shown(f, ca_not_trusted);
	assert_shown(f, name_mismatch, "error", "likely");
}

static void test_claims__read_a_code_by_its_version(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	/* -0x7500 was CERTIFICATE_TOO_LARGE and is UNSUPPORTED_EXTENSION. */
	word(hs, SIDE_SERVER, "mbedTLS 2.28.3", -0x7500, "SERVER_CERTIFICATE");
	assert_shown(f, record_too_large, "error", "likely");
	word(hs, SIDE_SERVER, "mbedTLS 3.6.0", -0x7500, NULL);
	assert_not_shown(f, record_too_large);
}

static void test_claims__find_memory_in_the_low_part_of_a_code(void **state)
{
	struct facts *f = *state;

	word(only_words(f), SIDE_CLIENT, "mbedTLS 2.28.3", -0x4290, "SERVER_KEY_EXCHANGE");
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_not_shown(f, wrong_private_key);
}

static void test_claims__tell_own_arithmetic_from_the_peers(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_SERVER, "mbedTLS 2.28.3", -0x4c80, "SERVER_KEY_EXCHANGE");
	assert_true(claimed(hs, SIDE_SERVER, SAYING_own_arithmetic));
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	hs = only_words(f);
	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x4c80, "SERVER_KEY_EXCHANGE");
	assert_true(claimed(hs, SIDE_CLIENT, SAYING_peer_point));
	assert_shown(f, point_encoding, "error", "possible");
}

static void test_claims__of_an_end_count_only_alone(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	remark(hs, SIDE_CLIENT, SAYING_peer_closed, "unexpected eof while reading");
	assert_shown(f, peer_closed, "error", "possible");
	remark(hs, SIDE_CLIENT, SAYING_http, "wrong version number");
	assert_not_shown(f, peer_closed);
	assert_shown(f, plain_http, "error", "likely");
}

static void test_claims__come_from_an_alert_where_its_reason_is_not_seen(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	hs->alerts[hs->n_alerts++] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 2, .code = 40, .packet = 3 };
	assert_shown(f, no_common_cipher_suite, "error", "possible");
	assert_shown(f, no_common_group, "error", "possible");
	/* A capture has its own rules. */
	hs->logged = false;
	assert_not_shown(f, no_common_group);
}

static void alert_alone(struct handshake *hs, enum side from, uint8_t code)
{
	hs->alerts[0] = (struct sent_alert){ .from = from, .level = 2, .code = code, .packet = 12 };
	hs->n_alerts = 1;
	hs->ending = ENDING_ALERT;
	hs->ended_by = from;
}

static void test_claims__of_unknown_ca_do_not_tell_what_is_missing(void **state)
{
	struct facts *f = *state;

	alert_alone(only_words(f), SIDE_CLIENT, 48);
	assert_shown(f, ca_not_trusted, "error", "possible");
	assert_shown(f, intermediate_missing, "error", "possible");
	assert_shown(f, no_trust_anchor, "error", "possible");
}

static void test_claims__of_a_useless_certificate_give_way_to_what_is_wrong_with_it(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x7a00, "SERVER_CERTIFICATE");
	assert_shown(f, ext_key_usage_forbids, "error", "possible");
	assert_shown(f, certificate_malformed, "error", "possible");
	remark(hs, SIDE_CLIENT, SAYING_peer_usage, "bad certificate (usage extensions)");
	assert_shown(f, ext_key_usage_forbids, "error", "likely");
	assert_not_shown(f, certificate_malformed);
}

/* A PEM text without its NUL is none that a peer sent. */
static void test_claims__of_a_parser_in_a_handshake_are_about_the_peers_certificate(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2180, "SERVER_CERTIFICATE");
	hs->side[SIDE_CLIENT].word.function = "mbedtls_x509_crt_parse_der";
	assert_shown(f, certificate_malformed, "error", "likely");
	assert_not_shown(f, pem_not_terminated);
}

static void test_claims__of_a_wrong_binder_need_one(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	alert_alone(hs, SIDE_SERVER, 51);
	assert_not_shown(f, psk_mismatch);
	hs->side[SIDE_CLIENT].begun = UINT32_C(1) << HS_CLIENT_HELLO;
	assert_shown(f, psk_mismatch, "error", "possible");
	hs->client_hello.seen = true;
	remark(hs, SIDE_SERVER, SAYING_decrypt_error, "decrypt error");
	assert_not_shown(f, psk_mismatch);
	hs->client_hello.ext.has_pre_shared_key = true;
	assert_shown(f, psk_mismatch, "error", "likely");
	hs->client_hello.ext.has_pre_shared_key = false;
	hs->side[SIDE_SERVER].begun = UINT32_C(1) << HS_SERVER_HELLO;
	assert_not_shown(f, psk_mismatch);
}

/* -0x7180: its client refused the chain, and said so where it was not listened for. */
static void test_claims__of_a_server_of_tls13_that_cannot_decrypt_are_about_its_client(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_SERVER, "mbedTLS 2.28.3", -0x7180, NULL);
	assert_not_shown(f, ca_not_trusted);
	word(hs, SIDE_SERVER, "mbedTLS 3.6.3", -0x7180, NULL);
	assert_shown(f, ca_not_trusted, "error", "possible"); /* it may be TLS 1.3 */
	assert_shown(f, record_cipher_broken, "error", "possible");
	hs->tls13 = true;
	assert_shown(f, ca_not_trusted, "error", "possible");
	assert_shown(f, record_cipher_broken, "error", "possible");
}

static void test_claims__of_the_order_count_where_a_log_may_not_show_it(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 10);
	remark(hs, SIDE_CLIENT, SAYING_unexpected, "unexpected message");
	assert_not_shown(f, unexpected_message);
	hs->logged = true;
	assert_shown(f, unexpected_message, "error", "likely");
	hs->tls13 = true;
	assert_shown(f, unexpected_message, "error", "likely");
}

/* Level 3 prints the random of a hello, and not its extensions. */
static void test_claims__of_the_future_heed_the_clock_of_a_hello_that_breaks_off(void **state)
{
	static const uint8_t set[] = { 1, 0, 1, 0x24, 3, 3, 0x6b, 0x0c, 0x79, 0x29 };
	static const uint8_t unset[] = { 1, 0, 1, 0x24, 3, 3, 0, 0, 0, 9 };
	struct facts *f = *state;
	struct handshake *hs = only_words(f);
	struct event hello[FACTS_EVENTS] = { { .kind = EVENT_MESSAGE,
		.from = SIDE_CLIENT,
		.type = HS_CLIENT_HELLO,
		.raw = { set, sizeof set } } };

	hs->events = hello;
	hs->n_events = 1;
	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	hs->side[SIDE_CLIENT].word.verify_flags = 0x200;
	assert_shown(f, certificate_not_yet_valid, "error", "likely");
	assert_shown(f, clock_wrong, "error", "possible");
	hello[0].raw = (struct bytes){ unset, sizeof unset };
	assert_shown(f, certificate_not_yet_valid, "error", "possible");
	assert_shown(f, clock_wrong, "error", "likely");
	hs->n_events = 0;
}

static void test_claims__of_a_completed_handshake_are_warnings(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	hs->outcome = OUTCOME_COMPLETED;
	hs->ending = ENDING_SETTLED;
	remark(hs, SIDE_CLIENT, SAYING_peer_self_signed, "verify error:num=18");
	assert_shown(f, ca_not_trusted, "warning", "likely");
}

static const char *first_step(struct facts *f)
{
	static char text[400];
	struct finding *found;
	size_t n;

	facts_examine(f);
	rank_findings(&f->file, &found, &n);
	assert_true(n > 0 && found[0].n_steps > 0);
	(void)snprintf(text, sizeof text, "%s", found[0].next_steps[0]);
	free(found);
	return text;
}

static void test_ask__for_what_parts_the_causes_that_remain(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	assert_non_null(strstr(first_step(f), "mbedtls_ssl_get_verify_result"));
	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x4e00, "SERVER_KEY_EXCHANGE");
	assert_non_null(strstr(first_step(f), "get the bytes"));
	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", 0, NULL);
	remark(hs, SIDE_CLIENT, SAYING_peer_refused, "certificate verify failed");
	assert_non_null(strstr(first_step(f), "get_verify_result"));
	hs->side[SIDE_CLIENT].word = (struct library_word){ 0 };
	assert_non_null(strstr(first_step(f), "tlsdiag check"));
}

static void test_ask__not_for_what_is_there(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE");
	hs->side[SIDE_CLIENT].word.verify_flags = 0x08;
	assert_null(strstr(first_step(f), "get_verify_result"));
	hs->side[SIDE_CLIENT].word.verify_flags = 0;
	hs->side[SIDE_SERVER].word.verify_flags = 0x08;
	assert_null(strstr(first_step(f), "get_verify_result"));
	hs->side[SIDE_SERVER].word.verify_flags = 0;
	assert_non_null(strstr(first_step(f), "get_verify_result"));
}

static void test_ask__for_bytes_that_would_prove_a_likely_one(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_SERVER, "mbedTLS 2.16", -0x4c80, "SERVER_KEY_EXCHANGE");
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_non_null(strstr(first_step(f), "get the bytes"));
	word(hs, SIDE_CLIENT, "mbedTLS 3.6.6", -0x5d80, "SERVER_CERTIFICATE");
	hs->side[SIDE_SERVER].word = (struct library_word){ 0 };
	assert_shown(f, hostname_not_set, "error", "likely");
	assert_null(strstr(first_step(f), "get the bytes")); /* which would not show it */
	hs->side[SIDE_CLIENT].word = (struct library_word){ 0 };
	word(hs, SIDE_SERVER, "mbedTLS 2.16", -0x4c80, "SERVER_KEY_EXCHANGE");
	hs->client_hello.seen = true; /* they were got */
	assert_null(strstr(first_step(f), "get the bytes"));
}

/* ---- causes that no byte shows ---- */

static void test_psa_not_initialised__is_a_failure_before_the_hello(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	assert_not_shown(f, psa_not_initialised);
	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x6c00, NULL);
	assert_not_shown(f, psa_not_initialised);
	word(hs, SIDE_CLIENT, "mbedTLS 3.6.0", -0x6c00, NULL);
	assert_shown(f, psa_not_initialised, "error", "possible");
	hs->side[SIDE_CLIENT].word.function = "psa_generate_key";
	assert_shown(f, psa_not_initialised, "error", "likely");
	assert_proves(f, "psa_generate_key returned -0x6C00");
}

static void test_hostname_not_set__is_a_code_of_its_own(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	assert_not_shown(f, hostname_not_set);
	word(hs, SIDE_CLIENT, "mbedTLS 3.6.6", -0x5d80, "SERVER_CERTIFICATE");
	assert_shown(f, hostname_not_set, "error", "likely");
	assert_not_shown(f, name_mismatch);
}

static void test_pem_not_terminated__is_told_by_the_parser_of_certificates(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 2.28.3", -0x2180, NULL);
	assert_not_shown(f, pem_not_terminated);
	hs->side[SIDE_CLIENT].word.function = "mbedtls_x509_crt_parse";
	assert_shown(f, pem_not_terminated, "error", "likely");
	assert_not_shown(f, certificate_malformed);
}

static void test_key_encryption_unsupported__is_told_by_the_parser_of_keys(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	assert_not_shown(f, key_encryption_unsupported);
	word(hs, SIDE_SERVER, "mbedTLS 2.28.3", -0x2e80, NULL);
	hs->side[SIDE_SERVER].word.function = "mbedtls_pk_parse_keyfile";
	assert_shown(f, key_encryption_unsupported, "error", "likely");
	assert_not_shown(f, key_file_unusable);
}

static void test_key_file_unusable__is_any_other_code_of_it(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	assert_not_shown(f, key_file_unusable);
	word(hs, SIDE_SERVER, "mbedTLS 2.28.3", -0x3d60, NULL);
	hs->side[SIDE_SERVER].word.function = "mbedtls_pk_parse_keyfile";
	assert_shown(f, key_file_unusable, "error", "likely");
	assert_not_shown(f, key_encryption_unsupported);
}

/* ---- who is meant ---- */

static void test_claims__a_server_without_memory_is_no_client(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_SERVER, SAYING_out_of_memory, "alloc(4429 bytes) failed");
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_string_equal(f->finding.summary, "The server ran out of memory in the handshake");
}

static void test_claims__a_point_that_a_server_refuses_is_the_clients(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_SERVER, SAYING_peer_point, "point is not on curve");
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_string_equal(f->finding.summary, "The client computes elliptic curves wrongly");
}

/* "bad ecpoint": what is no point at all is refused in the same words. */
static void test_claims__of_a_bad_point_leave_open_what_is_wrong_with_it(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_CLIENT, SAYING_peer_point_bad, "bad ecpoint");
	assert_shown(f, ec_arithmetic_broken, "error", "possible");
	assert_shown(f, point_encoding, "error", "possible");
}

/* "wrong signature type": of a scheme that was never offered, and of one that the key cannot make. */
static void test_claims__of_a_scheme_leave_open_what_is_wrong_with_it(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	remark(hs, SIDE_CLIENT, SAYING_scheme_refused, "wrong signature type");
	assert_shown(f, parameter_not_offered, "error", "possible");
	assert_shown(f, signature_scheme_mismatch, "error", "possible");
	remark(hs, SIDE_CLIENT, SAYING_scheme_mismatch, "wrong curve");
	assert_shown(f, signature_scheme_mismatch, "error", "likely");
}

/* A client that finds no suite has read which one the server chose; a server has read what is offered. */
static void test_claims__of_a_suite_mean_what_their_side_has_read(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_CLIENT, SAYING_suite_refused, "no supported cipher suite");
	assert_shown(f, parameter_not_offered, "error", "likely");
	assert_not_shown(f, no_common_cipher_suite);
	remark(only_words(f), SIDE_SERVER, SAYING_suite_refused, "no supported cipher suite");
	assert_shown(f, no_common_cipher_suite, "error", "likely");
	assert_not_shown(f, parameter_not_offered);
}

/* A server that has seen no certificate refuses none, whatever the number of its alert says. */
static void test_claims__of_a_certificate_need_one_that_passed(void **state)
{
	static const uint8_t codes[] = { 42, 43, 44, 45, 46, 48 };
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof codes; i++) {
		struct handshake *hs = only_words(f);
		struct claim all[CLAIMS_MAX];

		alert_alone(hs, SIDE_SERVER, codes[i]);
		assert_int_equal(claims_of(hs, all), 1);
		hs->side[SIDE_CLIENT].begun = UINT32_C(1) << HS_CLIENT_HELLO;
		assert_int_equal(claims_of(hs, all), 0);
		hs->side[SIDE_SERVER].begun = UINT32_C(1) << HS_SERVER_HELLO;
		assert_int_equal(claims_of(hs, all), 0);
		hs->tls13 = true; /* under keys that the log need not have */
		assert_int_equal(claims_of(hs, all), 1);
		hs->side[SIDE_CLIENT].begun |= UINT32_C(1) << HS_FINISHED;
		assert_int_equal(claims_of(hs, all), 0);
		hs->n_gaps = 1;
		assert_int_equal(claims_of(hs, all), 1);
		hs->n_gaps = 0;
		hs->side[SIDE_CLIENT].begun |= UINT32_C(1) << HS_CERTIFICATE;
		assert_int_equal(claims_of(hs, all), 1);
	}
}

/* Behind the ServerHello the versions are agreed on. */
static void test_claims__of_a_version_are_about_records_once_it_is_agreed_on(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	alert_alone(hs, SIDE_CLIENT, 70);
	hs->side[SIDE_SERVER].begun = UINT32_C(1) << HS_SERVER_HELLO;
	assert_shown(f, no_common_version, "error", "likely");
	hs->side[SIDE_SERVER].begun |= UINT32_C(1) << HS_CERTIFICATE;
	assert_not_shown(f, no_common_version);
	assert_shown(f, not_tls, "error", "possible");
}

/* What can be refused for want of anything in common is refused before the ServerHello. */
static void test_claims__of_a_refusal_after_a_request_are_about_the_certificate(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	alert_alone(hs, SIDE_SERVER, 40);
	assert_shown(f, no_common_cipher_suite, "error", "possible");
	assert_shown(f, client_certificate_missing, "error", "possible");
	hs->side[SIDE_SERVER].begun = UINT32_C(1) << HS_SERVER_HELLO;
	assert_not_shown(f, no_common_cipher_suite);
	assert_not_shown(f, client_certificate_missing);
	hs->side[SIDE_SERVER].begun |= UINT32_C(1) << HS_CERTIFICATE_REQUEST;
	assert_not_shown(f, client_certificate_missing);
	hs->side[SIDE_CLIENT].begun = UINT32_C(1) << HS_CLIENT_KEY_EXCHANGE;
	assert_shown(f, client_certificate_missing, "error", "likely");
	assert_shown(f, client_certificate_untrusted, "error", "possible");
	assert_not_shown(f, no_common_cipher_suite);
}

static void test_claims__of_a_weak_group_and_of_one_s_own_certificate(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_CLIENT, SAYING_peer_weak_group, "dh key too small");
	assert_shown(f, weak_key, "error", "likely");
	assert_string_equal(f->finding.summary,
		"The server's Diffie-Hellman group is too small for the client");
	remark(only_words(f), SIDE_SERVER, SAYING_own_weak_key, "ee key too small");
	assert_shown(f, weak_key, "error", "likely");
	assert_proves(f, "the program's log: ee key too small");
	remark(only_words(f), SIDE_SERVER, SAYING_own_weak_hash, "ca md too weak");
	assert_shown(f, weak_signature, "error", "likely");
}

/* Who has read no record of TLS says so with the alert that fits best. */
static void test_claims__of_an_alert_give_way_to_what_its_sender_says(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	alert_alone(hs, SIDE_CLIENT, 10);
	assert_shown(f, unexpected_message, "error", "likely");
	remark(hs, SIDE_CLIENT, SAYING_not_tls, "An unexpected TLS packet was received");
	assert_not_shown(f, unexpected_message);
	assert_shown(f, not_tls, "error", "possible");
}

/* One byte of what came, where a log shows no more. */
static void test_claims__of_a_greeting_are_those_of_who_waits_for_starttls(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	hs->server_spoke = PLAIN_UNKNOWN;
	hs->server_said = text_bytes("+");
	remark(hs, SIDE_CLIENT, SAYING_greeting, "unknown record type 43");
	assert_shown(f, starttls_needed, "error", "likely");
	assert_shown(f, not_tls, "error", "possible");
	assert_not_shown(f, plain_http);
}

/* decode_error of mbedTLS 3 over a message that is well formed, and out of its turn. */
static void test_claims__of_a_decode_error_give_way_to_what_was_out_of_turn(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 3.6.6", -0x7300, "SERVER_HELLO_DONE");
	alert_alone(hs, SIDE_CLIENT, 50);
	assert_shown(f, message_malformed, "error", "likely");
	remark(hs, SIDE_CLIENT, SAYING_unexpected, "bad server hello done message");
	assert_not_shown(f, message_malformed);
	assert_shown(f, unexpected_message, "error", "likely");
}

/* Neither the name nor the use: it may be another's, that of a CA which was sent first. */
static void test_claims__of_a_name_and_a_use_at_once_are_less_sure_each(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = only_words(f);

	word(hs, SIDE_CLIENT, "mbedTLS 3.6.6", -0x2700, "SERVER_CERTIFICATE");
	hs->side[SIDE_CLIENT].word.verify_flags = 0x04;
	assert_shown(f, name_mismatch, "error", "likely");
	assert_not_shown(f, chain_out_of_order);
	hs->side[SIDE_CLIENT].word.verify_flags = 0x0800;
	assert_shown(f, ext_key_usage_forbids, "error", "likely");
	hs->side[SIDE_CLIENT].word.verify_flags = 0x0804;
	remark(hs, SIDE_CLIENT, SAYING_peer_usage, "bad certificate (usage extensions)");
	assert_shown(f, name_mismatch, "error", "possible");
	assert_shown(f, key_usage_forbids, "error", "possible");
	assert_shown(f, ext_key_usage_forbids, "error", "possible");
	assert_shown(f, chain_out_of_order, "error", "possible");
}

static void test_claims__what_a_server_cannot_read_is_the_clients(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_SERVER, SAYING_malformed, "bad client hello message");
	assert_shown(f, message_malformed, "error", "likely");
	assert_int_equal(f->finding.origin, ORIGIN_CLIENT);
}

/* There is no CA file, and no root is named, that a sentence could be about. */
static void test_claims__that_nothing_is_trusted_name_no_file(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_CLIENT, SAYING_peer_root_untrusted, "verify error:num=19");
	assert_shown(f, ca_not_trusted, "error", "likely");
	assert_string_equal(
		f->finding.summary, "The client does not trust the CA of the server's certificate");
	for (size_t i = 0; cause_ca_not_trusted.next_steps[i] != NULL; i++)
		assert_null(strstr(cause_ca_not_trusted.next_steps[i], "above"));
}

static void test_claims__that_a_key_does_not_load_need_no_side(void **state)
{
	struct facts *f = *state;

	remark(only_words(f), SIDE_CLIENT, SAYING_key_unreadable, "Error reading private key");
	assert_shown(f, key_file_unusable, "error", "likely");
	assert_proves(f, "the program's log: Error reading private key");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_claims__of_a_log_beside_a_capture_are_of_its_lines),
		RULE_TEST(test_claims__of_a_refusal_after_a_request_are_about_the_certificate),
		RULE_TEST(test_claims__of_a_weak_group_and_of_one_s_own_certificate),
		RULE_TEST(test_printed__certificates_speak_for_their_causes),
		RULE_TEST(test_printed__a_fault_is_less_sure_where_nobody_speaks_of_certificates),
		RULE_TEST(test_printed__a_fault_gives_way_to_the_one_that_is_named),
		RULE_TEST(test_printed__a_client_s_certificate_is_the_server_s_matter),
		RULE_TEST(test_claims__name_a_cause_without_a_byte),
		RULE_TEST(test_claims__of_a_bad_point_leave_open_what_is_wrong_with_it),
		RULE_TEST(test_claims__of_a_scheme_leave_open_what_is_wrong_with_it),
		RULE_TEST(test_claims__of_a_suite_mean_what_their_side_has_read),
		RULE_TEST(test_claims__of_a_certificate_need_one_that_passed),
		RULE_TEST(test_claims__of_an_alert_give_way_to_what_its_sender_says),
		RULE_TEST(test_claims__of_a_version_are_about_records_once_it_is_agreed_on),
		RULE_TEST(test_claims__of_a_server_are_about_its_client),
		RULE_TEST(test_claims__give_way_to_a_check_that_passed),
		RULE_TEST(test_heap__that_is_used_up_is_the_reason_of_what_memory_is_told_as),
		RULE_TEST(test_heap__is_no_reason_of_what_has_another),
		RULE_TEST(test_heap__that_never_ran_low_has_not_run_out),
		RULE_TEST(test_heap__of_a_server_is_the_servers),
		RULE_TEST(test_claims__that_a_message_was_altered_stand_before_what_comes_of_it),
		RULE_TEST(test_claims__of_a_failed_verification_are_vague),
		RULE_TEST(test_claims__read_a_code_by_its_version),
		RULE_TEST(test_claims__find_memory_in_the_low_part_of_a_code),
		RULE_TEST(test_claims__tell_own_arithmetic_from_the_peers),
		RULE_TEST(test_claims__of_an_end_count_only_alone),
		RULE_TEST(test_claims__come_from_an_alert_where_its_reason_is_not_seen),
		RULE_TEST(test_claims__of_unknown_ca_do_not_tell_what_is_missing),
		RULE_TEST(test_claims__of_a_useless_certificate_give_way_to_what_is_wrong_with_it),
		RULE_TEST(test_claims__of_a_parser_in_a_handshake_are_about_the_peers_certificate),
		RULE_TEST(test_claims__of_a_wrong_binder_need_one),
		RULE_TEST(
			test_claims__of_a_server_of_tls13_that_cannot_decrypt_are_about_its_client),
		RULE_TEST(test_claims__of_the_order_count_where_a_log_may_not_show_it),
		RULE_TEST(test_claims__of_the_future_heed_the_clock_of_a_hello_that_breaks_off),
		RULE_TEST(test_claims__of_a_completed_handshake_are_warnings),
		RULE_TEST(test_claims__a_server_without_memory_is_no_client),
		RULE_TEST(test_claims__a_point_that_a_server_refuses_is_the_clients),
		RULE_TEST(test_claims__of_a_greeting_are_those_of_who_waits_for_starttls),
		RULE_TEST(test_claims__of_a_decode_error_give_way_to_what_was_out_of_turn),
		RULE_TEST(test_claims__of_a_name_and_a_use_at_once_are_less_sure_each),
		RULE_TEST(test_claims__what_a_server_cannot_read_is_the_clients),
		RULE_TEST(test_claims__that_nothing_is_trusted_name_no_file),
		RULE_TEST(test_claims__that_a_key_does_not_load_need_no_side),
		RULE_TEST(test_ask__for_what_parts_the_causes_that_remain),
		RULE_TEST(test_ask__not_for_what_is_there),
		RULE_TEST(test_ask__for_bytes_that_would_prove_a_likely_one),
		RULE_TEST(test_psa_not_initialised__is_a_failure_before_the_hello),
		RULE_TEST(test_hostname_not_set__is_a_code_of_its_own),
		RULE_TEST(test_pem_not_terminated__is_told_by_the_parser_of_certificates),
		RULE_TEST(test_key_encryption_unsupported__is_told_by_the_parser_of_keys),
		RULE_TEST(test_key_file_unusable__is_any_other_code_of_it),
	};

	return RULE_TESTS(tests, argc, argv);
}
