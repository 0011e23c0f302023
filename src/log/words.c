/* Sentences in which programs of any kind say why a handshake failed: data/sayings.tsv. */
#include "log/scan.h"

#include "base/array.h"
#include "log/reader.h"

static const struct {
	const char *words;
	enum saying saying;
} sayings[] = {
	{ "certificate has expired", SAYING_peer_expired },
	{ "no shared cipher", SAYING_no_common_suite },
};

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sayings); i++) {
		if (!text_has(line->text, sayings[i].words))
			continue;
		log_notes_remark(
			notes, SIDE_CLIENT, sayings[i].saying, text_trim(line->text), line->at);
		return LOG_MINE;
	}
	return LOG_NOT_MINE;
}

const struct log_reader log_reader_words = {
	.name = "words",
	.title = "error messages",
	.take = take,
};
