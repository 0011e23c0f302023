/*
 * Runs the inputs named on the command line through a fuzz target, without libFuzzer: every fault
 * once found stays a test on any compiler. The empty input goes first.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file's bytes in a block of exactly their size, so that a sanitizer sees one byte too many. */
static uint8_t *file_read(FILE *f, size_t *size)
{
	size_t room = 4096;
	uint8_t *data = malloc(room);

	*size = 0;
	while (data != NULL) {
		size_t n = fread(data + *size, 1, room - *size, f);
		uint8_t *more;

		if (n == 0)
			break;
		*size += n;
		if (*size < room)
			continue;
		room *= 2;
		more = realloc(data, room);
		if (more == NULL)
			free(data);
		data = more;
	}
	if (data != NULL && *size != 0)
		data = realloc(data, *size);
	return data;
}

static int file_replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	size_t size;

	if (f == NULL) {
		(void)fprintf(stderr, "cannot open '%s': %s\n", path, strerror(errno));
		return 1;
	}
	data = file_read(f, &size);
	(void)fclose(f);
	if (data == NULL) {
		(void)fprintf(stderr, "out of memory reading '%s'\n", path);
		return 1;
	}
	(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		failed |= file_replay(argv[i]);
	return failed;
}
