/* Small things that readers of lines do: a place in a text that moves forward only where it fits. */
#ifndef TLSDIAG_LOG_SCAN_H
#define TLSDIAG_LOG_SCAN_H

#include "base/bytes.h"

#include <string.h>

struct scan {
	const uint8_t *at, *end;
};

static inline struct scan scan_of(struct bytes b)
{
	return (struct scan){ b.data, b.len != 0 ? b.data + b.len : b.data }; /* NULL has no + 0 */
}

static inline struct bytes scan_rest(const struct scan *s)
{
	return bytes_of(s->at, (size_t)(s->end - s->at));
}

static inline bool scan_is_at_end(const struct scan *s)
{
	return s->at == s->end;
}

/* The next byte; 0 at the end. */
static inline uint8_t scan_peek(const struct scan *s)
{
	return s->at < s->end ? *s->at : 0;
}

/* The whole of what scan_word() and text_begins() look for, whose first byte may be there. Internal to them. */
bool scan_rest_of_word(struct scan *s, const char *word, size_t len);

/*
 * Each moves on and is true where the text goes on so; else nothing has changed. Lines are millions, and asked for
 * dozens of words each: nearly always the first byte says no.
 */
static inline bool scan_char(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != (uint8_t)c)
		return false;
	s->at++;
	return true;
}

static inline bool scan_word(struct scan *s, const char *word) /* as text_begins() reads it */
{
	enum { SMALL = 0x20 }; /* the bit that parts small letters from capitals */

	return s->at != s->end && (*s->at | SMALL) == ((uint8_t)word[0] | SMALL) &&
	       scan_rest_of_word(s, word, strlen(word));
}

bool scan_word_nocase(struct scan *s, const char *word); /* ASCII */
bool scan_blanks(struct scan *s);                        /* at least one */
bool scan_decimal(struct scan *s, uint64_t *value);      /* at least one digit, no overflow */
bool scan_integer(struct scan *s, int64_t *value);       /* with a sign or without */
bool scan_hex(struct scan *s, uint64_t *value);          /* no 0x before it */
bool scan_hex_byte(struct scan *s, uint8_t *value);      /* two digits */
bool scan_until(struct scan *s, const char *word, struct bytes *before); /* and past word */
/* Letters, digits, _ and whatever is in `more`. */
bool scan_name(struct scan *s, const char *more, struct bytes *name);

/* Without blanks at both ends. */
struct bytes text_trim(struct bytes b);
/*
 * Whatever is looked for is found as well in a text whose capitals became small letters, as some collectors
 * and searches hand it on: a capital of `word` may be a small letter of the text, never the other way
 * round, and not where the word has capitals alone.
 */
bool text_is(struct bytes b, const char *word);
static inline bool text_begins(struct bytes b, const char *word)
{
	struct scan s = scan_of(b);

	return scan_word(&s, word);
}

/* The same of the first `len` bytes of word. Internal to those below, whose words are mostly constants. */
size_t text_find_bytes(struct bytes b, const char *word, size_t len);

/* Where word begins in b; b.len: nowhere. */
static inline size_t text_find(struct bytes b, const char *word)
{
	return text_find_bytes(b, word, strlen(word));
}

static inline bool text_has(struct bytes b, const char *word)
{
	return text_find(b, word) != b.len;
}

#endif
