/* The textbook's equations with the library's numbers: independent of the code under test. */
#include "support/signer.h"

#include "crypto/mbedtls_compat.h"
#include "support/unit.h"

#include <mbedtls/ecdsa.h>

const uint16_t signer_groups[] = { 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c,
	0 };

static mbedtls_ecp_group_id library_id(uint16_t group)
{
	static const struct {
		uint16_t group;
		mbedtls_ecp_group_id id;
	} rows[] = {
		{ 0x12, MBEDTLS_ECP_DP_SECP192K1 },
		{ 0x13, MBEDTLS_ECP_DP_SECP192R1 },
		{ 0x14, MBEDTLS_ECP_DP_SECP224K1 },
		{ 0x15, MBEDTLS_ECP_DP_SECP224R1 },
		{ 0x16, MBEDTLS_ECP_DP_SECP256K1 },
		{ 0x17, MBEDTLS_ECP_DP_SECP256R1 },
		{ 0x18, MBEDTLS_ECP_DP_SECP384R1 },
		{ 0x19, MBEDTLS_ECP_DP_SECP521R1 },
		{ 0x1a, MBEDTLS_ECP_DP_BP256R1 },
		{ 0x1b, MBEDTLS_ECP_DP_BP384R1 },
		{ 0x1c, MBEDTLS_ECP_DP_BP512R1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].group == group)
			return rows[i].id;
	}
	return MBEDTLS_ECP_DP_NONE;
}

/* splitmix64 */
uint64_t dice_roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void dice_fill(struct dice *d, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(dice_roll(d) >> 56);
}

static void load(uint16_t group, mbedtls_ecp_group *grp)
{
	mbedtls_ecp_group_init(grp);
	assert_int_equal(mbedtls_ecp_group_load(grp, library_id(group)), 0);
}

struct point signer_multiply(uint16_t group, struct bytes k, struct bytes point)
{
	struct point out = { .len = 0 };
	mbedtls_ecp_group grp;
	mbedtls_ecp_point p, product;
	mbedtls_mpi scalar;

	load(group, &grp);
	mbedtls_ecp_point_init(&p);
	mbedtls_ecp_point_init(&product);
	mbedtls_mpi_init(&scalar);
	assert_int_equal(mbedtls_mpi_read_binary(&scalar, k.data, k.len), 0);
	if (point.len != 0)
		assert_int_equal(mbedtls_ecp_point_read_binary(&grp, &p, point.data, point.len), 0);
	assert_int_equal(mbedtls_ecp_mul(&grp, &product, &scalar, point.len != 0 ? &p : &grp.G,
				 compat_random, NULL),
		0);
	assert_int_equal(mbedtls_ecp_point_write_binary(&grp, &product, MBEDTLS_ECP_PF_UNCOMPRESSED,
				 &out.len, out.data, sizeof(out.data)),
		0);
	mbedtls_mpi_free(&scalar);
	mbedtls_ecp_point_free(&product);
	mbedtls_ecp_point_free(&p);
	mbedtls_ecp_group_free(&grp);
	return out;
}

void signer_draw(const struct signer *signer, struct dice *dice, uint8_t out[static SCALAR_MAX])
{
	mbedtls_ecp_group grp;
	mbedtls_mpi x;

	load(signer->group, &grp);
	mbedtls_mpi_init(&x);
	do {
		dice_fill(dice, out, signer->scalar_len);
		assert_int_equal(mbedtls_mpi_read_binary(&x, out, signer->scalar_len), 0);
		assert_int_equal(mbedtls_mpi_mod_mpi(&x, &x, &grp.N), 0);
	} while (mbedtls_mpi_cmp_int(&x, 0) == 0);
	assert_int_equal(mbedtls_mpi_write_binary(&x, out, signer->scalar_len), 0);
	mbedtls_mpi_free(&x);
	mbedtls_ecp_group_free(&grp);
}

struct signer signer_new(uint16_t group, struct dice *dice)
{
	struct signer signer = { .group = group };
	mbedtls_ecp_group grp;

	load(group, &grp);
	signer.scalar_len = (grp.nbits + 7) / 8;
	mbedtls_ecp_group_free(&grp);
	signer_draw(&signer, dice, signer.d);
	signer.q = signer_multiply(group, bytes_of(signer.d, signer.scalar_len), bytes_of(NULL, 0));
	return signer;
}

