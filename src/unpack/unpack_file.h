/*
 * Files that are read whole (base/file.h), unpacked on the way when they come compressed. What is not goes
 * straight to its place in memory that is wiped; the memory of a codec is not wiped.
 */
#ifndef TLSDIAG_UNPACK_UNPACK_FILE_H
#define TLSDIAG_UNPACK_UNPACK_FILE_H

#include "base/file.h"

/* As file_read(). False also where compressed data is damaged or breaks off: ERR_INPUT. */
bool unpack_file_read(
	const char *path, const struct file_kind *kind, struct secret *out, struct err *e);
bool unpack_file_read_stdin(const struct file_kind *kind, struct secret *out, struct err *e);

#endif
