/* The same hello and alert in every form in which people paste bytes; and bytes that are something else. */
#include "support/log_dump.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name, *text;
} forms[] = {
	{ "xxd", "00000000: 1603 0100 2d01 0000 2903 030b 3055 7a9f  ....-...)...0Uz.\n"
		 "00000010: c4e9 0e33 587d a2c7 ec11 365b 80a5 caef  ...3X}....6[....\n"
		 "00000020: 1439 5e83 a8cd f217 3c61 8600 0002 c02b  .9^.....<a.....+\n"
		 "00000030: 0100                                     ..\n"
		 "\n"
		 "00000000: 1503 0300 0202 28                        ......(\n" },
	{ "xxd_plain", "160301002d0100002903030b30557a9fc4e90e33587da2c7ec11365b80a5\n"
		       "caef14395e83a8cdf2173c6186000002c02b0100\n"
		       "\n"
		       "15030300020228\n" },
	{ "xxd_array", "static const unsigned char x[50] = {\n"
		       "  0x16, 0x03, 0x01, 0x00, 0x2d, 0x01, 0x00, 0x00, 0x29, 0x03, 0x03, 0x0b,\n"
		       "  0x30, 0x55, 0x7a, 0x9f, 0xc4, 0xe9, 0x0e, 0x33, 0x58, 0x7d, 0xa2, 0xc7,\n"
		       "  0xec, 0x11, 0x36, 0x5b, 0x80, 0xa5, 0xca, 0xef, 0x14, 0x39, 0x5e, 0x83,\n"
		       "  0xa8, 0xcd, 0xf2, 0x17, 0x3c, 0x61, 0x86, 0x00, 0x00, 0x02, 0xc0, 0x2b,\n"
		       "  0x01, 0x00\n"
		       "};\n"
		       "\n"
		       "static const unsigned char x[7] = {\n"
		       "  0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28\n"
		       "};\n" },
	{ "hexdump_canonical",
		"00000000  16 03 01 00 2d 01 00 00  29 03 03 0b 30 55 7a 9f  |....-...)...0Uz.|\n"
		"00000010  c4 e9 0e 33 58 7d a2 c7  ec 11 36 5b 80 a5 ca ef  |...3X}....6[....|\n"
		"00000020  14 39 5e 83 a8 cd f2 17  3c 61 86 00 00 02 c0 2b  |.9^.....<a.....+|\n"
		"00000030  01 00                                             |..|\n"
		"00000032\n"
		"\n"
		"00000000  15 03 03 00 02 02 28                              |......(|\n"
		"00000007\n" },
	{ "hexdump_words", "0000000 0316 0001 012d 0000 0329 0b03 5530 9f7a\n"
			   "0000010 e9c4 330e 7d58 c7a2 11ec 5b36 a580 efca\n"
			   "0000020 3914 835e cda8 17f2 613c 0086 0200 2bc0\n"
			   "0000030 0001                                   \n"
			   "0000032\n"
			   "\n"
			   "15 03 03 00 02 02 28 \n" },
	{ "od_octal", "0000000 16 03 01 00 2d 01 00 00 29 03 03 0b 30 55 7a 9f\n"
		      "0000020 c4 e9 0e 33 58 7d a2 c7 ec 11 36 5b 80 a5 ca ef\n"
		      "0000040 14 39 5e 83 a8 cd f2 17 3c 61 86 00 00 02 c0 2b\n"
		      "0000060 01 00\n"
		      "0000062\n"
		      "\n"
		      "0000000 15 03 03 00 02 02 28\n"
		      "0000007\n" },
	{ "od_decimal", "0000000 16 03 01 00 2d 01 00 00 29 03 03 0b 30 55 7a 9f\n"
			"0000016 c4 e9 0e 33 58 7d a2 c7 ec 11 36 5b 80 a5 ca ef\n"
			"0000032 14 39 5e 83 a8 cd f2 17 3c 61 86 00 00 02 c0 2b\n"
			"0000048 01 00\n"
			"0000050\n"
			"\n"
			"0000000 15 03 03 00 02 02 28\n"
			"0000007\n" },
	{ "wireshark_dump",
		"0000   16 03 01 00 2d 01 00 00 29 03 03 0b 30 55 7a 9f   ....-...)...0Uz.\n"
		"0010   c4 e9 0e 33 58 7d a2 c7 ec 11 36 5b 80 a5 ca ef   ...3X}....6[....\n"
		"0020   14 39 5e 83 a8 cd f2 17 3c 61 86 00 00 02 c0 2b   .9^.....<a.....+\n"
		"0030   01 00                                             ..\n"
		"\n"
		"0000   15 03 03 00 02 02 28                              ......(\n" },
	{ "stream", "160301002d0100002903030b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2"
		    "173c6186000002c02b0100\n"
		    "\n"
		    "15030300020228\n" },
	{ "colons", "16:03:01:00:2d:01:00:00:29:03:03:0b:30:55:7a:9f:c4:e9:0e:33:58:7d:a2:c7:ec:11:"
		    "36:5b:80:a5:ca:ef:14:39:5e:83:a8:cd:f2:17:3c:61:86:00:00:02:c0:2b:01:00\n"
		    "\n"
		    "15:03:03:00:02:02:28\n" },
	{ "spaces", "16 03 01 00 2D 01 00 00 29 03 03 0B 30 55 7A 9F\n"
		    "C4 E9 0E 33 58 7D A2 C7 EC 11 36 5B 80 A5 CA EF\n"
		    "14 39 5E 83 A8 CD F2 17 3C 61 86 00 00 02 C0 2B\n"
		    "01 00\n"
		    "\n"
		    "15 03 03 00 02 02 28\n" },
	{ "escaped", "\"\\x16\\x03\\x01\\x00\\x2d\\x01\\x00\\x00\\x29\\x03\\x03\\x0b\\x30\\x55\\x7a"
		     "\\x9f\" \\\n"
		     "\"\\xc4\\xe9\\x0e\\x33\\x58\\x7d\\xa2\\xc7\\xec\\x11\\x36\\x5b\\x80\\xa5\\xca"
		     "\\xef\" \\\n"
		     "\"\\x14\\x39\\x5e\\x83\\xa8\\xcd\\xf2\\x17\\x3c\\x61\\x86\\x00\\x00\\x02\\xc0"
		     "\\x2b\" \\\n"
		     "\"\\x01\\x00\" \\\n"
		     "\n"
		     "\"\\x15\\x03\\x03\\x00\\x02\\x02\\x28\" \\\n" },
	{ "python",
		"data = "
		"b'\\x16\\x03\\x01\\x00-\\x01\\x00\\x00)\\x03\\x03\\x0b0Uz\\x9f\\xc4\\xe9\\x0e3X}"
		"\\xa2\\xc7\\xec\\x116[\\x80\\xa5\\xca\\xef\\x149^\\x83\\xa8\\xcd\\xf2\\x17<"
		"a\\x86\\x00\\x00\\x02\\xc0+\\x01\\x00'\n"
		"\n"
		"data = b'\\x15\\x03\\x03\\x00\\x02\\x02('\n" },
	{ "base64", "FgMBAC0BAAApAwMLMFV6n8TpDjNYfaLH7BE2W4Clyu8UOV6DqM3yFzxhhgAAAsArAQA=\n"
		    "\n"
		    "15 03 03 00 02 02 28 \n" },
	{ "decimal", "[22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, 11, 48, 85, 122, 159, 196, 233, 14, 51, "
		     "88, 125, 162, 199, 236, 17, 54, 91, 128, 165, 202, 239, 20, 57, 94, 131, "
		     "168, 205, 242, 23, 60, 97, 134, 0, 0, 2, 192, 43, 1, 0]\n"
		     "\n"
		     "15 03 03 00 02 02 28 \n" },
	{ "signed_decimal",
		"[22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, "
		"125, -94, -57, -20, 17, 54, 91, -128, -91, -54, -17, 20, 57, 94, -125, -88, -51, "
		"-14, 23, 60, 97, -122, 0, 0, 2, -64, 43, 1, 0]\n"
		"\n"
		"15 03 03 00 02 02 28 \n" },
	{ "openssl_rows", "0000 - 16 03 01 00 2d 01 00 00-29 03 03 0b 30 55 7a 9f   .\n"
			  "0010 - c4 e9 0e 33 58 7d a2 c7-ec 11 36 5b 80 a5 ca ef   .\n"
			  "0020 - 14 39 5e 83 a8 cd f2 17-3c 61 86 00 00 02 c0 2b   .\n"
			  "0030 - 01 00   .\n"
			  "\n"
			  "0000 - 15 03 03 00 02 02 28   .\n" },
};