/* The leftmost bits of the digest (FIPS 186-4 6.4). */
static void digest_number(const mbedtls_ecp_group *grp, const struct digest *digest, mbedtls_mpi *z)
{
	size_t bits = 8 * digest->len;

	assert_int_equal(mbedtls_mpi_read_binary(z, digest->data, digest->len), 0);
	if (bits > grp->nbits)
		assert_int_equal(mbedtls_mpi_shift_r(z, bits - grp->nbits), 0);
}

struct rs signer_sign_with(
	const struct signer *signer, const struct digest *digest, const uint8_t *k)
{
	const size_t len = signer->scalar_len;
	struct point nonce = signer_multiply(signer->group, bytes_of(k, len), bytes_of(NULL, 0));
	struct rs out = { .len = len };
	mbedtls_ecp_group grp;
	mbedtls_mpi r, s, t;

	load(signer->group, &grp);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	mbedtls_mpi_init(&t);
	assert_int_equal(mbedtls_mpi_read_binary(&r, nonce.data + 1, (nonce.len - 1) / 2), 0);
	assert_int_equal(mbedtls_mpi_mod_mpi(&r, &r, &grp.N), 0);
	assert_int_equal(mbedtls_mpi_read_binary(&s, signer->d, len), 0);
	assert_int_equal(mbedtls_mpi_mul_mpi(&s, &s, &r), 0);
	digest_number(&grp, digest, &t);
	assert_int_equal(mbedtls_mpi_add_mpi(&s, &s, &t), 0);
	assert_int_equal(mbedtls_mpi_read_binary(&t, k, len), 0);
	assert_int_equal(mbedtls_mpi_inv_mod(&t, &t, &grp.N), 0);
	assert_int_equal(mbedtls_mpi_mul_mpi(&s, &s, &t), 0);
	assert_int_equal(mbedtls_mpi_mod_mpi(&s, &s, &grp.N), 0);
	assert_int_equal(mbedtls_mpi_write_binary(&r, out.r, len), 0);
	assert_int_equal(mbedtls_mpi_write_binary(&s, out.s, len), 0);
	mbedtls_mpi_free(&t);
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_group_free(&grp);
	return out;
}

struct rs signer_sign(const struct signer *signer, const struct digest *digest, struct dice *dice)
{
	uint8_t k[SCALAR_MAX];

	signer_draw(signer, dice, k);
	return signer_sign_with(signer, digest, k);
}

bool signer_verify(uint16_t group, struct bytes q, const struct digest *digest, const struct rs *rs)
{
	mbedtls_ecp_group grp;
	mbedtls_ecp_point point;
	mbedtls_mpi r, s;
	bool taken;

	load(group, &grp);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	assert_int_equal(mbedtls_mpi_read_binary(&r, rs->r, rs->len), 0);
	assert_int_equal(mbedtls_mpi_read_binary(&s, rs->s, rs->len), 0);
	taken = mbedtls_ecp_point_read_binary(&grp, &point, q.data, q.len) == 0 &&
		mbedtls_ecp_check_pubkey(&grp, &point) == 0 &&
		mbedtls_ecdsa_verify(&grp, digest->data, digest->len, &point, &r, &s) == 0;
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&grp);
	return taken;
}

void signer_negate(const struct signer *signer, struct rs *rs)
{
	mbedtls_ecp_group grp;
	mbedtls_mpi s;

	load(signer->group, &grp);
	mbedtls_mpi_init(&s);
	assert_int_equal(mbedtls_mpi_read_binary(&s, rs->s, rs->len), 0);
	assert_int_equal(mbedtls_mpi_sub_mpi(&s, &grp.N, &s), 0);
	assert_int_equal(mbedtls_mpi_write_binary(&s, rs->s, rs->len), 0);
	mbedtls_mpi_free(&s);
	mbedtls_ecp_group_free(&grp);
}

static uint8_t *put_integer(uint8_t *p, const uint8_t *number, size_t len)
{
	while (len > 1 && *number == 0) {
		number++;
		len--;
	}
	*p++ = 2;
	*p++ = (uint8_t)(len + (*number >= 0x80));
	if (*number >= 0x80)
		*p++ = 0;
	memcpy(p, number, len);
	return p + len;
}

struct bytes signer_der(const struct rs *rs, uint8_t out[static 2 * SCALAR_MAX + 9])
{
	uint8_t body[2 * SCALAR_MAX + 6], *end = put_integer(body, rs->r, rs->len), *p = out;
	size_t len;

	end = put_integer(end, rs->s, rs->len);
	len = (size_t)(end - body);
	*p++ = 0x30;
	if (len >= 0x80)
		*p++ = 0x81;
	*p++ = (uint8_t)len;
	memcpy(p, body, len);
	return bytes_of(out, (size_t)(p - out) + len);
}
