/* What a file is, and whether it comes compressed: its beginning is read, nothing else. */
#ifndef TLSDIAG_CONTENT_LOOK_H
#define TLSDIAG_CONTENT_LOOK_H

#include "content/content.h"
#include "unpack/unpack.h"

struct content_look {
	enum content_kind kind; /* of what is unpacked */
	enum packing packing; /* PACKING_NONE: it is not compressed, or not in a way that is read */
	bool text;
};

/*
 * path: a regular file; a pipe would lose what is read of it. False with ERR_OS or ERR_MEMORY; a file whose
 * compressed data is damaged is CONTENT_UNKNOWN or what its beginning says.
 */
bool content_look(const char *path, struct content_look *out, struct err *e);

/* CONTENT_GZIP for PACKING_GZIP, and so on. */
enum content_kind content_of_packing(enum packing packing);

#endif
