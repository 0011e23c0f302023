/* Dissections: the bytes that their fields stand for, and what they leave out. */
#include "support/log_dump.h"
#include "support/unit.h"

#include <stdlib.h>

static void assert_notes(const char *text, const char *format, const char *expected)
{
	for (size_t piece = 0; piece <= 5; piece += 5) {
		char *notes = log_dump(text, strlen(text), format, piece);

		assert_string_equal(notes, expected);
		free(notes);
	}
}

#define HEADERS(from, from_port, to, to_port)                                                      \
	"Frame 4: 277 bytes on wire (2216 bits), 277 bytes captured (2216 bits)\n"                 \
	"Internet Protocol Version 4, Src: " from ", Dst: " to "\n"                                \
	"Transmission Control Protocol, Src Port: " from_port ", Dst Port: " to_port ", Seq: 1\n"  \
	"Transport Layer Security\n"
#define FROM_SERVER HEADERS("192.0.2.1", "4433", "192.0.2.10", "34009")
#define FROM_CLIENT HEADERS("192.0.2.10", "34009", "192.0.2.1", "4433")
#define CONN        "conn 1 at 5: client-at=192.0.2.10:34009 server-at=192.0.2.1:4433"

static void test_record__is_put_together_from_its_fields(void **state)
{
	(void)state;
	assert_notes(FROM_SERVER
		"    TLSv1.2 Record Layer: Handshake Protocol: Server Key Exchange\n"
		"        Content Type: Handshake (22)\n"
		"        Version: TLS 1.2 (0x0303)\n"
		"        Length: 24\n"
		"        Handshake Protocol: Server Key Exchange\n"
		"            Handshake Type: Server Key Exchange (12)\n"
		"            Length: 20\n"
		"            EC Diffie-Hellman Server Params\n"
		"                Curve Type: named_curve (0x03)\n"
		"                Named Curve: x25519 (0x001d)\n"
		"                Pubkey Length: 4\n"
		"                Pubkey: e47538c0\n"
		"                Signature Algorithm: ecdsa_secp521r1_sha512 (0x0603)\n"
		"                    Signature Hash Algorithm Hash: SHA512 (6)\n"
		"                    Signature Hash Algorithm Signature: ECDSA (3)\n"
		"                Signature Length: 8\n"
		"                Signature: 3006020101020102\n" FROM_CLIENT
		"    TLSv1.2 Record Layer: Alert (Level: Fatal, Description: Decrypt Error)\n"
		"        Content Type: Alert (21)\n"
		"        Version: TLS 1.2 (0x0303)\n"
		"        Length: 2\n"
		"        Alert Message\n"
		"            Level: Fatal (2)\n"
		"            Description: Decrypt Error (51)\n",
		"tshark",
		CONN " group=001d\n"
		     "  5 server wire 16030300180c00001403001d04e47538+13\n"
		     "  26 client wire 15030300020233\n");
}

static void test_value__that_is_cut_is_a_hole_of_its_length(void **state)
{
	(void)state;
	assert_notes(FROM_SERVER
		"    TLSv1.2 Record Layer: Handshake Protocol: Server Key Exchange\n"
		"        Content Type: Handshake (22)\n"
		"        Version: TLS 1.2 (0x0303)\n"
		"        Length: 148\n"
		"        Handshake Protocol: Server Key Exchange\n"
		"            Handshake Type: Server Key Exchange (12)\n"
		"            Length: 144\n"
		"            EC Diffie-Hellman Server Params\n"
		"                Curve Type: named_curve (0x03)\n"
		"                Named Curve: secp256r1 (0x0017)\n"
		"                Pubkey Length: 65\n"
		"                Pubkey: 049bddf3365f...\n"
		"                Signature Algorithm: ecdsa_secp256r1_sha2...\n"
		"                Signature Length: 71\n"
		"                Signature: 304502203c965891d\xe2\x80\xa6\n",
		"tshark",
		CONN " group=0017\n"
		     "  5 server wire 16030300940c00009003001741049bdd+3 -59\n"
		     "  5 server wire 04030047304502203c965891 -63\n");
}

