/* One frame to one TCP segment or UDP datagram: link layers, tunnels, IP, fragments, ICMP errors. */
#ifndef TLSDIAG_CAPTURE_DECODE_H
#define TLSDIAG_CAPTURE_DECODE_H

#include "capture/fragment.h"
#include "capture/reader.h"
#include "capture/segment.h"

enum decoded {
	DECODED_SEGMENT,
	DECODED_QUOTED,  /* an ICMP error: the segment it quotes did not arrive */
	DECODED_NOTHING, /* well formed, but nothing of TCP or UDP, or not all of it is there yet */
	DECODED_BAD,     /* a layer could not be read */
	DECODED_UNKNOWN_LINK,
};

/* out borrows from the frame, or from the fragments until the next call. */
enum decoded decode_packet(
	const struct packet *p, struct fragments *fragments, struct segment *out);

#endif
