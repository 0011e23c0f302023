/* Frames that a log shows: read as a capture of them would be. */
#ifndef TLSDIAG_DOOR_LOG_FRAMES_H
#define TLSDIAG_DOOR_LOG_FRAMES_H

#include "log/notes.h"
#include "session/source.h"

/* Has it frames? Then it has nothing else. */
static inline bool log_frames_are(const struct log_conn *c)
{
	return c->notes != NULL && c->notes->kind == LOG_FRAME;
}

/* A time before the year 2000 is of a clock that was not set, or counted from a start. */
static inline bool log_time_undated(int64_t time)
{
	return time / 1000000000 < 946684800;
}

/*
 * Pushes the chunks of the flows that its frames make up; packets are numbered in the order in which the log
 * shows them. Nothing is pushed when memory is out.
 */
void log_frames_push(const struct log_conn *c, struct sink sink);

#endif
