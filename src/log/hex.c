/*
 * Bytes as people paste them: dumps with offsets, digits, arrays of C, strings, base64. Lines are put
 * together to blocks; flight.c tells what a block is.
 */
#include "base/array.h"
#include "base/hex_row.h"
#include "base/hex_text.h"
#include "log/conversation.h"
#include "log/hex_line.h"
#include "log/reader.h"
#include "log/scan.h"

enum {
	BLOCK_MAX = 256 * 1024,
	LABEL_MAX = 160,
	STRANGERS_MAX = 3,
	ROW_TEXT = 320,
	OD_DIGITS = 7,
	ROW_USUAL_MOST = 32
};

/* A dump with offsets: the last row is held until the next one's offset tells how much of it counts. */
struct rows {
	uint8_t held[HEX_ROW_ROOM];
	size_t n_held;
	unsigned base;                 /* of the offsets; 0 not known yet */
	char digits[HEX_ROW_UNIT_MAX]; /* of the first row's offset, while it is not */
	size_t n_digits;
	uint64_t at;    /* offset of the row held */
	size_t per_row; /* bytes of the first row; 0 not known yet */
	unsigned unit;
	bool squeezed; /* a '*': rows like the last */
};

struct state {
	enum { BLOCK_NONE, BLOCK_ROWS, BLOCK_LINES } block;
	enum hex_form form; /* of BLOCK_LINES */
	bool opened;        /* the line before ended in a bracket */
	unsigned strangers; /* lines of something else within the block */
	struct log_at at;   /* of its first line */
	enum speaker who;
	char label[LABEL_MAX]; /* the last line that was none of bytes */
	size_t n_label;
	int64_t label_time;
	struct rows rows;
	struct holed bytes;
	uint8_t room[BLOCK_MAX];
	uint8_t line[HEX_LINE_BYTES];
	struct conversation conversation;
};

/* ---- blocks ---- */

static void begin(struct state *s, const struct log_line *line, struct bytes label)
{
	s->bytes.data = s->room;
	s->bytes.room = sizeof s->room;
	holed_clear(&s->bytes);
	s->at = line->at;
	if (s->at.time == LOG_NO_TIME)
		s->at.time = s->label_time;
	s->strangers = 0;
	s->who = speaker_of(label);
	if (s->who == SPEAKER_UNKNOWN)
		s->who = speaker_of(bytes_of(s->label, s->n_label));
	s->n_label = 0;
}

/* Numbers of several bytes may have been shown with the last byte first. */
static bool swapped(struct state *s)
{
	struct hex_run run = { .data = s->room, .len = s->bytes.len, .unit = s->rows.unit };

	if (s->block != BLOCK_ROWS || s->rows.unit < 2 || s->bytes.n_holes != 0)
		return false;
	hex_run_swap(&run);
	return true;
}

static void add_held(struct state *s, uint64_t most)
{
	size_t n = s->rows.n_held < most ? s->rows.n_held : (size_t)most;

	holed_add(&s->bytes, bytes_of(s->rows.held, n));
	s->rows.n_held = 0;
	if (s->rows.per_row == 0)
		s->rows.per_row = n;
}

static void end_block(struct state *s, struct log_notes *notes)
{
	if (s->block == BLOCK_NONE)
		return;
	if (s->block == BLOCK_ROWS)
		add_held(s, s->rows.per_row != 0 ? s->rows.per_row : s->rows.n_held);
	if (!conversation_take(&s->conversation, notes, LOG_READER_hex, &s->bytes, s->who, s->at) &&
		swapped(s))
		(void)conversation_take(
			&s->conversation, notes, LOG_READER_hex, &s->bytes, s->who, s->at);
	s->block = BLOCK_NONE;
	s->opened = false;
}

/* ---- dumps with offsets ---- */

