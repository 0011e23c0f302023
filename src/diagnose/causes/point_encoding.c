/* It is on its curve once it is read another way (SEC 1 2.3.3: 04, x, y, both big-endian and of full length). */
#include "diagnose/handshakes.h"
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

static bool shows_of(const struct handshake_view *v, enum side side)
{
	struct point_view p = point_of(v->ex, side);

	/* of a curve that was never offered the point does not matter */
	return failed_check(v->ex, p.check) && (reencoded(p.autopsy->found) || shape(p.state)) &&
	       !failed_check(v->ex, CHECK_group_offered);
}

/* Compressed for a client that does not take that: a good point in a form nobody asked for. */
static bool server_compresses(const struct handshake_view *v)
{
	return failed_check(v->ex, CHECK_point_format_offered) &&
	       !failed_check(v->ex, CHECK_group_offered);
}

static bool server_shows(const struct handshake_view *v)
{
	return shows_of(v, SIDE_SERVER) || server_compresses(v);
}

static bool client_shows(const struct handshake_view *v)
{
	return shows_of(v, SIDE_CLIENT);
}

/* RFC 7748 5: of X25519 and X448 a key is one coordinate, little-endian. */
static void step_of_montgomery(const struct handshake_view *v, struct finding *f)
{
	uint16_t group = 0;
	struct place at;

	if (!server_group(v->hs, &group, &at) || (group != 29 && group != 30))
		return;
	finding_step(f, v->cf,
		"write the key as %d bytes, little-endian, and nothing else (RFC 7748)",
		group == 29 ? 32 : 56);
	f->steps_done = true;
}

static void quote(const struct handshake_view *v, enum side side, struct finding *f)
{
	struct point_view p = point_of(v->ex, side);

	if (shape(p.state) && !reencoded(p.autopsy->found) && side == SIDE_SERVER)
		finding_say(
			f, v->cf, "The server's ECDHE public key does not have the form of one");
	step_of_montgomery(v, f);
	finding_quote(f, v->cf, v->ex, p.check);
	if (p.autopsy->what != NULL)
		finding_prove(f, v->cf, 0, "%s", p.autopsy->what);
}

static void prove_server(const struct handshake_view *v, struct finding *f)
{
	if (server_compresses(v))
		finding_quote(f, v->cf, v->ex, CHECK_point_format_offered);
	else
		quote(v, SIDE_SERVER, f);
	if (passed_check(v->ex, CHECK_ske_signature))
		finding_prove(f, v->cf, 0,
			"the signature over it verifies: it was sent as it was signed");
}

static void prove_client(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The client's ECDHE public key is encoded wrongly");
	quote(v, SIDE_CLIENT, f);
}

static const struct handshake_rule of_client = {
	.shows = client_shows,
	.prove = prove_client,
	.take = warn_unless_failed,
	.explains = point_explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const struct handshake_rule of_server = {
	.shows = server_shows,
	.prove = prove_server,
	.take = warn_unless_failed,
	.explains = point_explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &of_client,
};

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
	.handshake = &of_server,
	.next_steps = steps,
};
