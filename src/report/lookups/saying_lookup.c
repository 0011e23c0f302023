/*
 * Sentences of programs. Words are no proof: they are told as what their program states, with the causes that
 * they speak for.
 */
#include "report/lookups/saying_lookup.h"

#include "diagnose/claims.h"
#include "names/names.h"

#include <stdio.h>

static unsigned sides_of(const struct sentence *s)
{
	switch (s->by) {
	case SENTENCE_CLIENT:
		return 1u << SIDE_CLIENT;
	case SENTENCE_SERVER:
		return 1u << SIDE_SERVER;
	case SENTENCE_EITHER:
		break;
	}
	return 1u << SIDE_CLIENT | 1u << SIDE_SERVER;
}

static const char *speaker_of(const struct sentence *s)
{
	static const char *const speakers[] = {
		[SENTENCE_EITHER] = NULL, [SENTENCE_CLIENT] = "client", [SENTENCE_SERVER] = "server"
	};

	return speakers[s->by];
}

/* The program and who it is, then its words. */
static void put_title(struct page *p, const struct saying_lookup *s)
{
	const char *speaker = speaker_of(s->sentence);
	char text[64];

	page_put(p, ROLE_LABEL, s->sentence->program);
	page_tab(p, LOOKUP_AT);
	page_put(p, ROLE_NOTE, saying_id(s->sentence->saying));
	page_end_line(p);
	lookup_row(p, "", s->asked);
	if (speaker == NULL)
		return;
	(void)snprintf(text, sizeof text, "said by a %s", speaker);
	lookup_row(p, "", text);
}

static void put_alert(struct page *p, const struct sentence *s)
{
	char name[48], text[96];

	if (s->alert < 0)
		return;
	name_or_hex(name, name_alert((unsigned)s->alert), (unsigned)s->alert);
	(void)snprintf(text, sizeof text, "%d %s, which the peer sent", s->alert, name);
	lookup_row(p, "alert", text);
}

void saying_lookup_text(struct page *p, const struct saying_lookup *s)
{
	struct strbuf ids = { 0 }, listed = { 0 }, first = { 0 };

	page_blank_line(p);
	put_title(p, s);
	page_blank_line(p);
	lookup_row(p, "meaning", saying_title(s->sentence->saying));
	put_alert(p, s->sentence);
	claims_causes(s->sentence->saying, sides_of(s->sentence), &ids);
	lookup_put_ids(&listed, strbuf_text(&ids));
	if (listed.len != 0)
		lookup_row(p, "see", strbuf_text(&listed));
	lookup_row(p, "next", "tlsdiag log FILE, with the lines around it");
	lookup_put_first_id(&first, strbuf_text(&ids));
	if (first.len != 0) {
		lookup_label(p, "");
		page_wrapf(p, LOOKUP_AT, "tlsdiag explain %s", strbuf_text(&first));
		page_end_line(p);
	}
	p->out.failed = p->out.failed || ids.failed || listed.failed || first.failed;
	strbuf_free(&ids);
	strbuf_free(&listed);
	strbuf_free(&first);
}

void saying_lookup_json(struct json *j, const struct saying_lookup *s)
{
	struct strbuf ids = { 0 };

	json_object(j, NULL);
	json_string(j, "asked", s->asked);
	json_string(j, "program", s->sentence->program);
	if (speaker_of(s->sentence) != NULL)
		json_string(j, "by", speaker_of(s->sentence));
	json_string(j, "saying", saying_id(s->sentence->saying));
	json_string(j, "meaning", saying_title(s->sentence->saying));
	if (s->sentence->alert >= 0)
		lookup_json_alert(j, "alert", s->sentence->alert);
	claims_causes(s->sentence->saying, sides_of(s->sentence), &ids);
	lookup_json_ids(j, "see", strbuf_text(&ids));
	j->out->failed = j->out->failed || ids.failed;
	strbuf_free(&ids);
	json_end_object(j);
}
