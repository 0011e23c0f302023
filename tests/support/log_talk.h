/*
 * Connections that a log tells of, in words: "c:CH s:told2 c:owner".
 *
 * Besides the words of support/tls_talk.h, each of which is a line of the log, with the side before them:
 *   told11 keys20        a message of that type is named: in the clear, under the keys
 *   toldccs keysccs
 *   told-alert48 told-warn0 told-code40   an alert: fatal, a warning, of a level that is not told
 *   keys-alert48 ...     the same under the keys
 *   open:CERT+FINISHED   what protected records hold, shown by the log; open@20: its first 20 bytes, open%20:
 *                        those after them, open#20: its first 20 bytes and then a hole of as many as are left
 *   opened-alert48 opened-warn0 opened-data
 *   opened.1:02280100    any bytes of a content type, counted from 20
 *   opens                its records are shown opened
 *   done owner           the side says that it is done; it is the side whose log it is
 *   closed reset timed-out refused. unreachable. unanswered.   how the connection ended, and by whose doing
 *   version0304 suite1301 group001d name'dev.example resumed
 *   code7280 errno-77    what its library returned: minus that, in hexadecimal; that
 *   says-http            its program says so (names/sayings.def)
 *   captured             it is no log that tells
 */
#ifndef TLSDIAG_TESTS_SUPPORT_LOG_TALK_H
#define TLSDIAG_TESTS_SUPPORT_LOG_TALK_H

#include "base/array.h"
#include "names/sayings.h"
#include "support/tls_talk.h"

enum { SAID_MAX = 160 };

struct log_talk {
	struct tls_talk t;
	struct told told;
	struct said said[SAID_MAX];
	struct remark remarks[2][SAID_MAX];
	char name[64];
	bool again; /* what is told is known from the first time that the script was said */
};

static const char *const ids[] = {
#define SAYING(name, text) #name,
#include "names/sayings.def"
#undef SAYING
};

static inline enum saying saying_of(const char *id)
{
	for (size_t i = 0; i < COUNT(ids); i++)
		if (strcmp(ids[i], id) == 0)
			return (enum saying)(i + 1);
	fail_msg("no such saying: %s", id);
	return SAYING_NONE;
}

/* ---- what is told ---- */

/* "told11", "keysccs", "told-alert48". */
static inline bool said_word(const char *word, struct said *s)
{
	static const struct {
		const char *word;
		uint8_t level;
	} alerts[] = { { "-alert", 2 }, { "-warn", 1 }, { "-code", 0 } };
	unsigned number;

	s->under_keys = strncmp(word, "keys", 4) == 0;
	if (!s->under_keys && strncmp(word, "told", 4) != 0)
		return false;
	word += 4;
	s->kind = SAID_CHANGE_CIPHER_SPEC;
	if (strcmp(word, "ccs") == 0)
		return true;
	s->kind = SAID_MESSAGE;
	if (number_after(word, "", &number)) {
		s->type = (uint8_t)number;
		return true;
	}
	s->kind = SAID_ALERT;
	for (size_t i = 0; i < COUNT(alerts); i++) {
		if (!number_after(word, alerts[i].word, &number))
			continue;
		s->level = alerts[i].level;
		s->code = (uint8_t)number;
		return true;
	}
	fail_msg("no such word: %s", word);
	return false;
}

static inline bool end_word(const char *word, enum told_end *end)
{
	static const char *const words[] = { "", "closed", "reset", "timed-out", "refused.",
		"unreachable.", "unanswered." };

	for (size_t i = 1; i < COUNT(words); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*end = (enum told_end)i;
		return true;
	}
	return false;
}

static inline bool hex_after(const char *word, const char *before, unsigned *number)
{
	size_t n = strlen(before);
	char *end;

	if (strncmp(word, before, n) != 0)
		return false;
	*number = (unsigned)strtoul(word + n, &end, 16);
	return *end == '\0';
}

