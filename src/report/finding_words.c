/* The same parts as on a terminal, without columns. */
#include "report/finding_words.h"

#include "report/utf8.h"

#include <inttypes.h>

static void put_line(struct strbuf *out, const char *text)
{
	utf8_put_safe(out, bytes_of(text, strlen(text)), true, SIZE_MAX);
	strbuf_puts(out, "\n");
}

static void put_proof(struct strbuf *out, const struct finding *f)
{
	if (f->n_proof != 0)
		strbuf_puts(out, "\nProof:\n");
	for (size_t i = 0; i < f->n_proof; i++) {
		if (f->proof[i].packet != 0)
			strbuf_printf(out, "%s %" PRIu64 ": ", source_words(f->logged)->place,
				f->proof[i].packet);
		put_line(out, f->proof[i].text);
	}
}

void finding_words(struct strbuf *out, const struct finding *f)
{
	put_line(out, f->summary);
	strbuf_printf(out, "(%s, %s, %s)\n", f->cause->id, confidence_name(f->confidence),
		origin_phrase(f->origin));
	put_proof(out, f);
	if (f->n_steps != 0)
		strbuf_puts(out, "\nNext steps:\n");
	for (size_t i = 0; i < f->n_steps; i++) {
		strbuf_printf(out, "%zu. ", i + 1);
		put_line(out, f->next_steps[i]);
	}
}
