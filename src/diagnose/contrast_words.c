/* A difference in words: who has what, with the counts. */
#include "diagnose/contrast.h"
#include "diagnose/rule.h"
#include "diagnose/story.h"

#include <inttypes.h>
#include <string.h>

/* Of one, of several. */
struct verb {
	const char *one, *many;
};

/* "X verb OBJECT; Y verb it" in both senses. `helper` stands for the verb in "none does". */
struct phrase {
	struct verb has, has_not;
	const char *helper;
	const char *object; /* %s: the value's name */
	const char *it;
};

static const struct phrase phrases[N_FEATURES] = {
	[FEATURE_RESUMPTION] = { { "names", "name" }, { "does not name", NULL }, "does",
		"a session to resume", "one" },
	[FEATURE_LAST_EMPTY] = { { "ends", "end" }, { "does not end", NULL }, "does",
		"the hello with an empty extension", "it so" },
	[FEATURE_NAME] = { { "sends", "send" }, { "does not send", NULL }, "does", "a server name",
		"one" },
	[FEATURE_NAME_IP] = { { "sends", "send" }, { "does not send", NULL }, "does",
		"an IP address as the server name", "one" },
	[FEATURE_NAME_IS] = { { "asks", "ask" }, { "does not ask", NULL }, "does",
		"for the server name '%s'", "for it" },
	[FEATURE_EXTENSION] = { { "has", "have" }, { "lacks", "lack" }, "has", "%s", "it" },
	[FEATURE_VERSION] = { { "offers", "offer" }, { "does not offer", NULL }, "does", "%s",
		"it" },
	[FEATURE_PROTOCOL] = { { "offers", "offer" }, { "does not offer", NULL }, "does",
		"the protocol '%s'", "it" },
	[FEATURE_GROUP] = { { "offers", "offer" }, { "does not offer", NULL }, "does",
		"the group %s", "it" },
	[FEATURE_SHARE] = { { "sends", "send" }, { "does not send", NULL }, "does",
		"a key share of %s", "one" },
	[FEATURE_SCHEME] = { { "offers", "offer" }, { "does not offer", NULL }, "does",
		"the signature scheme %s", "it" },
	[FEATURE_SUITE] = { { "offers", "offer" }, { "does not offer", NULL }, "does", "%s", "it" },
	[FEATURE_COMPRESSION] = { { "offers", "offer" }, { "does not offer", NULL }, "does",
		"the compression method %s", "it" },
	[FEATURE_RESUMED] = { { "is", "are" }, { "is not", NULL }, "is",
		"answered with a resumed session", "so" },
	[FEATURE_ASKED] = { { "is", "are" }, { "is not", NULL }, "is",
		"asked for a client certificate", "so" },
	[FEATURE_CHOSEN] = { { "is", "are" }, { "is not", NULL }, "is", "answered with %s", "so" },
	[FEATURE_AGREED] = { { "is", "are" }, { "is not", NULL }, "is", "answered with %s", "so" },
	[FEATURE_ADDRESS] = { { "comes", "come" }, { "does not come", NULL }, "does", "from %s",
		"from there" },
};

enum { NAME_SHOWN = 64 };

/* A peer's bytes are told only where they are plain text. */
static void put_bytes(struct strbuf *out, struct bytes text)
{
	if (!bytes_printable(text))
		strbuf_hex(out, bytes_of(text.data, text.len < NAME_SHOWN ? text.len : NAME_SHOWN));
	else
		strbuf_printf(out, "%.*s%s", (int)(text.len < NAME_SHOWN ? text.len : NAME_SHOWN),
			(const char *)text.data, text.len > NAME_SHOWN ? "..." : "");
}

static void put_value(struct strbuf *out, const struct feature *f)
{
	char text[ENDPOINT_TEXT], name[48];

	switch ((int)f->kind) {
	case FEATURE_EXTENSION:
		strbuf_puts(out, extension_text((uint16_t)f->value).text);
		break;
	case FEATURE_VERSION:
	case FEATURE_CHOSEN:
		strbuf_puts(out, version_title((uint16_t)f->value));
		break;
	case FEATURE_GROUP:
	case FEATURE_SHARE:
		strbuf_puts(out, group_text((uint16_t)f->value).text);
		break;
	case FEATURE_SCHEME:
		name_or_hex(name, name_scheme((uint16_t)f->value), f->value);
		strbuf_puts(out, name);
		break;
	case FEATURE_SUITE:
	case FEATURE_AGREED:
		name_or_hex(name, name_cipher_suite((uint16_t)f->value), f->value);
		strbuf_puts(out, name);
		break;
	case FEATURE_COMPRESSION:
		strbuf_printf(out, "%" PRIu32, f->value);
		break;
	case FEATURE_ADDRESS:
		endpoint_address_text(&f->from->side[SIDE_CLIENT].address, text);
		strbuf_puts(out, text);
		break;
	default:
		put_bytes(out, f->text);
		break;
	}
}

