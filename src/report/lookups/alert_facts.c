/* What both forms of the look-ups of alerts and faults say alike. */
#include "report/lookups/alert_lookup.h"

#include "base/array.h"
#include "base/memory.h"
#include "names/names.h"

#include <stdio.h>
#include <stdlib.h>

/* Those that the query wants, in the atlas's order, at the front of the list. */
static void keep_wanted(struct alert_hits *h, size_t from, const struct alert_query *q)
{
	size_t n = from;

	for (size_t i = from; i < h->n; i++)
		if (alert_query_has_stack(q, h->hits[i].stack))
			h->hits[n++] = h->hits[i];
	h->n = n;
}

struct alert_hits alert_hits_find(const struct alert_lookup *a)
{
	static const enum atlas_side senders[] = { ATLAS_CLIENT, ATLAS_SERVER };
	size_t max = atlas_fault_count() * STACK_COUNT;
	struct alert_hits h = { .hits = memory_zeroed(max, sizeof *h.hits) };

	h.failed = h.hits == NULL;
	for (size_t i = 0; !h.failed && i < COUNT(senders); i++) {
		struct atlas_query query = { senders[i], a->code, a->query.after, STACK_UNKNOWN };
		size_t before = h.n;

		if (a->query.from != ALERT_FROM_ANY && a->query.from != (int)senders[i])
			continue;
		h.n += atlas_search(&query, h.hits + before, max - before);
		keep_wanted(&h, before, &a->query);
	}
	return h;
}

void alert_hits_free(struct alert_hits *h)
{
	free(h->hits);
}

size_t alert_hits_same_fault(const struct alert_hits *h, size_t first)
{
	size_t n = 0;

	while (first + n < h->n && h->hits[first + n].fault == h->hits[first].fault)
		n++;
	return n;
}

/* Is the id one of a list that is separated by spaces? */
static bool has_id(const char *ids, const char *id)
{
	size_t len = strlen(id);

	for (; *ids != '\0'; ids += strspn(ids, " ")) {
		size_t n = strcspn(ids, " ");

		if (n == len && strncmp(ids, id, n) == 0)
			return true;
		ids += n;
	}
	return false;
}

bool fault_lookup_has(const struct fault_lookup *f, const struct atlas_fault *fault)
{
	if (f->query.from != ALERT_FROM_ANY && f->query.from != (int)fault->side)
		return false;
	return strcmp(fault->id, f->id) == 0 || has_id(fault->causes, f->id);
}

size_t fault_lookup_count(const struct fault_lookup *f)
{
	size_t n = 0;

	for (size_t i = 0; i < atlas_fault_count(); i++)
		n += fault_lookup_has(f, atlas_fault_at(i));
	return n;
}

void fault_put_place(struct strbuf *out, const struct atlas_fault *fault)
{
	const char *title = name_handshake_title(fault->message);

	strbuf_printf(out, "in the %s", title != NULL ? title : "handshake");
}

const char *fault_answer_text(const struct atlas_answer *answer, char out[static ANSWER_TEXT])
{
	static const char *const results[] = {
		[ATLAS_NOT_RUN] = "not measured",
		[ATLAS_CLOSED] = "closes without an alert",
		[ATLAS_ENCRYPTED] = "an encrypted alert",
		[ATLAS_ACCEPTED] = "does not notice",
		[ATLAS_OK] = "tolerates it",
		[ATLAS_APP] = "left to the application",
	};
	char name[48];

	if (answer->result != ATLAS_ALERT && answer->result != ATLAS_WARNING) {
		(void)snprintf(out, ANSWER_TEXT, "%s", results[answer->result]);
		return out;
	}
	name_or_hex(name, name_alert((unsigned)answer->alert), (unsigned)answer->alert);
	(void)snprintf(out, ANSWER_TEXT, "%d %.40s%s", answer->alert, name,
		answer->result == ATLAS_WARNING ? ", warning" : "");
	return out;
}

void fault_put_stack(struct strbuf *out, enum stack stack, const struct atlas_answer *answer)
{
	bool coded = answer->code != NULL && answer->code[0] != '\0';

	strbuf_puts(out, stack_name(stack));
	if (coded || answer->from_source)
		strbuf_printf(out, " (%s%s%s)", coded ? answer->code : "",
			coded && answer->from_source ? ", " : "",
			answer->from_source ? "by its source" : "");
}
