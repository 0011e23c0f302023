/* Files told by their content, and the command line that helps whoever has one. */
#include "content/content.h"

#include "base/array.h"
#include "support/unit.h"

#define BYTES(text) (text), sizeof(text) - 1

static void test_content__files_are_told_by_their_beginnings(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum content_kind kind;
	} rows[] = {
		{ BYTES(""), CONTENT_EMPTY },
		{ BYTES(" \r\n\t"), CONTENT_EMPTY },
		{ BYTES("\xd4\xc3\xb2\xa1\2\0"), CONTENT_PCAP },
		{ BYTES("\xa1\xb2\x3c\x4d"), CONTENT_PCAP },
		{ BYTES("\x0a\x0d\x0d\x0a\x1c"), CONTENT_PCAPNG },
		{ BYTES("snoop\0\0\0\0\0\0\2"), CONTENT_OTHER_CAPTURE },
		{ BYTES("\x1f\x8b\x08"), CONTENT_GZIP },
		{ BYTES("\xfd\x37zXZ\0"), CONTENT_XZ },
		{ BYTES("\x28\xb5\x2f\xfd"), CONTENT_ZSTD },
		{ BYTES("BZh9"), CONTENT_BZIP2 },
		{ BYTES("PK\3\4"), CONTENT_ZIP },
		{ BYTES("\xfe\xed\xfe\xed\0\0\0\2"), CONTENT_JKS },
		{ BYTES("\xce\xce\xce\xce\0\0\0\2"), CONTENT_JCEKS },
		{ BYTES("\0\0\0\2\0\0\0\x14"), CONTENT_BKS },
		{ BYTES("\xff\xfe#\0"), CONTENT_UTF16 },
		{ BYTES("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"), CONTENT_OPENSSH_KEY },
		{ BYTES("-----BEGIN EC PRIVATE KEY-----\nMHc"), CONTENT_KEY },
		{ BYTES("-----BEGIN EC PARAMETERS-----\nBgg=\n-----END EC PARAMETERS-----\n"
			"-----BEGIN EC PRIVATE KEY-----\n"),
			CONTENT_KEY },
		{ BYTES("Bag Attributes\n-----BEGIN CERTIFICATE-----\n"), CONTENT_CERTIFICATE },
		{ BYTES("\xef\xbb\xbf-----BEGIN CERTIFICATE-----\n"), CONTENT_CERTIFICATE },
		{ BYTES("-----BEGIN NEW CERTIFICATE REQUEST-----\n"), CONTENT_REQUEST },
		{ BYTES("-----BEGIN X509 CRL-----\n"), CONTENT_CRL },
		{ BYTES("-----BEGIN PKCS7-----\n"), CONTENT_PKCS7 },
		{ BYTES("const char c[] =\n\"-----BEGIN CERTIFICATE-----\\r\\n\"\n"),
			CONTENT_CERTIFICATE },
		{ BYTES("ssh-ed25519 AAAAC3Nza me@host\n"), CONTENT_SSH_PUBLIC_KEY },
		{ BYTES("ecdsa-sha2-nistp256 AAAA"), CONTENT_SSH_PUBLIC_KEY },
		{ BYTES("---- BEGIN SSH2 PUBLIC KEY ----\n"), CONTENT_SSH_PUBLIC_KEY },
		{ BYTES("PuTTY-User-Key-File-3: ssh-rsa\n"), CONTENT_PUTTY_KEY },
		{ BYTES("# made by\nCLIENT_RANDOM 00 11\n"), CONTENT_KEYLOG },
		{ BYTES("#ifndef X\n#define MBEDTLS_SSL_TLS_C\n"), CONTENT_CONFIG },
		{ BYTES("{\n  \"schema\": \"tlsdiag/1\",\n"), CONTENT_REPORT },
		{ BYTES("{\"schema\":\"tlsdiag/1\",\"x\":1}\n"), CONTENT_REPORT },
		{ BYTES("<?xml version=\"1.0\"?>\n<testsuites name=\"tlsdiag\" tests=\"5\">\n"),
			CONTENT_OTHER_REPORT },
		{ BYTES("{\"$schema\":\"https://a/sarif.json\",\"runs\":[{\"tool\":{\"driver\":{"
			"\"name\":\"tlsdiag\"}}}]}"),
			CONTENT_OTHER_REPORT },
		{ BYTES("-----BEGIN PGP MESSAGE-----\n\njA0E"), CONTENT_PGP },
		{ BYTES("Frame 1: 66 bytes on wire (528 bits)\nEthernet II\n"),
			CONTENT_TSHARK_TEXT },
		{ BYTES("[\n  {\n    \"_index\": \"packets-2026-01-01\",\n"), CONTENT_TSHARK_JSON },
		{ BYTES("<?xml version=\"1.0\"?>\n<pdml version=\"0\">\n"), CONTENT_PDML },
		{ BYTES("ssl_tls.c:1: => handshake\nssl_tls.c:2: client state: 0\n"), CONTENT_LOG },
		{ BYTES("CONNECTED(00000003)\n>>> TLS 1.2, Handshake\n-----BEGIN "
			"CERTIFICATE-----\n"),
			CONTENT_LOG },
		{ BYTES("16 03 01 00 2a 01 00 00 26 03 03 aa bb cc dd ee ff\n"), CONTENT_HEX },
		{ BYTES("00000000: 1603 0100 2a01 0000 2603 03aa bbcc ddee  ....\n"), CONTENT_HEX },
		{ BYTES("\x16\x03\x01\0\x2a\1\0\0\x26\3\3"), CONTENT_TLS_BYTES },
		{ BYTES("My device does not connect, please help.\n"), CONTENT_TEXT },
		{ BYTES("\x7f"
			"ELF\2\1\1\0"),
			CONTENT_EXECUTABLE },
		{ BYTES("\x89PNG\r\n\x1a\n\0"), CONTENT_IMAGE },
		{ BYTES("%PDF-1.7\n"), CONTENT_PDF },
		{ BYTES("\n<!DOCTYPE html><html><body>403 Forbidden"), CONTENT_HTML },
		{ BYTES("<html>\nssl_tls.c:1: => handshake\nssl_tls.c:2: client state: 0\n"),
			CONTENT_LOG },
		{ BYTES("{\"kty\":\"EC\",\"crv\":\"P-256\"}"), CONTENT_WEB_KEY },
		{ BYTES("Certificate:\n    Data:\n        Version: 3 (0x2)\n"),
			CONTENT_CERTIFICATE_TEXT },
		{ BYTES("Certificate:\n    Data:\n-----BEGIN CERTIFICATE-----\n"),
			CONTENT_CERTIFICATE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum content_kind kind = content_tell(bytes_of(rows[i].bytes, rows[i].n));

		if (kind != rows[i].kind)
			fail_msg("row %zu is taken for %s, not %s", i, content_name(kind),
				content_name(rows[i].kind));
	}
}

