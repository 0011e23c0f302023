/*
 * XMPP's way to TLS (RFC 6120 5.4). Only as much XML as that takes: the tags, in their order, by
 * their local names. A stream holds no comments and no declarations (RFC 6120 11.1).
 */
#include "drive/reply.h"

struct tag {
	struct bytes name; /* without its prefix */
	bool closing;      /* </name> */
	bool empty;        /* <name/> */
	size_t start, end; /* from '<' to behind '>' */
};

enum tag_found { TAG_FOUND, TAG_CUT, TAG_NONE /* other text stands there */ };

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind the '>' of the tag at `at`, 0 when it is not there; inside quotes it does not count. */
static size_t tag_end(struct bytes b, size_t at)
{
	uint8_t quote = 0;

	for (; at < b.len; at++) {
		uint8_t c = b.data[at];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return 0;
}

/* "stream:features xmlns='...'" is "features". */
static struct bytes local_name(struct bytes inside)
{
	size_t start = 0, end = 0;

	for (; end < inside.len && !is_blank(inside.data[end]) && inside.data[end] != '/'; end++)
		if (inside.data[end] == ':')
			start = end + 1;
	return bytes_slice(inside, start, end - start);
}

/* The next tag from `at` on. Before the first one of a reply no text may stand. */
static enum tag_found next_tag(struct bytes b, size_t at, struct tag *out)
{
	bool text_allowed = at != 0;
	struct bytes inside;

	for (; at < b.len && b.data[at] != '<'; at++)
		if (!text_allowed && !is_blank(b.data[at]))
			return TAG_NONE;
	out->start = at;
	out->end = tag_end(b, at);
	if (out->end == 0)
		return TAG_CUT;
	inside = bytes_slice(b, at + 1, out->end - at - 2);
	out->closing = inside.len != 0 && inside.data[0] == '/';
	inside = bytes_slice(inside, out->closing, inside.len);
	out->empty = inside.len != 0 && inside.data[inside.len - 1] == '/';
	out->name = local_name(inside);
	return TAG_FOUND;
}

static bool is_named(const struct tag *t, const char *name)
{
	return bytes_equal(t->name, bytes_of(name, strlen(name)));
}

/* The element is over with this tag. */
static bool ends(const struct tag *t, const char *name)
{
	return (t->closing || t->empty) && is_named(t, name);
}

/* The peer gives up the stream. */
static bool ends_stream(const struct tag *t)
{
	return ends(t, "error") || ends(t, "stream");
}

enum reply_kind reply_xmpp_features(const struct step *step, struct bytes b, struct reply *out)
{
	bool in_stream = false, offered = false;
	enum tag_found found;
	size_t body = 0; /* behind the stream's header */
	struct tag t;

	(void)step;
	for (size_t at = 0; (found = next_tag(b, at, &t)) == TAG_FOUND; at = t.end) {
		if (!in_stream && is_named(&t, "?xml"))
			continue;
		if (!in_stream) {
			if (!is_named(&t, "stream") || t.closing || t.empty)
				return REPLY_STRANGE;
			in_stream = true;
			body = t.end;
			continue;
		}
		offered |= is_named(&t, "starttls");
		if (ends_stream(&t) || (ends(&t, "features") && !offered))
			return reply_refuse(out, t.end, bytes_slice(b, body, t.end - body));
		if (ends(&t, "features")) {
			out->len = t.end;
			return REPLY_OK;
		}
	}
	return found == TAG_CUT ? REPLY_MORE : REPLY_STRANGE;
}

enum reply_kind reply_xmpp_proceed(const struct step *step, struct bytes b, struct reply *out)
{
	bool first = true;
	enum tag_found found;
	struct tag t;

	(void)step;
	for (size_t at = 0; (found = next_tag(b, at, &t)) == TAG_FOUND; at = t.end) {
		bool no = is_named(&t, "failure") || is_named(&t, "error") || ends_stream(&t);

		if (first && !no && !is_named(&t, "proceed"))
			return REPLY_STRANGE;
		first = false;
		if (ends(&t, "failure") || ends_stream(&t))
			return reply_refuse(out, t.end, bytes_slice(b, 0, t.end));
		if (ends(&t, "proceed")) {
			out->len = t.end;
			return REPLY_OK;
		}
	}
	return found == TAG_CUT ? REPLY_MORE : REPLY_STRANGE;
}
