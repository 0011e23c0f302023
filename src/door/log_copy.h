/*
 * Copies of logs that are to be shown to strangers: without secrets (log/redact.h) and without names and addresses
 * (log/anonymise.h). A log is read twice: when all of them have been diagnosed, every name is known, and so is
 * what has to stay for the copies to give the same diagnosis.
 */
#ifndef TLSDIAG_DOOR_LOG_COPY_H
#define TLSDIAG_DOOR_LOG_COPY_H

#include "log/log.h"
#include "log/pseudonym.h"
#include "session/handshake.h"

#include <stdio.h>

enum {
	LOG_COPIES_MAX = 64,             /* files */
	LOG_COPY_CERTIFICATES_MAX = 256, /* beyond it no name is taken out of bytes */
};

struct log_copy;
struct log_copy *log_copy_open(void);    /* NULL: out of memory */
void log_copy_close(struct log_copy *c); /* accepts NULL */

/* A file that is about to be read; it is read from here again. False: it cannot be, or there are too many. */
bool log_copy_add(struct log_copy *c, int fd, const char *name, struct err *e);
/* Its lines, for the names in them: what goes into struct log_options. */
void log_copy_line(void *copy, struct bytes line);
/* A name that is given besides, and has to stay. NULL: none. */
void log_copy_keep(struct log_copy *c, const char *name);
/* What must agree with certificates and signatures in the log stays. */
void log_copy_see(struct log_copy *c, const struct handshake *hs);

/* All files, one after the other. False when one cannot be read again; what cannot be written is told by
 * whoever closes the file. */
bool log_copy_write(struct log_copy *c, FILE *out, struct err *e);
/* What is left in them: certificates as bytes, and names, NULL past the last. */
size_t log_copy_certificates(const struct log_copy *c);
const char *log_copy_name(const struct log_copy *c, size_t i);

#endif