static void put_object(struct strbuf *out, const struct difference *d)
{
	const char *object = phrases[d->feature.kind].object, *at = strstr(object, "%s");

	if (at == NULL) {
		strbuf_puts(out, object);
		return;
	}
	strbuf_add(out, object, (size_t)(at - object));
	put_value(out, &d->feature);
	strbuf_puts(out, at + 2);
	if (d->more != 0)
		strbuf_printf(out, " (and %" PRIu32 " more)", d->more);
}

/* One side of the comparison. */
struct those {
	uint64_t n;
	bool compared; /* there are others, which were not */
	const char *did;
};

static struct those failed_of(const struct contrast *c)
{
	return (struct those){ c->n_failed, c->not_all_failed, "failed" };
}

static struct those completed_of(const struct contrast *c)
{
	return (struct those){ c->n_completed, c->not_all_completed, "completed" };
}

static const char *pick(const struct verb *v, const struct those *t)
{
	return t->n == 1 ? v->one : v->many;
}

/* "all 12 that failed", "both that failed", "the one compared that failed". */
static void put_all(struct strbuf *out, const struct those *t)
{
	const char *which = t->compared ? "compared that" : "that";

	if (t->n == 1)
		strbuf_printf(out, "the one %s %s", which, t->did);
	else if (t->n == 2)
		strbuf_printf(out, "both %s %s", which, t->did);
	else
		strbuf_printf(out, "all %" PRIu64 " %s %s", t->n, which, t->did);
}

/* "none of the 8 that completed". */
static void put_none(struct strbuf *out, const struct those *t)
{
	if (t->n <= 2)
		strbuf_puts(out, t->n == 1 ? "the one" : "neither");
	else
		strbuf_printf(out, "none of the %" PRIu64, t->n);
	strbuf_printf(out, " %s %s", t->compared ? "compared that" : "that", t->did);
}

/* "all 12 that failed lack ", "none of the 12 that failed offers ". */
static void put_failed(struct strbuf *out, const struct difference *d, const struct those *failed)
{
	const struct phrase *p = &phrases[d->feature.kind];
	const struct verb *verb = d->failed_have ? &p->has : &p->has_not;

	if (!d->failed_have && failed->n > 1 && p->has_not.many == NULL) {
		put_none(out, failed);
		strbuf_printf(out, " %s ", p->has.one);
		return;
	}
	put_all(out, failed);
	strbuf_printf(out, " %s ", pick(verb, failed));
}

static void put_feature(struct strbuf *out, const struct contrast *c, const struct difference *d)
{
	const struct phrase *p = &phrases[d->feature.kind];
	struct those failed = failed_of(c), completed = completed_of(c);

	put_failed(out, d, &failed);
	put_object(out, d);
	strbuf_puts(out, "; ");
	if (d->failed_have) {
		put_none(out, &completed);
		strbuf_printf(out, " %s%s", p->helper, completed.n == 1 ? " not" : "");
		return;
	}
	put_all(out, &completed);
	strbuf_printf(out, " %s %s", pick(&p->has, &completed),
		d->more != 0 && strcmp(p->it, "it") == 0 ? "them" : p->it);
}

static void put_order(struct strbuf *out, const struct contrast *c, const struct difference *d)
{
	struct those first = d->failed_have ? failed_of(c) : completed_of(c);
	struct those second = d->failed_have ? completed_of(c) : failed_of(c);

	put_all(out, &first);
	strbuf_printf(out, " %s %s before %s; ", first.n == 1 ? "has" : "have",
		extension_text((uint16_t)(d->feature.value >> 16)).text,
		extension_text((uint16_t)d->feature.value).text);
	put_all(out, &second);
	strbuf_printf(out, " %s them the other way round", second.n == 1 ? "has" : "have");
}

