/* ECDSA-Sig-Value taken apart (RFC 3279 2.2.3), and verification. */
#include "crypto/ecdsa.h"

#include "crypto/asn1.h"
#include "crypto/bits.h"
#include "crypto/group.h"
#include "crypto/library.h"

#include <mbedtls/ecdsa.h>

static struct bytes read_integer(struct cur *c, const char *field, struct ecdsa_signature *out)
{
	struct cur body = asn1_enter_lenient(c, DER_INTEGER, field, &out->strict_der);
	struct bytes b = cur_rest(&body);

	if (b.len == 0)
		out->strict_der = false;
	else if (b.data[0] >= 0x80)
		out->negative = true;
	else if (b.len > 1 && b.data[0] == 0 && b.data[1] < 0x80)
		out->padded = true;
	return b;
}

struct ecdsa_signature crypto_ecdsa_decode(struct bytes signature)
{
	struct ecdsa_signature out = { .strict_der = true };
	struct parse_err err;
	struct cur c = cur_init(signature, &err);
	struct cur body = asn1_enter_lenient(&c, DER_SEQUENCE, "ECDSA-Sig-Value", &out.strict_der);

	out.r = read_integer(&body, "r", &out);
	out.s = read_integer(&body, "s", &out);
	out.readable = cur_ok(&c);
	if (!out.readable)
		return (struct ecdsa_signature){ 0 };
	out.trailing = cur_left(&c);
	out.r_bits = number_bits(out.r);
	out.s_bits = number_bits(out.s);
	if (cur_left(&body) != 0 || out.trailing != 0 || out.negative || out.padded)
		out.strict_der = false;
	return out;
}

const char *ecdsa_not_der(const struct ecdsa_signature *s)
{
	if (!s->readable)
		return "the ECDSA signature is not a DER SEQUENCE of two INTEGERs";
	if (s->strict_der)
		return NULL;
	if (s->r.len != 0 && s->r.data[0] >= 0x80)
		return "the ECDSA signature is not DER: r is negative";
	if (s->s.len != 0 && s->s.data[0] >= 0x80)
		return "the ECDSA signature is not DER: s is negative";
	if (s->padded)
		return "the ECDSA signature is not DER: needless leading zeros";
	if (s->trailing != 0)
		return "the ECDSA signature is not DER: bytes follow it";
	return "the ECDSA signature is not DER: wrong lengths";
}

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

static bool in_range(const mbedtls_mpi *x, const mbedtls_mpi *n)
{
	return mbedtls_mpi_cmp_int(x, 1) >= 0 && mbedtls_mpi_cmp_mpi(x, n) < 0;
}

static bool read_number(mbedtls_mpi *out, struct bytes b)
{
	return b.len == 0 || library_ok(mbedtls_mpi_read_binary(out, b.data, b.len));
}

static struct verdict verify(mbedtls_ecp_group *grp, const mbedtls_ecp_point *q,
	const struct digest *digest, const mbedtls_mpi *r, const mbedtls_mpi *s)
{
	int ret;

	if (!in_range(r, &grp->N))
		return invalid("r is not between 1 and the order of the curve");
	if (!in_range(s, &grp->N))
		return invalid("s is not between 1 and the order of the curve");
	ret = mbedtls_ecdsa_verify(grp, digest->data, digest->len, q, r, s);
	if (ret == 0)
		return (struct verdict){ PROOF_VALID, NULL };
	if (ret == MBEDTLS_ERR_ECP_VERIFY_FAILED)
		return invalid("the signature does not fit the key and what it should sign");
	(void)library_ok(ret);
	return unverifiable("mbedTLS could not verify");
}

static struct verdict verify_by_library(
	uint16_t group, struct bytes q, const struct digest *digest, struct bytes r, struct bytes s)
{
	struct verdict verdict = unverifiable("mbedTLS could not read the signature");
	mbedtls_ecp_group grp;
	mbedtls_ecp_point point;
	mbedtls_mpi rr, ss;

	if (group_shape(group) != CURVE_WEIERSTRASS)
		return unverifiable("mbedTLS has no ECDSA on this curve");
	mbedtls_ecp_group_init(&grp);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&rr);
	mbedtls_mpi_init(&ss);
	if (!group_load(group, &grp))
		verdict = unverifiable("mbedTLS does not have this curve");
	else if (q.len == 0 ||
		 !library_ok(mbedtls_ecp_point_read_binary(&grp, &point, q.data, q.len)) ||
		 !library_ok(mbedtls_ecp_check_pubkey(&grp, &point)))
		verdict = unverifiable("the key is not a point on its curve");
	else if (read_number(&rr, r) && read_number(&ss, s))
		verdict = verify(&grp, &point, digest, &rr, &ss);
	mbedtls_mpi_free(&ss);
	mbedtls_mpi_free(&rr);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&grp);
	return verdict;
}

/* Most signatures are right. Of one that seems not to be the library has the last word, for it is what the
 * peers trust. */
struct verdict crypto_ecdsa_verify_rs(
	uint16_t group, struct bytes q, const struct digest *digest, struct bytes r, struct bytes s)
{
	if (ecdsa_signs(group, q, digest, r, s))
		return (struct verdict){ PROOF_VALID, NULL };
	return verify_by_library(group, q, digest, r, s);
}
