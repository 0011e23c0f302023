/* A dialogue on a line: the one place where the two meet. */
#include "drive/dialogue.h"
#include "drive/line.h"

enum { RECEIVE = 4096 };

static enum dialogue_state ended_by(enum line_state state)
{
	if (state == LINE_TIMEOUT || state == LINE_OVERDUE)
		return DIALOGUE_TIMEOUT;
	if (state == LINE_FLOODED)
		return DIALOGUE_TOO_LONG;
	if (state == LINE_CLOSED)
		return DIALOGUE_CLOSED;
	return state == LINE_RESET ? DIALOGUE_RESET : DIALOGUE_FAILED;
}

static enum line_state do_send(struct line *l, struct dialogue *d, int timeout_ms)
{
	enum line_state state = line_send(l, dialogue_message(d), timeout_ms);

	if (state == LINE_OPEN)
		dialogue_sent(d);
	return state;
}

static enum line_state do_receive(struct line *l, struct dialogue *d, int timeout_ms)
{
	uint8_t buffer[RECEIVE];
	size_t n = 0;
	enum line_state state = line_recv(l, buffer, sizeof buffer, &n, timeout_ms);

	if (state == LINE_OPEN)
		dialogue_feed(d, bytes_of(buffer, n));
	return state;
}

/* A step as a whole has its time, however small the pieces are in which its reply comes. */
static int time_left(const struct line *l, double since_ms, int timeout_ms)
{
	double left = timeout_ms - (line_elapsed_ms(l) - since_ms);

	return left > 0 ? (int)left : 0;
}

bool dialogue_run(struct line *l, const struct script *script, const char *name, int timeout_ms,
	struct dialogue_result *out)
{
	struct dialogue d;
	double since_ms = line_elapsed_ms(l);
	size_t step = 0;

	dialogue_open(&d, script, name);
	while (d.state == DIALOGUE_SEND || d.state == DIALOGUE_WANT) {
		enum line_state state = LINE_TIMEOUT;
		int left;

		if (d.at != step) {
			step = d.at;
			since_ms = line_elapsed_ms(l);
		}
		left = time_left(l, since_ms, timeout_ms);
		if (left != 0)
			state = d.state == DIALOGUE_SEND ? do_send(l, &d, left)
							 : do_receive(l, &d, left);
		if (state != LINE_OPEN)
			dialogue_stop(&d, ended_by(state));
	}
	dialogue_read_result(&d, out);
	out->ms = line_elapsed_ms(l) - since_ms;
	dialogue_close(&d);
	return out->state == DIALOGUE_DONE;
}
