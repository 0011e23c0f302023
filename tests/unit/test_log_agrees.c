/*
 * A capture and a log of the same handshake say the same: fixtures/log/agree has both of each. A log ends
 * where its program stopped reading; of what came behind that only the capture can tell. Run at the top of the
 * sources.
 */
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "support/unit.h"

enum { CHECKS_MAX = 96, CAUSES_MAX = 8, TEXT = 64, AT = 1798761600 }; /* 2027-01-01 */

struct pair {
	const char *name, *ca, *cause; /* NULL: none */
	const char *confidence;
	bool stops_early; /* the device did not read what follows the certificate */
};

static const struct pair pairs[] = {
	{ "device-well", "ca", NULL, NULL, false },
	{ "device-client-certificate", "ca", NULL, NULL, false },
	{ "device-untrusted", "other-ca", "ca-not-trusted", "certain", true },
	{ "device-expired", "ca", "certificate-expired", "certain", true },
	{ "device-name", "ca", "name-mismatch", "certain", true },
	{ "device-no-suite", "ca", "no-common-cipher-suite", "possible", false },
	{ "device-bad-signature", "ca", "wrong-private-key", "possible", false },
	{ "openssl-well", "ca", NULL, NULL, false },
	{ "openssl-untrusted", "other-ca", "ca-not-trusted", "certain", false },
	{ "openssl-no-suite", "ca", "no-common-cipher-suite", "possible", false },
	{ "openssl-bad-signature", "ca", "wrong-private-key", "possible", false },
};

/* What a run says of its one handshake. */
struct told {
	unsigned handshakes;
	char outcome[TEXT], version[TEXT], suite[TEXT], sni[TEXT];
	size_t n_checks;
	char id[CHECKS_MAX][TEXT], status[CHECKS_MAX][TEXT];
	size_t n_causes;
	char cause[CAUSES_MAX][TEXT], confidence[CAUSES_MAX][TEXT];
};

static void keep(char out[static TEXT], const char *text, size_t len)
{
	(void)snprintf(out, TEXT, "%.*s", (int)len, text != NULL ? text : "");
}

static void take(void *ctx, const struct tlsdiag_handshake *hs)
{
	struct told *t = ctx;

	t->handshakes++;
	keep(t->outcome, hs->outcome, TEXT);
	keep(t->version, hs->version, TEXT);
	keep(t->suite, hs->cipher_suite, TEXT);
	keep(t->sni, hs->sni, hs->sni_len);
	assert_true(hs->n_checks <= CHECKS_MAX);
	t->n_checks = hs->n_checks;
	for (size_t i = 0; i < hs->n_checks; i++) {
		keep(t->id[i], hs->checks[i].id, TEXT);
		keep(t->status[i], hs->checks[i].status, TEXT);
	}
}

static void path_of(const char *name, const char *ending, char out[static 128])
{
	(void)snprintf(out, 128, "fixtures/log/agree/%s.%s", name, ending);
}

static struct tlsdiag *open_run(const char *ca, struct told *t)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	char path[128];

	path_of(ca, "pem", path);
	tlsdiag_options_init(&o);
	o.ca = path;
	o.has_at = true;
	o.at = AT;
	o.deep_seconds = 0;
	o.on_handshake = take;
	o.ctx = t;
	*t = (struct told){ .handshakes = 0 };
	run = tlsdiag_open(&o, &e);
	if (run == NULL)
		fail_msg("%s", e.message);
	return run;
}

static void conclude(struct tlsdiag *run, struct told *t)
{
	struct tlsdiag_error e;

	assert_true(tlsdiag_finish(run, &e));
	t->n_causes = tlsdiag_n_findings(run);
	assert_true(t->n_causes <= CAUSES_MAX);
	for (size_t i = 0; i < t->n_causes; i++) {
		keep(t->cause[i], tlsdiag_finding_at(run, i).id, TEXT);
		keep(t->confidence[i], tlsdiag_finding_at(run, i).confidence, TEXT);
	}
	tlsdiag_close(run);
}

