/* The course of a dialogue: which step it is in, and what ends it. What a reply means is reply.h's. */
#include "drive/dialogue.h"

#include "drive/reply.h"

#include <stdio.h>

static const struct step *current(const struct dialogue *d)
{
	size_t last = d->script->n_steps - 1;

	return &d->script->steps[d->at < last ? d->at : last];
}

/* What the peer has said and no step has taken yet. */
static struct bytes unread(const struct dialogue *d)
{
	return bytes_slice(bytes_of(strbuf_text(&d->in), d->in.len), d->read, d->in.len);
}

static void compose(struct dialogue *d, const struct step *step)
{
	strbuf_clear(&d->out);
	for (size_t i = 0; i < step->say.len; i++) {
		if (step->name != NULL && step->say.data[i] == '%')
			step->name(&d->out, d->name);
		else
			strbuf_add(&d->out, (const char *)step->say.data + i, 1);
	}
	d->state = d->out.failed ? DIALOGUE_FAILED : DIALOGUE_SEND;
}

static void begin_step(struct dialogue *d)
{
	if (d->at == d->script->n_steps)
		d->state = DIALOGUE_DONE;
	else if (current(d)->say.len != 0)
		compose(d, current(d));
	else
		d->state = DIALOGUE_WANT;
}

static void end_step(struct dialogue *d, enum reply_kind kind)
{
	static const enum dialogue_state ends[] = {
		[REPLY_REFUSED] = DIALOGUE_REFUSED,
		[REPLY_CREDENTIALS] = DIALOGUE_CREDENTIALS,
		[REPLY_STRANGE] = DIALOGUE_STRANGE,
	};

	if (kind != REPLY_OK) {
		d->state = ends[kind];
		return;
	}
	d->read += d->last_reply.len;
	d->at++;
	begin_step(d);
}

/* Reads on: what came may hold the replies of several steps that say nothing. */
static void understand(struct dialogue *d)
{
	while (d->state == DIALOGUE_WANT) {
		const struct step *step = current(d);
		enum reply_kind kind = REPLY_OK;

		d->last_reply = (struct reply){ 0 };
		if (step->read != NULL)
			kind = step->read(step, unread(d), &d->last_reply);
		if (kind != REPLY_MORE)
			end_step(d, kind);
		else if (d->in.len == d->script->max)
			d->state = DIALOGUE_TOO_LONG;
		else
			return;
	}
}

void dialogue_open(struct dialogue *d, const struct script *script, const char *name)
{
	*d = (struct dialogue){ .script = script, .name = name };
	begin_step(d);
}

void dialogue_close(struct dialogue *d)
{
	strbuf_free(&d->in);
	strbuf_free(&d->out);
}

struct bytes dialogue_message(const struct dialogue *d)
{
	return bytes_of(strbuf_text(&d->out), d->out.len);
}

void dialogue_sent(struct dialogue *d)
{
	if (d->state != DIALOGUE_SEND)
		return;
	d->state = DIALOGUE_WANT;
	understand(d);
}

void dialogue_feed(struct dialogue *d, struct bytes b)
{
	if (d->state != DIALOGUE_WANT)
		return;
	b = bytes_slice(b, 0, d->script->max - d->in.len);
	strbuf_add(&d->in, (const char *)b.data, b.len);
	if (d->in.failed)
		d->state = DIALOGUE_FAILED;
	understand(d);
}

void dialogue_stop(struct dialogue *d, enum dialogue_state state)
{
	d->state = state;
}

void dialogue_read_result(const struct dialogue *d, struct dialogue_result *out)
{
	struct bytes rest = unread(d);

	*out = (struct dialogue_result){
		.state = d->state, .script = d->script, .what = current(d)->what
	};
	if (d->state == DIALOGUE_TIMEOUT || d->state == DIALOGUE_TOO_LONG)
		out->bytes = rest.len;
	if (d->state == DIALOGUE_DONE)
		out->surplus = rest.len;
	else if (d->last_reply.said[0] != '\0')
		memcpy(out->said, d->last_reply.said, sizeof out->said);
	else /* a refusal without words, or no reply at all */
		reply_quote(
			bytes_slice(rest, 0, d->last_reply.len != 0 ? d->last_reply.len : rest.len),
			out->said);
}

/* How it ended, around the names of the peer and of the step. */
struct dialogue_words {
	const char *before, *between, *behind;
};

static struct dialogue_words words_of(const struct dialogue_result *r)
{
	static const struct dialogue_words forms[] = {
		[DIALOGUE_SEND] = { "", "has not been asked for", "" },
		[DIALOGUE_WANT] = { "", "has not answered", "" },
		[DIALOGUE_DONE] = { "", "accepts", "" },
		[DIALOGUE_REFUSED] = { "", "refuses", "" },
		[DIALOGUE_CREDENTIALS] = { "", "wants credentials for", "" },
		[DIALOGUE_STRANGE] = { "no ", ": the answer to", " is of another protocol" },
		[DIALOGUE_TOO_LONG] = { "", "never ends its answer to", "" },
		[DIALOGUE_TIMEOUT] = { "", "did not answer", " in time" },
		[DIALOGUE_CLOSED] = { "", "closed the connection instead of answering", "" },
		[DIALOGUE_RESET] = { "", "reset the connection instead of answering", "" },
		[DIALOGUE_FAILED] = { "the dialogue with the ", "failed at", "" },
	};

	if (r->state == DIALOGUE_TIMEOUT && r->bytes != 0)
		return (struct dialogue_words){ "", "did not end its answer to", " in time" };
	return forms[r->state];
}

void dialogue_result_text(const struct dialogue_result *r, char *out, size_t size)
{
	struct dialogue_words w = words_of(r);
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%s%s%s%s %s%s", w.before, r->script->peer,
		w.between[0] != ':' ? " " : "", w.between, r->what, w.behind);
	if (r->bytes != 0)
		strbuf_printf(&text, " (%zu %s in %.1f s)", r->bytes,
			r->bytes == 1 ? "byte" : "bytes", r->ms / 1000);
	if (r->said[0] != '\0')
		strbuf_printf(&text, ": '%s'", r->said);
	(void)snprintf(out, size, "%s", strbuf_text(&text));
	strbuf_free(&text);
}