static void test_name__that_is_cut_is_known_where_only_one_begins_so(void **state)
{
	(void)state;
	assert_notes(
		"Handshake Protocol: Client Hello\n"
		"    Handshake Type: Client Hello (1)\n"
		"    Length: 45\n"
		"    Version: TLS 1.2 (0x0303)\n"
		"    Random: 62f5fc4ef5664cb4af64f401b4e48671ad6831a99c21e350c203ac11223344ff\n"
		"    Session ID Length: 0\n"
		"    Cipher Suites Length: 6\n"
		"    Cipher Suites (3 suites)\n"
		"        Cipher Suite: TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 (0xc...\n"
		"        Cipher Suite: TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA25...\n"
		"        Cipher Suite: TLS_ECDHE_RSA_W...\n"
		"    Compression Methods Length: 1\n"
		"    Compression Method: null (0)\n",
		"tshark",
		"conn 1 at 1:\n"
		"  1 client message 0100002d030362f5fc4ef5664cb4af64+29 -4\n");
}

static void test_field__that_is_lost_leaves_no_guess(void **state)
{
	(void)state;
	/* three bytes too few, and nothing tells where */
	assert_notes(FROM_CLIENT
		"    TLSv1.2 Record Layer: Handshake Protocol: Client Key Exchange\n"
		"        Content Type: Handshake (22)\n"
		"        Version: TLS 1.2 (0x0303)\n"
		"        Length: 12\n"
		"        Handshake Protocol: Client Key Exchange\n"
		"            Handshake Type: Client Key Exchange (16)\n"
		"            Length: 8\n"
		"                Pubkey Length: 4\n"
		"                Pubkey: e47538c0\n",
		"tshark", CONN "\n  5 client wire 160303000c10000008 -8\n");
}

static void test_list__names_messages_and_alerts(void **state)
{
	(void)state;
	assert_notes(
		"    1   0.000000   192.0.2.57 \xe2\x86\x92 192.0.2.10   TCP 74 50130 \xe2\x86\x92 "
		"4433 "
		"[SYN] Seq=0 Win=65495 Len=0\n"
		"    4   0.020767   192.0.2.57 \xe2\x86\x92 192.0.2.10   TLSv1 277 Client Hello\n"
		"    6   0.021757   192.0.2.10 -> 192.0.2.57   TLSv1.2 792 Server Hello, "
		"Certificate, "
		"Server Key Exchange, Server Hello Done\n"
		"8\t0.024190\t192.0.2.57\t192.0.2.10\tTLSv1.2\t73\tAlert (Level: Fatal, "
		"Description: "
		"Unknown CA)\n"
		"    9   0.029235   192.0.2.10 \xe2\x86\x92 192.0.2.57   TCP 66 4433 \xe2\x86\x92 "
		"50130 "
		"[RST, ACK] Seq=727\n"
		"   12   1.000000   192.0.2.57 \xe2\x86\x92 192.0.2.10   TLSv1 277 Client Hello "
		"(SNI=device.example)\n",
		"tshark-list",
		"conn 1 at 1: client-at=192.0.2.57:0 server-at=192.0.2.10:0 version=0303\n"
		"  2 client seen 1\n"
		"  3 server seen 2\n"
		"  3 server seen 11\n"
		"  3 server seen 12\n"
		"  3 server seen 14\n"
		"  4 client alert 2:48\n"
		"  5 server end reset\n"
		"conn 2 at 6: client-at=192.0.2.57:0 server-at=192.0.2.10:0 sni=device.example\n"
		"  6 client seen 1\n");
}

/* An alert of seven bytes behind 20 of IP and 20 of TCP. */
static void assert_one_frame(const char *text, const char *format)
{
	char *notes = log_dump(text, strlen(text), format, 3);

	assert_non_null(strstr(notes, "client frame 4500002f0000000040060000c000020a+31\n"));
	assert_null(strstr(strstr(notes, "frame") + 1, "frame"));
	free(notes);
}

