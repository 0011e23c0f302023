/* A TCP segment or UDP datagram, taken out of its frame. */
#ifndef TLSDIAG_CAPTURE_SEGMENT_H
#define TLSDIAG_CAPTURE_SEGMENT_H

#include "base/bytes.h"

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

struct segment {
	uint8_t family; /* 4 or 6 */
	uint8_t protocol;
	uint16_t vlan;     /* innermost VLAN id, 0 none */
	uint8_t hops_left; /* TTL (RFC 791 3.1), hop limit (RFC 8200 3) as it passed the capture */
	struct bytes src, dst; /* 4 or 16 bytes, in the frame */
	uint16_t sport, dport;
	int64_t time;         /* ns since 1970 */
	uint64_t packet;      /* from 1 */
	struct bytes payload; /* what was captured of it */
	uint32_t missing;     /* bytes of payload after that, cut off by the capture */

	/* TCP (RFC 9293 3.1) */
	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	int8_t scale; /* window scale option of a SYN (RFC 7323 2.2), -1 none */
	uint16_t mss; /* maximum segment size option of a SYN (RFC 9293 3.7.1), 0 none */

	/* of an ICMP error that quotes the segment: then the rest is the quoted one's, and nothing
	 * of it but its addresses, ports and seq is there */
	struct bytes reporter; /* who sent the error */
	uint8_t icmp_type, icmp_code;
};

#endif
