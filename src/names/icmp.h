/* What an ICMP or ICMPv6 error says of a packet that did not arrive (RFC 792, RFC 1812, RFC 4443). */
#ifndef TLSDIAG_NAMES_ICMP_H
#define TLSDIAG_NAMES_ICMP_H

#include <stdint.h>

enum icmp_meaning {
	ICMP_OTHER,
	ICMP_NET_UNREACHABLE,  /* a router knows no way */
	ICMP_HOST_UNREACHABLE, /* the last router does not find the host */
	ICMP_PORT_UNREACHABLE, /* the host does not take packets for the port or the protocol */
	ICMP_PROHIBITED,       /* somebody on the way does not let it pass */
	ICMP_EXPIRED,          /* it went in circles, or too far */
};

/* family: 4 for ICMP, 6 for ICMPv6. */
enum icmp_meaning icmp_meaning(uint8_t family, uint8_t type, uint8_t code);
/* "host unreachable"; "unreachable" for a code that is not known. */
const char *icmp_text(uint8_t family, uint8_t type, uint8_t code);

#endif