/* "a ClientHello of at least 1603 bytes", of the others "one of at most 517 bytes". */
static const struct measure {
	const char *what; /* before the number */
	const char *again;
	const char *unit; /* behind it; NULL: none */
} measures[N_FEATURES] = {
	[FEATURE_SEGMENTS] = { "a ClientHello in", "one in", "TCP segment" },
	[FEATURE_SIZE] = { "a ClientHello of", "one of", "byte" },
	[FEATURE_SESSION_ID] = { "a session id of", "one of", "byte" },
	[FEATURE_HOPS] = { "a TTL (hop limit) of", "one of", NULL },
	[FEATURE_MSS] = { "a client that asks for TCP segments of", "one that asks for", "byte" },
};

/* Of one alone its number is known. */
static void put_bound(struct strbuf *out, const struct those *t, const struct measure *m,
	bool larger, uint32_t number)
{
	const char *bound = larger ? "at least " : "at most ";

	strbuf_printf(out, " %s%" PRIu32, t->n == 1 || number == 0 ? "" : bound, number);
	if (m->unit != NULL)
		strbuf_printf(out, " %s%s", m->unit, number == 1 ? "" : "s");
}

static void put_number(struct strbuf *out, const struct contrast *c, const struct difference *d)
{
	struct those failed = failed_of(c), completed = completed_of(c);
	const struct measure *m = &measures[d->feature.kind];

	put_all(out, &failed);
	strbuf_printf(out, " %s %s", failed.n == 1 ? "has" : "have", m->what);
	put_bound(out, &failed, m, d->failed_have, d->failed_have ? d->least : d->greatest);
	strbuf_puts(out, "; ");
	put_all(out, &completed);
	strbuf_printf(out, " %s %s", completed.n == 1 ? "has" : "have", m->again);
	put_bound(out, &completed, m, !d->failed_have, d->failed_have ? d->greatest : d->least);
}

static void put_time(struct strbuf *out, const struct contrast *c, const struct difference *d)
{
	struct those failed = failed_of(c), completed = completed_of(c);

	put_all(out, &failed);
	strbuf_printf(out, " came %s ", d->failed_have ? "after" : "before");
	put_all(out, &completed);
}

void difference_text(const struct contrast *c, const struct difference *d, struct strbuf *out)
{
	if (d->feature.kind == FEATURE_ORDER)
		put_order(out, c, d);
	else if (d->feature.kind == FEATURE_TIME)
		put_time(out, c, d);
	else if (feature_is_number(d->feature.kind))
		put_number(out, c, d);
	else
		put_feature(out, c, d);
}

void contrast_doubt_text(const struct contrast *c, struct strbuf *out)
{
	if (contrast_differs_much(c))
		strbuf_printf(out,
			"their hellos differ in %zu things at least: another client altogether, "
			"and which of them mattered cannot be told",
			c->n_own);
	else if (c->n_own > 1)
		strbuf_printf(
			out, "which of these %zu differences mattered cannot be told", c->n_own);
	else if (c->n_own == 1 && c->n_failed == 1 && c->n_completed == 1)
		strbuf_puts(out, "one against one shows little: it may be chance");
	else if (c->n_own == 1 && c->confidence == CONFIDENCE_POSSIBLE)
		strbuf_puts(out, "the counts are too small to be sure of it");
}

void contrast_ended_text(const struct contrast *c, struct strbuf *out)
{
	struct ending_story st = story_of(c->failed);
	char name[48];

	if (st.alert >= 0) {
		name_or_hex(name, name_alert((unsigned)st.alert), (unsigned)st.alert);
		strbuf_printf(out, "%s sent fatal alert %d %s", side_name(st.by), st.alert, name);
	} else if (st.hidden) {
		strbuf_printf(out, "%s sent an encrypted alert", side_name(st.by));
	} else if (st.closed) {
		strbuf_printf(out, "%s %s", side_name(st.by),
			st.reset ? "reset the connection" : "closed without an alert");
	} else {
		strbuf_puts(out, "it went no further");
	}
	if (!c->failed->has_last_message)
		return;
	name_or_hex(name, name_handshake_title(c->failed->last_message), c->failed->last_message);
	strbuf_printf(out, " after %s", name);
}

void finding_contrast(struct finding *f, const struct case_file *cf, const struct contrast *c,
	const struct difference *d)
{
	struct strbuf text = { 0 };

	difference_text(c, d, &text);
	finding_prove(f, cf, 0, "%s", strbuf_text(&text));
	strbuf_free(&text);
}
