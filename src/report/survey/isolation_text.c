/* What makes a handshake fail, as a fact with its counts, and as what to change. */
#include "report/survey/report.h"

#include "diagnose/rule.h"

#include <stdio.h>

enum { VALUE_AT = 9 };

static void put_row(struct page *p, const char *label, const char *text)
{
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
	page_wrap(p, VALUE_AT, text);
	page_end_line(p);
}

static bool wants_certificate(const struct survey_reply *r)
{
	return r->certificate_request && !r->completed;
}

/* "TLS 1.2, TLS_ECDHE_..., secp384r1": what was agreed on, as far as it came to that. */
static void put_agreed(struct strbuf *out, const struct survey_reply *r)
{
	char name[48];

	if (r->outcome != SURVEY_CHOSE) {
		survey_refusal(out, r->outcome, r->alert);
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
	if (wants_certificate(r))
		strbuf_puts(out, "; then it asks for a client certificate");
}

/* Of the kind of the first change: where a client sets it; NULL: nowhere in particular. */
static const char *where_client(enum change_kind kind)
{
	static const char groups[] =
		"mbedtls_ssl_conf_curves (2.x) or _groups (3.x), -groups, -curves";
	static const char schemes[] =
		"mbedtls_ssl_conf_sig_hashes (2.x) or _sig_algs (3.x), -sigalgs";
	static const char suites[] = "mbedtls_ssl_conf_ciphersuites, -cipher, -ciphersuites";
	static const char *const texts[N_CHANGE_KINDS] = {
		[CHANGE_GROUP] = groups,
		[CHANGE_GROUP_ORDER] = groups,
		[CHANGE_SCHEME] = schemes,
		[CHANGE_SCHEME_ORDER] = schemes,
		[CHANGE_SUITE] = suites,
		[CHANGE_SUITE_ORDER] = suites,
		[CHANGE_EXTENSION] = "MBEDTLS_SSL_... of the build, by its name",
		[CHANGE_NAME] = "mbedtls_ssl_set_hostname, -servername, -noservername",
		[CHANGE_VERSION] = "mbedtls_ssl_conf_max_tls_version or _max_version, -no_tls1_3",
	};

	return texts[kind];
}

/* What no server may stumble over, by the RFCs; NULL: that depends on what it is. */
static const char *what_server(enum change_kind kind)
{
	static const char order[] =
		"it has to take them in any order that a client likes (RFC 8446 4.1.2, 4.2)";
	static const char size[] = "give it room for a longer ClientHello (mbedTLS: "
				   "MBEDTLS_SSL_IN_CONTENT_LEN): with post-quantum groups clients "
				   "send 1,500 to 2,100 bytes";
	static const char segments[] = "it has to read on until the record is whole: one call of "
				       "recv() need not bring all of it";
	static const char *const texts[N_CHANGE_KINDS] = {
		[CHANGE_GROUP_ORDER] = order,
		[CHANGE_SCHEME_ORDER] = order,
		[CHANGE_SUITE_ORDER] = order,
		[CHANGE_EXTENSION_ORDER] = order,
		[CHANGE_SIZE] = size,
		[CHANGE_SEGMENTS] = segments,
	};

	return texts[kind];
}

static void put_next_server(struct page *p, const struct isolation *f)
{
	const char *must = what_server(f->changes.at[0].kind);
	struct strbuf left_out = { 0 }, added = { 0 }, text = { 0 };

	strbuf_puts(&text, "1. in the server: ");
	if (must != NULL)
		strbuf_puts(&text, must);
	else if (isolation_list(&f->changes, CHANGE_LEAVE_OUT, &left_out))
		strbuf_printf(&text,
			"take %s out of what it accepts, until what is wrong with it is mended "
			"(tlsdiag probe tells what the answer looks like)",
			strbuf_text(&left_out));
	else if (isolation_list(&f->changes, CHANGE_ADD, &added))
		strbuf_printf(&text, "let it take what this client offers, without %s as well",
			strbuf_text(&added));
	else
		strbuf_puts(&text, "it has to take either form");
	put_row(p, "next", strbuf_text(&text));
	strbuf_free(&left_out);
	strbuf_free(&added);
	strbuf_free(&text);
}

static const char *what_client(const struct isolation *f)
{
	const struct change *first = &f->changes.at[0];

	if (f->size_refused != 0)
		return "offer less (fewer suites and groups, no post-quantum key share), so that "
		       "its ClientHello is short";
	switch (first->act) {
	case CHANGE_LEAVE_OUT:
		return "do not offer it";
	case CHANGE_ADD:
		return "offer it";
	case CHANGE_OTHERWISE:
		break;
	}
	return "say it as the one that gets through does";
}

static void put_next_client(struct page *p, const struct isolation *f)
{
	const char *where = where_client(f->changes.at[0].kind);
	struct strbuf text = { 0 };

	strbuf_printf(&text, "2. in the client: %s", what_client(f));
	if (where != NULL)
		strbuf_printf(&text, " (%s)", where);
	put_row(p, "", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_counts(struct page *p, const struct isolation *f)
{
	struct strbuf text = { 0 };

	if (f->failing != NULL)
		strbuf_printf(&text, "the ClientHello of %s: ", f->failing->title);
	strbuf_printf(&text, "%u of %u failed: ", f->whole_failed, f->whole_asked);
	put_agreed(&text, &f->failed);
	put_row(p, "as it is", strbuf_text(&text));
	strbuf_clear(&text);
	strbuf_printf(&text, "%u of %u completed: ", f->changed_completed, f->changed_asked);
	put_agreed(&text, &f->completed);
	put_row(p, "changed", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_found(struct page *p, const struct isolation *f)
{
	struct strbuf sentence = { 0 };

	isolation_sentence(f, &sentence);
	page_put(p, ROLE_ERROR, "FAIL");
	page_tab(p, 6);
	page_wrap(p, 6, strbuf_text(&sentence));
	page_end_line(p);
	page_blank_line(p);
	put_counts(p, f);
	put_next_server(p, f);
	put_next_client(p, f);
	strbuf_free(&sentence);
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
	bool two = f->passing != NULL;

	page_put(p, ROLE_ERROR, "FAIL");
	page_tab(p, 6);
	page_wrap(p, 6,
		two ? "Neither of the two gets through: what parts them is not why"
		    : "No hello that was tried gets through, large or small: it does not hang on "
		      "what is offered");
	page_end_line(p);
	page_blank_line(p);
	put_agreed(&text, &f->failed);
	put_row(p, "answer", strbuf_text(&text));
	put_row(p, "next",
		wants_certificate(&f->failed) ? "give the client a certificate (--cert, --key): "
						"without one no hello gets "
						"further than this"
		: two ? "tlsdiag probe --isolate, without two names, looks for a hello that gets "
			"through"
		      : "tlsdiag probe diagnoses what the server answers");
	strbuf_free(&text);
}

static void put_well(struct page *p, const struct isolation *f)
{
	struct strbuf text = { 0 };

	if (f->profiles != 0)
		strbuf_printf(&text,
			"The handshake completes, and so it does with the ClientHello of each of "
			"%u known stacks",
			f->profiles);
	else if (f->passing != NULL && f->failing != NULL)
		strbuf_printf(&text, "Both get through, %s and %s: nothing parts them here",
			f->failing->title, f->passing->title);
	else
		strbuf_puts(&text,
			"The handshake completes with all that is offered: there is nothing to "
			"isolate (--isolate=always asks with the ClientHellos of known stacks, "
			"too)");
	page_put(p, ROLE_GOOD, "OK");
	page_tab(p, 6);
	page_wrap(p, 6, strbuf_text(&text));
	page_end_line(p);
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
	if (f->verdict == ISOLATE_FOUND)
		put_found(p, f);
	else if (f->verdict == ISOLATE_FLAKY)
		put_flaky(p, f);
	else if (f->verdict == ISOLATE_NO_HELP)
		put_no_help(p, f);
	else
		put_well(p, f);
}
