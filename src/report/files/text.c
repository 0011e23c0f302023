/*
 * The report of files for people: a headline, the findings, each file with what is in it, what it
 * serves.
 */
#include "base/array.h"
#include "diagnose/rule.h"
#include "report/config_reading.h"
#include "report/files/limits.h"
#include "report/files/report.h"
#include "report/finding_text.h"
#include "report/when.h"

enum { VERDICT_AT = 6, ITEM_AT = 2, PLACE_AT = 12, LABEL_AT = 10, CHECK_AT = 8 };

static bool is_open(const struct item *it)
{
	return it->kind == ITEM_CERT ? it->broken == NULL && it->cert != NULL
				     : it->key.state == KEY_READ;
}

static size_t count(const struct material *m, enum item_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_items; i++)
		n += m->items[i].kind == kind;
	return n;
}

enum { NAMES_SHOWN = 4 };

/* "cert.pem, key.pem: 1 certificate, 1 key". */
static void put_headline(struct page *p, const struct files_report *r)
{
	const struct material *m = r->question->material;
	struct strbuf text = { 0 };

	for (size_t i = 0; i < r->n_names && i < NAMES_SHOWN; i++)
		strbuf_printf(&text, "%s%s", i != 0 ? ", " : "", r->names[i]);
	if (r->n_names > NAMES_SHOWN)
		strbuf_printf(&text, " and %zu more", r->n_names - NAMES_SHOWN);
	strbuf_puts(&text, ": ");
	page_add_count(&text, count(m, ITEM_CERT), "certificate", "certificates");
	strbuf_puts(&text, ", ");
	page_add_count(&text, count(m, ITEM_KEY), "key", "keys");
	page_wrap(p, 2, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_findings(struct page *p, const struct files_verdict *v)
{
	static const struct server_result none = { .file = NULL };

	for (size_t i = 0; i < v->n_findings; i++) {
		page_blank_line(p);
		finding_put(p, &none, &v->findings[i].finding, i != 0);
	}
}

/* ---- what the files hold ---- */

static const struct relation *relation_of(const struct credentials *c, const struct item *it)
{
	for (size_t i = 0; i < c->n_relations; i++)
		if (c->relations[i].item->cert == it->cert)
			return &c->relations[i];
	return NULL;
}

static void put_certificate(struct page *p, const struct files_report *r, const struct item *it)
{
	const struct relation *rel = relation_of(r->question->credentials, it);
	const struct cert *c = it->cert;
	char day[WHEN_TEXT];

	page_wrapf(p, PLACE_AT, "'%s', %s%s", c->subject, c->key_name, c->ca ? ", a CA" : "");
	if (c->has_dates) {
		when_date(c->not_after, day);
		page_wrapf(p, PLACE_AT, ", until %s", day);
	}
	page_end_line(p);
	page_tab(p, PLACE_AT);
	if (rel != NULL && rel->issuer == rel->item)
		page_wrap(p, PLACE_AT,
			rel->verified ? "signed by itself" : "by itself, which cannot be verified");
	else if (rel != NULL && rel->issuer != NULL)
		page_wrapf(p, PLACE_AT, "signed by '%s' (%s)%s", c->issuer,
			r->question->material->files[rel->issuer->file].path,
			rel->verified ? "" : ", which cannot be verified");
	else if (rel != NULL && rel->untried)
		page_wrapf(p, PLACE_AT,
			"signed by '%s': too many have that name to try the keys of all",
			c->issuer);
	else
		page_wrapf(p, PLACE_AT, "signed by '%s', which is not there", c->issuer);
	if (rel != NULL && rel->key != NULL)
		page_wrapf(p, PLACE_AT, "; its key is in %s",
			r->question->material->files[rel->key->file].path);
	page_end_line(p);
}

static void put_key(struct page *p, const struct item *it)
{
	const struct key_facts *k = &it->key;

	bool cipher = k->encrypted && k->cipher.text[0] != '\0';

	page_wrapf(p, PLACE_AT, "%s%s%s%s%s", it->what, k->name[0] != '\0' ? ", " : "", k->name,
		cipher ? ": " : "", cipher ? k->cipher.text : "");
	page_end_line(p);
}

static void put_item(struct page *p, const struct files_report *r, const struct item *it)
{
	page_tab(p, ITEM_AT);
	if (it->line != 0)
		page_printf(p, ROLE_FAINT, "line %zu", it->line);
	else
		page_printf(p, ROLE_FAINT, "byte %zu", it->at);
	page_tab(p, PLACE_AT);
	if (it->variable != NULL && it->variable[0] != '\0')
		page_printf(p, ROLE_PLAIN, "%s: ", it->variable);
	if (it->kind == ITEM_CERT && is_open(it)) {
		put_certificate(p, r, it);
		return;
	}
	if (it->kind == ITEM_KEY) {
		put_key(p, it);
		return;
	}
	page_wrapf(p, PLACE_AT, "%s%s%s", it->what, it->broken != NULL ? ": " : "",
		it->broken != NULL ? it->broken : "");
	page_end_line(p);
}

/* The size that PEM has as a C array counts the NUL, which mbedTLS wants to be there. */
static void put_form(struct page *p, const struct item_file *file)
{
	page_put(p, ROLE_LABEL, file->path);
	if (file->form == FORM_PEM)
		page_wrapf(p, ITEM_AT,
			": PEM with %s line ends, %zu bytes (%zu as a C array, with its NUL)",
			file->crlf && file->lf ? "mixed"
			: file->crlf           ? "CRLF"
					       : "LF",
			file->bytes, file->bytes + 1);
	else if (file->form == FORM_C)
		page_printf(p, ROLE_PLAIN, ": C source");
	else if (file->form == FORM_DER)
		page_wrapf(p, ITEM_AT, ": DER, %zu bytes", file->bytes);
	else
		page_wrapf(p, ITEM_AT, ": %s", file->holds);
	page_end_line(p);
}

/* A CA file may be a bundle of hundreds: only what is used or broken is listed of a long one. */
enum { LISTED_OF_A_BUNDLE = 8 };

static void put_files(struct page *p, const struct files_report *r)
{
	const struct material *m = r->question->material;

	for (size_t i = 0; i < m->n_files; i++) {
		bool bundle =
			m->files[i].role == FOR_CA && m->files[i].n_items > LISTED_OF_A_BUNDLE;

		page_blank_line(p);
		put_form(p, &m->files[i]);
		for (size_t k = 0; k < m->n_items; k++)
			if (m->items[k].file == i && !bundle)
				put_item(p, r, &m->items[k]);
		if (bundle) {
			page_tab(p, ITEM_AT);
			page_printf(p, ROLE_PLAIN, "%zu certificates", m->files[i].n_items);
			page_end_line(p);
		}
	}
}

/* ---- one credential ---- */

static void put_checks(struct page *p, const struct file_answers *fa)
{
	static const struct {
		enum role role;
		const char *word;
	} words[] = {
		[NOT_APPLICABLE] = { ROLE_FAINT, "-" },
		[PASS] = { ROLE_GOOD, "pass" },
		[FAIL] = { ROLE_ERROR, "fail" },
		[WARN] = { ROLE_WARNING, "warn" },
		[UNKNOWN] = { ROLE_NOTE, "?" },
	};

	for (size_t i = 0; i < FILE_CHECKS; i++) {
		const struct answer *a = &fa->answers[i];

		page_tab(p, ITEM_AT);
		page_put(p, words[a->status].role, words[a->status].word);
		page_tab(p, CHECK_AT);
		page_wrapf(p, CHECK_AT + 2, "%s: %s", checks[file_checks[i]]->id,
			a->message != NULL ? a->message : status_name(a->status));
		page_end_line(p);
	}
}

static void add_schemes(struct strbuf *out, const uint16_t *schemes, size_t n, bool tls13)
{
	for (size_t i = 0; i < n; i++) {
		struct code_text t = tls13 ? scheme_text13(schemes[i]) : scheme_text12(schemes[i]);

		strbuf_printf(out, "%s%s", i != 0 ? ", " : "", t.text);
	}
	if (n == 0)
		strbuf_puts(out, "nothing");
}

static void put_line(struct page *p, const char *label, const char *text)
{
	page_tab(p, ITEM_AT);
	page_put(p, ROLE_LABEL, label);
	page_tab(p, LABEL_AT);
	page_wrap(p, LABEL_AT, text);
	page_end_line(p);
}

static bool has_exchange(const struct service *s, enum key_exchange kx)
{
	for (size_t i = 0; i < s->n_suites; i++) {
		const struct suite *suite = suite_find(s->suites[i]);

		if (suite != NULL && suite->kx == kx)
			return true;
	}
	return false;
}

/* "ECDHE, DHE and RSA key exchange (82 suites)". */
static void add_suites(struct strbuf *out, const struct service *s)
{
	static const struct {
		enum key_exchange kx;
		const char *name;
	} kinds[] = { { KX_ECDHE, "ECDHE" }, { KX_DHE, "DHE" }, { KX_RSA, "RSA" } };
	const char *sep = "";

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!has_exchange(s, kinds[i].kx))
			continue;
		strbuf_printf(out, "%s%s", sep, kinds[i].name);
		sep = ", ";
	}
	strbuf_printf(out, " key exchange (%zu suites; --json names them)", s->n_suites);
}

