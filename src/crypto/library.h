/*
 * What a call of mbedTLS returned: is it about the bytes it was given, or about this machine? A
 * failure of our own is never a fact about a peer, so whoever turns a code into an answer asks here.
 */
#ifndef TLSDIAG_CRYPTO_LIBRARY_H
#define TLSDIAG_CRYPTO_LIBRARY_H

#include <stdbool.h>

/*
 * Did the call go well? One that lacked memory is counted (base/memory.h): by its code, or, where that
 * hides it behind another, by the ENOMEM that the allocator leaves in errno.
 */
bool library_ok(int code);

/* Does the code tell of memory that was not there? */
bool library_lacked_memory(int code);

/* Does it tell of this machine or its library alone: memory, entropy, a fault inside? */
bool library_failed_itself(int code);

#endif
