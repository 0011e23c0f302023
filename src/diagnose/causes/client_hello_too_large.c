/* A post-quantum key share makes it longer than one segment; some servers read only the first. */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

/* The largest ClientHello this server has answered, and of those the one in most segments. */
static struct answered {
	size_t size; /* 0: none */
	uint32_t segments;
} largest_answered(const struct case_file *cf)
{
	struct answered best = { 0, 0 };

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;
		struct answered a = { hello_size(hs), hs->client_hello_segments };

		if (hs->server_hello.seen &&
			(a.size > best.size || (a.size == best.size && a.segments > best.segments)))
			best = a;
	}
	return best;
}

enum { X25519MLKEM768 = 0x11ec };

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	struct answered answered = largest_answered(v->cf);
	size_t size = hello_size(v->hs);

	if (!unanswered_hello(v->hs) || size < answered.size ||
		(size == answered.size && v->hs->client_hello_segments <= answered.segments))
		return false;
	return large_hello(v->hs) || (v->hs->client_hello_segments > 1 && answered.size != 0);
}

/* A larger hello is another one too: with what made it larger, and with what else differs. */
static enum confidence how_sure(const struct handshake_view *v)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	bool segments = contrast_find(c, FEATURE_SEGMENTS, 0) != NULL;

	if (segments && contrast_only(c, FEATURE_SIZE, 0) && c->confidence == CONFIDENCE_LIKELY)
		return CONFIDENCE_CERTAIN; /* often enough to be no accident */
	return v->hs->client_hello_segments > 1 && (c == NULL || segments) ? CONFIDENCE_LIKELY
									   : CONFIDENCE_POSSIBLE;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	size_t answered = largest_answered(v->cf).size;

	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"a ClientHello of %zu bytes in %u segment%s gets no answer", hello_size(v->hs),
		v->hs->client_hello_segments, v->hs->client_hello_segments == 1 ? "" : "s");
	if (answered != 0)
		finding_prove(f, v->cf, 0, "one of %zu bytes does", answered);
	if (answered == 0)
		finding_say(f, v->cf, "The ClientHello may be too large for the server");
	if (u16s_has(&v->hs->client_hello.ext.groups, X25519MLKEM768))
		finding_step(f, v->cf,
			"client, for now: leave out X25519MLKEM768 (OpenSSL: -groups "
			"X25519:P-256)");
	f->confidence =
		answered != 0 && v->hs->before == PLAIN_NONE ? how_sure(v) : CONFIDENCE_POSSIBLE;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"server: read until the whole ClientHello is there, whatever the segments; raise its input "
	"buffer to 4096 or more",
	"client, for now: offer less: fewer key shares, suites and protocols, no long ticket",
	"compare: tlsdiag probe HOST:PORT sends a small one, tlsdiag replay FILE HOST:PORT this "
	"one",
	NULL,
};

const struct cause cause_client_hello_too_large = {
	.id = "client-hello-too-large",
	.origin = ORIGIN_INTEROP,
	.summary = "The ClientHello is too large for the server: a small one is answered",
	.handshake = &rule,
	.next_steps = steps,
};
