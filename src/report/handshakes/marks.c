/*
 * A check shows its evidence by packet and offset, and one packet may hold a whole flight; what
 * kind of message a check is about settles which of them is meant.
 */
#include "report/handshakes/marks.h"

#include "base/array.h"
#include "diagnose/rule.h"

enum { TYPES_MAX = 3 };

struct about {
	uint8_t types[TYPES_MAX]; /* handshake types; 0 (HelloRequest): none */
};

static const struct about abouts[N_CHECKS] = {
	[CHECK_version_offered] = { { HS_SERVER_HELLO } },
	[CHECK_cipher_suite_offered] = { { HS_SERVER_HELLO } },
	[CHECK_group_offered] = { { HS_SERVER_KEY_EXCHANGE, HS_SERVER_HELLO } },
	[CHECK_signature_scheme_offered] = { { HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } },
	[CHECK_extensions_offered] = { { HS_SERVER_HELLO, HS_ENCRYPTED_EXTENSIONS } },
	[CHECK_scheme_fits_key] = { { HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } },
	[CHECK_certificate_curve_offered] = { { HS_CERTIFICATE } },
	[CHECK_ske_params_valid] = { { HS_SERVER_KEY_EXCHANGE } },
	[CHECK_ske_point_on_curve] = { { HS_SERVER_KEY_EXCHANGE, HS_SERVER_HELLO } },
	[CHECK_ske_signature] = { { HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } },
	[CHECK_ske_signature_size_fits_key] = { { HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } },
	[CHECK_certificate_verify_signature] = { { HS_CERTIFICATE_VERIFY } },
	[CHECK_chain_complete] = { { HS_CERTIFICATE } },
	[CHECK_chain_signatures] = { { HS_CERTIFICATE } },
	[CHECK_chain_trusted] = { { HS_CERTIFICATE } },
	[CHECK_chain_dates] = { { HS_CERTIFICATE } },
	[CHECK_chain_usages] = { { HS_CERTIFICATE } },
	[CHECK_chain_strength] = { { HS_CERTIFICATE } },
	[CHECK_name_matches] = { { HS_CERTIFICATE } },
	[CHECK_key_matches_certificate] = { { HS_CERTIFICATE } },
	[CHECK_random_fresh] = { { HS_CLIENT_HELLO, HS_SERVER_HELLO } },
	[CHECK_ephemeral_fresh] = { { HS_SERVER_KEY_EXCHANGE, HS_CLIENT_KEY_EXCHANGE } },
	[CHECK_nonce_fresh] = { { HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } },
	[CHECK_finished_accepted] = { { HS_FINISHED } },
	[CHECK_renegotiation_info] = { { HS_SERVER_HELLO } },
	[CHECK_certificate_well_formed] = { { HS_CERTIFICATE } },
	[CHECK_cke_point_on_curve] = { { HS_CLIENT_KEY_EXCHANGE } },
	[CHECK_hello_retry_consistent] = { { HS_CLIENT_HELLO, HS_SERVER_HELLO } },
	[CHECK_hello_retry_kept] = { { HS_SERVER_HELLO } },
	[CHECK_no_downgrade_signal] = { { HS_SERVER_HELLO } },
	[CHECK_compression_offered] = { { HS_SERVER_HELLO } },
	[CHECK_session_id_echoed] = { { HS_SERVER_HELLO } },
	[CHECK_extensions_once] = { { HS_CLIENT_HELLO, HS_SERVER_HELLO, HS_ENCRYPTED_EXTENSIONS } },
	[CHECK_server_hello_fits_version] = { { HS_SERVER_HELLO, HS_ENCRYPTED_EXTENSIONS } },
	[CHECK_point_format_offered] = { { HS_SERVER_KEY_EXCHANGE, HS_SERVER_HELLO } },
};

static bool is_about(enum check_id id, const struct event *ev)
{
	for (size_t i = 0; i < TYPES_MAX; i++)
		if (abouts[id].types[i] != 0 && abouts[id].types[i] == ev->type)
			return true;
	return false;
}

static bool evidence_in(const struct answer *a, const struct event *ev)
{
	for (size_t i = 0; i < a->n_evidence; i++) {
		const struct place *at = &a->evidence[i].place;

		if (at->offset <= ev->length &&
			event_place(ev, at->offset, at->length).packet == at->packet)
			return true;
	}
	return false;
}

/*
 * Of the two kinds that a check may be about one is meant, and they may be in one packet: of the group and the
 * point the ServerKeyExchange, where there is one; of a signature the CertificateVerify, where it is shown.
 */
static bool other_is_meant(const struct handshake *hs, enum check_id id, const struct answer *a,
	const struct event *ev)
{
	static const struct {
		uint8_t here, there;
	} pairs[] = { { HS_SERVER_HELLO, HS_SERVER_KEY_EXCHANGE },
		{ HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY } };

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (ev->type != pairs[i].here)
			continue;
		for (size_t k = 0; k < hs->n_events; k++)
			if (hs->events[k].kind == EVENT_MESSAGE &&
				hs->events[k].type == pairs[i].there &&
				is_about(id, &hs->events[k]) && evidence_in(a, &hs->events[k]))
				return true;
	}
	return false;
}

enum status mark_of(const struct examined *ex, const struct event *ev)
{
	enum status worst = PASS;

	if (ev->unexpected)
		return FAIL;
	if (ev->kind != EVENT_MESSAGE)
		return ev->wrong.code != PARSE_OK ? FAIL : PASS;
	if (ev->wrong.code != PARSE_OK && ev->wrong.code != PARSE_CUT &&
		ev->wrong.code != PARSE_LIMIT)
		return FAIL;
	if (ev->unread && malformed_message(ex->hs) == ev)
		return FAIL;
	for (size_t i = 0; i < N_CHECKS && worst != FAIL; i++) {
		const struct answer *a = &ex->answers[i];

		if (a->status != FAIL && a->status != WARN)
			continue;
		if (is_about((enum check_id)i, ev) && evidence_in(a, ev) &&
			!other_is_meant(ex->hs, (enum check_id)i, a, ev))
			worst = status_worse(worst, a->status);
	}
	return worst;
}
