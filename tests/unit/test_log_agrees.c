/*
 * A capture and a log of the same handshake say the same: fixtures/log/agree has both of each. A log ends
 * where its program stopped reading; of what came behind that only the capture can tell. Run at the top of the
 * sources.
 */
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	bool right; /* both Finished are what the secrets give */
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
		if (strcmp(hs->checks[i].id, "finished-accepted") == 0)
			t->right = strstr(hs->checks[i].message, "both Finished are what") != NULL;
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

/* Level 4 prints the master secret: it fits both Finished, and opens the capture. */
static void test_agree__secrets_in_a_log_are_used(void **state)
{
	struct tlsdiag_error e;
	struct told t;
	struct tlsdiag *run = open_run("ca", &t);

	(void)state;
	assert_true(tlsdiag_read_log(run, "fixtures/log/agree/device-well.log", NULL, &e));
	conclude(run, &t);
	assert_true(t.right);
	run = open_run("ca", &t);
	assert_true(tlsdiag_read_log_beside(run, "fixtures/log/agree/device-well.log", &e));
	assert_true(tlsdiag_read_capture(run, "fixtures/log/agree/device-well.pcap", &e));
	conclude(run, &t);
	assert_true(t.right);
	run = open_run("ca", &t);
	assert_true(tlsdiag_read_capture(run, "fixtures/log/agree/device-well.pcap", &e));
	conclude(run, &t);
	assert_false(t.right);
}

/* The handshake of a log whose lines were changed by `change`. */
static void read_changed(const char *path, void (*change)(char *line), struct told *t)
{
	struct tlsdiag_error e;
	struct tlsdiag *run = open_run("ca", t);
	FILE *from = fopen(path, "r"), *to = tmpfile();
	char line[4096];
	int fd;

	assert_non_null(from);
	assert_non_null(to);
	while (fgets(line, sizeof line, from) != NULL) {
		change(line);
		assert_true(fputs(line, to) >= 0);
	}
	(void)fclose(from);
	assert_int_equal(fflush(to), 0);
	fd = dup(fileno(to));
	(void)fclose(to);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_true(tlsdiag_read_open_log(run, fd, path, NULL, &e));
	conclude(run, t);
	assert_int_equal(t->handshakes, 1);
}

static int rows_of_secret;

/* The rows below the head of the dump, one byte of which is another one, or none. */
static void change_secret(char *line, char instead)
{
	char *row = strstr(line, "0000:  ");

	if (strstr(line, "dumping 'master secret'") != NULL)
		rows_of_secret = 1;
	else if (rows_of_secret != 0 && row != NULL) {
		row[7] = instead != 0 ? instead : row[7] == '0' ? '1' : '0';
		rows_of_secret = 0;
	}
}

static void redact_secret(char *line)
{
	change_secret(line, 'x');
}

static void spoil_secret(char *line)
{
	change_secret(line, 0);
}

/* A secret that fits nothing is another one's, or damaged: nobody's Finished is wrong for that. */
static void test_agree__a_secret_that_is_redacted_or_damaged_counts_as_none(void **state)
{
	struct told t;

	(void)state;
	read_changed("fixtures/log/agree/device-well.log", redact_secret, &t);
	assert_string_equal(t.outcome, "completed");
	assert_false(t.right);
	assert_int_equal(t.n_causes, 0);
	read_changed("fixtures/log/agree/device-well.log", spoil_secret, &t);
	assert_string_equal(t.outcome, "completed");
	assert_false(t.right);
	assert_int_equal(t.n_causes, 0);
}

static const char *status_of(const struct told *t, const char *id)
{
	for (size_t i = 0; i < t->n_checks; i++)
		if (strcmp(t->id[i], id) == 0)
			return t->status[i];
	return "";
}

static void leave(char *line)
{
	(void)line;
}

static bool hello_follows;

/* A digit of the ClientHello's random. */
static void spoil_hello(char *line)
{
	if (strstr(line, "ClientHello") != NULL) {
		hello_follows = true;
	} else if (hello_follows) {
		line[40] = line[40] == '0' ? '1' : '0';
		hello_follows = false;
	}
}

/* TLS 1.3 signs all that was said before (RFC 8446 4.4.3), and -msg shows all of it. */
static void test_agree__certificate_verify_is_verified_over_the_whole_handshake(void **state)
{
	struct told t;

	(void)state;
	read_changed("fixtures/log/agree/openssl-tls13.log", leave, &t);
	assert_string_equal(t.version, "TLS1.3");
	assert_string_equal(t.outcome, "completed");
	assert_string_equal(status_of(&t, "ske-signature"), "pass");
	read_changed("fixtures/log/agree/openssl-tls13.log", spoil_hello, &t);
	assert_string_equal(status_of(&t, "ske-signature"), "fail");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agree__a_log_and_a_capture_have_the_same_checks_and_causes),
		cmocka_unit_test(test_agree__what_is_valid_on_the_wire_and_refused_on_the_device),
		cmocka_unit_test(test_agree__secrets_in_a_log_are_used),
		cmocka_unit_test(test_agree__a_secret_that_is_redacted_or_damaged_counts_as_none),
		cmocka_unit_test(
			test_agree__certificate_verify_is_verified_over_the_whole_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
