/* The options of `tlsdiag config` that say where a build is deployed, and what they hold. */
#ifndef TLSDIAG_CLI_DEPLOYED_H
#define TLSDIAG_CLI_DEPLOYED_H

#include "cli/file_guard.h"
#include "config/deployment.h"
#include "pki/material.h"

enum { DEPLOYED_FILES_MAX = 64 };

enum deployed_as { DEPLOYED_CERT, DEPLOYED_KEY, DEPLOYED_CA, DEPLOYED_CAPTURE };

struct deployed_file {
	enum deployed_as as;
	const char *path;
};

struct deployed_files {
	struct deployed_file list[DEPLOYED_FILES_MAX];
	size_t n;
};

bool deployed_add(struct deployed_files *f, enum deployed_as as, const char *path, struct err *e);
void deployed_guard(const struct deployed_files *f, struct file_guard *g);

/* What they hold, read; what it points to lives as long as this. */
struct deployed {
	struct material material;
	struct deployment deployment;
};

/* NULL with the reason when one cannot be read. */
struct deployed *deployed_open(const struct deployed_files *f, struct err *e);
/* The device's own certificate: the first of --cert; NULL: none was given. */
const struct cert *deployed_own(const struct deployed *d);
void deployed_close(struct deployed *d); /* accepts NULL */

#endif
