/*
 * Two logs of one connection, its client's and its server's, told as one. Which belong together the randoms of the
 * hellos say, and where a log has none, what both say of the handshake and when.
 */
#ifndef TLSDIAG_DOOR_LOG_VIEWS_H
#define TLSDIAG_DOOR_LOG_VIEWS_H

#include "log/notes.h"

/* A copy with its notes, in the arena; NULL: out of memory. */
struct log_conn *view_copy(struct arena *a, const struct log_conn *c);

enum view_match {
	VIEWS_DIFFER, /* two connections */
	VIEWS_SILENT, /* they may be one: nothing speaks for it, or against it */
	VIEWS_MAY_BE, /* something speaks for it: the suite, the name, the messages, the time */
	VIEWS_ARE_ONE /* their randoms are the same */
};
enum view_match views_match(const struct log_conn *a, const struct log_conn *b);

/*
 * Adds to `c`, which lives in the arena, what the other side's log says: its library's words and results, its chain,
 * alerts that `c` lacks; and that a message did not arrive as it was sent, where both logs have its bytes. name: of the
 * other's file, which stands before its words then; NULL: it is the same file, and lines are the same file's.
 */
void view_add(struct log_conn *c, struct arena *a, const struct log_conn *other, const char *name);

/* The first message in the clear of `from` that is not the same in both; false: none is. Internal to view_add(). */
struct view_difference {
	enum side from;
	uint8_t type;
	size_t at,
		len[2]; /* the first byte of the message that differs; its lengths, sent and received */
	uint8_t sent, received;
};
bool views_differ(const struct log_conn *sender, const struct log_conn *receiver, enum side from,
	struct view_difference *out);

/*
 * The handshake messages in the clear of `from`, one after the other, up to the first byte that is missing or protected;
 * at most VIEW_PLAIN_MAX, in `room`.
 */
enum { VIEW_PLAIN_MAX = 64 * 1024 };
struct bytes view_plain(
	const struct log_conn *c, enum side from, uint8_t room[static VIEW_PLAIN_MAX]);

/* How many bytes of the connection it has: the one with more is the one to add to. */
size_t view_weight(const struct log_conn *c);

#endif
