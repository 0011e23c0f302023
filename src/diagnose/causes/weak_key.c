/*
 * mbedTLS refuses RSA below 2048 bits by default; a very short one cannot even hold a signature
 * (RFC 8017 9.2). A group of DHE is a key of its own, and refused by the client as well.
 */
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
		"the server gives up where its ServerKeyExchange is due");
}

/* ---- the group of DHE ---- */

/* OpenSSL from its level 1 on and browsers want more than 1024 bits, stricter levels 2048. */
enum { DH_REFUSED = 1024, DH_WANTED = 2048 };

static unsigned dh_bits(const struct handshake *hs)
{
	struct bytes p = bytes_skip_zeros(hs->ske.dh_p);
	unsigned bits = 8 * (unsigned)p.len;

	for (uint8_t top = p.len != 0 ? p.data[0] : 0x80; (top & 0x80) == 0;
		top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

static bool small_group_refused(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return v->hs->ske.dh_p.len != 0 && dh_bits(v->hs) < DH_WANTED && v->st.failed &&
	       v->st.by == SIDE_CLIENT && v->st.stage == STAGE_SERVER_FLIGHT &&
	       (alert == 40 || alert == 47 || alert == 71) &&
	       !handshake_late(v->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE) &&
	       nothing_else_failed(v->ex);
}

/* The same client, as far as its hello tells, took a group as small. */
static bool taken_elsewhere(const struct handshake_view *v)
{
	for (size_t i = 0; i < v->cf->n_kept; i++) {
		const struct handshake *hs = v->cf->kept[i]->hs;

		if (hs->outcome == OUTCOME_COMPLETED && hs->ske.dh_p.len != 0 &&
			dh_bits(hs) <= dh_bits(v->hs) && hs->looks.name != NULL &&
			hs->looks.name == v->hs->looks.name)
			return true;
	}
	return false;
}

static void prove_small_group(const struct handshake_view *v, struct finding *f)
{
	unsigned bits = dh_bits(v->hs);

	finding_say(f, v->cf,
		"The server's Diffie-Hellman group of %u bits is too small for the "
		"client",
		bits);
	f->origin = ORIGIN_CONFIG;
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE).packet,
		"dh_p has %u bits", bits);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (bits > DH_REFUSED || taken_elsewhere(v))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	finding_step(f, v->cf,
		"give the server a group of 2048 bits (ffdhe2048), or let it prefer ECDHE");
	f->steps_done = true;
}

static const enum check_id dh_explains[] = { CHECK_ske_params_valid, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static const struct handshake_rule small_group = {
	.shows = small_group_refused,
	.prove = prove_small_group,
	.explains = dh_explains,
	.confidence = CONFIDENCE_LIKELY,
};

/* The number that should be prime is none, and signed so: it was made wrongly, and not changed on its way. */
static bool no_prime(const struct handshake_view *v)
{
	return v->hs->ske.dh_p.len != 0 && v->hs->dh.checked && !v->hs->dh.prime && v->st.failed &&
	       v->st.by == SIDE_CLIENT && v->st.stage == STAGE_SERVER_FLIGHT &&
	       !handshake_late(v->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE) &&
	       !failed_check(v->ex, CHECK_ske_signature);
}

static void prove_no_prime(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server's Diffie-Hellman prime is none");
	f->origin = ORIGIN_CONFIG;
	finding_quote(f, v->cf, v->ex, CHECK_ske_params_valid);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_step(f, v->cf,
		"give the server a published group (ffdhe2048, RFC 7919), or let it prefer ECDHE");
	finding_step(f, v->cf, "a group of one's own: openssl dhparam -check -in FILE");
	f->steps_done = true;
}

static const struct handshake_rule composite = {
	.shows = no_prime,
	.prove = prove_no_prime,
	.explains = dh_explains,
	.confidence = CONFIDENCE_LIKELY,
};

/* ---- the three as causes ---- */

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
	return handshake_cause(cf, f, &too_short) != 0 || handshake_cause(cf, f, &composite) != 0 ||
	       handshake_cause(cf, f, &small_group) != 0 || chain_cause(cf, f, &rule);
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
