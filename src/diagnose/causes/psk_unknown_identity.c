/* RFC 4279 2 unknown_psk_identity. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;
		struct ending_story st = story_of(hs);
		struct bytes name = hs->cke.has_psk_identity ? hs->cke.psk_identity
							     : hs->client_hello.ext.psk_identity;

		if (!gave_up_with(&st, SIDE_SERVER, 115))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		if (bytes_printable(name))
			finding_prove(f, cf,
				message_place(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE).packet,
				"the client names the identity '%.*s'", (int)name.len,
				(const char *)name.data);
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"enter the identity on the server exactly as the client sends it: case, spaces, a NUL at "
	"the end",
	"mbedtls_ssl_conf_psk takes the identity with its length: do not count the terminating NUL",
	NULL,
};

const struct cause cause_psk_unknown_identity = {
	.id = "psk-unknown-identity",
	.origin = ORIGIN_CONFIG,
	.summary = "The server does not know the PSK identity the client names",
	.run = run,
	.next_steps = steps,
};
