/*
 * What a server or a proxy says before TLS, and files that hold a ClientHello. The first byte chooses:
 * a script, whose peer says the rest, or a file, which is the rest.
 */
#include "drive/hello_file.h"
#include "drive/scripts.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "wire/record.h"

enum { PIECEWISE_MAX = 512, FILE_CHOICE = 9 };

static const struct script *const scripts[FILE_CHOICE] = {
	&script_smtp,
	&script_imap,
	&script_pop3,
	&script_ftp,
	&script_ldap,
	&script_xmpp,
	&script_postgres,
	&script_mysql,
	&script_proxy,
};

/* The whole dialogue: what we say is sent at once, the peer says b in pieces. */
static size_t play(
	const struct script *script, struct bytes b, size_t piece, struct dialogue_result *out)
{
	struct dialogue d;
	size_t at = 0, read;

	dialogue_open(&d, script, "dev.example");
	while (d.state == DIALOGUE_SEND || (d.state == DIALOGUE_WANT && at < b.len)) {
		if (d.state == DIALOGUE_SEND) {
			must(dialogue_message(&d).len != 0);
			dialogue_sent(&d);
			continue;
		}
		dialogue_feed(&d, bytes_slice(b, at, piece));
		at += piece;
	}
	must(d.read <= d.in.len && d.in.len <= script->max);
	dialogue_read_result(&d, out);
	read = d.read;
	dialogue_close(&d);
	return read;
}

/* However the bytes are cut, the dialogue ends in the same way and at the same byte. */
static void fuzz_script(const struct script *script, struct bytes b)
{
	struct dialogue_result whole, parts;
	size_t read = play(script, b, b.len + 1, &whole);

	must(memchr(whole.said, '\0', sizeof whole.said) != NULL);
	must(whole.said[0] == '\0' || bytes_printable(bytes_of(whole.said, strlen(whole.said))));
	must(whole.state != DIALOGUE_SEND && whole.state != DIALOGUE_FAILED);
	must(whole.state != DIALOGUE_DONE || read + whole.surplus <= b.len);
	if (b.len > PIECEWISE_MAX)
		return;
	must(play(script, b, 1, &parts) == read && parts.state == whole.state);
	must(whole.state != DIALOGUE_REFUSED || strcmp(parts.said, whole.said) == 0);
}

/* What was found is a hello, and the same hello is found again in its records. */
static void fuzz_file(struct bytes b)
{
	struct arena *a = arena_new((size_t)8 * HELLO_FILE_MAX);
	struct hello_bytes hello, again;
	struct err e = { .code = ERR_NONE };

	must(a != NULL);
	if (!hello_bytes_read(b, a, &hello, &e)) {
		must(e.code != ERR_NONE && e.msg[0] != '\0');
	} else {
		must(hello.hello.seen && hello.records.len >= hello.message.len);
		must(hello_bytes_read(hello.records, a, &again, &e));
		must(again.framed && again.skipped == 0 && again.left_over == 0);
		must(again.n_records == hello.n_records);
		must(bytes_equal(again.message, hello.message));
		must_be_sound(
			bytes_slice(hello.message, HANDSHAKE_HEADER, SIZE_MAX), &hello.hello.ext);
	}
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_slice(bytes_of(data, size), 1, size);

	if (size == 0)
		return 0;
	if (data[0] % (FILE_CHOICE + 1) == FILE_CHOICE)
		fuzz_file(rest);
	else
		fuzz_script(scripts[data[0] % (FILE_CHOICE + 1)], rest);
	return 0;
}