static void expect_help(enum content_kind kind, const char *path, bool pem, const char *want)
{
	struct strbuf help = { 0 };

	content_help(kind, path, pem, &help);
	assert_string_equal(strbuf_text(&help), want);
	strbuf_free(&help);
}

static void test_content__help_is_a_command_line_for_a_shell(void **state)
{
	(void)state;
	expect_help(CONTENT_PKCS12, "a.p12", false, "openssl pkcs12 -in a.p12 -nodes -out OUT.pem");
	expect_help(CONTENT_REQUEST, "a.csr", true, "openssl req -in a.csr -noout -text -verify");
	expect_help(CONTENT_REQUEST, "a.csr", false,
		"openssl req -inform DER -in a.csr -noout -text -verify");
	expect_help(CONTENT_PCAP, "my file's.pcap", false, "tlsdiag pcap 'my file'\\''s.pcap'");
	expect_help(CONTENT_PCAP, "-x", false, "tlsdiag pcap './-x'");
	expect_help(CONTENT_UNKNOWN, "x", false, "");
}

/* A kind that a command reads names itself so in its help, but for the dissections. */
static void test_content__each_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CONTENT_KINDS; i++) {
		enum content_kind kind = (enum content_kind)i;

		assert_non_null(content_name(kind));
		if (kind != CONTENT_PCAPNG)
			assert_int_equal(content_by_name(content_name(kind)), kind);
	}
	assert_int_equal(content_by_name("no such thing"), CONTENT_UNKNOWN);
	assert_string_equal(content_command(CONTENT_PCAPNG), "pcap");
	assert_string_equal(content_command(CONTENT_KEY), "check");
	assert_null(content_command(CONTENT_PKCS12));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content__files_are_told_by_their_beginnings),
		cmocka_unit_test(test_content__help_is_a_command_line_for_a_shell),
		cmocka_unit_test(test_content__each_kind_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
