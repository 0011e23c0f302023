/* The names of files as URI references (RFC 3986). */
#ifndef TLSDIAG_REPORT_URI_H
#define TLSDIAG_REPORT_URI_H

#include "base/strbuf.h"

/*
 * Appends a path, percent-encoded: an absolute one as "file:///...", a relative one as a relative
 * reference, whose first part has no colon that could be taken for the end of a scheme.
 */
void uri_put_path(struct strbuf *out, const char *path);

#endif
