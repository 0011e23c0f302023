/* Logs as a source: files, compressed or not, whose lines the readers of src/log turn into connections. */
#include "base/memory.h"
#include "base/strbuf.h"
#include "content/content.h"
#include "door/log_handing.h"
#include "names/paste.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static void add_totals(struct log_totals *to, const struct log_totals *from)
{
	to->bytes += from->bytes;
	to->lines += from->lines;
	to->clipped += from->clipped;
	to->conns += from->conns;
	to->dropped += from->dropped;
	for (size_t i = 0; i < N_LOG_READERS; i++)
		to->taken[i] += from->taken[i];
}

/* Captures are read by another command; reports quote logs, and tell of no handshake themselves. */
static bool is_no_log(enum content_kind kind, const char *name, struct err *e)
{
	struct strbuf help = { 0 };

	if (kind != CONTENT_PCAP && kind != CONTENT_PCAPNG && kind != CONTENT_REPORT &&
		kind != CONTENT_OTHER_REPORT)
		return false;
	content_help(kind, name, true, &help);
	(void)err_set(e, ERR_INPUT, 0, "'%.80s' is not a log but %s%s%s", name, content_name(kind),
		help.len != 0 ? ": " : "", strbuf_text(&help));
	strbuf_free(&help);
	return true;
}

enum { SHORT_TEXT = 1024 };

/* What the file is by its beginning, and all of it where it is short. */
struct beginning {
	enum content_kind kind;
	bool is_text;
	uint8_t text[SHORT_TEXT];
	size_t len; /* of the text; 0: the file is longer */
};

static void keep_beginning(struct beginning *b, struct bytes piece, bool first)
{
	if (first) {
		b->kind = content_tell(piece);
		b->is_text = content_is_text(piece);
	}
	b->len = first && piece.len <= sizeof b->text ? piece.len : 0;
	if (b->len != 0)
		memcpy(b->text, piece.data, b->len);
}

/* A log may come compressed. What was read before it breaks off counts, as that of a capture does. */
static bool read_pieces(struct tlsdiag *run, struct log *l, struct unpack_reader *from,
	const char *name, uint8_t *piece, struct beginning *begin, struct err *e)
{
	for (bool first = true;; first = false) {
		const char *stop =
			run->options.stop != NULL ? run->options.stop(run->options.ctx) : NULL;
		enum unpack_result result;
		size_t got = 0;

		if (stop != NULL)
			return err_set(e, ERR_LIMIT, 0, "%s", stop);
		result = unpack_read(from, piece, PIECE, &got, e);
		if (result == UNPACK_END)
			return true;
		if (result != UNPACK_OK)
			return err_context(e, "cannot read '%s'", name);
		keep_beginning(begin, bytes_of(piece, got), first);
		if (first && is_no_log(begin->kind, name, e))
			return false;
		log_feed(l, bytes_of(piece, got));
	}
}

/* Of a file that tells of no handshake: what it is, and whom it helps. */
static void note_kind(
	struct tlsdiag *run, enum content_kind kind, bool text_first, const char *name)
{
	const char *command = content_command(kind);
	struct strbuf text = { 0 }, help = { 0 };

	if (kind == CONTENT_UNKNOWN || kind == CONTENT_EMPTY || run->inputs.n_names == 0 ||
		(command != NULL && strcmp(command, "log") == 0))
		return;
	content_help(kind, name, text_first, &help);
	strbuf_printf(&text, "'%.80s' is %s%s%s", name, content_name(kind),
		help.len != 0 ? ": " : "", strbuf_text(&help));
	inputs_note(&run->inputs, run->given.arena, 0, strbuf_text(&text));
	strbuf_free(&text);
	strbuf_free(&help);
}

