/*
 * ClientHellos as known stacks send them when nothing is configured: data (data/hellos/), recorded from the
 * programs themselves.
 */
#ifndef TLSDIAG_CLIENT_PROFILE_H
#define TLSDIAG_CLIENT_PROFILE_H

#include "client/offer.h"

struct hello_profile {
	const char *name;     /* "openssl-3.0" */
	const char *title;    /* "OpenSSL 3.0 (s_client)" */
	struct bytes records; /* as on the wire; random, session id and key shares are zeros */
};

/* By stack, of one the newest last; *n is their number. */
const struct hello_profile *hello_profiles(size_t *n);

/*
 * "openssl-3.0", or the newest of "openssl-3" and "openssl". NULL: none begins like that.
 */
const struct hello_profile *hello_profile_find(const char *name);

/* The newest of each stack? */
bool hello_profile_is_newest(const struct hello_profile *p);

/* "botan, chrome, ...": the stacks that there are; appended. */
void hello_profile_stacks(struct strbuf *out);

/* What it offers; the server name is not told. False: never of those that are there. */
bool hello_profile_offer(const struct hello_profile *p, struct offer *out);

#endif
