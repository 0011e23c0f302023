/*
 * One table for all messages. What is measured anew needs its row here, or nobody is accused for it: a test holds
 * the table against the atlas.
 */
#include "diagnose/closed_world.h"

#include "base/array.h"

#define FAULTS(check, ...)                                                                         \
	{                                                                                          \
		CHECK_##check, (const char *const[])                                               \
		{                                                                                  \
			__VA_ARGS__, NULL                                                          \
		}                                                                                  \
	}

static const struct row {
	enum check_id check;
	const char *const *faults;
} rows[] = {
	/* ServerHello */
	FAULTS(version_offered, "sh_ver11", "sh_ver30", "sh_ver_high"),
	FAULTS(cipher_suite_offered, "sh_suite_notoffered", "sh_suite_unknown", "t13_suite12",
		"t13_no_sv"),
	FAULTS(compression_offered, "sh_comp"),
	FAULTS(session_id_echoed, "t13_sid"),
	FAULTS(extensions_offered, "sh_ext_unoffered", "sh_alpn_unoffered", "sh_mfl",
		"t13_sh_unoffered"),
	FAULTS(extensions_once, "sh_ext_dup"),
	FAULTS(server_hello_fits_version, "t13_no_ks", "t13_sv_low"),
	FAULTS(no_downgrade_signal, "sh_sentinel", "sh_sentinel11"),
	FAULTS(renegotiation_info, "sh_no_reneg", "sh_reneg_bad"),
	FAULTS(group_offered, "grp_notoffered", "t13_ks_notoffered", "t13_ks_noshare",
		"t13_hrr_same", "t13_hrr_notoffered"),
	/* Certificate */
	FAULTS(certificate_curve_offered, "crt_curve"),
	FAULTS(certificate_well_formed, "crt_garbage", "crt_dertrail"),
	FAULTS(chain_complete, "crt_nointer", "crt_wronginter", "crt_order"),
	FAULTS(chain_dates, "crt_expired", "crt_notyet"),
	FAULTS(chain_signatures, "crt_badsig"),
	FAULTS(chain_strength, "crt_sha1", "crt_md5", "crt_rsa1024"),
	FAULTS(chain_trusted, "crt_unknownca", "crt_selfsigned"),
	FAULTS(chain_usages, "crt_ku", "crt_eku", "crt_issuer_notca"),
	FAULTS(name_matches, "crt_host"),
	/* ServerKeyExchange */
	FAULTS(ske_params_valid, "grp_unknown", "curve_explicit", "curve_type0"),
	FAULTS(point_format_offered, "pt_compressed"),
	FAULTS(ske_point_on_curve, "pt_offcurve", "pt_zero", "pt_inf", "pt_ge_p", "pt_fmt05",
		"pt_short", "pt_long", "grp_mismatch", "t13_ks_offcurve", "t13_ks_short"),
	FAULTS(ske_signature, "pt_flip", "sig_garbage", "sig_otherkey", "sig_wrongdata",
		"sig_wronghash", "sig_raw", "sig_empty", "sig_der_trunc", "sig_der_trail",
		"sig_der_neg", "sig_der_pad", "sig_zero"),
	FAULTS(signature_scheme_offered, "s0603", "sigalg_notoffered", "sigalg_unknown",
		"sigalg_md5"),
	FAULTS(scheme_fits_key, "sigalg_type", "crt_rsa_ecdsa_suite"),
	/* of any message */
	FAULTS(messages_well_formed, "pt_len0", "pt_lenlie", "ske_trunc", "ske_trunc_pt",
		"ske_trail", "ske_nosig", "crt_empty", "crt_trunc", "sh_sid_long", "sh_trunc",
		"sh_trail", "shd_body", "cr_empty", "rec_type", "rec_ver"),
	FAULTS(messages_in_order, "ske_missing", "crt_missing", "no_ccs", "ccs_early", "ord_swap",
		"ord_double_shd", "ord_finished", "hello_request", "cr_before_ske",
		"t13_hrr_twice"),
	FAULTS(record_sizes, "rec_long", "rec_empty"),
	FAULTS(hello_answered, "plain_http", "al_close"),
	/* under keys, or left to the causes of single certificates (minded.h) */
	{ N_CHECKS, (const char *const[]){ "t13_cv_garbage", "t13_cv_otherkey", "t13_cv_0603",
			    "t13_cv_rsa", "t13_cv_notoffered", "t13_cv_context", "t13_cv_missing",
			    "t13_crt_empty", "t13_fin_bad", "t13_badmac", "t13_ee_unoffered",
			    "t13_plain_ee", "fin_wrong", "fin_short", "fin_badmac",
			    "al_unrecognized", "al_nocert", "crt_compressed_key", NULL } },
};

