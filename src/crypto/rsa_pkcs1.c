/* RSASSA-PKCS1-v1_5 (RFC 8017 8.2, 9.2): checking the encoded message, and reading one. */
#include "base/array.h"
#include "crypto/rsa.h"

#include "crypto/asn1.h"
#include "crypto/digest.h"

enum { OID_LEN_MAX = 9, PREFIX_MAX = 20, PADDING_MIN = 11 };

/* Content bytes of the hashes' OBJECT IDENTIFIERs (RFC 8017 B.1). */
static const struct {
	enum hash hash;
	uint8_t len, oid[OID_LEN_MAX];
} oids[] = {
	{ HASH_MD5, 8, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5 } },
	{ HASH_SHA1, 5, { 0x2b, 0x0e, 3, 2, 26 } },
	{ HASH_SHA224, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4 } },
	{ HASH_SHA256, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 } },
	{ HASH_SHA384, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2 } },
	{ HASH_SHA512, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3 } },
};

enum { N_OIDS = COUNT(oids) };

/*
 * What stands before the digest: DigestInfo { { OID, NULL }, OCTET STRING }. All lengths are
 * below 128. Nothing for MD5_SHA1, which TLS 1.0 and 1.1 sign bare (RFC 2246 7.4.3).
 */
static size_t digest_info_prefix(enum hash hash, size_t digest_len, uint8_t out[static PREFIX_MAX])
{
	for (size_t i = 0; i < N_OIDS; i++) {
		uint8_t oid_len = oids[i].len, len = (uint8_t)digest_len, *p = out;

		if (oids[i].hash != hash)
			continue;
		*p++ = DER_SEQUENCE;
		*p++ = (uint8_t)(oid_len + len + 8);
		*p++ = DER_SEQUENCE;
		*p++ = (uint8_t)(oid_len + 4);
		*p++ = DER_OID;
		*p++ = oid_len;
		memcpy(p, oids[i].oid, oid_len);
		p += oid_len;
		*p++ = DER_NULL;
		*p++ = 0;
		*p++ = DER_OCTET_STRING;
		*p++ = len;
		return (size_t)(p - out);
	}
	return 0;
}

/* 00 01 FF .. FF 00, at least eight FF: what follows; else empty. */
static struct bytes unpad(struct bytes em)
{
	size_t i = 2;

	if (em.len < PADDING_MIN || em.data[0] != 0 || em.data[1] != 1)
		return bytes_of(NULL, 0);
	while (i < em.len && em.data[i] == 0xff)
		i++;
	if (i < PADDING_MIN - 1 || i == em.len || em.data[i] != 0)
		return bytes_of(NULL, 0);
	return bytes_slice(em, i + 1, em.len - i - 1);
}

/* DigestInfo read leniently: signers leave out the NULL, or write lengths their own way. */
static bool read_digest_info(struct bytes t, enum hash *hash, struct bytes *digest)
{
	bool der = true;
	struct parse_err err;
	struct cur c = cur_init(t, &err);
	struct cur info = asn1_enter_lenient(&c, DER_SEQUENCE, "DigestInfo", &der);
	struct cur algorithm = asn1_enter_lenient(&info, DER_SEQUENCE, "digestAlgorithm", &der);
	struct bytes oid = asn1_content(&algorithm, DER_OID, "algorithm");
	struct cur value = asn1_enter_lenient(&info, DER_OCTET_STRING, "digest", &der);

	if (!cur_ok(&c))
		return false;
	*digest = cur_rest(&value);
	for (size_t i = 0; i < N_OIDS; i++) {
		if (bytes_equal(oid, bytes_of(oids[i].oid, oids[i].len)))
			*hash = oids[i].hash;
	}
	return true;
}

static void read_encoded(struct bytes em, struct rsa_opened *out)
{
	struct bytes t = unpad(em);

	out->pss_trailer = em.len != 0 && em.data[em.len - 1] == 0xbc;
	out->pkcs1_padding = t.data != NULL;
	if (!out->pkcs1_padding || read_digest_info(t, &out->hash, &out->digest))
		return;
	out->digest = t;
	if (t.len == 36)
		out->hash = HASH_MD5_SHA1;
}

void crypto_rsa_open(struct bytes spki, struct bytes signature, struct rsa_opened *out)
{
	struct spki key;

	*out = (struct rsa_opened){ .hash = HASH_NONE };
	spki_read(spki, &key);
	if ((key.kind != KEY_RSA && key.kind != KEY_RSA_PSS) ||
		rsa_raise(&key, signature, out->em).state != PROOF_VALID)
		return;
	out->ok = true;
	out->len = key.modulus.len;
	read_encoded(bytes_of(out->em, out->len), out);
}

/* Why an encoded message is not the one wanted, as far as it can be told. */
static const char *difference(struct bytes em, enum hash hash, const struct digest *digest)
{
	struct rsa_opened have = { .hash = HASH_NONE };

	read_encoded(em, &have);
	if (!have.pkcs1_padding)
		return "no PKCS #1 padding comes out under this key";
	if (have.hash != hash)
		return "the signature was made with another hash";
	if (!bytes_equal(have.digest, bytes_of(digest->data, digest->len)))
		return "the signature is over another digest";
	return "the digest is right but its encoding is not DER";
}

struct verdict rsa_verify_pkcs1(
	const struct spki *key, enum hash hash, const struct digest *digest, struct bytes signature)
{
	uint8_t em[RSA_MAX], want[RSA_MAX], prefix[PREFIX_MAX];
	struct verdict raised = rsa_raise(key, signature, em);
	size_t prefix_len = digest_info_prefix(hash, digest->len, prefix), len = key->modulus.len;
	size_t tail = prefix_len + digest->len;

	if (raised.state != PROOF_VALID)
		return raised;
	if (prefix_len == 0 && hash != HASH_MD5_SHA1)
		return (struct verdict){ PROOF_UNVERIFIABLE, "PKCS #1 does not know the hash" };
	if (len < tail + PADDING_MIN)
		return (struct verdict){ PROOF_INVALID, "the RSA key is too short for this hash" };
	memset(want, 0xff, len);
	want[0] = 0;
	want[1] = 1;
	want[len - tail - 1] = 0;
	memcpy(want + len - tail, prefix, prefix_len);
	memcpy(want + len - digest->len, digest->data, digest->len);
	if (memcmp(em, want, len) == 0)
		return (struct verdict){ PROOF_VALID, NULL };
	return (struct verdict){ PROOF_INVALID, difference(bytes_of(em, len), hash, digest) };
}
