/* By its form alone: which labels there are, src/keylog knows. */
#include "log/key_line.h"

#include "log/scan.h"

enum { ID_DIGITS_LEAST = 16, SECRET_DIGITS_LEAST = 64 };

static bool is_label(struct bytes word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] >= 'a' && word.data[i] <= 'z')
			return false;
	return text_is(word, "RSA") || text_has(word, "_RANDOM") || text_has(word, "_SECRET");
}

static bool digits(struct scan *s, size_t least)
{
	struct scan from = *s;
	uint8_t byte;

	while (scan_hex_byte(s, &byte))
		continue;
	return (size_t)(s->at - from.at) >= least;
}

bool key_line_is(struct bytes text)
{
	struct scan s = scan_of(text_trim(text));
	struct bytes word;

	if (scan_peek(&s) < 'A' || scan_peek(&s) > 'Z' || text.len < SECRET_DIGITS_LEAST)
		return false;
	return scan_name(&s, "", &word) && is_label(word) && scan_char(&s, ' ') &&
	       digits(&s, ID_DIGITS_LEAST) && scan_char(&s, ' ') &&
	       digits(&s, SECRET_DIGITS_LEAST) && scan_is_at_end(&s);
}
