/* A post-quantum key share makes it longer than one segment; some servers read only the first. */
#include "diagnose/transport.h"

enum { ONE_SEGMENT = 1400 };

static size_t hello_size(const struct handshake *hs)
{
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);

	return ev != NULL ? (size_t)ev->length : 0;
}

/* The largest ClientHello this server has answered; 0 none. */
static size_t largest_answered(const struct case_file *cf)
{
	size_t best = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->server_hello.seen && hello_size(cf->kept[i]->hs) > best)
			best = hello_size(cf->kept[i]->hs);
	return best;
}

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	size_t size = hello_size(ex->hs), answered = largest_answered(cf);

	if (!unanswered_hello(ex->hs) || size < answered)
		return false;
	return (ex->hs->client_hello_segments > 1 || size > ONE_SEGMENT) &&
	       (answered != 0 || size > ONE_SEGMENT);
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	size_t answered = largest_answered(cf);

	finding_prove(f, cf, message_place(ex->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"a ClientHello of %zu bytes in %u segments gets no answer", hello_size(ex->hs),
		ex->hs->client_hello_segments);
	if (answered != 0)
		finding_prove(f, cf, 0, "one of %zu bytes does", answered);
	f->confidence = answered != 0 ? CONFIDENCE_CERTAIN : CONFIDENCE_POSSIBLE;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_LIKELY;
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
	"server: read until the whole ClientHello is there, whatever the segments; raise its input "
	"buffer to 4096 or more",
	"client, for now: leave out X25519MLKEM768 (OpenSSL: -groups X25519:P-256)",
	"compare: tlsdiag probe HOST:PORT sends a small one, tlsdiag replay FILE HOST:PORT this "
	"one",
	NULL,
};

const struct cause cause_client_hello_too_large = {
	.id = "client-hello-too-large",
	.origin = ORIGIN_INTEROP,
	.summary = "The ClientHello is too large for the server: a small one is answered",
	.run = run,
	.next_steps = steps,
};
