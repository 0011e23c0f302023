/*
 * What a client of mbedTLS says that was built with a configuration: the hello of its release (data/hellos/), less
 * what is not compiled in. A program can offer less.
 */
#ifndef TLSDIAG_DRIVE_CLIENT_BUILD_H
#define TLSDIAG_DRIVE_CLIENT_BUILD_H

#include "client/offer.h"
#include "config/build.h"

/* build: of a client, which has suites. */
void client_build_offer(const struct build *build, struct offer *out);

#endif
