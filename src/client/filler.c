/* The post-quantum hybrids of draft-ietf-tls-ecdhe-mlkem: an ML-KEM encapsulation key (FIPS 203), and a point. */
#include "client/filler.h"

#include "base/array.h"
#include "client/put.h"
#include "crypto/exchange.h"
#include "crypto/rsa_encrypt.h"
#include "names/names.h"

enum {
	MLKEM_Q = 3329,      /* each coefficient is less (FIPS 203 7.2 has it checked) */
	POLYNOMIAL = 384,    /* bytes: 256 coefficients of 12 bits */
	SEED = 32,           /* behind them */
	COEFFICIENT_PAIR = 3 /* bytes */
};

struct hybrid {
	uint16_t group;
	uint16_t curve;
	size_t polynomials; /* of the encapsulation key */
	bool curve_first;
};

static const struct hybrid hybrids[] = {
	{ 0x11ec, 0x001d, 3, false }, /* X25519MLKEM768 */
	{ 0x11eb, 0x0017, 3, true },  /* SecP256r1MLKEM768 */
	{ 0x11ed, 0x0018, 4, true },  /* SecP384r1MLKEM1024 */
	{ 0x0200, 0, 2, false },      /* MLKEM512 */
	{ 0x0201, 0, 3, false },      /* MLKEM768 */
	{ 0x0202, 0, 4, false },      /* MLKEM1024 */
};

static bool put_random(struct strbuf *out, size_t n)
{
	uint8_t piece[64];
	bool ok = true;

	for (size_t left = n; left != 0 && ok;) {
		size_t len = left < sizeof piece ? left : sizeof piece;

		ok = crypto_random(piece, len);
		put_bytes(out, bytes_of(piece, len));
		left -= len;
	}
	return ok && !out->failed;
}

/* Two coefficients in three bytes, the lower bits first. */
static void bound_pair(uint8_t b[static COEFFICIENT_PAIR])
{
	unsigned first = (b[0] | (b[1] & 0x0fU) << 8) % MLKEM_Q;
	unsigned second = (b[1] >> 4 | (unsigned)b[2] << 4) % MLKEM_Q;

	b[0] = (uint8_t)first;
	b[1] = (uint8_t)(first >> 8 | second << 4);
	b[2] = (uint8_t)(second >> 4);
}

static bool put_encapsulation_key(struct strbuf *out, size_t polynomials)
{
	size_t start = out->len;

	if (!put_random(out, polynomials * POLYNOMIAL + SEED))
		return false;
	for (size_t i = 0; i < polynomials * POLYNOMIAL; i += COEFFICIENT_PAIR)
		bound_pair((uint8_t *)out->text + start + i);
	return true;
}

static bool put_point(struct strbuf *out, uint16_t curve)
{
	struct exchange *x = curve != 0 ? exchange_open(curve) : NULL;

	if (x != NULL)
		put_bytes(out, exchange_public(x));
	exchange_close(x);
	return (x != NULL || curve == 0) && !out->failed;
}

bool filler_share(uint16_t group, size_t length, struct strbuf *out)
{
	for (size_t i = 0; i < COUNT(hybrids); i++) {
		const struct hybrid *h = &hybrids[i];

		if (h->group == group)
			return (!h->curve_first || put_point(out, h->curve)) &&
			       put_encapsulation_key(out, h->polynomials) &&
			       (h->curve_first || put_point(out, h->curve));
	}
	return put_random(out, is_grease(group) && length == 0 ? 1 : length);
}
