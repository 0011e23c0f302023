/*
 * Short texts that a user writes, or a file of them. The first byte chooses: a text of hexadecimal, a
 * pre-shared key, a list of targets, a target, an address, an expectation.
 */
#include "base/hex_text.h"
#include "base/text_file.h"
#include "diagnose/expect.h"
#include "door/address.h"
#include "drive/target.h"
#include "drive/target_list.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

#include <stdlib.h>

enum { ROOM = 4096, TEXTS = 6 };

static void must_be_one_line(const struct err *e)
{
	must(e->code != ERR_NONE && bytes_printable(bytes_of(e->msg, strlen(e->msg))));
}

/* A run never outgrows its room, ends, and keeps its bytes when they are turned round twice. */
static void read_hex(struct bytes b)
{
	uint8_t data[ROOM], before[ROOM];
	struct hex_run run = { .data = data, .room = sizeof data };
	struct hex_text t;
	struct err e = { .code = ERR_NONE };
	size_t n = 0;

	(void)hex_text_plausible(b);
	hex_text_open(&t, b);
	do {
		if (!hex_text_next(&t, &run, &e)) {
			must_be_one_line(&e);
			return;
		}
		must(run.len <= sizeof data && run.unit >= 1 && n++ <= b.len);
		memcpy(before, data, run.len);
		hex_run_swap(&run);
		hex_run_swap(&run);
		must(memcmp(before, data, run.len) == 0);
	} while (run.len != 0);
}

static void read_psk(struct bytes b)
{
	struct text_file f = { .at = 0 };
	struct secret bytes = { NULL, 0 };
	const char *line;
	size_t n = 0;

	must(secret_new(&f.text, b.len + 1));
	if (b.len != 0)
		memcpy(f.text.data, b.data, b.len);
	f.text.len = b.len;
	if (text_file_hex(&f, &bytes))
		must(bytes.len != 0 && bytes.len <= b.len / 2);
	secret_wipe(&bytes);
	while ((line = text_file_line(&f)) != NULL)
		must(strchr(line, '\n') == NULL && ++n <= b.len);
	text_file_close(&f);
}

/* What comes out can be said and used; what is wrong with a list does not show what it holds. */
static void read_list(struct bytes b)
{
	struct target_list l = { b, 0 };
	char one[TARGET_LINE_MAX];
	struct target t;
	struct err e = { .code = ERR_NONE };
	size_t n = 0;

	while (target_list_next(&l, one, &e)) {
		if (one[0] == '\0')
			return;
		must(target_parse(one, 443, &t, &e) && t.port != 0);
		must(strspn(t.host, "-") == 0 && ++n <= b.len);
	}
	must_be_one_line(&e);
	must(strncmp(e.msg, "line ", 5) == 0 && strchr(e.msg, '\'') == NULL);
}

static void read_target(const char *text)
{
	char said[TARGET_TEXT], again[TARGET_TEXT];
	struct target t;
	struct err e;

	if (!target_parse(text, 443, &t, &e))
		return;
	must(t.host[0] != '\0' && t.port != 0);
	target_text(&t, said);
	must(target_parse(said, 1, &t, &e));
	target_text(&t, again);
	must(strcmp(said, again) == 0);
}

static void read_address(const char *text)
{
	struct endpoint at;
	struct err e;

	if (address_parse(text, "--server", &at, &e))
		must(at.family == 4 || at.family == 6 || (at.family == 0 && at.port != 0));
}

static void read_expectation(const char *text)
{
	struct expectation x;
	struct err e = { .code = ERR_NONE };

	must(expect_parse(text, &x, &e) || (e.code == ERR_USAGE && e.msg[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_slice(bytes_of(data, size), 1, size);
	char *text;

	if (size == 0 || (text = calloc(1, size)) == NULL)
		return 0;
	if (rest.len != 0)
		memcpy(text, rest.data, rest.len);
	switch (data[0] % TEXTS) {
	case 0:
		read_hex(rest);
		break;
	case 1:
		read_psk(rest);
		break;
	case 2:
		read_list(rest);
		break;
	case 3:
		read_target(text);
		break;
	case 4:
		read_address(text);
		break;
	default:
		read_expectation(text);
		break;
	}
	free(text);
	return 0;
}