static void read_pair(const struct pair *p, struct told *wire, struct told *log)
{
	struct tlsdiag_error e;
	struct tlsdiag *run = open_run(p->ca, wire);
	char path[128];

	path_of(p->name, "pcap", path);
	assert_true(tlsdiag_read_capture(run, path, &e));
	conclude(run, wire);
	run = open_run(p->ca, log);
	path_of(p->name, "log", path);
	assert_true(tlsdiag_read_log(run, path, NULL, &e));
	conclude(run, log);
}

/* Nothing that the log says is other than what the wire says; n_less: it says less. */
static void compare_checks(const struct pair *p, const struct told *wire, const struct told *log)
{
	size_t n_less = 0;

	assert_true(wire->n_checks > 30);
	assert_int_equal(wire->n_checks, log->n_checks);
	for (size_t i = 0; i < wire->n_checks; i++) {
		assert_string_equal(wire->id[i], log->id[i]);
		if (strcmp(wire->status[i], log->status[i]) == 0)
			continue;
		n_less++;
		if (!p->stops_early || strcmp(wire->status[i], "pass") != 0 ||
			strcmp(log->status[i], "n/a") != 0)
			fail_msg("%s, %s: %s in the capture, %s in the log", p->name, wire->id[i],
				wire->status[i], log->status[i]);
	}
	assert_true(n_less < wire->n_checks / 3);
}

static void expect_cause(const struct pair *p, const struct told *t)
{
	assert_int_equal(t->n_causes, p->cause != NULL);
	if (p->cause == NULL)
		return;
	assert_string_equal(t->cause[0], p->cause);
	assert_string_equal(t->confidence[0], p->confidence);
}

static void test_agree__a_log_and_a_capture_have_the_same_checks_and_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct told wire, log;

		read_pair(&pairs[i], &wire, &log);
		assert_int_equal(wire.handshakes, 1);
		assert_int_equal(log.handshakes, 1);
		assert_string_equal(wire.outcome, log.outcome);
		assert_string_equal(wire.version, log.version);
		assert_string_equal(wire.suite, log.suite);
		assert_string_equal(wire.sni, log.sni);
		compare_checks(&pairs[i], &wire, &log);
		expect_cause(&pairs[i], &wire);
		expect_cause(&pairs[i], &log);
	}
}

static bool proves(const struct tlsdiag_finding *f, const char *words)
{
	for (size_t i = 0; i < f->n_proof; i++)
		if (strstr(f->proof[i], words) != NULL)
			return true;
	return false;
}

/*
 * The wire has a chain that ends at the CA, and the device's own word is that it does not trust it: both are
 * evidence, and neither a wrong CA nor a bad chain explains them.
 */
static void test_agree__what_is_valid_on_the_wire_and_refused_on_the_device(void **state)
{
	struct tlsdiag_error e;
	struct tlsdiag_finding f;
	struct told t;
	struct tlsdiag *run = open_run("ca", &t);

	(void)state;
	assert_true(tlsdiag_read_log_beside(run, "fixtures/log/agree/device-untrusted.log", &e));
	assert_true(tlsdiag_read_capture(run, "fixtures/log/agree/device-untrusted.pcap", &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_int_equal(t.handshakes, 1);
	assert_int_equal(tlsdiag_n_findings(run), 1);
	f = tlsdiag_finding_at(run, 0);
	assert_string_equal(f.id, "heap-exhausted");
	assert_string_equal(f.confidence, "likely");
	assert_true(proves(&f, "the server's chain ends at 'CN=Example Devices Root"));
	tlsdiag_close(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agree__a_log_and_a_capture_have_the_same_checks_and_causes),
		cmocka_unit_test(test_agree__what_is_valid_on_the_wire_and_refused_on_the_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