/* The notes without the numbers of their lines. */
static void without_lines(char *notes)
{
	char *out = notes;

	for (const char *in = notes; *in != '\0'; in++) {
		*out++ = *in;
		if (in[0] == '\n' && in[1] == ' ') {
			while (*++in == ' ' || (*in >= '0' && *in <= '9'))
				;
			in--;
		}
	}
	*out = '\0';
}

static void assert_notes(const char *what, const char *text, const char *expected)
{
	for (size_t piece = 0; piece <= 7; piece += 7) {
		char *notes = log_dump(text, strlen(text), "hex", piece);

		without_lines(notes);
		if (strstr(notes, "conn") != NULL)
			memmove(notes, strchr(notes, '\n') + 1, strlen(strchr(notes, '\n')));
		if (strcmp(notes, expected) != 0)
			print_error("%s:\n%s", what, notes);
		assert_string_equal(notes, expected);
		free(notes);
	}
}

static void test_bytes__are_the_same_in_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		assert_notes(forms[i].name, forms[i].text,
			"client wire 160301002d0100002903030b30557a9f+34\n"
			"server wire 15030300020228\n");
}

#define HELLO                                                                                      \
	"160301002d0100002903030b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186"   \
	"000002c02b0100"
#define HELLO_NOTE "client wire 160301002d0100002903030b30557a9f+34\n"

