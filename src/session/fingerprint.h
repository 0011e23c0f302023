/* Whose ClientHello is this? A guess from its shape, or nothing. */
#ifndef TLSDIAG_SESSION_FINGERPRINT_H
#define TLSDIAG_SESSION_FINGERPRINT_H

#include "session/handshake.h"

/* name is NULL where the shape is not known or fits several stacks. */
struct looks fingerprint_client_hello(const struct client_hello *hello);

#endif
