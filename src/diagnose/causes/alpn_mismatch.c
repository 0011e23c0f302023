/* RFC 7301 3.2 no_application_protocol. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static void quote_offer(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const struct extensions *ext = &hs->client_hello.ext;
	uint64_t packet = message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet;

	for (size_t i = 0; i < ext->n_alpn && i < 4; i++)
		if (bytes_printable(ext->alpn[i]))
			finding_prove(f, cf, packet, "the client offers '%.*s'",
				(int)ext->alpn[i].len, (const char *)ext->alpn[i].data);
	if (ext->n_alpn == 0)
		finding_prove(f, cf, packet, "the client offers no protocol");
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		struct ending_story st = story_of(cf->kept[i]->hs);

		if (!gave_up_with(&st, SIDE_SERVER, 120))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		quote_offer(cf, cf->kept[i]->hs, f);
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"offer a protocol the server has (mbedtls_ssl_conf_alpn_protocols)",
	"AWS IoT on port 443 wants 'x-amzn-mqtt-ca'; on 8883 none",
	NULL,
};

const struct cause cause_alpn_mismatch = {
	.id = "alpn-mismatch",
	.origin = ORIGIN_CLIENT,
	.summary = "Client and server have no application protocol in common (ALPN)",
	.run = run,
	.next_steps = steps,
};
