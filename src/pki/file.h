/* Whole files into memory that is wiped. Internal to pki. */
#ifndef TLSDIAG_PKI_FILE_H
#define TLSDIAG_PKI_FILE_H

#include "base/err.h"
#include "base/secret.h"

/* The largest CA bundle in use has a quarter of a MiB. */
enum { FILE_BYTES_MAX = 16 * 1024 * 1024 };

/* A NUL follows the bytes and is not counted. Release with secret_wipe(). */
bool file_read(const char *path, struct secret *out, struct err *e);

#endif
