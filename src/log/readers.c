/* The table of readers. */
#include "log/reader.h"

#include <string.h>

#define READER(name) extern const struct log_reader log_reader_##name;
#include "log/readers.def"
#undef READER

const struct log_reader *const log_readers[N_LOG_READERS] = {
#define READER(name) &log_reader_##name,
#include "log/readers.def"
#undef READER
};

const struct log_reader *log_reader_find(const char *name)
{
	for (size_t i = 0; i < N_LOG_READERS; i++)
		if (strcmp(log_readers[i]->name, name) == 0)
			return log_readers[i];
	return NULL;
}
