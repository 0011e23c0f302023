/* Certificates out of fixtures/certs, by name: "leaf" is fixtures/certs/leaf.crt. */
#ifndef TLSDIAG_TESTS_SUPPORT_CERTS_H
#define TLSDIAG_TESTS_SUPPORT_CERTS_H

#include "pki/chain.h"

#include <stdio.h>
#include <stdlib.h>

/* 2027-01-01: all certificates in use are in date then. */
enum { FIXTURE_TIME = 1798761600 };

/* A name with a dot in it is a file name. */
static inline void fixture_path(const char *name, char out[static 128])
{
	(void)snprintf(
		out, 128, "fixtures/certs/%s%s", name, strchr(name, '.') != NULL ? "" : ".crt");
}

/* Every certificate of the files, a NULL after the last name; counts and holds them. */
static inline size_t fixture_certs(
	struct cert_store *store, const char *const names[], const struct cert **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; names[i] != NULL; i++) {
		struct err e = { ERR_NONE, 0, "" };
		char path[128];
		size_t got = 0;

		fixture_path(names[i], path);
		if (!certs_read_file(path, store, out + n, max - n, &got, &e)) {
			(void)fprintf(stderr, "%s\n", e.msg);
			abort();
		}
		n += got;
	}
	return n;
}

static inline const struct cert *fixture_cert(struct cert_store *store, const char *name)
{
	const char *const names[] = { name, NULL };
	const struct cert *c = NULL;

	(void)fixture_certs(store, names, &c, 1);
	return c;
}

#endif
