/* mbedTLS refuses RSA below 2048 bits by default; a very short one cannot even hold a signature (RFC 8017 9.2). */
#include "diagnose/chains.h"

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
static bool cannot_sign(const struct handshake *hs)
{
	const struct cert *cert = leaf(hs, SIDE_SERVER);
	struct ending_story st = story_of(hs);

	return st.failed && st.by == SIDE_SERVER && st.stage == STAGE_SERVER_FLIGHT &&
	       cert != NULL && cert->key == KEY_RSA && cert->key_bits < ROOM_FOR_SHA512 &&
	       !hs->ske.seen && !hs->server_hello_done;
}

static const enum check_id explains[] = { CHECK_chain_strength, N_CHECKS };
static const enum check_id silence[] = { CHECK_chain_strength, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_in_order, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	static const struct chain_rule rule = { shows, explains, { 43, 42, 46, 71 },
		SEVERITY_WARNING };
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct cert *cert = leaf(cf->kept[i]->hs, SIDE_SERVER);

		if (!cannot_sign(cf->kept[i]->hs))
			continue;
		finding_add(f, cf->kept[i], silence);
		if (n++ != 0)
			continue;
		finding_say(
			f, cf, "%s is too short to hold the signature asked for", cert->key_name);
		finding_prove(f, cf,
			message_place(cf->kept[i]->hs, SIDE_SERVER, HS_CERTIFICATE).packet,
			"the key has %u bits; a SHA-512 signature needs %d, a SHA-256 one 496",
			cert->key_bits, ROOM_FOR_SHA512);
		finding_prove(f, cf, cf->kept[i]->hs->last_packet,
			"the server closes where its ServerKeyExchange is due");
	}
	return n != 0 || chain_cause(cf, f, &rule);
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
