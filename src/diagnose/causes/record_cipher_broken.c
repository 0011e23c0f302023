/* RFC 5246 7.2.2 bad_record_mac right after a Finished: the shared secret, the key derivation or the cipher differ. */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

static bool psk(const struct handshake *hs)
{
	enum key_exchange kx = hs->suite != NULL ? hs->suite->kx : KX_UNKNOWN;

	return kx == KX_PSK || kx == KX_RSA_PSK || kx == KX_DHE_PSK || kx == KX_ECDHE_PSK;
}

/* What came where the server's Finished was due was not under any keys: a second ChangeCipherSpec, or too short. */
static bool was_unprotected(const struct handshake *hs)
{
	if (party_says(&hs->side[SIDE_CLIENT], SAYING_record_short))
		return true;
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->from != SIDE_SERVER || ev->late)
			continue;
		if (ev->kind == EVENT_PROTECTED && !hs->tls13)
			return false;
		if (ev->kind == EVENT_CHANGE_CIPHER_SPEC && ev->unexpected)
			return true;
	}
	return false;
}

/* The client that was there may say so itself: its alert is under the keys. */
static bool said(const struct handshake_view *v)
{
	/* an alert of the server's in the clear does not open either */
	return v->st.failed && word_blames_first_record(&v->hs->side[SIDE_CLIENT].word) &&
	       !(v->st.by == SIDE_SERVER && v->st.alert >= 0) && !was_unprotected(v->hs);
}

/* In TLS 1.3 a server's first protected record comes right behind its hello (RFC 8446 2). */
static bool first_protected(const struct handshake_view *v)
{
	return v->st.failed &&
	       (v->st.stage == STAGE_FINISHED || (v->hs->tls13 && v->st.by == SIDE_CLIENT &&
							 v->st.stage == STAGE_SERVER_FLIGHT));
}

/*
 * RFC 5246 7.4.9: the server's Finished, in a record with fewer bytes than it has with the shortest MAC that there is
 * (8: RFC 6655), so that it was not protected, or is not whole; NULL: it is not so.
 */
static const struct event *short_finished(const struct handshake *hs)
{
	enum { FINISHED = 4 + 12 + 8 };

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_PROTECTED && ev->from == SIDE_SERVER &&
			ev->content_type == CONTENT_HANDSHAKE && !ev->late)
			return ev->n_records == 1 && ev->first_length != 0 &&
					       ev->first_length < FINISHED
				       ? ev
				       : NULL;
	}
	return NULL;
}

static bool sent_too_little(const struct handshake_view *v)
{
	return !v->hs->tls13 && v->st.failed && v->st.by == SIDE_CLIENT && v->hs->n_gaps == 0 &&
	       short_finished(v->hs) != NULL;
}

static bool shows(const struct handshake_view *v)
{
	if (sent_too_little(v))
		return true;
	if (said(v) && !psk(v->hs))
		return true;
	return first_protected(v) && v->st.alert == 20 &&
	       !(v->st.by == SIDE_CLIENT && was_unprotected(v->hs)) &&
	       !(v->hs->resumed_known && v->hs->resumed) && !psk(v->hs) &&
	       !failed_check(v->ex, CHECK_ske_point_on_curve) &&
	       !failed_check(v->ex, CHECK_cke_point_on_curve);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_finished_accepted,
	CHECK_closed_cleanly, N_CHECKS };

/* Without the ServerHello a key that both have, or a session, may be what differs. */
static bool keys_known(const struct handshake *hs)
{
	return hs->suite != NULL && (hs->tls13 || hs->resumed_known);
}

static void take(const struct handshake_view *v, struct finding *f)
{
	if (!said(v) && !sent_too_little(v) && !keys_known(v->hs))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (sent_too_little(v))
		finding_prove(f, v->cf, short_finished(v->hs)->packet,
			"the server's Finished is a record of %u bytes under the keys: it has 16 "
			"itself, and a MAC 8 at least",
			short_finished(v->hs)->first_length);
	finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	finding_quote(f, v->cf, v->ex, CHECK_ske_point_on_curve);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_prove_word(f, v->cf, v->hs);
	if (keys_known(v->hs) && !failed_check(v->ex, CHECK_ske_signature))
		finding_prove(f, v->cf, 0,
			"nothing that is in the clear up to the keys proves wrong: what differs "
			"most likely comes after");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"build without MBEDTLS_AES_ALT and other hardware ciphers, and run mbedtls_aes_self_test "
	"and mbedtls_gcm_self_test",
	"then suspect the ECDH result: leading zero bytes cut off, or words in the wrong order",
	"a key log from either side (--keylog) shows whose records do not open",
	NULL,
};

const struct cause cause_record_cipher_broken = {
	.id = "record-cipher-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "Keys were agreed, but the first protected record does not decrypt",
	.handshake = &rule,
	.next_steps = steps,
};
