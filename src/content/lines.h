/* Texts, told by their lines. Internal to content. */
#ifndef TLSDIAG_CONTENT_LINES_H
#define TLSDIAG_CONTENT_LINES_H

#include "content/content.h"

/* CONTENT_UNKNOWN: no text, or one like any other. */
enum content_kind content_tell_lines(struct bytes first);

#endif
