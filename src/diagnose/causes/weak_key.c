/* mbedTLS refuses RSA below 2048 bits by default; a very short one cannot even hold a signature (RFC 8017 9.2). */
#include "diagnose/chains.h"
#include "diagnose/handshakes.h"

static bool weak(const struct path_step *step)
{
	return step->weak_key || step->very_weak_key;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, weak);

	if (step == NULL)
		return false;
	if (f != NULL)
		finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
			"the key of '%s' is %s", step->cert->subject, step->cert->key_name);
	return true;
}

/* PKCS#1 v1.5 needs 11 bytes of padding, 19 of DigestInfo and the digest: 94 bytes with SHA-512. */
enum { ROOM_FOR_SHA512 = 8 * (11 + 19 + 64) };

/* The server gave up where its signature was due, and its key has no room for one. */
static bool cannot_sign(const struct handshake_view *v)
{
	const struct cert *cert = leaf(v->hs, SIDE_SERVER);

	return v->st.failed && v->st.by == SIDE_SERVER && v->st.stage == STAGE_SERVER_FLIGHT &&
	       cert != NULL && cert->key == KEY_RSA && cert->key_bits < ROOM_FOR_SHA512 &&
	       !v->hs->ske.seen && !v->hs->server_hello_done;
}

static void prove_too_short(const struct handshake_view *v, struct finding *f)
{
	const struct cert *cert = leaf(v->hs, SIDE_SERVER);

	finding_say(f, v->cf, "%s is too short to hold the signature asked for", cert->key_name);
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE).packet,
		"the key has %u bits; a SHA-512 signature needs %d, a SHA-256 one 496",
		cert->key_bits, ROOM_FOR_SHA512);
	finding_prove(f, v->cf, v->hs->last_packet,
		"the server closes where its ServerKeyExchange is due");
}

static const enum check_id explains[] = { CHECK_chain_strength, N_CHECKS };
static const enum check_id silence[] = { CHECK_chain_strength, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_in_order, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 43, 42, 46, 71 }, SEVERITY_WARNING,
	0x10000 };
static const struct handshake_rule too_short = {
	.shows = cannot_sign,
	.prove = prove_too_short,
	.explains = silence,
	.confidence = CONFIDENCE_LIKELY,
};

static bool run(const struct case_file *cf, struct finding *f)
{
	return handshake_cause(cf, f, &too_short) != 0 || chain_cause(cf, f, &rule);
}

static const char *const steps[] = {
	"make a new key: RSA with 2048 bits or more, or EC secp256r1, and reissue the certificate",
	"a server with too short a key logs -0x4080 (RSA_BAD_INPUT_DATA) from mbedtls_pk_sign",
	NULL,
};

const struct cause cause_weak_key = {
	.id = "weak-key",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A key of the chain is too short",
	.run = run,
	.next_steps = steps,
};