static void test_words__tell_whose_bytes_are(void **state)
{
	(void)state;
	/* tx is the client's, whose hello it is: so rx is the server's, and an alert in tx the client's */
	assert_notes("tx and rx",
		"tx: " HELLO "\nrx: 1403030001011703030001aa\ntx: 15030300020230\n",
		HELLO_NOTE "server wire 1403030001011703030001aa\nclient wire 15030300020230\n");
	assert_notes("named", HELLO "\n\nfrom the client:\n15 03 03 00 02 02 30 \n\n",
		HELLO_NOTE "client wire 15030300020230\n");
	assert_notes("to", HELLO "\nsent to the server\n15030300020230\n",
		HELLO_NOTE "client wire 15030300020230\n");
}

static void test_streams__of_each_side_are_put_in_their_order(void **state)
{
	(void)state;
	/* all that the client sent, then all that the server did: its hello came between */
	assert_notes("streams",
		"static const uint8_t tx[] = {\n0x16, 0x03, 0x01, 0x00, 0x2d, 0x01, 0x00, 0x00, "
		"0x29, "
		"0x03, 0x03, 11, 0x30, 0x55, 0x7a, 0x9f, 0xc4, 0xe9, 0x0e, 0x33, 0x58, 0x7d, "
		"0xa2,\n"
		"0xc7, 0xec, 0x11, 0x36, 0x5b, 0x80, 0xa5, 0xca, 0xef, 0x14, 0x39, 0x5e, 0x83, "
		"0xa8, "
		"0xcd, 0xf2, 0x17, 0x3c, 0x61, 0x86, 0x00, 0x00, 0x02, 0xc0, 0x2b, 0x01, 0x00,\n"
		"0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x2f };\n"
		"1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8"
		"339c"
		"20805bf6bff9545465b1f92910a49c178217c8e7f0154658c8ea9cc4d7dc0322dd130100000c002b00"
		"020"
		"304003300020017\n",
		HELLO_NOTE "server wire 1603030058020000540303cf21ad74e5+77\n"
			   "client wire 1503030002022f\n");
}