/* Nothing of a handshake, but a number or a name that another command knows. */
static void note_paste(struct tlsdiag *run, const struct beginning *b)
{
	struct paste p = { .finds = NULL };
	struct strbuf text = { 0 };

	if (b->len == 0 || !b->is_text || run->inputs.n_names == 0)
		return;
	if (paste_read(bytes_of(b->text, b->len), &p) && p.n != 0) {
		size_t len = p.finds[0].len != 0 ? p.finds[0].len : b->len - p.finds[0].at;

		while (len != 0 && b->text[p.finds[0].at + len - 1] <= ' ')
			len--;
		strbuf_printf(&text, "it is no log; tlsdiag explain '%.*s' tells what that is",
			(int)(len < 80 ? len : 80), (const char *)b->text + p.finds[0].at);
		inputs_note(&run->inputs, run->given.arena, 0, strbuf_text(&text));
	}
	paste_free(&p);
	strbuf_free(&text);
}

/* What cannot be written is told by whoever closes the file. */
static void put_line(void *ctx, struct bytes line)
{
	FILE *out = ctx;

	(void)fwrite(line.data, 1, line.len, out);
	(void)putc('\n', out);
}

static void take_secret(void *ctx, struct bytes line)
{
	keys_hear(ctx, line);
}

/*
 * The other side's log may stand behind it, or in the next file. What comes as it happens does not wait, unless another
 * is to be read behind it. With a capture both sides' words go to the handshake that was captured.
 */
static struct log_pairs *pairs_for(struct tlsdiag *run, int fd, bool beside)
{
	struct stat st;

	if (beside)
		return log_pairs_open();
	if (!run->options.several_logs && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)))
		return NULL;
	if (run->logs.pairs == NULL)
		run->logs.pairs = log_pairs_open();
	return run->logs.pairs;
}

static void end_log(struct log *l, struct log_handing *h)
{
	log_end(l);
	if (!h->beside)
		return;
	log_hand_on_waiting(h);
	log_pairs_close(h->pairs);
	h->pairs = NULL;
}

static void take_printed(void *ctx, const struct printed_cert *cert)
{
	struct log_handing *h = ctx;

	if (cert->subject[0] == '\0' || cert->until[0] == '\0')
		return;
	for (size_t i = 0; i < h->n_printed; i++)
		if (strcmp(h->printed[i].subject, cert->subject) == 0 &&
			strcmp(h->printed[i].until, cert->until) == 0)
			return;
	if (h->n_printed < LOG_PRINTED_MAX)
		h->printed[h->n_printed++] = *cert;
}

/* Where the bytes of a certificate are there, they count, and not what is printed of them. */
static void tell_printed(struct log_handing *h)
{
	struct tlsdiag *run = h->run;

	for (size_t i = 0; i < h->n_printed && !h->shows_certificates && run->inputs.n_names != 0;
		i++) {
		const char *text = arena_printf(run->given.arena,
			"a certificate is printed as text, '%s', valid until %s, and not there to "
			"be checked: openssl s_client -connect HOST:PORT -showcerts has it, or a "
			"debug log of level 4",
			h->printed[i].subject, h->printed[i].until);

		if (text != NULL)
			inputs_note(&run->inputs, run->given.arena, h->printed[i].line, text);
	}
}

static struct log *open_log(
	struct tlsdiag *run, struct log_handing *h, const struct log_reader *format, bool beside)
{
	const struct log_options o = { .format = format,
		.secret = take_secret,
		.secret_ctx = run,
		.printed = beside ? NULL : take_printed,
		.printed_ctx = h,
		.redacted = run->copy != NULL               ? log_copy_line
			    : run->options.redacted != NULL ? put_line
							    : NULL,
		.redacted_ctx = run->copy != NULL ? (void *)run->copy : run->options.redacted };

	return log_open((struct log_conn_sink){ log_hand_on, h }, &o);
}

