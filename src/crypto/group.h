/*
 * The curves of the library by their TLS numbers.
 */
#ifndef TLSDIAG_CRYPTO_GROUP_H
#define TLSDIAG_CRYPTO_GROUP_H

#include "base/bytes.h"
#include "names/names.h"

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/ecp.h>

enum curve_shape { CURVE_UNKNOWN, CURVE_WEIERSTRASS, CURVE_MONTGOMERY };

/* CURVE_UNKNOWN: the library has no such curve, or the number is no curve's. */
enum curve_shape group_shape(uint16_t group);

/* Loads the curve into an initialised *out; false when the library has none. */
bool group_load(uint16_t group, mbedtls_ecp_group *out);

/* The i-th Weierstrass curve's TLS number (each curve once), 0 after the last. */
uint16_t group_at(size_t i);

/* The curve with this OBJECT IDENTIFIER (its content bytes), 0 when none is known. */
uint16_t group_by_oid(struct bytes oid);

#endif
