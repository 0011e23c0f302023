/* One row for each curve: its TLS number, its object identifier, what the library calls it. */
#include "crypto/group.h"

#include "base/array.h"
#include "crypto/library.h"

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}

/* OIDs: SEC 2 A.2, RFC 5639 4.1, RFC 8410 3. */
static const struct row {
	uint16_t group;
	uint16_t alias; /* the number that TLS 1.3 gave the same curve (RFC 8734) */
	mbedtls_ecp_group_id id;
	enum curve_shape shape;
	struct bytes oid;
} rows[] = {
	{ 0x0017, 0, MBEDTLS_ECP_DP_SECP256R1, CURVE_WEIERSTRASS,
		OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7) },
	{ 0x0018, 0, MBEDTLS_ECP_DP_SECP384R1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 34) },
	{ 0x0019, 0, MBEDTLS_ECP_DP_SECP521R1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 35) },
	{ 0x001d, 0, MBEDTLS_ECP_DP_CURVE25519, CURVE_MONTGOMERY, OID(0x2b, 0x65, 110) },
	{ 0x001e, 0, MBEDTLS_ECP_DP_CURVE448, CURVE_MONTGOMERY, OID(0x2b, 0x65, 111) },
	{ 0x001a, 0x001f, MBEDTLS_ECP_DP_BP256R1, CURVE_WEIERSTRASS,
		OID(0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7) },
	{ 0x001b, 0x0020, MBEDTLS_ECP_DP_BP384R1, CURVE_WEIERSTRASS,
		OID(0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11) },
	{ 0x001c, 0x0021, MBEDTLS_ECP_DP_BP512R1, CURVE_WEIERSTRASS,
		OID(0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13) },
	{ 0x0015, 0, MBEDTLS_ECP_DP_SECP224R1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 33) },
	{ 0x0013, 0, MBEDTLS_ECP_DP_SECP192R1, CURVE_WEIERSTRASS,
		OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1) },
	{ 0x0016, 0, MBEDTLS_ECP_DP_SECP256K1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 10) },
	{ 0x0014, 0, MBEDTLS_ECP_DP_SECP224K1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 32) },
	{ 0x0012, 0, MBEDTLS_ECP_DP_SECP192K1, CURVE_WEIERSTRASS, OID(0x2b, 0x81, 4, 0, 31) },
};

enum { N_ROWS = COUNT(rows) };

static const struct row *find(uint16_t group)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (group == rows[i].group || (group != 0 && group == rows[i].alias))
			return &rows[i];
	}
	return NULL;
}

enum curve_shape group_shape(uint16_t group)
{
	const struct row *row = find(group);

	if (row == NULL || mbedtls_ecp_curve_info_from_grp_id(row->id) == NULL)
		return CURVE_UNKNOWN;
	return row->shape;
}

bool group_load(uint16_t group, mbedtls_ecp_group *out)
{
	const struct row *row = find(group);

	return row != NULL && library_ok(mbedtls_ecp_group_load(out, row->id));
}

uint16_t group_at(size_t i)
{
	for (size_t k = 0; k < N_ROWS; k++) {
		if (rows[k].shape == CURVE_WEIERSTRASS && i-- == 0)
			return rows[k].group;
	}
	return 0;
}

uint16_t group_by_oid(struct bytes oid)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (bytes_equal(oid, rows[i].oid))
			return rows[i].group;
	}
	return 0;
}
