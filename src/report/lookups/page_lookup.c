/* The page is Markdown already: what is added is whether it is a check or a cause. */
#include "report/lookups/page_lookup.h"

#include "diagnose/cause.h"

enum { TITLE_AT = 36 };

const char *page_headline(const struct rule_page *page)
{
	size_t n = strlen(page->id);

	if (strncmp(page->title, page->id, n) != 0 || page->title[n] != ':')
		return page->title;
	return page->title + n + 1 + strspn(page->title + n + 1, " ");
}

static const char *kind_of(const struct rule_page *page)
{
	if (strncmp(page->id, "config-", 7) == 0)
		return "config";
	return cause_find(page->id) != NULL ? "cause" : "check";
}

static void put_kind(struct page *p, const char *kind, const char *heading)
{
	page_blank_line(p);
	page_put(p, ROLE_LABEL, heading);
	page_end_line(p);
	for (size_t i = 0; i < rule_page_count(); i++) {
		const struct rule_page *page = rule_page_at(i);

		if (strcmp(kind_of(page), kind) != 0)
			continue;
		page_tab(p, 2);
		page_put(p, ROLE_NOTE, page->id);
		page_tab(p, TITLE_AT);
		page_wrap(p, TITLE_AT, page_headline(page));
		page_end_line(p);
	}
}

void page_list_text(struct page *p)
{
	put_kind(p, "cause", "Causes: what is wrong");
	put_kind(p, "check", "Checks: what should hold");
	put_kind(p, "config", "Configurations: what contradicts itself, or hurts");
}

static void put_head(struct json *j, const struct rule_page *page)
{
	json_string(j, "id", page->id);
	json_string(j, "kind", kind_of(page));
	json_string(j, "title", page_headline(page));
}

void page_list_json(struct json *j, const char *key)
{
	json_array(j, key);
	for (size_t i = 0; i < rule_page_count(); i++) {
		json_object(j, NULL);
		put_head(j, rule_page_at(i));
		json_end_object(j);
	}
	json_end_array(j);
}

void page_lookup_json(struct json *j, const struct rule_page *page)
{
	struct strbuf text = { 0 };

	for (const char *const *line = page->lines; *line != NULL; line++)
		strbuf_printf(&text, "%s\n", *line);
	j->out->failed = j->out->failed || text.failed;
	json_object(j, NULL);
	put_head(j, page);
	json_string(j, "markdown", strbuf_text(&text));
	json_end_object(j);
	strbuf_free(&text);
}
