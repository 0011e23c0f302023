/* src/pki/name_match.c: which hosts a certificate is for (RFC 9525 6). */
#include "support/unit.h"

#include "support/certs.h"

#include <stdio.h>

enum { NAMES_DER_MAX = 256 };

/* A certificate with one dNSName, or with a common name and no subjectAltName. */
static struct cert make(const char *dns, const char *cn, uint8_t der[static NAMES_DER_MAX])
{
	struct cert c = { .has_san = dns != NULL };

	if (dns != NULL) {
		der[0] = 0x82;
		der[1] = (uint8_t)strlen(dns);
		(void)snprintf((char *)der + 2, NAMES_DER_MAX - 2, "%s", dns);
		c.san_der = bytes_of(der, strlen(dns) + 2);
	}
	if (cn != NULL)
		(void)snprintf(c.common_name, sizeof c.common_name, "%s", cn);
	return c;
}

static void test_name__a_dns_entry_fits_as_rfc_9525_says(void **state)
{
	static const struct {
		const char *entry, *host;
		bool fits;
	} rows[] = {
		{ "device.example", "device.example", true },
		{ "Device.EXAMPLE", "dEVICE.example", true },
		{ "device.example", "device.example.", true },
		{ "device.example.", "device.example", true },
		{ "device.example", "other.example", false },
		{ "device.example", "device.example.example", false },
		{ "device.example", "xdevice.example", false },
		{ "*.plant.example", "a.plant.example", true },
		{ "*.plant.example", "xn--mnchen-3ya.plant.example", true },
		{ "*.plant.example", "plant.example", false },
		{ "*.plant.example", ".plant.example", false },
		{ "*.plant.example", "a.b.plant.example", false },
		{ "a*.plant.example", "ab.plant.example", false },
		{ "*a.plant.example", "ba.plant.example", false },
		{ "a.*.example", "a.b.example", false },
		{ "*", "localhost", false },
		{ "*.", "localhost", false },
		{ "*.2.0.10", "192.2.0.10", false },
		{ "", "device.example", false },
		{ "192.0.2.10", "192.0.2.10", true },
		{ "192.0.2.10", "192.0.2.1", false },
		{ "a", "a.", true },
		{ "a.", "a", true },
		{ ".", ".", true },
		{ "", ".", false },
		{ "a", "a..", false },
		{ "AZ", "az", true },
		{ "@[", "`{", false },
		{ "*.b", "a.b", true },
		{ "*b", "ab", false },
		{ "*.", "a.", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t der[NAMES_DER_MAX];
		struct cert c = make(rows[i].entry, NULL, der);

		assert_int_equal(cert_name_match(&c, rows[i].host),
			rows[i].fits ? NAME_MATCHES : NAME_DIFFERS);
	}
}

static void test_name__a_nul_inside_an_entry_hides_nothing(void **state)
{
	static const uint8_t der[] = "\x82\x13"
				     "device.example\0evil";
	struct cert c = { .has_san = true, .san_der = { der, 21 } };

	(void)state;
	assert_int_equal(cert_name_match(&c, "device.example"), NAME_DIFFERS);
}

static void test_name__the_common_name_counts_only_alone(void **state)
{
	uint8_t der[NAMES_DER_MAX];
	struct cert with = make("other.example", "device.example", der);
	struct cert without = make(NULL, "device.example", der);
	struct cert address = make(NULL, "192.0.2.10", der);

	(void)state;
	assert_int_equal(cert_name_match(&with, "device.example"), NAME_CN_IGNORED);
	assert_int_equal(cert_name_match(&with, "third.example"), NAME_DIFFERS);
	assert_int_equal(cert_name_match(&without, "device.example"), NAME_MATCHES_CN_ONLY);
	assert_int_equal(cert_name_match(&without, "third.example"), NAME_DIFFERS);
	assert_int_equal(cert_name_match(&address, "192.0.2.10"), NAME_MATCHES_CN_ONLY);
	without = make(NULL, "*.plant.example", der);
	assert_int_equal(cert_name_match(&without, "a.plant.example"), NAME_MATCHES_CN_ONLY);
	assert_int_equal(cert_name_match(&without, "plant.example"), NAME_DIFFERS);
	without = make(NULL, "device.example.", der);
	assert_int_equal(cert_name_match(&without, "device.example"), NAME_MATCHES_CN_ONLY);
	without = make(NULL, "*.0.2.10", der);
	assert_int_equal(cert_name_match(&without, "192.0.2.10"), NAME_DIFFERS);
	without = make(NULL, "2001:DB8::1", der);
	assert_int_equal(cert_name_match(&without, "2001:db8::1"), NAME_MATCHES_CN_ONLY);
	without = make(NULL, "", der);
	assert_int_equal(cert_name_match(&without, "."), NAME_DIFFERS);
	assert_int_equal(cert_name_match(&without, ""), NAME_UNCHECKED);
}

static void test_name__of_real_certificates(void **state)
{
	static const struct {
		const char *file, *host;
		enum name_state want;
	} rows[] = {
		{ "leaf", "device.example", NAME_MATCHES },
		{ "leaf", "a.plant.example", NAME_MATCHES },
		{ "leaf", "192.0.2.10", NAME_IP_SAN_ONLY },
		{ "leaf", "192.0.2.11", NAME_DIFFERS },
		{ "leaf", "2001:db8::10", NAME_IP_SAN_ONLY },
		{ "leaf", "2001:db8:0:0:0:0:0:10", NAME_IP_SAN_ONLY },
		{ "leaf", "2001:db8::11", NAME_DIFFERS },
		{ "leaf", "", NAME_UNCHECKED },
		{ "leaf", NULL, NAME_UNCHECKED },
		{ "leaf-dns-address", "192.0.2.10", NAME_MATCHES },
		{ "leaf-email", "device.example", NAME_CN_IGNORED },
		{ "leaf-cn", "device.example", NAME_MATCHES_CN_ONLY },
		{ "mbedtls/cert_example_multi.crt", "example.net", NAME_MATCHES },
		{ "mbedtls/cert_example_multi.crt", "a.example.org", NAME_MATCHES },
		/* an address that, read as text, is "abcd" in a dNSName */
		{ "mbedtls/server5-tricky-ip-san.crt.der", "abcd", NAME_DIFFERS },
		{ "mbedtls/server5-tricky-ip-san.crt.der", "97.98.99.100", NAME_IP_SAN_ONLY },
	};
	struct cert_store *store = cert_store_open(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cert *c = fixture_cert(store, rows[i].file);

		assert_int_equal(cert_name_match(c, rows[i].host), rows[i].want);
		cert_release(store, c);
	}
	cert_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name__a_dns_entry_fits_as_rfc_9525_says),
		cmocka_unit_test(test_name__a_nul_inside_an_entry_hides_nothing),
		cmocka_unit_test(test_name__the_common_name_counts_only_alone),
		cmocka_unit_test(test_name__of_real_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
