/* The two sides of a handshake, and where a fact about one of them comes from. */
#ifndef TLSDIAG_SESSION_SIDE_H
#define TLSDIAG_SESSION_SIDE_H

enum side { SIDE_CLIENT, SIDE_SERVER }; /* by TLS role; also the index of arrays */
static inline enum side side_other(enum side s)
{
	return s == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

/* How a fact became known. What TLS 1.3 encrypts is as good a fact once it is known, but for its bytes. */
enum provenance {
	FROM_NOWHERE,   /* it is not known */
	FROM_CLEAR,     /* read on the wire, in the clear */
	FROM_DECRYPTED, /* read on the wire, under keys that were given */
	FROM_TOLD,      /* said by one of the sides itself: our own client, or its log */
};

#endif
