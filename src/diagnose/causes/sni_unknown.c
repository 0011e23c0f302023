/* RFC 6066 3 unrecognized_name, as a fatal alert. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;
		struct ending_story st = story_of(hs);
		struct bytes name = hs->client_hello.ext.server_name;

		if (!gave_up_with(&st, SIDE_SERVER, 112))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		if (bytes_printable(name))
			finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
				"the client asks for server_name '%.*s'", (int)name.len,
				(const char *)name.data);
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"connect with a name the server is configured for (mbedtls_ssl_set_hostname)",
	"or add the name to the server's configuration",
	NULL,
};

const struct cause cause_sni_unknown = {
	.id = "sni-unknown",
	.origin = ORIGIN_CLIENT,
	.summary = "The server does not serve the name the client asked for",
	.run = run,
	.next_steps = steps,
};
