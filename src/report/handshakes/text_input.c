/* What is said of the input as a whole. */
#include "base/array.h"
#include "report/config_reading.h"
#include "report/handshakes/text_parts.h"
#include "session/prove.h"

#include <inttypes.h>
#include <stdio.h>

enum { NAMES_SHOWN = 4 };

void input_title(const struct input_info *in, struct strbuf *out)
{
	size_t shown = in->n_names <= NAMES_SHOWN ? in->n_names : NAMES_SHOWN - 1;

	for (size_t i = 0; i < shown; i++) {
		strbuf_printf(out, "%s%s", i != 0 ? ", " : "",
			strcmp(in->names[i], "-") == 0 ? "standard input" : in->names[i]);
		if (in->n_names > 1)
			strbuf_printf(out, " (%zu)", i + 1);
	}
	if (shown < in->n_names)
		strbuf_printf(out, " and %zu more", in->n_names - shown);
}

/* "1,991 attempts to connect are only counted, for no TLS was seen on their ports: 1,990 unanswered, 1
 * refused." */
static void put_attempts(struct page *p, const struct input_info *in)
{
	const uint64_t counts[] = { in->unanswered, in->refused, in->unreachable };
	static const char *const words[] = { "unanswered", "refused", "unreachable" };
	struct strbuf text = { 0 };
	const char *before = ": ";
	char number[COUNT_TEXT];

	if (in->refused + in->unanswered + in->unreachable == 0)
		return;
	page_add_count(&text, in->refused + in->unanswered + in->unreachable,
		"attempt to connect is only counted, for no TLS was seen on its port",
		"attempts to connect are only counted, for no TLS was seen on their ports");
	for (size_t i = 0; i < COUNT(counts); i++) {
		if (counts[i] == 0)
			continue;
		strbuf_printf(&text, "%s%s %s", before, page_count(counts[i], number), words[i]);
		before = ", ";
	}
	strbuf_puts(&text, ".");
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static bool is_log(const struct input_info *in)
{
	return strcmp(in->kind, "log") == 0;
}

void nothing_put(struct page *p, const struct input_info *in)
{
	struct strbuf text = { 0 };

	input_title(in, &text);
	strbuf_puts(&text, ": nothing to judge: ");
	if (is_log(in))
		page_add_count(&text, in->lines, "line", "lines");
	else
		page_add_count(&text, in->packets, "packet", "packets");
	if (is_log(in)) {
		strbuf_puts(&text, ", none of which tells of a TLS handshake");
	} else if (in->flows == 0) {
		strbuf_puts(&text, ", no TCP connection");
	} else if (in->flows <= in->refused + in->unanswered + in->unreachable) {
		strbuf_puts(&text, ", no TCP connection that came about");
	} else {
		strbuf_puts(&text, ", ");
		page_add_count(&text, in->flows, "connection", "connections");
		strbuf_puts(&text, in->flows == 1 ? ", which does not speak TLS"
						  : ", none of which speaks TLS");
	}
	page_wrap(p, 2, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

void unreached_put(struct page *p, const struct input_info *in)
{
	for (size_t i = 0; i < in->n_problems; i++) {
		page_put(p, ROLE_ERROR, "FAIL");
		page_tab(p, 6);
		page_wrap(p, 6, in->problems[i].text);
		page_end_line(p);
	}
}

static bool is_left_out(const struct input_info *in, const char *id)
{
	for (size_t i = 0; i < in->n_limits; i++)
		if (strcmp(in->limits[i].id, id) == 0)
			return true;
	return false;
}

/* "signatures, points, chains": those of them that there was one of. */
static void add_verified_kinds(struct strbuf *out, const struct input_info *in)
{
	const struct {
		uint64_t n;
		const char *name;
	} kinds[] = { { in->with_signature, "signatures" }, { in->with_point, "points" },
		{ in->with_chain, is_left_out(in, "chains") ? "not all chains" : "chains" } };
	const char *before = "";

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].n == 0)
			continue;
		strbuf_printf(out, "%s%s", before, kinds[i].name);
		before = ", ";
	}
}

