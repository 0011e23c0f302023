/* Other ways to read the bytes of a signature. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_READINGS_H
#define TLSDIAG_FORENSIC_READINGS_H

#include "forensic/suspect.h"

struct reading {
	struct bytes r, s;      /* ECDSA: big-endian */
	struct bytes signature; /* RSA */
	const char *what;       /* "once r and s are exchanged"; NULL: exactly as sent */
};

enum { READINGS_MAX = 32 };

/* The plainest first. Bytes and texts are the suspect's, static, or in the arena. */
size_t readings_make(
	const struct suspect *s, struct arena *a, struct reading out[static READINGS_MAX]);

#endif
