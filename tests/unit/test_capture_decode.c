/* Link layers and tunnels: the same TCP segment in many wrappings. */
#include "capture/decode.h"
#include "capture/link.h"
#include "support/hex.h"
#include "support/unit.h"

#include <stdio.h>

#define TCP_HELLO              "c001 01bb 00000064 000001f4 5018 0400 0000 0000 68656c6c6f"
#define IPV4                   "4500 002d 0000 0000 4006 0000 c000020a c0000201 " TCP_HELLO
#define IPV6_ADDR              "20010db8 00000000 00000000 0000000a 20010db8 00000000 00000000 00000001 "
#define IPV6                   "60000000 0019 06 40 " IPV6_ADDR TCP_HELLO
#define MACS                   "020000000001 020000000002 "
#define ETHERNET               MACS "0800 " IPV4
#define OUTER(total, protocol) "4500 " total " 0000 0000 40 " protocol " 0000 c6336401 c6336402 "

struct decoding {
	const char *name;
	uint32_t link;
	const char *frame;
	uint16_t vlan;
	uint32_t more; /* bytes on the wire after what was captured */
};

static enum decoded decode_hex(const struct decoding *d, struct segment *out, struct message *m)
{
	struct fragments *f = fragments_open();
	struct packet p = { .link = d->link, .number = 7, .time = 42 };
	enum decoded result;

	(void)message_of(m, d->frame);
	p.bytes = m->b;
	p.length = (uint32_t)m->b.len + d->more;
	result = decode_packet(&p, f, out);
	fragments_close(f);
	return result;
}

