/* The lookups of names/names.h for text that ends nowhere, and for spellings of programs. */
#include "log/named.h"

#include "base/array.h"
#include "names/names.h"

#include <ctype.h>

enum { NAME_LEN = 64 };

static bool copy(struct bytes b, char out[static NAME_LEN])
{
	if (b.len == 0 || b.len >= NAME_LEN || memchr(b.data, '\0', b.len) != NULL)
		return false;
	memcpy(out, b.data, b.len);
	out[b.len] = '\0';
	return true;
}

/* "HandshakeFailure" as "Handshake_Failure" */
static void part_words(const char *name, char out[static NAME_LEN])
{
	size_t n = 0;

	for (size_t i = 0; name[i] != '\0' && n + 2 < NAME_LEN; i++) {
		if (i != 0 && isupper((unsigned char)name[i]) &&
			islower((unsigned char)name[i - 1]))
			out[n++] = '_';
		out[n++] = name[i];
	}
	out[n] = '\0';
}

int named_alert(struct bytes name)
{
	char text[NAME_LEN], words[NAME_LEN];
	int alert;

	if (!copy(name, text))
		return -1;
	alert = alert_by_name(text);
	if (alert >= 0)
		return alert;
	part_words(text, words);
	return alert_by_name(words);
}

int named_suite(struct bytes name)
{
	char text[NAME_LEN];

	return copy(name, text) ? suite_by_name(text) : -1;
}

int named_group(struct bytes name)
{
	char text[NAME_LEN];

	if (!copy(name, text))
		return -1;
	if (strcmp(text, "prime256v1") == 0)
		return group_by_name("secp256r1");
	return group_by_name(text);
}

int named_version(struct bytes name)
{
	char text[NAME_LEN];

	return copy(name, text) ? version_by_name(text) : -1;
}

/* Letters of either case, without blanks and '_'. */
static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == ' ' || *a == '_')
			a++;
		while (*b == ' ' || *b == '_')
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a == '\0')
			return true;
	}
}

int named_message(struct bytes name)
{
	char text[NAME_LEN];

	if (!copy(name, text))
		return -1;
	for (unsigned type = 0; type < 256; type++) {
		const char *title = name_handshake_title(type);

		if (title != NULL && same_letters(text, title))
			return (int)type;
	}
	return -1;
}
