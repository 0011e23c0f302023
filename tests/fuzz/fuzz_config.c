/* Configuration headers: any text is one, or is told not to be. */
#include "config/config.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

#include <stdlib.h>

/* A line end more changes nothing that a header says. */
static void compare(const struct config *c, struct bytes text)
{
	char *copy = malloc(text.len + 1);
	struct config *longer;
	struct err e;

	if (copy == NULL)
		return;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\n';
	longer = config_read("config.h", bytes_of(copy, text.len + 1), &e);
	must(longer != NULL);
	must(config_in_content_len(c) == config_in_content_len(longer));
	for (unsigned group = 0; group < 64; group++)
		must(config_has_group(c, (uint16_t)group) ==
			config_has_group(longer, (uint16_t)group));
	config_close(longer);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	struct err e = { .code = ERR_NONE };
	struct config *c = config_read("config.h", text, &e);

	if (c == NULL) {
		must(e.code == ERR_INPUT || e.code == ERR_LIMIT);
		must(bytes_printable(bytes_of(e.msg, strlen(e.msg))));
		return 0;
	}
	must(text.len != 0);
	must(config_has(c, "MBEDTLS_SSL_IN_CONTENT_LEN") ||
		config_has(c, "MBEDTLS_SSL_MAX_CONTENT_LEN") || config_in_content_len(c) == 16384);
	compare(c, text);
	config_close(c);
	return 0;
}
