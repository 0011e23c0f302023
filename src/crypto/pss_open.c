/* What stands in an RSASSA-PSS encoding, for whoever does not know yet what was signed. */
#include "crypto/rsa.h"

enum { TRAILER = 0xbc, ZEROS_CERTAIN = 8 };

bool crypto_pss_open(struct bytes em, unsigned key_bits, enum hash hash, struct pss_opened *out)
{
	unsigned unused =
		(8 - (key_bits - 1) % 8) % 8; /* top bits, one more than the modulus has */
	size_t db_len, zeros = 0;
	struct bytes nothing = { NULL, 0 };

	if (unused == 0 && em.len != 0)
		em = bytes_slice(em, 1, em.len); /* a whole byte less */
	if (!crypto_hash(hash, &nothing, 1, &out->h) || em.len < out->h.len + 2 ||
		em.len > sizeof out->db || em.data[em.len - 1] != TRAILER)
		return false;
	db_len = em.len - out->h.len - 1;
	memcpy(out->db, em.data, db_len);
	memcpy(out->h.data, em.data + db_len, out->h.len);
	if (!rsa_pss_unmask(hash, bytes_of(out->h.data, out->h.len), out->db, db_len))
		return false;
	out->db[0] &= (uint8_t)(0xff >> unused);
	while (zeros < db_len && out->db[zeros] == 0)
		zeros++;
	if (zeros == db_len || out->db[zeros] != 1)
		return false;
	out->hash = hash;
	out->certain = zeros >= ZEROS_CERTAIN;
	out->salt = bytes_of(out->db + zeros + 1, db_len - zeros - 1);
	return true;
}

bool crypto_pss_holds(const struct pss_opened *p, const struct digest *digest)
{
	static const uint8_t zeros[8];
	const struct bytes parts[] = { bytes_of(zeros, sizeof zeros),
		bytes_of(digest->data, digest->len), p->salt };
	struct digest h;

	return crypto_hash(p->hash, parts, 3, &h) &&
	       bytes_equal(bytes_of(h.data, h.len), bytes_of(p->h.data, p->h.len));
}
