/* Everything the server sent proves right on this host, and the client still answers decrypt_error or illegal_parameter. */
#include "base/array.h"
#include "diagnose/closed_world.h"
#include "diagnose/minded.h"

/* Its own log gives another reason: the alert is of that. */
static bool says_otherwise(const struct party *client)
{
	static const enum saying fitting[] = { SAYING_peer_signature, SAYING_decrypt_error,
		SAYING_illegal_parameter, SAYING_failed, SAYING_NONE };

	for (size_t i = 0; i < client->n_remarks; i++) {
		bool fits = false;

		for (size_t k = 0; k < COUNT(fitting) && !fits; k++)
			fits = client->remarks[i].saying == fitting[k];
		if (!fits)
			return true;
	}
	return false;
}

/* In TLS 1.3 the Finished comes with the signature, and is judged with the same alert. */
static bool finished_unchecked(const struct handshake *hs)
{
	return hs->tls13 && hs->side[SIDE_SERVER].finished.verdict.state != PROOF_VALID;
}

static bool shows(const struct handshake_view *v)
{
	return !minded_enough(v) && !finished_unchecked(v->hs) &&
	       !says_otherwise(&v->hs->side[SIDE_CLIENT]) && v->st.failed &&
	       v->st.by == SIDE_CLIENT && v->st.stage == STAGE_SERVER_FLIGHT &&
	       (v->st.alert == 51 || v->st.alert == 47) &&
	       passed_check(v->ex, CHECK_ske_signature) && server_flight_sound(v->ex);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct examined *good = completed_one(v->cf);

	finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	finding_quote(f, v->cf, v->ex, CHECK_ske_point_on_curve);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (good != NULL)
		finding_prove(f, v->cf, good->hs->first_packet,
			"another handshake with the same server completes");
	prove_by_exclusion(v, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"run mbedtls_mpi_self_test, mbedtls_ecp_self_test and the hash self tests on the client",
	"build without MBEDTLS_HAVE_ASM: clang 12 and later broke the old bignum assembly (mended "
	"in mbedTLS 3.1 and 2.28)",
	"raise the heap: an mbedTLS client that runs out of memory while verifying also says "
	"decrypt_error (-0x4290)",
	NULL,
};

const struct cause cause_verifier_broken = {
	.id = "verifier-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The client refuses a signature that is valid: it verifies wrongly",
	.handshake = &rule,
	.next_steps = steps,
};