/* "Verified what is in the clear in both handshakes", "Verified 2 of 9,002 handshakes". */
static void add_verified_share(struct strbuf *out, const struct input_info *in, uint64_t all)
{
	char some[COUNT_TEXT], many[COUNT_TEXT];

	if (in->not_verified + in->left_out != 0 || in->verified < all)
		strbuf_printf(out, "Verified %s of %s handshakes", page_count(in->verified, some),
			page_count(all, many));
	else
		strbuf_printf(out, "Verified what is %s in %s",
			in->unlocked != 0 ? "in the clear or was opened" : "in the clear",
			all == 1   ? "this handshake"
			: all == 2 ? "both handshakes"
				   : "all handshakes");
}

/* Of those that were not: why. */
static void add_not_verified(struct strbuf *out, const struct input_info *in, uint64_t all)
{
	uint64_t rest = all - in->verified;

	if (in->not_verified != 0) {
		strbuf_puts(out, " ");
		page_add_count(out, in->not_verified, "completed with a server key",
			"completed with server keys");
		strbuf_printf(out, " of which %d had been verified (--verify=all: every one).",
			VERIFY_AUTO_COMPLETED);
	} else if (in->left_out == 0 && rest != 0) {
		strbuf_puts(out, rest == 1 ? " Of the other none could be read."
					   : " Of the others none could be read.");
	}
}

/* How many were verified, of what, and how many not, and why. */
static void put_verified(struct page *p, const struct input_info *in, uint64_t all)
{
	struct strbuf text = { 0 };

	if (in->verified + in->not_verified + in->left_out == 0)
		return;
	if (in->verify == VERIFY_NONE) {
		strbuf_puts(&text, "No signature, point or chain was verified (--verify=none).");
	} else {
		add_verified_share(&text, in, all);
		if (in->with_signature + in->with_point + in->with_chain != 0) {
			strbuf_puts(&text, ": ");
			add_verified_kinds(&text, in);
		}
		strbuf_puts(&text, ".");
		add_not_verified(&text, in, all);
	}
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_counted(struct page *p, uint64_t n, const char *one, const char *many)
{
	struct strbuf text = { 0 };

	if (n == 0)
		return;
	page_add_count(&text, n, one, many);
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_limit(struct page *p, const struct limit_note *limit)
{
	if (limit->option != NULL)
		page_wrapf(p, 2, "Left out: %s (%s)", limit->text, limit->option);
	else
		page_wrapf(p, 2, "Left out: %s", limit->text);
	page_end_line(p);
}

/* "Read as mbedTLS debug output (812 lines). L812 is line 812." */
static void put_formats(struct page *p, const struct input_info *in)
{
	uint64_t shown = in->lines < 12 ? in->lines : 12;
	struct strbuf text = { 0 };
	char all[COUNT_TEXT];

	if (in->n_formats == 0)
		return;
	strbuf_puts(&text, "Read as ");
	for (size_t i = 0; i < in->n_formats; i++) {
		strbuf_printf(&text, "%s%s (",
			i == 0                  ? ""
			: i + 1 < in->n_formats ? ", "
						: " and ",
			in->formats[i].title);
		page_add_count(&text, in->formats[i].lines, "line", "lines");
		strbuf_puts(&text, ")");
	}
	strbuf_printf(&text, " of %s; L%" PRIu64 " is line %" PRIu64 ".",
		page_count(in->lines, all), shown, shown);
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

void trailer_put(struct page *p, const struct input_info *in, uint64_t handshakes)
{
	page_blank_line(p);
	put_formats(p, in);
	config_reading_text(p, &in->config);
	if (!in->memory_ran_out)
		put_verified(p, in, handshakes);
	put_attempts(p, in);
	put_counted(p, in->dtls_flows, "DTLS flow was seen: DTLS is not diagnosed yet.",
		"DTLS flows were seen: DTLS is not diagnosed yet.");
	for (size_t i = 0; i < in->n_limits; i++)
		put_limit(p, &in->limits[i]);
	for (size_t i = 0; i < in->n_problems; i++) {
		page_wrapf(p, 2, "Input: %s", in->problems[i].text);
		page_end_line(p);
	}
}
