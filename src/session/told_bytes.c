/*
 * What a device says that it sent, or received, against what was on the wire. Where they differ, something between its TLS
 * and the place of the capture changed the bytes: its memory, a driver, a middlebox; or the line that brought its log did.
 */
#include "session/told_bytes.h"

#include "names/names.h"
#include "session/handshake.h"
#include "wire/handshake.h"

static struct bytes next_message(struct bytes *left)
{
	size_t length, whole;
	struct bytes message;

	if (left->len < HANDSHAKE_HEADER)
		return bytes_of(NULL, 0);
	length = (size_t)left->data[1] << 16 | (size_t)left->data[2] << 8 | left->data[3];
	whole = HANDSHAKE_HEADER + length;
	message = bytes_slice(*left, 0, whole <= left->len ? whole : 0);
	*left = bytes_slice(*left, message.len, left->len);
	return message;
}

static bool is_in_the_clear(const struct event *ev, enum side from)
{
	return ev->kind == EVENT_MESSAGE && ev->from == from && !ev->opened &&
	       ev->raw.len >= HANDSHAKE_HEADER; /* what is only told has none */
}

/* Of one that breaks off in the capture its beginning counts. */
static bool same(const struct event *ev, struct bytes message, size_t *at)
{
	size_t n = ev->raw.len < message.len ? ev->raw.len : message.len;

	for (*at = 0; *at < n; ++*at)
		if (ev->raw.data[*at] != message.data[*at])
			return false;
	return ev->raw.len == message.len || ev->unread;
}

/* One more remark of that side. */
static void add_remark(struct handshake *hs, enum side by, const char *words, uint64_t packet)
{
	struct party *p = &hs->side[by];
	struct remark *copy;

	if (words == NULL || p->n_remarks >= REMARKS_MAX)
		return;
	copy = arena_alloc(hs->arena, (p->n_remarks + 1) * sizeof *copy);
	if (copy == NULL)
		return;
	if (p->n_remarks != 0)
		memcpy(copy, p->remarks, p->n_remarks * sizeof *copy);
	copy[p->n_remarks] = (struct remark){ SAYING_altered_on_way, packet, words };
	p->remarks = copy;
	p->n_remarks++;
}

static void tell(
	struct handshake *hs, enum side by, const struct event *ev, struct bytes message, size_t at)
{
	const char *name = name_handshake_title(ev->type);
	const char *words;

	if (name == NULL)
		name = "a message";
	if (at < ev->raw.len && at < message.len)
		words = arena_printf(hs->arena,
			"%s, byte %zu: %02x in the log, %02x in the capture", name, at,
			message.data[at], ev->raw.data[at]);
	else
		words = arena_printf(hs->arena, "%s: %zu bytes in the log, %zu in the capture",
			name, message.len, ev->raw.len);
	add_remark(hs, by, words, ev->packet);
}

/* Messages that the log leaves out end it: what comes behind them may be another's. */
static void compare_side(struct handshake *hs, enum side by, enum side from, struct bytes plain)
{
	size_t at;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];
		struct bytes message;

		if (!is_in_the_clear(ev, from))
			continue;
		message = next_message(&plain);
		if (message.len == 0 || message.data[0] != ev->type)
			return;
		if (!same(ev, message, &at)) {
			tell(hs, by, ev, message, at);
			return;
		}
	}
}

void told_compare(struct handshake *hs, const struct told *told)
{
	if (!told->beside || hs->outcome != OUTCOME_FAILED || hs->transport != TRANSPORT_TCP ||
		hs->midway)
		return;
	compare_side(hs, told->story.role, SIDE_CLIENT, told->plain[SIDE_CLIENT]);
	compare_side(hs, told->story.role, SIDE_SERVER, told->plain[SIDE_SERVER]);
}