/* OpenSSL's rows: "0000 - 16 03 01 00-ce ..."; the dashes are blanks to us. */
static struct bytes plain_row(struct state *s, struct bytes text)
{
	size_t n = text.len < ROW_TEXT ? text.len : ROW_TEXT;
	size_t digits = 0;

	while (digits < n && hex_digit_value(text.data[digits]) >= 0)
		digits++;
	if (digits < 4 || n < digits + 4 || memcmp(text.data + digits, " - ", 3) != 0)
		return text;
	memcpy(s->line, text.data, n);
	s->line[digits] = ':';
	s->line[digits + 1] = ' ';
	for (size_t at = digits + 2; at + 1 < n && at < digits + 3 + 48; at++)
		if (s->line[at] == '-' && hex_digit_value(s->line[at + 1]) >= 0)
			s->line[at] = ' ';
	return bytes_of(s->line, n);
}

static void hold_row(struct state *s, const struct hex_row *row)
{
	s->rows.n_held = hex_row_bytes(row->shown, HEX_ROW_MAX, s->rows.held, &s->rows.unit);
	if (s->rows.n_held > HEX_ROW_MAX)
		s->rows.n_held = HEX_ROW_MAX;
}

static void begin_rows(struct state *s, const struct log_line *line, const struct hex_row *row)
{
	begin(s, line, bytes_of(NULL, 0));
	s->block = BLOCK_ROWS;
	s->rows = (struct rows){ .unit = 1 };
	s->rows.n_digits =
		row->digits.len < sizeof s->rows.digits ? row->digits.len : sizeof s->rows.digits;
	memcpy(s->rows.digits, row->digits.data, s->rows.n_digits);
	hold_row(s, row);
}

/*
 * The base in which the second offset is at most what the first row shows behind the first. Seven digits may
 * be in any: od's are octal or decimal, hexdump's are not.
 */
static void learn_base(struct rows *r, struct bytes second)
{
	static const unsigned bases[] = { 16, 10, 8 };
	size_t n_bases = r->n_digits == OD_DIGITS ? COUNT(bases) : 1;
	uint64_t best = 0;

	for (size_t i = 0; i < n_bases; i++) {
		uint64_t from, to;

		if (!hex_row_offset(bytes_of(r->digits, r->n_digits), bases[i], &from) ||
			!hex_row_offset(second, bases[i], &to) || to <= from ||
			to - from > r->n_held || to - from <= best)
			continue;
		best = to - from;
		r->base = bases[i];
		r->at = from;
	}
	if (best == 0) {
		r->base = 16;
		(void)hex_row_offset(bytes_of(r->digits, r->n_digits), r->base, &r->at);
	}
}

static void fill_squeezed(struct state *s, uint64_t offset)
{
	size_t per_row = s->rows.per_row;

	s->rows.squeezed = false;
	if (per_row == 0 || s->bytes.len < per_row || s->bytes.n_holes != 0)
		return;
	while (s->rows.at + per_row < offset && !s->bytes.full) {
		holed_add(&s->bytes, bytes_of(s->bytes.data + s->bytes.len - per_row, per_row));
		s->rows.at += per_row;
	}
}

/* The next row of the dump, or its end. False: it is none. */
static bool take_offset(struct state *s, const struct hex_row *row)
{
	uint64_t offset, step;

	if (s->rows.base == 0)
		learn_base(&s->rows, row->digits);
	if (!hex_row_offset(row->digits, s->rows.base, &offset) || offset <= s->rows.at)
		return false;
	if (s->rows.squeezed)
		fill_squeezed(s, offset);
	step = offset - s->rows.at;
	if (step > BLOCK_MAX)
		return false;
	if (s->rows.n_held != 0) {
		uint64_t held = s->rows.n_held;

		add_held(
			s, s->rows.per_row != 0 && step > s->rows.per_row ? s->rows.per_row : step);
		held = held < s->rows.per_row ? held : s->rows.per_row;
		if (step > s->rows.per_row && step <= ROW_USUAL_MOST)
			s->rows.per_row = (size_t)step; /* the row was cut, unless one is lost */
		if (step > held)
			holed_miss(&s->bytes, step - held);
	}
	s->rows.at = offset;
	if (row->shown.len != 0)
		hold_row(s, row);
	return true;
}