/* Facts that are not of one line. */
static inline bool fact_word(struct log_talk *l, enum side side, const char *word)
{
	struct told_story *story = &l->told.story;
	unsigned number = 0;

	if (strcmp(word, "done") == 0) {
		story->done[side] = true;
	} else if (strcmp(word, "owner") == 0) {
		story->role_known = true;
		story->role = side;
	} else if (hex_after(word, "version", &number)) {
		story->version = (uint16_t)number;
	} else if (hex_after(word, "suite", &number)) {
		story->suite_known = true;
		story->suite = (uint16_t)number;
	} else if (hex_after(word, "group", &number)) {
		story->group = (uint16_t)number;
	} else if (strncmp(word, "name'", 5) == 0) {
		(void)snprintf(l->name, sizeof l->name, "%s", word + 5);
		story->sni = l->name;
	} else if (strcmp(word, "resumed") == 0) {
		story->resumed = true;
	} else if (hex_after(word, "code", &number) || number_after(word, "errno-", &number)) {
		l->told.word[side].release = "a library";
		l->told.word[side].code = -(int)number;
	} else if (strcmp(word, "captured") == 0) {
		l->t.flow.logged = false;
	} else if (strcmp(word, "opens") == 0) {
		l->t.flow.opened[side] = true;
	} else {
		return false;
	}
	return true;
}

/* As a source of logs says it of the connection. */
static inline void close_stream(struct log_talk *l)
{
	const struct told_story *story = &l->told.story;
	struct direction *d = &l->t.flow.dir[story->ended_by];

	if (story->end == TOLD_CLOSED) {
		d->fin = true;
		d->fin_packet = story->end_line;
		d->fin_time = story->end_time;
	} else if (story->end == TOLD_RESET) {
		d->rst = true;
		d->rst_packet = story->end_line;
		d->rst_time = story->end_time;
	}
}

static inline bool line_word(struct log_talk *l, enum side side, const char *word)
{
	struct told_story *story = &l->told.story;
	struct said s = { .from = side };
	enum told_end end;

	if (said_word(word, &s)) {
		s.line = ++l->t.packet;
		s.time = l->t.time += 1000000;
		assert_true(story->n_said < SAID_MAX);
		if (!l->again)
			l->said[story->n_said++] = s;
	} else if (end_word(word, &end)) {
		story->end = end;
		story->ended_by = side;
		story->end_line = ++l->t.packet;
		story->end_time = l->t.time += 1000000;
	} else if (strncmp(word, "says-", 5) == 0) {
		l->t.packet++;
		if (!l->again) {
			enum saying saying = saying_of(word + 5);

			l->remarks[side][l->told.n_remarks[side]++] =
				(struct remark){ saying, l->t.packet, ids[saying - 1] };
		}
	} else {
		return false;
	}
	return true;
}

/* ---- what the log shows of protected records ---- */

static inline void open_bytes(
	struct log_talk *l, enum side side, uint8_t type, struct bytes b, uint64_t gap)
{
	struct tls_talk *t = &l->t;
	uint8_t *copy = malloc(b.len + 1);
	struct chunk k = { .flow = &t->flow, .kind = CHUNK_OPENED, .dir = (uint8_t)side };

	assert_non_null(copy);
	memcpy(copy, b.data, b.len);
	k.content_type = type;
	k.packet = ++t->packet;
	k.time = t->time += 1000000;
	k.bytes = bytes_of(copy, b.len);
	k.gap = gap;
	t->flow.last_time = t->time;
	t->answer = t->sink.take(t->sink.ctx, &k);
	free(copy);
}

