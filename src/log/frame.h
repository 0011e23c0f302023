/* Frames as a capture would have them: told from other bytes, and made of what a dissection says of one. */
#ifndef TLSDIAG_LOG_FRAME_H
#define TLSDIAG_LOG_FRAME_H

#include "log/notes.h"

/*
 * Is it a frame with an IP packet of TCP or UDP in it, `total` bytes long? *link is its LINKTYPE_ in capture
 * files.
 */
bool frame_link(struct bytes b, uint64_t total, uint32_t *link);

/* Notes a frame; c may be NULL. */
void frame_note(
	struct log_conn *c, uint32_t link, struct bytes b, uint64_t missing, struct log_at at);

#endif
