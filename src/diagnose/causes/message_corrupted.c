/* The signature verifies once a bit or a byte is put back: the computation was right, the memory was not. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_BIT_RESTORED || v->autopsy->found == FIND_BYTE_RESTORED;
}

/* Where the signature cannot be checked, a point that lacks one bit to be on its curve tells that it was damaged:
 * one that was computed wrongly lacks half of them. Whether before or after signing only the signature tells. */
static bool found_in_point(const struct handshake_view *v)
{
	struct point_view p = point_of(v->ex, SIDE_SERVER);

	return failed_check(v->ex, p.check) && p.autopsy->found == POINT_FIND_BIT_RESTORED &&
	       v->ex->answers[CHECK_ske_signature].status == UNKNOWN;
}

static void prove_point(const struct handshake_view *v, struct finding *f)
{
	struct point_view p = point_of(v->ex, SIDE_SERVER);

	finding_quote(f, v->cf, v->ex, p.check);
	if (p.autopsy->what != NULL)
		finding_prove(f, v->cf, 0, "%s", p.autopsy->what);
	finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	finding_say(f, v->cf, "One bit of the server's public key is wrong");
	finding_prove(f, v->cf, 0,
		"the signature over it would tell whether it was wrong before signing, where the "
		"key is computed, or after");
}

static const struct handshake_rule by_point = {
	.shows = found_in_point,
	.prove = prove_point,
	.explains = point_explains,
	.confidence = CONFIDENCE_POSSIBLE,
};

static bool run(const struct case_file *cf, struct finding *f)
{
	return signature_cause(cf, f, found) || handshake_cause(cf, f, &by_point) != 0;
}

static const char *const steps[] = {
	"look at what happens to the send buffer between mbedtls_pk_sign and the wire: DMA and "
	"cache maintenance, alignment, the driver's own copy",
	"give the TLS task twice its stack, and put a canary around its buffers",
	"take five more (tlsdiag probe --attempts 5 HOST:PORT): the same place each time is code, "
	"changing places are memory or a bus",
	"if only captures taken on one network path show it, suspect that path (a TCP checksum "
	"does not see two swapped words)",
	NULL,
};

const struct cause cause_message_corrupted = {
	.id = "message-corrupted",
	.origin = ORIGIN_MEMORY,
	.summary = "Bytes changed between signing and sending",
	.run = run,
	.next_steps = steps,
};
