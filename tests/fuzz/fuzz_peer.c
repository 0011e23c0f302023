/*
 * A server of TLS 1.3 that answers a handshake of our own with messages that were changed before they were sealed: a
 * byte that says who it is and what is offered besides, then changes (support/peer.h). The talk ends in one of
 * its states, and completes only where its own Finished was right.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "support/peer.h"

enum { WHO = 0x0f, WITH_SESSION = 0x10, WITH_PSK = 0x20, WITHOUT_CERTIFICATE = 0x40 };

static bool sign(void *ctx, uint16_t version, const struct u16s *accepted, struct bytes content,
	uint16_t *scheme, struct strbuf *signature)
{
	(void)ctx;
	must(content.len != 0 && version == 0x0304);
	*scheme = accepted != NULL && u16s_count(accepted) != 0 ? u16s_at(accepted, 0) : 0;
	strbuf_puts(signature, "signature");
	return !signature->failed;
}

/* A ticket that the server does not know: it goes on without. */
static void offer_session(struct talk_session *s)
{
	*s = (struct talk_session){ .version = 0x0304, .suite = 0x1301, .secret = { .len = 32 } };
	strbuf_puts(&s->ticket, "a ticket of another day");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum peer_fault who[] = { PEER_HONEST, PEER_ASKS, PEER_RETRIES,
		PEER_COMPRESSED_FOR_ONE, PEER_ALERTS_LATE };
	static const struct bytes own = { (const uint8_t *)"certificate", 11 };
	struct talk_session session = { .version = 0 };
	struct talk_options o = { .judge = NULL };
	struct peer_outcome out;

	if (size < 1 || (data[0] & WHO) >= sizeof who / sizeof *who)
		return 0;
	if ((data[0] & WITH_SESSION) != 0)
		offer_session(&session);
	o.session = &session;
	if ((data[0] & WITH_PSK) != 0) {
		o.psk = bytes_of((const uint8_t *)"0123456789abcdef", 16);
		o.psk_identity = "device";
	}
	if ((data[0] & WITHOUT_CERTIFICATE) == 0)
		o.credential = (struct talk_credential){ &own, 1, sign, NULL };
	out = peer_meet_changed(who[data[0] & WHO], bytes_of(data + 1, size - 1), &o);
	must(out.view.state <= TALK_FAILED && out.view.n_chain <= TALK_CHAIN_MAX);
	must(out.view.state != TALK_COMPLETED || out.client_finished);
	must(out.view.state != TALK_FAILED);
	talk_session_free(&session);
	return 0;
}
