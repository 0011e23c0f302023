/*
 * A file that is there whole or not at all: what is written stands in a file without a name, or
 * under a name of its own, until it is committed. A process that is killed before that leaves what
 * was there before, and nothing else.
 */
#ifndef TLSDIAG_CLI_OUT_FILE_H
#define TLSDIAG_CLI_OUT_FILE_H

#include "base/err.h"

#include <stdio.h>

struct out_file;

/*
 * Makes a file to be written to path. NULL when *e says why it cannot be: ERR_OS.
 *   mode  permissions, of which the umask takes away its bits; also of a file that was there before
 * Links are followed. What is there and is no regular file (a device, a pipe, /dev/fd/3) cannot be
 * replaced: it is written to at once.
 */
struct out_file *out_file_open(const char *path, unsigned mode, struct err *e);

/* The same for file systems that know no file without a name: out_file_open() falls back on it. */
struct out_file *out_file_open_named(const char *path, unsigned mode, struct err *e);

/* The path as it was given; it belongs to the file. */
const char *out_file_name(const struct out_file *f);
/* Where to write to; it belongs to the file. */
FILE *out_file_stream(const struct out_file *f);

/*
 * Fills folder (PATH_MAX bytes) with that in which it will be given its name. False: it has its name,
 * or stands for a descriptor.
 */
bool out_file_folder(const struct out_file *f, char *folder);

/*
 * Gives the file its name, in place of the one that was there. False with ERR_OS when any of it
 * could not be written: then all is as before. *f is gone either way.
 */
bool out_file_commit(struct out_file *f, struct err *e);
/* Leaves everything as it was; accepts NULL. */
void out_file_abandon(struct out_file *f);

#endif