static bool read_all(struct tlsdiag *run, int fd, const char *name, const struct log_reader *format,
	bool beside, struct err *e)
{
	struct arena *a = arena_new(SIZE_MAX);
	struct log_handing *h = a != NULL ? arena_alloc(a, sizeof *h) : NULL;
	uint8_t *piece = h != NULL ? arena_alloc_raw(a, PIECE) : NULL;
	struct log *l = piece != NULL ? open_log(run, h, format, beside) : NULL;
	struct unpack_reader *from = l != NULL ? unpack_open(fd, e) : NULL;
	struct beginning begin = { .kind = CONTENT_UNKNOWN };
	struct log_totals t;
	bool ok;

	if (from == NULL) {
		log_close(l);
		arena_free(a);
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	}
	h->run = run;
	h->beside = beside;
	h->pairs = pairs_for(run, fd, beside);
	h->name = name;
	h->input = beside ? 0 : (unsigned)run->inputs.n_names;
	ok = read_pieces(run, l, from, name, piece, &begin, e);
	unpack_close(from);
	end_log(l, h);
	t = log_totals(l);
	tell_printed(h);
	if (ok && t.conns == 0) {
		note_kind(run, begin.kind, begin.is_text, name);
		note_paste(run, &begin);
	}
	add_totals(&run->logs.totals, &t);
	log_close(l);
	arena_free(a);
	return ok;
}

bool run_take_notes(struct tlsdiag *run, void (*write)(void *ctx, struct log_notes *n), void *ctx,
	struct err *e)
{
	struct log_handing *h = memory_new(sizeof *h);
	struct log_notes *n =
		h != NULL ? log_notes_open((struct log_conn_sink){ log_hand_on, h }) : NULL;

	if (n != NULL) {
		h->run = run;
		write(ctx, n);
		log_notes_end(n);
	}
	log_notes_close(n);
	free(h);
	return n != NULL || err_set(e, ERR_MEMORY, 0, "out of memory");
}

static bool find_format(const char *name, const struct log_reader **out, struct err *e)
{
	*out = name != NULL ? log_reader_find(name) : NULL;
	if (name == NULL || *out != NULL)
		return true;
	return err_set(e, ERR_USAGE, 0, "'%.40s' is no format of a log", name);
}

static bool read_log(
	struct tlsdiag *run, int fd, const char *name, const char *format, struct tlsdiag_error *e)
{
	const struct log_reader *reader;
	struct err err = { 0 };
	bool ok;

	if (!find_format(format, &reader, &err) || !run_begin_input(run, "log", name, &err))
		return run_tell(e, &err, TLSDIAG_FAILURE);
	ok = (run->copy == NULL || log_copy_add(run->copy, fd, name, &err)) &&
	     read_all(run, fd, name, reader, false, &err);
	return run_end_input(run, ok, &err) || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_read_open_log(
	struct tlsdiag *run, int fd, const char *name, const char *format, struct tlsdiag_error *e)
{
	bool ok = read_log(run, fd, name, format, e);

	(void)close(fd);
	return ok;
}

bool tlsdiag_read_log(
	struct tlsdiag *run, const char *path, const char *format, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	int fd;

	if (strcmp(path, "-") == 0)
		return read_log(run, STDIN_FILENO, path, format, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return tlsdiag_read_open_log(run, fd, path, format, e);
	(void)err_set(&err, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	if (run_begin_input(run, "log", path, &err))
		(void)run_end_input(run, false, &err);
	return run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_read_log_beside(struct tlsdiag *run, const char *path, struct tlsdiag_error *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err err = { 0 };
	bool ok;

	if (fd < 0) {
		(void)err_set(&err, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
		return run_tell(e, &err, TLSDIAG_BAD_INPUT);
	}
	ok = read_all(run, fd, path, NULL, true, &err);
	(void)close(fd);
	return ok || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_write_copy(struct tlsdiag *run, struct tlsdiag_error *e)
{
	struct err err = { 0 };

	logs_end(run); /* what has to stay is known when all is judged */
	pipeline_flush(run->pipeline);
	return run->copy == NULL || log_copy_write(run->copy, run->options.redacted, &err) ||
	       run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

size_t tlsdiag_copied_certificates(const struct tlsdiag *run)
{
	return run->copy != NULL ? log_copy_certificates(run->copy) : 0;
}

const char *tlsdiag_copied_name(const struct tlsdiag *run, size_t i)
{
	return run->copy != NULL ? log_copy_name(run->copy, i) : NULL;
}

const char *tlsdiag_log_format(size_t i, const char **title)
{
	if (i >= N_LOG_READERS)
		return NULL;
	if (title != NULL)
		*title = log_readers[i]->title;
	return log_readers[i]->name;
}
