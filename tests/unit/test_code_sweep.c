/*
 * Every code of mbedTLS in every state and role, with nothing else known: what it may stand for is ranked, and
 * nothing is held for certain; each trap of the casebook names what it stands for, and not what it seems to.
 * Run at the top of the sources.
 */
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "names/codes.h"
#include "support/unit.h"

enum { STATES = 17 };

/* NULL: the code and what goes with it contradict each other. */
static struct tlsdiag *read_code(const struct tlsdiag_code *code)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;

	tlsdiag_options_init(&o);
	o.deep_seconds = 0;
	run = tlsdiag_open(&o, &e);
	assert_non_null(run);
	if (!tlsdiag_read_code(run, code, &e)) {
		assert_int_equal(e.kind, TLSDIAG_BAD_OPTION);
		tlsdiag_close(run);
		return NULL;
	}
	assert_true(tlsdiag_finish(run, &e));
	return run;
}

static void expect_humble(const struct tlsdiag_code *code)
{
	struct tlsdiag *run = read_code(code);

	if (run == NULL)
		return;
	for (size_t i = 0; i < tlsdiag_n_findings(run); i++) {
		struct tlsdiag_finding f = tlsdiag_finding_at(run, i);

		if (strcmp(f.confidence, "certain") == 0)
			fail_msg("%s in %s as %s: %s, certain", code->code,
				code->state != NULL ? code->state : "no state",
				code->role != NULL ? code->role : "either", f.id);
		if (strcmp(f.severity, "error") == 0)
			assert_true(f.n_proof != 0 && f.n_next_steps != 0);
	}
	tlsdiag_close(run);
}

/* In no state and in three of them, which take turns from code to code. */
static void expect_humble_in_states(const char *code, const char *role, size_t turn)
{
	expect_humble(&(struct tlsdiag_code){ .code = code, .role = role, .alert_received = -1 });
	for (size_t i = 0; i < 3; i++) {
		char number[8];

		(void)snprintf(number, sizeof number, "%zu", (turn + i * 6) % STATES);
		expect_humble(&(struct tlsdiag_code){
			.code = code, .role = role, .state = number, .alert_received = -1 });
	}
}

static void test_code__none_is_certain_in_any_state(void **state)
{
	const struct code *c;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; (c = code_at(i)) != NULL; i++) {
		char text[16];

		if (c->library != CODE_MBEDTLS || c->value >= 0)
			continue;
		(void)snprintf(text, sizeof text, "-0x%04x", (unsigned)-c->value);
		expect_humble_in_states(text, n % 2 == 0 ? "client" : "server", n);
		n++;
	}
	assert_true(n > 100);
}

struct trap {
	struct tlsdiag_code code;
	const char *words, *not_words; /* of the report; NULL: any */
};

static const struct trap traps[] = {
	{ { "-0x7200", NULL, NULL, NULL, -1 }, "record-too-large", NULL },
	{ { "-0x7200", "SERVER_HELLO", NULL, "client", -1 }, "not-tls, possible", NULL },
	{ { "-0x7080", NULL, "3.6.2", NULL, -1 }, "message-fragmented", NULL },
	{ { "-0x7280", NULL, NULL, "client", -1 }, "peer-closed, possible", "any ClientHello" },
	{ { "-0x7280", NULL, NULL, NULL, -1 }, "again with --state", NULL },
	{ { "-0x7280", "3", NULL, NULL, -1 }, "of a client", "handshake 2" },
	{ { "-0x7280", "CLIENT_HELLO", NULL, NULL, -1 }, "of a server", "handshake 2" },
	{ { "-0x7280", "3", NULL, NULL, -1 }, "in SERVER_CERTIFICATE", "--state" },
	{ { "-0x7200", NULL, NULL, "client", -1 }, "msglen = N", NULL },
	{ { "-0x7080", NULL, "3.6.6", "client", -1 }, "this build leaves out", "possible" },
	{ { "-0x7180", NULL, "3.6.3", "server", -1 }, "ca-not-trusted, possible", "likely" },
	{ { "-0x7180", NULL, "2.28.3", "server", -1 }, "record-cipher-broken", "ca-not-trusted" },
	{ { "-0x6C00", "ENCRYPTED_EXTENSIONS", "3.6.3", NULL, -1 }, "psa-not-initialised", NULL },
	{ { "-0x6C00", NULL, "2.28.3", "client", -1 }, "the suite list names", "possible" },
	{ { "-0x3D00", NULL, NULL, NULL, -1 }, "PEM without its terminating NUL", "of a client" },
	{ { "-0x2700", "3", NULL, NULL, -1 }, "heap-exhausted, possible", "of a server" },
	{ { "-0x7780", NULL, NULL, "client", -1 }, "find the number of the alert", "possible" },
	{ { "-0x7180", NULL, "3.6.3", "server", -1 }, "finished-mismatch, possible", NULL },
	{ { "-0x6C00", NULL, "3.6.3", "client", -1 }, "psa-not-initialised", NULL },
	{ { "-0x5D80", NULL, "3.6.3", "client", -1 }, "hostname-not-set, possible", NULL },
	{ { "-0x2180", NULL, NULL, NULL, -1 }, "pem-not-terminated", NULL },
	{ { "-0x2562", NULL, NULL, "client", -1 }, "authority-key-id-missing", NULL },
	{ { "-0x7F00", NULL, NULL, "client", -1 }, "heap-exhausted, possible", NULL },
	{ { "-0x0010", NULL, NULL, "server", -1 }, "heap-exhausted, possible", NULL },
	{ { "-0x2700", NULL, "3.6.3", "client", -1 }, "mbedtls_ssl_get_verify_result", "likely" },
	{ { "-0x4C80", NULL, NULL, "server", -1 }, "ec-arithmetic-broken, possible", NULL },
};

static void expect_words(const struct trap *t)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	char *report = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&report, &size);

	assert_non_null(out);
	tlsdiag_options_init(&o);
	o.report = TLSDIAG_TEXT;
	o.out = out;
	o.width = 1000;
	run = tlsdiag_open(&o, &e);
	assert_non_null(run);
	assert_true(tlsdiag_read_code(run, &t->code, &e));
	assert_true(tlsdiag_finish(run, &e));
	tlsdiag_close(run);
	(void)fclose(out);
	if (strstr(report, t->words) == NULL)
		fail_msg("%s: no '%s' in\n%s", t->code.code, t->words, report);
	if (strstr(report, ", certain") != NULL ||
		(t->not_words != NULL && strstr(report, t->not_words) != NULL))
		fail_msg("%s: more than is known in\n%s", t->code.code, report);
	free(report);
}

static void test_code__each_trap_names_what_it_stands_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(traps); i++)
		expect_words(&traps[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code__none_is_certain_in_any_state),
		cmocka_unit_test(test_code__each_trap_names_what_it_stands_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