static void put_service(struct page *p, const struct files_report *r, const struct credential *c)
{
	const struct service *s = &c->service;
	struct strbuf text = { 0 };

	strbuf_puts(&text, "signs as ");
	add_schemes(&text, s->schemes12, s->n_schemes12, false);
	if (r->question->purpose == PURPOSE_SERVER && s->n_suites != 0) {
		strbuf_puts(&text, "; ");
		add_suites(&text, s);
	}
	if (s->curve != 0)
		strbuf_printf(&text, "; the peer's supported_groups must have %s",
			group_text(s->curve).text);
	put_line(p, "TLS 1.2", strbuf_text(&text));
	strbuf_clear(&text);
	strbuf_puts(&text, s->n_schemes13 != 0 ? "any suite; signs as " : "");
	add_schemes(&text, s->schemes13, s->n_schemes13, true);
	put_line(p, "TLS 1.3", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_size(struct page *p, const struct message_size *size)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "the Certificate message is %zu bytes in TLS 1.2, %zu in TLS 1.3",
		size->tls12, size->tls13);
	for (size_t i = 0; i < FRAGMENTS; i++) {
		if (size->records[i] == 1) {
			strbuf_printf(&text, "; one record from %u bytes on", fragment_sizes[i]);
			break;
		}
		strbuf_printf(&text, "%s%zu records at %u", i == 0 ? "; " : ", ", size->records[i],
			fragment_sizes[i]);
	}
	put_line(p, "size", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_credential(
	struct page *p, const struct files_report *r, const struct file_answers *fa)
{
	const struct credential *c = fa->credential;
	const struct material *m = r->question->material;

	if (c->n_sent == 0) /* a key alone: nothing to hold it against */
		return;
	page_blank_line(p);
	page_put(p, ROLE_LABEL, fa->about);
	if (c->leaf != NULL && c->key != NULL)
		page_printf(p, ROLE_PLAIN, " with %s", m->files[c->key->file].path);
	page_put(p, ROLE_PLAIN,
		r->question->purpose == PURPOSE_SERVER ? ", as a server's" : ", as a client's");
	page_end_line(p);
	put_checks(p, fa);
	put_service(p, r, c);
	put_size(p, &c->size);
}

static void put_unread(struct page *p, const struct files_report *r)
{
	for (size_t i = 0; i < r->n_unread; i++) {
		if (i == 0)
			page_blank_line(p);
		page_put(p, ROLE_ERROR, "FAIL");
		page_tab(p, VERDICT_AT);
		page_wrap(p, VERDICT_AT, r->unread[i]);
		page_end_line(p);
	}
}

/* What no check minds, a stack may. */
static bool put_refused(struct page *p, const struct files_report *r)
{
	size_t n = files_refusers(r->question->chains, r->question->purpose);

	if (n == 0)
		return false;
	page_blank_line(p);
	page_put(p, ROLE_NOTE, "NOTE");
	page_tab(p, VERDICT_AT);
	page_wrapf(p, VERDICT_AT,
		"No check fails, but %zu of the nine stacks measured %s it (who refuses it, below)",
		n, n == 1 ? "refuses" : "refuse");
	page_end_line(p);
	return true;
}

/* Of what was not read nothing good is known. */
static void put_well(struct page *p, const struct files_report *r)
{
	const char *sound =
		r->n_unread == 0
			? "What was given is sound, as far as it could be checked (below)"
			: "What could be read is sound, as far as it could be checked (below)";

	page_blank_line(p);
	page_put(p, ROLE_GOOD, "OK");
	page_tab(p, VERDICT_AT);
	page_wrap(p, VERDICT_AT,
		r->verdict->n_answers != 0 ? sound
					   : "Everything reads; there is no certificate of a "
					     "server or client, nor a key for one");
	page_end_line(p);
}

static void put_limits(struct page *p, const struct presented_chains *chains)
{
	struct files_limit limits[FILES_LIMITS_MAX];
	size_t n = files_limits(chains, limits);
	char text[FILES_LIMIT_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (i == 0)
			page_blank_line(p);
		page_wrapf(p, ITEM_AT, "Left out: %s", files_limit_text(&limits[i], text));
		page_end_line(p);
	}
}

static void put_config(struct page *p, const struct files_question *q)
{
	const struct config_shown shown = { q->config, q->config_path, false };

	if (q->config != NULL)
		page_blank_line(p);
	config_reading_text(p, &shown);
}

void files_text(struct page *p, const struct files_report *r)
{
	put_headline(p, r);
	put_unread(p, r);
	if (r->verdict->errors + r->verdict->warnings == 0 &&
		(r->n_unread == 0 || r->verdict->n_answers != 0) && !put_refused(p, r))
		put_well(p, r);
	put_findings(p, r->verdict);
	for (size_t i = 0; i < r->verdict->n_answers; i++)
		put_credential(p, r, &r->verdict->answers[i]);
	files_text_verifiers(p, r->question->chains, r->question->purpose);
	put_limits(p, r->question->chains);
	put_config(p, r->question);
	put_files(p, r);
}
