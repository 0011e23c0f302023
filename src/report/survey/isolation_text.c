/* What makes a handshake fail, as a fact with its counts, and as what to change. */
#include "report/survey/report.h"

#include "diagnose/rule.h"

#include <stdio.h>

enum { VALUE_AT = 8, NAMED_MAX = 12 };

static void put_row(struct page *p, const char *label, const char *text)
{
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
	page_wrap(p, VALUE_AT, text);
	page_end_line(p);
}

static void put_change(struct strbuf *out, const struct isolate_change *c)
{
	char name[48];

	switch (c->kind) {
	case ISOLATE_GROUP:
		strbuf_printf(out, "the group %s", group_text(c->value).text);
		break;
	case ISOLATE_SCHEME:
		name_or_hex(name, name_scheme(c->value), c->value);
		strbuf_printf(out, "the signature scheme %s", name);
		break;
	case ISOLATE_SUITE:
		name_or_hex(name, NULL, c->value);
		strbuf_puts(out,
			name_cipher_suite(c->value) != NULL ? name_cipher_suite(c->value) : name);
		break;
	case ISOLATE_EXTENSION:
		strbuf_printf(out, "the extension %s", extension_text(c->value).text);
		break;
	case ISOLATE_NAME:
		strbuf_puts(out, "the server name");
		break;
	case ISOLATE_VERSION:
		strbuf_puts(out, version_title(c->value));
		break;
	}
}

void isolation_changes(const struct isolation *found, struct strbuf *out)
{
	for (size_t i = 0; i < found->n_changes && i < NAMED_MAX; i++) {
		strbuf_puts(out, i == 0 ? "" : i + 1 == found->n_changes ? " and " : ", ");
		put_change(out, &found->change[i]);
	}
	if (found->n_changes > NAMED_MAX)
		strbuf_printf(out, " and %zu more", found->n_changes - NAMED_MAX);
}

/* "TLS 1.2, TLS_ECDHE_..., secp384r1": what was agreed on, as far as it came to that. */
static void put_agreed(struct strbuf *out, const struct survey_reply *r)
{
	char name[48];

	if (r->outcome != SURVEY_CHOSE) {
		strbuf_printf(out, "%s", survey_outcome_name(r->outcome));
		if (r->outcome == SURVEY_ALERT) {
			name_or_hex(name, name_alert(r->alert), r->alert);
			strbuf_printf(out, " %u %s", r->alert, name);
		}
		return;
	}
	strbuf_puts(out, version_title(r->version));
	if (name_cipher_suite(r->suite) != NULL)
		strbuf_printf(out, ", %s", name_cipher_suite(r->suite));
	if (r->group != 0)
		strbuf_printf(out, ", %s", group_text(r->group).text);
	if (r->scheme != 0) {
		name_or_hex(name, name_scheme(r->scheme), r->scheme);
		strbuf_printf(out, ", %s", name);
	}
}

/* Of the kind of the first change: where each side sets it. */
static const char *where_client(enum isolate_kind kind)
{
	static const char *const texts[] = {
		[ISOLATE_GROUP] =
			"mbedtls_ssl_conf_curves (2.x) or _groups (3.x), -groups, -curves",
		[ISOLATE_SCHEME] = "mbedtls_ssl_conf_sig_hashes (2.x) or _sig_algs (3.x), -sigalgs",
		[ISOLATE_SUITE] = "mbedtls_ssl_conf_ciphersuites, -cipher, -ciphersuites",
		[ISOLATE_EXTENSION] = "MBEDTLS_SSL_... of the build, by its name",
		[ISOLATE_NAME] = "mbedtls_ssl_set_hostname, -noservername",
		[ISOLATE_VERSION] = "mbedtls_ssl_conf_max_tls_version or _max_version, -no_tls1_3",
	};

	return texts[kind];
}

static void put_counts(struct page *p, const struct isolation *f)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%u of %u failed: ", f->whole_failed, f->whole_asked);
	put_agreed(&text, &f->failed);
	put_row(p, "with", strbuf_text(&text));
	strbuf_clear(&text);
	strbuf_printf(&text, "%u of %u completed: ", f->changed_completed, f->changed_asked);
	put_agreed(&text, &f->completed);
	put_row(p, "without", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_found(struct page *p, const struct isolation *f)
{
	struct strbuf changes = { 0 }, text = { 0 };

	isolation_changes(f, &changes);
	page_put(p, ROLE_ERROR, "FAIL");
	page_tab(p, 6);
	page_wrapf(
		p, 6, "The handshake fails only when the client offers %s", strbuf_text(&changes));
	page_end_line(p);
	page_blank_line(p);
	put_counts(p, f);
	strbuf_printf(&text,
		"1. in the server: take %s out of what it accepts, until what is wrong with it is "
		"mended "
		"(tlsdiag probe tells what the answer looks like)",
		strbuf_text(&changes));
	put_row(p, "next", strbuf_text(&text));
	strbuf_clear(&text);
	strbuf_printf(
		&text, "2. in the client: do not offer it (%s)", where_client(f->change[0].kind));
	put_row(p, "", strbuf_text(&text));
	strbuf_free(&changes);
	strbuf_free(&text);
}

static void put_flaky(struct page *p, const struct isolation *f)
{
	page_put(p, ROLE_WARNING, "WARN");
	page_tab(p, 6);
	page_wrap(p, 6, "The handshake fails now and then: no part of the hello decides it");
	page_end_line(p);
	page_blank_line(p);
	page_wrapf(p, 0,
		"The same hello failed %u of %u times, a smaller one %u of %u: these are rates, "
		"and "
		"a cause is to be looked for elsewhere (memory, time, the network).",
		f->whole_failed, f->whole_asked, f->changed_asked - f->changed_completed,
		f->changed_asked);
	page_end_line(p);
}

static void put_no_help(struct page *p, const struct isolation *f)
{
	struct strbuf text = { 0 };

	page_put(p, ROLE_ERROR, "FAIL");
	page_tab(p, 6);
	page_wrap(p, 6,
		"No hello that was tried gets through, large or small: it does not hang on what "
		"is offered");
	page_end_line(p);
	page_blank_line(p);
	put_agreed(&text, &f->failed);
	put_row(p, "answer", strbuf_text(&text));
	put_row(p, "next", "tlsdiag probe diagnoses what the server answers");
	strbuf_free(&text);
}

void isolation_text(struct page *p, const struct survey_told *t, const struct isolation *f)
{
	char count[COUNT_TEXT];

	if (f->questions == 0) {
		page_wrapf(p, 2, "%s: nothing was asked: %s", t->target, t->problem);
		page_end_line(p);
		return;
	}
	page_wrapf(p, 2, "%s: what makes it fail, by %s connection%s in %.1f s", t->target,
		page_count(f->questions, count), f->questions == 1 ? "" : "s", t->took_ms / 1000);
	page_end_line(p);
	if (t->problem[0] != '\0') {
		page_wrapf(p, 2, "It was not found out: %s.", t->problem);
		page_end_line(p);
	}
	if (f->verdict == ISOLATE_CUT)
		return;
	page_blank_line(p);
	if (f->verdict == ISOLATE_FOUND) {
		put_found(p, f);
	} else if (f->verdict == ISOLATE_FLAKY) {
		put_flaky(p, f);
	} else if (f->verdict == ISOLATE_NO_HELP) {
		put_no_help(p, f);
	} else {
		page_put(p, ROLE_GOOD, "OK");
		page_tab(p, 6);
		page_wrap(p, 6,
			"The handshake completes with all that is offered: there is nothing to "
			"isolate");
		page_end_line(p);
	}
}