static const struct decoding wrapped[] = {
	{ "Ethernet", LINK_ETHERNET, ETHERNET, 0, 0 },
	{ "Ethernet with padding", LINK_ETHERNET, ETHERNET " 000000000000", 0, 0 },
	{ "Ethernet, IPv6", LINK_ETHERNET, MACS "86dd " IPV6, 0, 0 },
	{ "VLAN", LINK_ETHERNET, MACS "8100 2007 0800 " IPV4, 7, 0 },
	{ "QinQ", LINK_ETHERNET, MACS "88a8 0064 8100 0007 0800 " IPV4, 7, 0 },
	{ "old QinQ", LINK_ETHERNET, MACS "9100 0064 8100 0007 0800 " IPV4, 7, 0 },
	{ "LLC and SNAP", LINK_ETHERNET, MACS "0035 aaaa03 000000 0800 " IPV4, 0, 0 },
	{ "Cisco metadata", LINK_ETHERNET, MACS "8909 01 01 0001 0017 0800 " IPV4, 0, 0 },
	{ "MPLS", LINK_ETHERNET, MACS "8847 00010040 00011140 " IPV4, 0, 0 },
	{ "MPLS pseudowire", LINK_ETHERNET, MACS "8847 00011140 00000000 " ETHERNET, 0, 0 },
	{ "PPPoE", LINK_ETHERNET, MACS "8864 11 00 0001 002f 0021 " IPV4, 0, 0 },
	{ "NULL, little-endian", LINK_NULL, "02000000 " IPV4, 0, 0 },
	{ "NULL, IPv6 of macOS", LINK_NULL, "1e000000 " IPV6, 0, 0 },
	{ "LOOP, big-endian", LINK_LOOP, "00000002 " IPV4, 0, 0 },
	{ "raw IPv4", LINK_RAW, IPV4, 0, 0 },
	{ "raw IPv6", LINK_RAW, IPV6, 0, 0 },
	{ "raw, by its DLT", LINK_RAW_BSD, IPV4, 0, 0 },
	{ "LINKTYPE_IPV4", LINK_IPV4, IPV4, 0, 0 },
	{ "LINKTYPE_IPV6", LINK_IPV6, IPV6, 0, 0 },
	{ "SLL", LINK_SLL, "0000 0001 0006 0200000000010000 0800 " IPV4, 0, 0 },
	{ "SLL with VLAN", LINK_SLL, "0000 0001 0006 0200000000010000 8100 0007 0800 " IPV4, 7, 0 },
	{ "SLL2", LINK_SLL2, "0800 0000 00000002 0001 00 06 0200000000010000 " IPV4, 0, 0 },
	{ "NFLOG", LINK_NFLOG, "02 00 0000 0800 0100 00000003 0500 0a00 00 000000 3100 0900 " IPV4,
		0, 0 },
	{ "NFLOG, big-endian, IPv6", LINK_NFLOG,
		"0a 00 0007 0008 0001 00000003 0005 000a 00 000000 0045 0009 " IPV6, 0, 0 },
	{ "PPP", LINK_PPP, "ff03 0021 " IPV4, 0, 0 },
	{ "PPP, compressed", LINK_PPP, "21 " IPV4, 0, 0 },
	{ "PPP, IPv6", LINK_PPP_HDLC, "ff03 0057 " IPV6, 0, 0 },
	{ "PPP with direction", LINK_PPP_WITH_DIRECTION, "01 ff03 0021 " IPV4, 0, 0 },
	{ "PPPoE alone", LINK_PPP_ETHER, "11 00 0001 002f 0021 " IPV4, 0, 0 },
	{ "Cisco HDLC", LINK_CISCO_HDLC, "0f00 0800 " IPV4, 0, 0 },
	{ "802.11", LINK_80211, "0801 0000 " MACS "020000000003 0000 aaaa03000000 0800 " IPV4, 0,
		0 },
	{ "802.11 QoS", LINK_80211,
		"8802 0000 " MACS "020000000003 0000 0000 aaaa03000000 0800 " IPV4, 0, 0 },
	{ "802.11, four addresses", LINK_80211,
		"0803 0000 " MACS "020000000003 0000 020000000004 aaaa03000000 0800 " IPV4, 0, 0 },
	{ "radiotap", LINK_RADIOTAP,
		"00 00 0900 02000000 10 0801 0000 " MACS "020000000003 0000 aaaa03000000 0800 " IPV4
		" 00000000",
		0, 0 },
	{ "radiotap with padding", LINK_RADIOTAP,
		"00 00 1100 03000000 0000000000000000 20 8801 0000 " MACS
		"020000000003 0000 0000 0000 aaaa03000000 0800 " IPV4,
		0, 0 },
	{ "radiotap, more fields", LINK_RADIOTAP,
		"00 00 1900 03000080 00000000 00000000 0000000000000000 20 8801 0000 " MACS
		"020000000003 0000 0000 0000 aaaa03000000 0800 " IPV4,
		0, 0 },
	{ "IPv4 options", LINK_RAW,
		"4600 0031 0000 0000 4006 0000 c000020a c0000201 01010100 " TCP_HELLO, 0, 0 },
	{ "TSO, length 0", LINK_RAW, "4500 0000 0000 0000 4006 0000 c000020a c0000201 " TCP_HELLO,
		0, 0 },
	{ "IPv6, length 0", LINK_RAW, "60000000 0000 06 40 " IPV6_ADDR TCP_HELLO, 0, 0 },
	{ "IPv6 extension headers", LINK_RAW,
		"60000000 0031 00 40 " IPV6_ADDR "2b 00 010400000000 3c 00 000000000000 "
		"06 00 010400000000 " TCP_HELLO,
		0, 0 },
	{ "IPv6, one fragment", LINK_RAW,
		"60000000 0021 2c 40 " IPV6_ADDR "06 00 0000 12345678 " TCP_HELLO, 0, 0 },
	{ "authentication header", LINK_RAW,
		"4500 0045 0000 0000 4033 0000 c000020a c0000201 06 04 0000 00000001 00000001 "
		"000000000000000000000000 " TCP_HELLO,
		0, 0 },
	{ "TCP options", LINK_RAW,
		"4500 0031 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 000001f4 "
		"6018 0400 0000 0000 01010101 68656c6c6f",
		0, 0 },
	{ "IP in IP", LINK_RAW, OUTER("0041", "04") IPV4, 0, 0 },
	{ "6in4", LINK_RAW, OUTER("0055", "29") IPV6, 0, 0 },
	{ "GRE", LINK_RAW, OUTER("0045", "2f") "0000 0800 " IPV4, 0, 0 },
	{ "GRE with key and sequence", LINK_RAW,
		OUTER("004d", "2f") "3000 0800 00000001 00000002 " IPV4, 0, 0 },
	{ "GRE, Ethernet", LINK_RAW, OUTER("0053", "2f") "0000 6558 " ETHERNET, 0, 0 },
	{ "GRE of PPTP", LINK_RAW,
		OUTER("0051", "2f") "3001 880b 0031 0001 00000002 ff03 0021 " IPV4, 0, 0 },
	{ "ERSPAN II", LINK_RAW,
		OUTER("005f", "2f") "1000 88be 00000001 1000000100000000 " ETHERNET, 0, 0 },
	{ "ERSPAN III", LINK_RAW,
		OUTER("0063", "2f") "1000 22eb 00000001 200000010000000000000000 " ETHERNET, 0, 0 },
	{ "VXLAN", LINK_RAW, OUTER("0061", "11") "c000 12b5 004d 0000 0800000000000100 " ETHERNET,
		0, 0 },
	{ "GENEVE", LINK_RAW,
		OUTER("0065", "11") "c000 17c1 0051 0000 0100655800000100 00000000 " ETHERNET, 0,
		0 },
	{ "GENEVE, IPv4", LINK_RAW,
		OUTER("0051", "11") "c000 17c1 003d 0000 0000080000000100 " IPV4, 0, 0 },
	{ "GTP-U", LINK_RAW, OUTER("0051", "11") "c000 0868 003d 0000 30ff002d00000001 " IPV4, 0,
		0 },
	{ "GTP-U with extension", LINK_RAW,
		OUTER("0059", "11") "0868 c000 0045 0000 34ff003500000001 00000085 01000000 " IPV4,
		0, 0 },
	{ "Teredo", LINK_RAW, OUTER("0065", "11") "c000 0dd8 0051 0000 " IPV6, 0, 0 },
	{ "seven tunnels", LINK_RAW,
		OUTER("00b9", "04") OUTER("00a5", "04") OUTER("0091", "04") OUTER("007d", "04")
			OUTER("0069", "04") OUTER("0055", "04") OUTER("0041", "04") IPV4,
		0, 0 },
};

