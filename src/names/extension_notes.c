/* Notes on extensions, by name: the registry (names.c) has the numbers. */
#include "names/extension_notes.h"

#include "base/array.h"
#include "names/names.h"

#include <stddef.h>
#include <string.h>

#define NAMES_NOTES
#include "names.inc"

const struct extension_note *extension_note(uint16_t value)
{
	const char *name = name_extension(value);

	for (size_t i = 0; i < COUNT(note_table) && name != NULL; i++)
		if (strcmp(note_table[i].name, name) == 0)
			return &note_table[i];
	return NULL;
}
