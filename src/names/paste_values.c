/* Names of signature schemes, groups, cipher suites and extensions. */
#include "names/paste_inside.h"

#include "base/array.h"
#include "names/names.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_ROOM = 80, NAME_MIN = 5, SUITE_MIN = 10 };

static bool is_name(uint8_t c)
{
	return paste_is_word(c) || c == '-' || c == '.';
}

/* OpenSSL's names of suites are parted by '-', all others by '_' too. */
static bool find_name(const char *name, size_t len, enum paste_kind *kind, unsigned *value)
{
	int found = -1;
	bool parted = strpbrk(name, "_-") != NULL;

	if (strchr(name, '_') != NULL && (found = scheme_by_name(name)) >= 0)
		*kind = PASTE_SCHEME;
	else if ((parted || strpbrk(name, "0123456789") != NULL) &&
		 (found = group_by_name(name)) >= 0)
		*kind = PASTE_GROUP;
	else if (strchr(name, '_') != NULL && (found = extension_by_name(name)) >= 0)
		*kind = PASTE_EXTENSION;
	else if (parted && len >= SUITE_MIN && (found = suite_by_name(name)) >= 0)
		*kind = PASTE_SUITE;
	*value = (unsigned)(found >= 0 ? found : 0);
	return found >= 0;
}

/* "(0x0603)" behind the name is the same once more. */
static size_t number_behind(const struct paste_text *t, size_t end, unsigned value)
{
	char text[NAME_ROOM], *stop;
	struct bytes rest = bytes_slice(t->raw, end, 12);
	size_t skip;

	if (rest.len == 0)
		return 0;
	(void)snprintf(text, sizeof text, "%.*s", (int)rest.len, (const char *)rest.data);
	skip = strspn(text, " ([=:,");
	if (skip == 0 || strncmp(text + skip, "0x", 2) != 0 ||
		strtoul(text + skip, &stop, 16) != value)
		return 0;
	return (size_t)(stop - text) + (*stop == ')' || *stop == ']');
}

void paste_find_values(struct paste_reader *r)
{
	struct paste_text *t = &r->text;
	size_t at = 0;

	while (at < t->raw.len) {
		char name[NAME_ROOM];
		struct paste_find find = { .at = at };

		while (at + find.len < t->raw.len && is_name(t->raw.data[at + find.len]))
			find.len++;
		at += find.len != 0 ? find.len : 1;
		while (find.len != 0 && strchr("-.", t->raw.data[find.at + find.len - 1]) != NULL)
			find.len--;
		if (find.len < NAME_MIN || find.len >= sizeof name ||
			paste_is_taken(t, find.at, find.len))
			continue;
		memcpy(name, t->raw.data + find.at, find.len);
		name[find.len] = '\0';
		if (!find_name(name, find.len, &find.kind, &find.value))
			continue;
		find.len += number_behind(t, find.at + find.len, find.value);
		paste_add(r, &find);
	}
}
