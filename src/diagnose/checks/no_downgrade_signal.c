/* RFC 8446 4.1.3: a server that can do better marks its random when it goes lower. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	static const uint8_t mark[7] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D' };
	const struct server_hello *sh = &hs->server_hello;
	uint8_t last;

	if (!sh->seen || !sh->has_random)
		return not_applicable(a, "no ServerHello was seen");
	last = sh->random[31];
	if (memcmp(sh->random + 24, mark, sizeof mark) != 0 || last > 1)
		return pass(a, "the server's random carries no downgrade mark");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (client_hello_highest(&hs->client_hello) <= (last == 1 ? 0x0303 : 0x0302))
		return pass(a, "the server could do more, the client offers no more");
	answer_show(a, handshake_place(hs, SIDE_SERVER, HS_SERVER_HELLO, 26, 8),
		"the end of the server's random");
	if (last == 0 && hs->version >= 0x0303)
		return fail(a,
			"the server's random bears the mark of TLS 1.1 or lower, and it chose %s",
			version_title(hs->version));
	return fail(a, "the server's random says it could do %s, and it chose %s",
		last == 1 ? "TLS 1.3" : "TLS 1.2 or better", version_title(hs->version));
}

const struct check check_no_downgrade_signal = {
	.id = "no-downgrade-signal",
	.rfc = "RFC 8446 4.1.3",
	.question = "Is the server's random free of the downgrade mark?",
	.run = run,
	.reads_offer = true,
	.reads_choice = true,
};