static void test_json__and_pdml_give_the_packet_again(void **state)
{
	(void)state;
	assert_one_frame(
		"[\n  {\n    \"_index\": \"packets\",\n    \"_source\": {\n      \"layers\": {\n"
		"        \"ip\": {\n          \"ip.src\": \"192.0.2.10\",\n"
		"          \"ip.dst\": \"192.0.2.1\"\n        },\n        \"tcp\": {\n"
		"          \"tcp.srcport\": \"34009\",\n          \"tcp.dstport\": \"4433\",\n"
		"          \"tcp.seq\": \"1\",\n          \"tcp.ack\": \"1\",\n"
		"          \"tcp.flags\": \"0x0018\",\n"
		"          \"tcp.payload\": \"15:03:03:00:02:02:33\"\n        }\n",
		"tshark-json");
	assert_one_frame(
		"{\"timestamp\":\"1795523430488\",\"layers\":{\"ip\":{\"ip_ip_src\":"
		"\"192.0.2.10\",\"ip_ip_dst\":\"192.0.2.1\"},\"tcp\":{\"tcp_tcp_srcport\":"
		"\"34009\",\"tcp_tcp_dstport\":\"4433\",\"tcp_tcp_seq\":\"1\",\"tcp_tcp_flags\":"
		"\"0x0018\",\"tcp_tcp_payload\":\"15:03:03:00:02:02:33\"}}}\n",
		"tshark-json");
	assert_one_frame("<packet>\n<proto name=\"ip\">\n"
			 "<field name=\"ip.src\" size=\"4\" pos=\"26\" show=\"192.0.2.10\" "
			 "value=\"c000020a\"/>\n"
			 "<field name=\"ip.dst\" show=\"192.0.2.1\" value=\"c0000201\"/>\n"
			 "<field name=\"tcp.srcport\" show=\"34009\" value=\"84d9\"/>\n"
			 "<field name=\"tcp.dstport\" show=\"4433\" value=\"1151\"/>\n"
			 "<field name=\"tcp.seq\" show=\"1\" value=\"00000001\"/>\n"
			 "<field name=\"tcp.flags\" show=\"0x0018\" value=\"18\"/>\n"
			 "<field name=\"tcp.payload\" show=\"15:03\" value=\"15030300020233\"/>\n"
			 "</packet>\n",
		"pdml");
}

static void test_payload__alone_is_a_flight(void **state)
{
	(void)state;
	assert_notes("\"layers\": {\n  \"tcp.payload\": \"15:03:03:00:02:02:33\"\n}\n",
		"tshark-json", "conn 1 at 1:\n  1 client wire 15030300020233\n");
}

static void test_text__that_is_no_dissection_is_left_alone(void **state)
{
	static const char *const texts[] = {
		"{\"level\":\"info\",\"msg\":\"handshake failed\"}\n",
		"<html><body>field</body></html>\n",
		"Frame buffer: 12\nLength: 5\nVersion: 2\n",
		"10 packets from 192.0.2.1 arrived, the server said nothing\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_notes(texts[i], "tshark", "");
		assert_notes(texts[i], "tshark-list", "");
		assert_notes(texts[i], "tshark-json", "");
		assert_notes(texts[i], "pdml", "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record__is_put_together_from_its_fields),
		cmocka_unit_test(test_value__that_is_cut_is_a_hole_of_its_length),
		cmocka_unit_test(test_name__that_is_cut_is_known_where_only_one_begins_so),
		cmocka_unit_test(test_field__that_is_lost_leaves_no_guess),
		cmocka_unit_test(test_list__names_messages_and_alerts),
		cmocka_unit_test(test_json__and_pdml_give_the_packet_again),
		cmocka_unit_test(test_payload__alone_is_a_flight),
		cmocka_unit_test(test_text__that_is_no_dissection_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