/* "open:CERT+FINISHED", "open@20:CERT", "open%20:CERT", "open#20:CERT". */
static inline bool open_messages(struct log_talk *l, enum side side, const char *word)
{
	struct wire *w;
	size_t at = strtoul(word + 1, NULL, 10);
	char *copy, *rest = NULL;
	struct bytes all;

	if (strchr(":@%#", word[0]) == NULL)
		return false;
	w = wire_new();
	copy = strdup(strchr(word, ':') + 1);
	assert_non_null(copy);
	for (char *m = strtok_r(copy, "+", &rest); m != NULL; m = strtok_r(NULL, "+", &rest))
		if (!put_message(w, m))
			fail_msg("no such message: %s", m);
	all = bytes_of(w->b, w->n);
	if (at > all.len)
		at = all.len;
	if (word[0] == '@')
		open_bytes(l, side, CONTENT_HANDSHAKE, bytes_slice(all, 0, at), 0);
	else if (word[0] == '%')
		open_bytes(l, side, CONTENT_HANDSHAKE, bytes_slice(all, at, all.len), 0);
	else if (word[0] == '#')
		open_bytes(l, side, CONTENT_HANDSHAKE, bytes_slice(all, 0, at), all.len - at);
	else
		open_bytes(l, side, CONTENT_HANDSHAKE, all, 0);
	free(copy);
	free(w);
	return true;
}

/* "21:02280100": that type, and all its bytes. */
static inline void open_any(struct log_talk *l, enum side side, const char *word)
{
	struct wire *w = wire_new();
	char *hex;
	unsigned long type = strtoul(word, &hex, 10);

	for (hex += *hex == ':'; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
		const char two[3] = { hex[0], hex[1], '\0' };

		put_uint(w, strtoul(two, NULL, 16), 1);
	}
	if (w->n != 0)
		open_bytes(l, side, (uint8_t)(20 + type % 4), bytes_of(w->b, w->n), 0);
	free(w);
}

static inline bool open_word(struct log_talk *l, enum side side, const char *word)
{
	unsigned number;

	if (strncmp(word, "opened.", 7) == 0) {
		open_any(l, side, word + 7);
		return true;
	}

	if (strncmp(word, "open", 4) == 0 && open_messages(l, side, word + 4))
		return true;
	if (number_after(word, "opened-alert", &number) ||
		number_after(word, "opened-warn", &number)) {
		const uint8_t two[2] = { word[7] == 'a' ? 2 : 1, (uint8_t)number };

		open_bytes(l, side, CONTENT_ALERT, bytes_of(two, 2), 0);
		return true;
	}
	if (strcmp(word, "opened-data") != 0)
		return false;
	open_bytes(l, side, CONTENT_APPLICATION_DATA, bytes_of("hello", 5), 0);
	return true;
}

/* ---- the log ---- */

static inline void say_script(struct log_talk *l, const char *script)
{
	char *copy = strdup(script), *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		enum side side = word[0] == 's' ? SIDE_SERVER : SIDE_CLIENT;

		if (!fact_word(l, side, word + 2) && !line_word(l, side, word + 2) &&
			!open_word(l, side, word + 2))
			talk_word(&l->t, side, word + 2);
	}
	free(copy);
	close_stream(l);
	talk_end(&l->t, FLOW_INPUT_ENDED);
}

/* Behind what is told stands what nobody may look at. */
static inline void fill_behind(struct log_talk *l)
{
	for (size_t i = 0; i < SAID_MAX; i++) {
		l->said[i] = (struct said){
			.kind = SAID_ALERT, .level = 2, .code = 86, .line = 7777, .time = 1
		};
		l->remarks[SIDE_CLIENT][i] = (struct remark){ SAYING_http, 7777, "unsaid" };
		l->remarks[SIDE_SERVER][i] = l->remarks[SIDE_CLIENT][i];
	}
}

static inline void open_log(struct log_talk *l)
{
	if (!l->again)
		fill_behind(l);
	tls_talk_open(&l->t, NULL);
	l->t.flow.logged = true;
	l->t.flow.dir[0].syn = l->t.flow.dir[1].syn = false;
	l->t.flow.told = &l->told;
	l->told.client = l->t.flow.end[0];
	l->told.server = l->t.flow.end[1];
	l->told.story.said = l->said;
	for (unsigned side = 0; side < 2; side++)
		l->told.remarks[side] = l->remarks[side];
}

#endif
