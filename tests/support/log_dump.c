/* Notes as text. */
#include "support/log_dump.h"

#include "base/strbuf.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SHOWN = 16 };

static const char *const kinds[] = { "wire", "opened", "message", "lost", "datagram", "seen", "ccs",
	"alert", "chain", "state", "result", "flags", "remark", "done", "end", "secret", "frame" };
static const char *const endings[] = { "closed", "reset", "timed-out", "refused", "unreachable",
	"unanswered", "broken-off" };
static const char *const moments[] = { "", "before", "within", "lowest" };
static const char *const sides[] = { "client", "server" };

static void show_bytes(struct strbuf *out, struct bytes b)
{
	for (size_t i = 0; i < b.len && i < SHOWN; i++)
		strbuf_printf(out, "%02x", b.data[i]);
	if (b.len > SHOWN)
		strbuf_printf(out, "+%zu", b.len - SHOWN);
}

static void show_note(struct strbuf *out, const struct log_note *n)
{
	strbuf_printf(out, "  %" PRIu64 " %s %s", n->at.line, sides[n->from], kinds[n->kind]);
	if (n->kind == LOG_OPENED || n->kind == LOG_SEEN)
		strbuf_printf(out, " %u", n->type);
	if (n->kind == LOG_ALERT)
		strbuf_printf(out, " %u:%u", n->level, n->code);
	if (n->kind == LOG_RESULT || n->kind == LOG_FLAGS)
		strbuf_printf(out, " %s0x%" PRIx64, n->value < 0 ? "-" : "",
			(uint64_t)(n->value < 0 ? -n->value : n->value));
	if (n->kind == LOG_END)
		strbuf_printf(out, " %s", endings[n->value]);
	if (n->kind == LOG_REMARK)
		strbuf_printf(out, " %s", saying_id(n->saying));
	if (n->under_keys)
		strbuf_puts(out, " under-keys");
	if (n->bytes.len != 0) {
		strbuf_puts(out, " ");
		show_bytes(out, n->bytes);
	}
	if (n->missing != 0)
		strbuf_printf(out, " -%" PRIu64, n->missing);
	if (n->text != NULL)
		strbuf_printf(out, " '%s'", n->text);
	strbuf_puts(out, "\n");
}

static void show_facts(struct strbuf *out, const struct log_facts *f)
{
	if (f->role_known)
		strbuf_printf(out, " of-%s", sides[f->role]);
	for (unsigned i = 0; i < 2; i++) {
		if (f->library[i] != NULL)
			strbuf_printf(out, " %s=%s", sides[i], f->library[i]);
		if (f->address[i] != NULL)
			strbuf_printf(out, " %s-at=%s:%u", sides[i], f->address[i], f->port[i]);
	}
	if (f->datagrams)
		strbuf_puts(out, " dtls");
	if (f->version != 0)
		strbuf_printf(out, " version=%04x", f->version);
	if (f->suite_known)
		strbuf_printf(out, " suite=%04x", f->suite);
	if (f->group != 0)
		strbuf_printf(out, " group=%04x", f->group);
	if (f->sni != NULL)
		strbuf_printf(out, " sni=%s", f->sni);
	if (f->name != NULL)
		strbuf_printf(out, " name=%s", f->name);
	if (f->alpn != NULL)
		strbuf_printf(out, " alpn=%s", f->alpn);
	if (f->resumed)
		strbuf_puts(out, " resumed");
	if (f->heap.moment != HEAP_UNKNOWN)
		strbuf_printf(out, " heap=%" PRIu64 ":%s@%" PRIu64, f->heap.bytes,
			moments[f->heap.moment], f->heap.at.line);
}

static void show_conn(void *ctx, const struct log_conn *c)
{
	struct strbuf *out = ctx;

	strbuf_printf(out, "conn %" PRIu64 " at %" PRIu64 ":", c->number, c->began.line);
	show_facts(out, &c->facts);
	strbuf_puts(out, "\n");
	for (const struct log_note *n = c->notes; n != NULL; n = n->next)
		show_note(out, n);
}

char *log_dump(const char *text, size_t len, const char *format, size_t piece)
{
	struct strbuf out = { 0 };
	struct log_options o = { .format = format != NULL ? log_reader_find(format) : NULL };
	struct log *l = log_open((struct log_conn_sink){ show_conn, &out }, &o);
	char *copy = NULL;

	if (l != NULL) {
		for (size_t at = 0; at < len; at += piece != 0 ? piece : len)
			log_feed(l, bytes_slice(bytes_of(text, len), at, piece != 0 ? piece : len));
		log_end(l);
	}
	log_close(l);
	copy = strdup(strbuf_text(&out));
	strbuf_free(&out);
	return copy;
}
