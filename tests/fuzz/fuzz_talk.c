/*
 * A server's bytes for a handshake of our own: two bytes that say what is offered and in which pieces they come,
 * then the bytes. Whatever comes, the talk ends in one of its states, says no more than it may, and keeps what
 * it was sent within bounds.
 */
#include "client/talk.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

#include <stdlib.h>

enum { OFFER_TLS13 = 0x01, OFFER_OLD = 0x02, SAID_MAX = 1 << 16 };

static int judge(void *ctx, const struct bytes chain[], size_t n)
{
	must(n != 0 && n <= TALK_CHAIN_MAX);
	for (size_t i = 0; i < n; i++)
		*(size_t *)ctx += chain[i].len;
	return *(size_t *)ctx % 3 == 0 ? 48 : TALK_NO_ALERT;
}

static bool sign(void *ctx, uint16_t version, const struct u16s *accepted, struct bytes content,
	uint16_t *scheme, struct strbuf *signature)
{
	(void)ctx;
	must(content.len != 0 && version >= 0x0301 && version <= 0x0304);
	*scheme = accepted != NULL && u16s_count(accepted) != 0 ? u16s_at(accepted, 0) : 0;
	strbuf_puts(signature, "signature");
	return !signature->failed;
}

/* x25519 alone: its keys are quickly made. */
static void make_offer(struct offer *o, uint8_t what)
{
	static const uint16_t groups[] = { 0x001d };

	offer_all(o, (what & OFFER_TLS13) != 0 && (what & OFFER_OLD) == 0 ? 0x0304 : 0,
		(what & OFFER_TLS13) != 0 ? 0 : 0x0303);
	offer_groups(o, groups, 1);
	o->sni = "server.example";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct offer offer;
	static const struct bytes own = { (const uint8_t *)"certificate", 11 };
	size_t judged = 0, said = 0, piece;
	const struct talk_options o = { .offer = &offer,
		.credential = { &own, 1, sign, NULL },
		.judge = judge,
		.judge_ctx = &judged };
	struct talk_view v;
	struct talk *t;

	if (size < 2)
		return 0;
	make_offer(&offer, data[0]);
	piece = (size_t)data[1] + 1;
	t = talk_open(&o);
	if (t == NULL)
		return 0;
	for (size_t at = 2; at < size; at += piece) {
		talk_feed(t, bytes_slice(bytes_of(data, size), at, piece));
		said += talk_out(t).len;
		talk_sent(t);
	}
	v = talk_view(t);
	must(v.state <= TALK_FAILED && v.n_chain <= TALK_CHAIN_MAX && said < SAID_MAX);
	/* Nobody who does not know the keys gets through. */
	must(v.state != TALK_COMPLETED);
	talk_give_up(t);
	talk_goodbye(t);
	talk_close(t);
	return 0;
}