static void test_rows__that_are_lost_are_missing_bytes(void **state)
{
	(void)state;
	assert_notes("a row is lost",
		"00000000: 1603 0100 2d01 0000 2903 030b 3055 7a9f  ....-...)..0Uz.\n"
		"00000020: 8000 0000 ef14 395e 83a8 cdf2 173c 6186  ......9^.....<a.\n"
		"00000030: 0000                                     ..\n",
		"client wire 160301002d0100002903030b30557a9f -16\n"
		"client wire 80000000ef14395e83a8cdf2173c6186+2\n");
	assert_notes("a row is cut",
		"00000000: 1603 0100 2d01 0000 2903 030b\n"
		"00000010: c4e9 0e33 587d a2c7 ec11 365b 80a5 caef  ...\n",
		"client wire 160301002d0100002903030b -4\n"
		"client wire c4e90e33587da2c7ec11365b80a5caef\n");
}

static void test_records__behind_a_lost_line_are_found_again(void **state)
{
	(void)state;
	/* the second line of the hello is lost: nothing but the lengths of the records tells */
	assert_notes("a line is lost",
		"16 03 01 00 2d 01 00 00 29 03 03 0b 30 55 7a 9f\n"
		"80 a5 ca ef 14 39 5e 83 a8 cd f2 17 3c 61 86 00\n"
		"00 02 c0 2b 01 00 15 03 03 00 02 02 28 \n",
		"client wire 160301002d01000029 -41\nclient wire 15030300020228\n");
}

static void test_messages__need_no_record(void **state)
{
	(void)state;
	assert_notes("hello",
		"0100002903030b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186"
		"000002c02b0100\n",
		"client message 0100002903030b30557a9fc4e90e3358+29\n");
	assert_notes("certificate, cut", "0b00020700020400020130 8201fd3082\n",
		"server message 0b000207000204000201308201fd3082 -507\n");
}

static void test_frames__are_noted_as_they_were_captured(void **state)
{
	(void)state;
	assert_notes("tcpdump -x",
		"12:00:00.000001 IP 192.0.2.57.49422 > 192.0.2.10.4433: Flags [P.], length 7\n"
		"\t0x0000:  4500 002f 0001 4000 4006 0000 c000 0239\n"
		"\t0x0010:  c000 020a c10e 1151 0000 0001 0000 0001\n"
		"\t0x0020:  5018 0400 0000 0000 1503 0300 0202 30\n",
		"client frame 4500002f0001400040060000c0000239+31\n");
}

static void test_numbers__that_are_no_tls_say_nothing(void **state)
{
	static const char *const texts[] = {
		"SHA1 Fingerprint=AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD\n",
		"Session-ID: 0C1D2E3F405162738495A6B7C8D9EAFB0C1D2E3F405162738495A6B7C8D9EAFB\n",
		"00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............\n",
		"mbedtls_ssl_handshake returned -0x2700\n",
		"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]\n",
		"The certificate is self-signed, added as bad cafe face dead beef\n",
		"{\n};\n[\n]\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_notes(texts[i], texts[i], "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes__are_the_same_in_every_form),
		cmocka_unit_test(test_words__tell_whose_bytes_are),
		cmocka_unit_test(test_streams__of_each_side_are_put_in_their_order),
		cmocka_unit_test(test_rows__that_are_lost_are_missing_bytes),
		cmocka_unit_test(test_records__behind_a_lost_line_are_found_again),
		cmocka_unit_test(test_messages__need_no_record),
		cmocka_unit_test(test_frames__are_noted_as_they_were_captured),
		cmocka_unit_test(test_numbers__that_are_no_tls_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
