/* It is on its curve once it is read another way (SEC 1 2.3.3: 04, x, y, both big-endian and of full length). */
#include "diagnose/signatures.h"

static bool shape(enum point_state state)
{
	return state == POINT_BAD_LENGTH || state == POINT_BAD_FORM;
}

static bool reencoded(enum point_finding found)
{
	switch (found) {
	case POINT_FIND_SWAPPED:
	case POINT_FIND_LITTLE_ENDIAN:
	case POINT_FIND_LITTLE_ENDIAN_SWAPPED:
	case POINT_FIND_WORDS_SWAPPED:
	case POINT_FIND_NO_FORM_BYTE:
	case POINT_FIND_OTHER_CURVE:
		return true;
	case POINT_FIND_NOTHING:
	case POINT_FIND_X_ONLY:
	case POINT_FIND_OUT_OF_RANGE:
	case POINT_FIND_BIT_RESTORED:
		break;
	}
	return false;
}

static size_t look(const struct case_file *cf, struct finding *f, enum side side)
{
	enum check_id id =
		side == SIDE_SERVER ? CHECK_ske_point_on_curve : CHECK_cke_point_on_curve;
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct point_autopsy *p =
			side == SIDE_SERVER ? &ex->autopsy.server_point : &ex->autopsy.client_point;
		enum point_state state =
			side == SIDE_SERVER ? ex->hs->ske_proof.point : ex->hs->client_point;

		if (!failed_check(ex, id) || !(reencoded(p->found) || shape(state)))
			continue;
		finding_add(f, ex, point_explains);
		if (ex->hs->outcome != OUTCOME_FAILED)
			f->severity = SEVERITY_WARNING;
		if (n++ != 0)
			continue;
		finding_quote(f, cf, ex, id);
		if (p->what != NULL)
			finding_prove(f, cf, 0, "%s", p->what);
		if (side == SIDE_SERVER && passed_check(ex, CHECK_ske_signature))
			finding_prove(f, cf, 0,
				"the signature over it verifies: it was sent as it was signed");
	}
	return n;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	f->confidence = CONFIDENCE_CERTAIN;
	if (look(cf, f, SIDE_SERVER) != 0)
		return true;
	if (look(cf, f, SIDE_CLIENT) == 0)
		return false;
	finding_say(f, cf, "The client's ECDHE public key is encoded wrongly");
	return true;
}

static const char *const steps[] = {
	"write the point as 04, x, y, each coordinate big-endian and padded to the curve's full "
	"length",
	"a crypto accelerator often gives words or bytes in its own order: convert before "
	"mbedtls_ecp_point_write_binary's place",
	"check the length: secp256r1 has 65 bytes, secp384r1 97",
	NULL,
};

const struct cause cause_point_encoding = {
	.id = "point-encoding",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The ECDHE public key is right but encoded wrongly",
	.run = run,
	.next_steps = steps,
};