static bool lists(const char *const *faults, const char *id)
{
	for (; *faults != NULL; faults++)
		if (strcmp(*faults, id) == 0)
			return true;
	return false;
}

bool tested_by(const struct atlas_fault *fault, enum check_id *check)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!lists(rows[i].faults, fault->id))
			continue;
		*check = rows[i].check;
		return true;
	}
	return false;
}

/* Of certificates that were not judged nothing was tested, though it does not apply. */
static bool of_chain(enum check_id check)
{
	static const enum check_id list[] = { CHECK_chain_complete, CHECK_chain_dates,
		CHECK_chain_signatures, CHECK_chain_strength, CHECK_chain_trusted,
		CHECK_chain_usages, CHECK_name_matches, CHECK_certificate_well_formed };

	for (size_t i = 0; i < COUNT(list); i++)
		if (list[i] == check)
			return true;
	return false;
}

/* Is it known that this server's messages do not have the fault? */
static bool is_tested(const struct handshake_view *v, const struct atlas_fault *fault)
{
	enum check_id check;

	if (strcmp(fault->id, "crt_compressed_key") == 0)
		return !properties_have(
			&v->hs->side[SIDE_SERVER].properties, PROPERTY_ec_compressed);
	if (!tested_by(fault, &check) || check == N_CHECKS)
		return false;
	return v->ex->answers[check].status == PASS ||
	       (v->ex->answers[check].status == NOT_APPLICABLE && !of_chain(check));
}

static bool had(const struct handshake *hs, uint8_t message)
{
	return message == HS_CLIENT_HELLO || (handshake_began(hs, SIDE_SERVER, message) &&
						     !handshake_late(hs, SIDE_SERVER, message));
}

static bool is_this(const struct atlas_answer *a, const struct ending_story *st)
{
	return a->result == ATLAS_ALERT ? st->alert == a->alert
					: a->result == ATLAS_CLOSED && st->closed;
}

static bool answered_alike(const struct handshake_view *v, const struct atlas_fault *fault)
{
	enum stack stack = (enum stack)v->hs->looks.stack;

	if (stack != STACK_UNKNOWN)
		return is_this(&fault->answers[stack], &v->st);
	for (size_t i = STACK_UNKNOWN + 1; i < STACK_COUNT; i++)
		if (is_this(&fault->answers[i], &v->st))
			return true;
	return false;
}

const struct atlas_fault *untested_fault(const struct handshake_view *v)
{
	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *fault = atlas_fault_at(i);
		bool tls13 = strncmp(fault->id, "t13_", 4) == 0;

		if (fault->side == ATLAS_CLIENT && strchr(fault->id, '+') == NULL &&
			tls13 == v->hs->tls13 && had(v->hs, (uint8_t)fault->message) &&
			answered_alike(v, fault) && !is_tested(v, fault))
			return fault;
	}
	return NULL;
}

void prove_by_exclusion(const struct handshake_view *v, struct finding *f)
{
	const struct atlas_fault *open = untested_fault(v);

	if (open == NULL)
		return;
	LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	finding_prove(f, v->cf, 0, "not tested, and answered alike: %s", open->title);
}
