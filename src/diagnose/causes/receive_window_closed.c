/* RFC 9293 3.8.6: the receiver's buffer is full and nobody reads it. */
#include "diagnose/story.h"

static bool shut(const struct handshake *hs, enum side s)
{
	return hs->tcp[s].zero_windows != 0;
}

static const enum check_id explains[] = { CHECK_window_open, CHECK_closed_cleanly,
	CHECK_capture_complete, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	(void)cf;
	return ex->hs->outcome != OUTCOME_COMPLETED && st.alert < 0 &&
	       (shut(ex->hs, SIDE_CLIENT) || shut(ex->hs, SIDE_SERVER)) &&
	       ex->hs->client_hello.seen;
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	enum side s = shut(ex->hs, SIDE_CLIENT) ? SIDE_CLIENT : SIDE_SERVER;

	finding_say(f, cf, "%s shut its receive window while handshake bytes were still to come",
		s == SIDE_CLIENT ? "The client" : "The server");
	finding_quote(f, cf, ex, CHECK_window_open);
	finding_quote(f, cf, ex, CHECK_closed_cleanly);
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_CERTAIN;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf, cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			prove(cf, cf->kept[i], f);
	}
	return n != 0;
}

static const char *const steps[] = {
	"read the socket while the handshake runs: the TLS task must not wait for something else",
	"raise the TCP receive buffer (lwIP TCP_WND, FreeRTOS+TCP ipconfigTCP_RX_BUFFER_LENGTH) "
	"above the server's flight",
	"lwIP: call tcp_recved for every byte taken",
	NULL,
};

const struct cause cause_receive_window_closed = {
	.id = "receive-window-closed",
	.origin = ORIGIN_MEMORY,
	.summary = "A receive window was shut while handshake bytes were still to come",
	.run = run,
	.next_steps = steps,
};