static bool take_row(struct state *s, struct log_notes *notes, const struct log_line *line)
{
	struct bytes text = plain_row(s, hex_skip_blank(line->text));
	struct hex_row row;

	if (text.len == 0 || (hex_digit_value(text.data[0]) < 0 && text.data[0] != '*'))
		return false;
	if (s->block == BLOCK_ROWS && text_is(text_trim(text), "*")) {
		add_held(s, s->rows.per_row != 0 ? s->rows.per_row : s->rows.n_held);
		s->rows.squeezed = true;
		return true;
	}
	if (!hex_row_parse(text, &row))
		return false;
	if (s->block == BLOCK_ROWS && !hex_row_at_zero(&row) && take_offset(s, &row)) {
		s->strangers = 0;
		return true;
	}
	if (!hex_row_begins(text))
		return false;
	end_block(s, notes);
	begin_rows(s, line, &row);
	return true;
}

/* ---- lines without offsets ---- */

static bool goes_on(struct state *s, struct log_notes *notes, const struct log_line *line)
{
	struct hex_line r;

	if (s->block != BLOCK_LINES || !hex_line_read(line->text, s->form, s->line, &r))
		return false;
	holed_add(&s->bytes, bytes_of(s->line, r.n));
	s->strangers = 0;
	if (r.ends)
		end_block(s, notes);
	return true;
}

/* Behind an opening bracket a single number is enough. */
static bool begins_in_bracket(struct state *s, struct bytes text, struct hex_line *r)
{
	static const enum hex_form forms[] = { HEX_LIST, HEX_DECIMAL, HEX_DIGITS };

	if (!s->opened)
		return false;
	for (size_t i = 0; i < COUNT(forms); i++)
		if (hex_line_read(text, forms[i], s->line, r) && r->n != 0)
			return true;
	return false;
}

static bool take_tokens(struct state *s, struct log_notes *notes, const struct log_line *line)
{
	struct hex_line r;

	if (goes_on(s, notes, line))
		return true;
	if (!begins_in_bracket(s, line->text, &r) &&
		!hex_line_read(line->text, HEX_NOTHING, s->line, &r))
		return false;
	end_block(s, notes);
	begin(s, line, r.label);
	s->block = BLOCK_LINES;
	s->form = r.form;
	holed_add(&s->bytes, bytes_of(s->line, r.n));
	if (r.ends)
		end_block(s, notes);
	return true;
}

/* ---- the reader ---- */

/* A line of something else: it may say whose the next bytes are, and ends those before, or not yet. */
static void pass_by(struct state *s, struct log_notes *notes, const struct log_line *line)
{
	struct bytes text = text_trim(line->text);
	bool patient = s->block == BLOCK_ROWS || s->form == HEX_LIST || s->form == HEX_DECIMAL;

	if (s->block != BLOCK_NONE && (!patient || ++s->strangers > STRANGERS_MAX))
		end_block(s, notes);
	if (text.len == 0)
		return;
	s->n_label = text.len < LABEL_MAX ? text.len : LABEL_MAX;
	memcpy(s->label, text.data, s->n_label);
	s->label_time = line->at.time;
	s->opened = strchr("{[(", text.data[text.len - 1]) != NULL;
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct state *s = state;

	if (take_row(s, notes, line) || take_tokens(s, notes, line))
		return LOG_MINE;
	pass_by(s, notes, line);
	return LOG_NOT_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct state *s = state;

	end_block(s, notes);
	conversation_end(&s->conversation, notes, LOG_READER_hex);
}

const struct log_reader log_reader_hex = {
	.name = "hex",
	.title = "bytes in hexadecimal",
	.size = sizeof(struct state),
	.take = take,
	.end = end,
};
