/* What was found to part two hellos, in words. */
#include "report/survey/report.h"

#include "diagnose/rule.h"
#include "names/names.h"

enum { NAMED_MAX = 12 };

/* A change of each kind: what it is called, and what names its value. */
struct kind_words {
	const char *what;
	const char *(*name)(uint16_t value); /* NULL: it has none */
};

static const struct kind_words kinds[N_CHANGE_KINDS] = {
	[CHANGE_GROUP] = { "the group ", name_group },
	[CHANGE_SCHEME] = { "the signature scheme ", name_scheme },
	[CHANGE_SUITE] = { "", name_cipher_suite },
	[CHANGE_EXTENSION] = { "the extension ", name_extension },
	[CHANGE_CONTENT] = { "what it says in the extension ", name_extension },
	[CHANGE_NAME] = { "the server name", NULL },
	[CHANGE_SHARES] = { "the key shares", NULL },
	[CHANGE_GROUP_ORDER] = { "the order of the groups", NULL },
	[CHANGE_SCHEME_ORDER] = { "the order of the signature schemes", NULL },
	[CHANGE_SUITE_ORDER] = { "the order of the cipher suites", NULL },
	[CHANGE_EXTENSION_ORDER] = { "the order of the extensions", NULL },
	[CHANGE_SESSION_ID] = { "the session id", NULL },
	[CHANGE_COMPRESSION] = { "the compression methods", NULL },
	[CHANGE_RECORD_VERSION] = { "the version of its record, ", version_title },
	[CHANGE_LEGACY_VERSION] = { "the legacy_version ", version_title },
	[CHANGE_VERSION] = { "", version_title },
	[CHANGE_SIZE] = { "the length of the ClientHello", NULL },
	[CHANGE_SEGMENTS] = { "the segments that the ClientHello comes in", NULL },
};

/* "the group secp384r1", "the order of the cipher suites" */
static void put_change(struct strbuf *out, const struct change *c)
{
	const struct kind_words *kind = &kinds[c->kind];
	char name[48];

	strbuf_puts(out, kind->what);
	if (kind->name == NULL)
		return;
	if (kind->name(c->value) != NULL) {
		strbuf_puts(out, kind->name(c->value));
		return;
	}
	name_or_hex(name, NULL, c->value);
	strbuf_printf(out, "%s%s", name, is_grease(c->value) ? " (a value of RFC 8701)" : "");
}

bool isolation_list(const struct changes *c, enum change_act act, struct strbuf *out)
{
	size_t n = 0, told = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->at[i].act == act;
	for (size_t i = 0; i < c->n && told < NAMED_MAX; i++) {
		if (c->at[i].act != act)
			continue;
		strbuf_puts(out, told == 0 ? "" : told + 1 == n ? " and " : ", ");
		put_change(out, &c->at[i]);
		told++;
	}
	if (n > told)
		strbuf_printf(out, " and %zu more", n - told);
	return n != 0;
}

static void put_measured(const struct isolation *f, struct strbuf *out)
{
	if (f->changes.at[0].kind == CHANGE_SEGMENTS)
		strbuf_puts(out,
			"The handshake fails when the ClientHello comes in more than one TCP "
			"segment");
	else
		strbuf_printf(out,
			"The handshake fails when the ClientHello is long: %zu bytes get through, "
			"%zu do not, whatever they say",
			f->size_taken, f->size_refused);
}

/* Of several acts: "without X, with Y, with Z changed". */
static void put_mixed(const struct changes *c, struct strbuf *out)
{
	static const struct {
		enum change_act act;
		const char *before, *behind;
	} acts[] = { { CHANGE_LEAVE_OUT, "without ", "" }, { CHANGE_ADD, "with ", "" },
		{ CHANGE_OTHERWISE, "with a change of ", "" } };
	const char *between = " ";

	strbuf_puts(out, "The handshake fails, and completes");
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
		struct strbuf list = { 0 };

		if (isolation_list(c, acts[i].act, &list)) {
			strbuf_printf(out, "%s%s%s", between, acts[i].before, strbuf_text(&list));
			between = ", ";
		}
		strbuf_free(&list);
	}
}

static bool only(const struct changes *c, enum change_act act)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->at[i].act != act)
			return false;
	return c->n != 0;
}

void isolation_sentence(const struct isolation *f, struct strbuf *out)
{
	const struct changes *c = &f->changes;

	if (f->size_refused != 0) {
		put_measured(f, out);
	} else if (only(c, CHANGE_LEAVE_OUT)) {
		strbuf_puts(out, "The handshake fails only when the client offers ");
		(void)isolation_list(c, CHANGE_LEAVE_OUT, out);
	} else if (only(c, CHANGE_ADD)) {
		strbuf_puts(out, "The handshake fails when the client does not offer ");
		(void)isolation_list(c, CHANGE_ADD, out);
	} else {
		put_mixed(c, out);
	}
}