static void test_decode__finds_the_segment_in_every_wrapping(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrapped / sizeof wrapped[0]; i++) {
		struct message m;
		struct segment s;

		if (decode_hex(&wrapped[i], &s, &m) != DECODED_SEGMENT)
			fail_msg("%s: no segment found", wrapped[i].name);
		if (s.payload.len != 5 || memcmp(s.payload.data, "hello", 5) != 0 ||
			s.missing != 0 || s.vlan != wrapped[i].vlan)
			fail_msg("%s: payload %zu, missing %u, VLAN %u", wrapped[i].name,
				s.payload.len, s.missing, s.vlan);
		assert_int_equal(s.protocol, PROTOCOL_TCP);
		assert_int_equal(s.sport, 0xc001);
		assert_int_equal(s.dport, 443);
		assert_int_equal(s.seq, 100);
		assert_int_equal(s.ack, 500);
		assert_int_equal(s.window, 1024);
		assert_int_equal(s.packet, 7);
		assert_int_equal(s.time, 42);
		assert_int_equal(s.src.data[s.src.len - 1], 10);
		assert_int_equal(s.src.len, s.family == 4 ? 4 : 16);
	}
}

/* Every frame above, cut after each of its bytes, and with each byte changed. */
static void test_decode__any_damage_is_survived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrapped / sizeof wrapped[0]; i++) {
		struct fragments *f = fragments_open();
		struct message m;
		struct segment s;

		(void)message_of(&m, wrapped[i].frame);
		for (size_t cut = 0; cut < m.b.len; cut++) {
			uint8_t *at = m.buf + sizeof m.buf - m.b.len + cut;
			struct packet p = { .link = wrapped[i].link,
				.length = (uint32_t)m.b.len,
				.bytes = bytes_slice(m.b, cut, SIZE_MAX) };

			(void)decode_packet(&p, f, &s);
			p.bytes = m.b;
			*at ^= 0xff;
			(void)decode_packet(&p, f, &s);
			*at ^= 0xff;
		}
		fragments_close(f);
	}
}

