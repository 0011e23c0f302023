/* How long a message can be at all: the sum of its fields, each as long as its own length can say. */
#include "wire/handshake.h"

enum {
	VEC8 = 1 + 0xff,
	VEC16 = 2 + 0xffff,
	VERSION = 2,
	RANDOM = 32,
	SESSION_ID = 1 + 32,
	SCHEME = 2,
	ANY = 0xffffff, /* what the header can say */
};

size_t handshake_body_max(uint8_t type)
{
	switch (type) {
	case HS_HELLO_REQUEST:
	case HS_SERVER_HELLO_DONE:
		return VEC16;
	case HS_CLIENT_HELLO: /* suites, compression methods, extensions */
		return VERSION + RANDOM + SESSION_ID + VEC16 + VEC8 + VEC16;
	case HS_SERVER_HELLO: /* suite, compression method, extensions */
	case HS_HELLO_RETRY_REQUEST:
		return VERSION + RANDOM + SESSION_ID + 2 + 1 + VEC16;
	case HS_NEW_SESSION_TICKET: /* RFC 8446 4.6.1 has most fields */
		return 4 + 4 + VEC8 + VEC16 + VEC16;
	case HS_SERVER_KEY_EXCHANGE: /* DHE_PSK: hint, p, g, Ys; a signature */
		return 4 * VEC16 + SCHEME + VEC16;
	case HS_CERTIFICATE_REQUEST: /* types, schemes, authorities; RFC 8446: context, extensions */
		return VEC8 + VEC16 + VEC16;
	case HS_CLIENT_KEY_EXCHANGE: /* identity, key */
		return VEC16 + VEC16;
	case HS_CERTIFICATE_VERIFY:
		return SCHEME + VEC16;
	default: /* a Certificate's list alone may fill it */
		return ANY;
	}
}
