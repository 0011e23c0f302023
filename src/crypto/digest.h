/* What the library calls a hash. */
#ifndef TLSDIAG_CRYPTO_DIGEST_H
#define TLSDIAG_CRYPTO_DIGEST_H

#include "crypto/crypto.h"

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/md.h>

/* NULL for MD5_SHA1, for what is no hash, and for what the library was built without. */
const mbedtls_md_info_t *digest_info(enum hash hash);

#endif
