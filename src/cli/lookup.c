/* Look-ups have no run: their options, and writing into a buffer that goes out at once. */
#include "cli/lookup.h"

#include "base/array.h"
#include "cli/choice.h"

bool lookup_set_json(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct lookup_settings *)settings)->json = true;
	return true;
}

bool lookup_set_color(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
		{ "never", COLOR_NEVER } };
	struct lookup_settings *s = settings;
	int chosen = COLOR_AUTO;
	bool ok = choice_parse("color", choices, COUNT(choices), value, &chosen, e);

	s->color = (enum color_wish)chosen;
	return ok;
}

bool lookup_set_help(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct lookup_settings *)settings)->help = true;
	return true;
}

struct page lookup_page(const struct lookup_settings *s)
{
	return (struct page){
		.width = terminal_width(),
		.color = terminal_color(s->color),
		.utf8 = terminal_utf8(),
	};
}

/* Whether it got there is main()'s to see. */
int lookup_write(struct page *p, int status)
{
	if (p->out.failed) {
		complain("out of memory");
		status = EXIT_INPUT;
	} else {
		(void)fputs(strbuf_text(&p->out), stdout);
	}
	strbuf_free(&p->out);
	return status;
}