static void test_decode__what_was_cut_off_is_counted(void **state)
{
	static const struct {
		struct decoding d;
		uint32_t missing;
	} rows[] = {
		{ { "in the payload", LINK_RAW,
			  "4500 002d 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			  "000001f4 "
			  "5018 0400 0000 0000 6865",
			  0, 3 },
			3 },
		{ { "before it", LINK_RAW,
			  "4500 002d 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			  "000001f4 "
			  "5018 0400 0000 0000",
			  0, 5 },
			5 },
		{ { "in the options", LINK_RAW,
			  "4500 0031 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			  "000001f4 "
			  "6018 0400 0000 0000 0101",
			  0, 7 },
			5 },
		{ { "with the length of TSO", LINK_RAW,
			  "4500 0000 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			  "000001f4 "
			  "5018 0400 0000 0000 6865",
			  0, 3 },
			3 },
		{ { "though the file does not say so", LINK_RAW,
			  "4500 002d 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			  "000001f4 "
			  "5018 0400 0000 0000 6865",
			  0, 0 },
			3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct segment s;

		assert_int_equal(decode_hex(&rows[i].d, &s, &m), DECODED_SEGMENT);
		assert_int_equal(s.missing, rows[i].missing);
		assert_int_equal(s.payload.len + s.missing, 5);
	}
}

static void test_decode__what_is_not_for_us_is_told_apart(void **state)
{
	static const struct {
		struct decoding d;
		enum decoded want;
	} rows[] = {
		{ { "ARP", LINK_ETHERNET, MACS "0806 0001080006040001", 0, 0 }, DECODED_NOTHING },
		{ { "spanning tree", LINK_ETHERNET, MACS "0026 424203 0000000000", 0, 0 },
			DECODED_NOTHING },
		{ { "ICMP", LINK_RAW,
			  "4500 001c 0000 0000 4001 0000 c000020a c0000201 0800f7ff00000000", 0,
			  0 },
			DECODED_NOTHING },
		{ { "802.11 acknowledgement", LINK_80211, "d400 0000 020000000001", 0, 0 },
			DECODED_NOTHING },
		{ { "802.11 encrypted", LINK_80211,
			  "0841 0000 " MACS "020000000003 0000 0000000000000000", 0, 0 },
			DECODED_NOTHING },
		{ { "first of two fragments", LINK_RAW,
			  "4500 001c 0001 2000 4006 0000 c000020a c0000201 c00101bb00000064", 0,
			  0 },
			DECODED_NOTHING },
		{ { "half a header", LINK_ETHERNET, MACS, 0, 0 }, DECODED_BAD },
		{ { "IP version 5", LINK_RAW, "5500", 0, 0 }, DECODED_BAD },
		{ { "short IP header", LINK_RAW, "4400 002d 0000 0000 4006 0000 c000020a c0000201",
			  0, 0 },
			DECODED_BAD },
		{ { "short TCP header", LINK_RAW,
			  "4500 0028 0000 0000 4006 0000 c000020a c0000201 c00101bb 00000064 "
			  "000001f4 "
			  "4018 0400 0000 0000",
			  0, 0 },
			DECODED_BAD },
		{ { "too many tunnels", LINK_RAW,
			  OUTER("00cd", "04") OUTER("00b9", "04") OUTER("00a5", "04")
				  OUTER("0091", "04") OUTER("007d", "04") OUTER("0069", "04")
					  OUTER("0055", "04") OUTER("0041", "04") IPV4,
			  0, 0 },
			DECODED_BAD },
		{ { "unknown link type", 147, IPV4, 0, 0 }, DECODED_UNKNOWN_LINK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct segment s;

		if (decode_hex(&rows[i].d, &s, &m) != rows[i].want)
			fail_msg("%s: not what was expected", rows[i].d.name);
	}
}

#define QUOTED4 "4500 002c 0000 4000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
#define QUOTED6                                                                                    \
	"60000000 0018 06 40 " IPV6_ADDR "c001 01bb 00000064 00000000 6002 ffff 0000 0000 "        \
	"020405b4 "
#define ROUTER  "c00002fe c000020a "
#define ROUTER6 "20010db8 00000000 00000000 000000fe 20010db8 00000000 00000000 0000000a "
#define ICMP4   "4500 0038 0000 0000 4001 0000 " ROUTER
#define ICMP6   "60000000 0048 3a 40 " ROUTER6

static void test_decode__an_icmp_error_quotes_a_segment(void **state)
{
	static const struct {
		struct decoding d;
		uint8_t family, type, code;
	} rows[] = {
		{ { "host", LINK_RAW, ICMP4 "03 01 0000 00000000 " QUOTED4, 0, 0 }, 4, 3, 1 },
		{ { "the whole segment quoted", LINK_RAW,
			  "4500 0048 0000 0000 4001 0000 " ROUTER "03 0d 0000 00000000 " QUOTED4
			  "00000000 5002 0400 00000000",
			  0, 0 },
			4, 3, 13 },
		{ { "IP options in the quoted header", LINK_RAW,
			  "4500 003c 0000 0000 4001 0000 " ROUTER "03 01 0000 00000000 "
			  "4600 0030 0000 4000 4006 0000 c000020a c0000201 01010100 c001 01bb "
			  "00000064",
			  0, 0 },
			4, 3, 1 },
		{ { "time to live", LINK_RAW, ICMP4 "0b 00 0000 00000000 " QUOTED4, 0, 0 }, 4, 11,
			0 },
		{ { "address, ICMPv6", LINK_RAW, ICMP6 "01 03 0000 00000000 " QUOTED6, 0, 0 }, 6, 1,
			3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct segment s;

		if (decode_hex(&rows[i].d, &s, &m) != DECODED_QUOTED)
			fail_msg("%s: no quoted segment found", rows[i].d.name);
		assert_int_equal(s.family, rows[i].family);
		assert_int_equal(s.icmp_type, rows[i].type);
		assert_int_equal(s.icmp_code, rows[i].code);
		assert_int_equal(s.reporter.data[s.reporter.len - 1], 254);
		assert_int_equal(s.src.data[s.src.len - 1], 10);
		assert_int_equal(s.dst.data[s.dst.len - 1], 1);
		assert_int_equal(s.sport, 0xc001);
		assert_int_equal(s.dport, 443);
		assert_int_equal(s.seq, 100);
		assert_int_equal(s.packet, 7);
	}
}

static void test_decode__other_icmp_is_nothing(void **state)
{
	static const struct decoding rows[] = {
		{ "fragmentation needed", LINK_RAW, ICMP4 "03 04 0000 000005b4 " QUOTED4, 0, 0 },
		{ "reassembly took too long", LINK_RAW, ICMP4 "0b 01 0000 00000000 " QUOTED4, 0,
			0 },
		{ "source quench", LINK_RAW, ICMP4 "04 00 0000 00000000 " QUOTED4, 0, 0 },
		{ "about UDP", LINK_RAW,
			ICMP4 "03 03 0000 00000000 4500 002c 0000 4000 4011 0000 c000020a c0000201 "
			      "c001 01bb 00180000",
			0, 0 },
		{ "about a later fragment", LINK_RAW,
			ICMP4 "03 01 0000 00000000 4500 002c 0000 0010 4006 0000 c000020a c0000201 "
			      "c001 01bb 00000064",
			0, 0 },
		{ "about ICMP", LINK_RAW,
			ICMP4 "03 01 0000 00000000 4500 002c 0000 0000 4001 0000 c000020a c0000201 "
			      "0301 0000 00000000",
			0, 0 },
		{ "cut short in the quoted header", LINK_RAW,
			ICMP4 "03 01 0000 00000000 4500 002c 0000", 0, 22 },
		{ "cut short in the quoted ports", LINK_RAW,
			ICMP4 "03 01 0000 00000000 4500 002c 0000 4000 4006 0000 c000020a c0000201 "
			      "c001 01bb",
			0, 4 },
		{ "cut short in its own header", LINK_RAW, ICMP4 "03 01 0000", 0, 32 },
		{ "ICMPv6 over IPv4", LINK_RAW,
			"4500 0038 0000 0000 403a 0000 " ROUTER "01 03 0000 00000000 " QUOTED4, 0,
			0 },
		{ "IPv6 quoted by ICMP", LINK_RAW,
			"4500 005c 0000 0000 4001 0000 " ROUTER "03 01 0000 00000000 " QUOTED6, 0,
			0 },
		{ "a neighbour is asked for", LINK_RAW, ICMP6 "87 00 0000 00000000 " QUOTED6, 0,
			0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct segment s;

		if (decode_hex(&rows[i], &s, &m) != DECODED_NOTHING)
			fail_msg("%s: not passed over", rows[i].name);
	}
}

static void test_decode__options_are_read_from_a_syn(void **state)
{
	static const struct {
		const char *flags, *options;
		int scale;
		unsigned mss;
	} rows[] = {
		{ "7002", "020405b4 01030307", 7, 1460 }, { "7012", "020402ab 01030300", 0, 683 },
		{ "7002", "0103030f 00000000", 14, 0 }, /* RFC 7323 2.3 */
		{ "7002", "0103030e 00000000", 14, 0 }, { "7002", "0103030d 020405b4", 13, 1460 },
		{ "7002", "020405b4 01010101", -1, 1460 },
		{ "7002", "020305b4 01030307", -1, 0 }, /* of another length than it has */
		{ "7002", "02030503 03070101", 7, 0 }, { "7002", "00030307 020405b4", -1, 0 },
		{ "7002", "02000000 01030307", -1, 0 }, /* an option of no length ends the list */
		{ "7002", "01010101 01010303", -1, 0 }, { "7002", "01010101 01020405", -1, 0 },
		{ "7010", "020405b4 01030307", -1, 0 }, /* no SYN */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char frame[200];
		struct decoding d = { "SYN", LINK_RAW, frame, 0, 0 };
		struct message m;
		struct segment s;

		(void)snprintf(frame, sizeof frame,
			"4500 0030 0000 0000 4006 0000 c000020a c0000201 c001 01bb 00000064 "
			"00000000 "
			"%s 0400 0000 0000 %s",
			rows[i].flags, rows[i].options);
		assert_int_equal(decode_hex(&d, &s, &m), DECODED_SEGMENT);
		assert_int_equal(s.scale, rows[i].scale);
		assert_int_equal(s.mss, rows[i].mss);
		assert_int_equal(s.hops_left, 0x40);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode__finds_the_segment_in_every_wrapping),
		cmocka_unit_test(test_decode__any_damage_is_survived),
		cmocka_unit_test(test_decode__what_was_cut_off_is_counted),
		cmocka_unit_test(test_decode__what_is_not_for_us_is_told_apart),
		cmocka_unit_test(test_decode__an_icmp_error_quotes_a_segment),
		cmocka_unit_test(test_decode__other_icmp_is_nothing),
		cmocka_unit_test(test_decode__options_are_read_from_a_syn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
