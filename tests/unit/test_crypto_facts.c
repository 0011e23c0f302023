/*
 * What our own half of the cryptography makes of bytes, in whole, in tests/unit/facts/crypto.txt:
 *
 *   > KIND [ARGUMENTS]    what is told of that input
 *   >> KIND [ARGUMENTS]   the same, and a sum of what is told of the inputs near to it: each that is cut short,
 *                         has a byte more, or has another byte at one place
 *
 * Kinds: ecdsa HEX, spki HEX, point GROUP HEX, dh P G Y, dh-cost LENGTHS; pkcs1 HASH LENGTH and pss HASH BITS SALT, which
 * make an encoded message, and verify it under a key with the exponent 1; suites VERSION TERMS [sum], groups, key-makes.
 * Whatever stands behind an input is not looked at: each is asked about with several bytes there, and the answers
 * must be the same.
 *
 * `test_crypto_facts --write` writes down what is told now; `--near COMMAND` tells all that is near, in full.
 */
#include "base/array.h"
#include "crypto/ecdsa.h"
#include "crypto/exchange.h"
#include "crypto/group.h"
#include "crypto/public_half.h"
#include "crypto/record_keys.h"
#include "crypto/spki.h"
#include "support/damage.h"
#include "support/hex.h"
#include "support/listing.h"

#include <stdlib.h>

#define LISTING "tests/unit/facts/crypto.txt"

enum { INPUT_MAX = 600, BEHIND = 8, ARGUMENTS_MAX = 32 };

struct input {
	uint8_t data[INPUT_MAX];
	size_t len;
};

struct request {
	const char *argument[ARGUMENTS_MAX];
	size_t n;
};

static unsigned long number(const struct request *q, size_t i, int base)
{
	assert_true(i < q->n);
	return strtoul(q->argument[i], NULL, base);
}

static void put_hex(struct strbuf *out, const char *name, struct bytes b)
{
	strbuf_printf(out, " %s=", name);
	for (size_t i = 0; i < b.len; i++)
		strbuf_printf(out, "%02x", b.data[i]);
}

static void read_hex(const struct request *q, size_t i, struct input *in)
{
	assert_true(i < q->n);
	in->len = hex_decode(q->argument[i], in->data, sizeof in->data);
}

static const char *const hash_names[] = {
	[HASH_NONE] = "none",
	[HASH_MD5] = "md5",
	[HASH_SHA1] = "sha1",
	[HASH_SHA224] = "sha224",
	[HASH_SHA256] = "sha256",
	[HASH_SHA384] = "sha384",
	[HASH_SHA512] = "sha512",
	[HASH_MD5_SHA1] = "md5sha1",
};

static enum hash hash_of(const struct request *q)
{
	for (size_t i = 0; i < COUNT(hash_names); i++)
		if (hash_names[i] != NULL && strcmp(hash_names[i], q->argument[0]) == 0)
			return (enum hash)i;
	fail_msg("no hash: %s", q->argument[0]);
	return HASH_NONE;
}

/* ---- ecdsa HEX ---- */

static void make_first(const struct request *q, struct input *in)
{
	read_hex(q, 0, in);
}

static void say_ecdsa(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct ecdsa_signature s = crypto_ecdsa_decode(b);
	const char *why = ecdsa_not_der(&s);

	(void)q;
	strbuf_printf(out, "%s%s%s%s trailing=%zu", s.readable ? "readable" : "-",
		s.strict_der ? " der" : "", s.negative ? " negative" : "",
		s.padded ? " padded" : "", s.trailing);
	put_hex(out, "r", s.r);
	put_hex(out, "s", s.s);
	strbuf_printf(out, " bits=%u,%u: %s", s.r_bits, s.s_bits, why != NULL ? why : "good");
}

/* ---- spki HEX ---- */

static void say_spki(const struct request *q, struct bytes b, struct strbuf *out)
{
	static const enum signature_kind kinds[] = { SIG_RSA_PKCS1, SIG_DSA, SIG_ECDSA,
		SIG_RSA_PSS };
	struct spki key;

	(void)q;
	spki_read(b, &key);
	strbuf_printf(out, "kind %d group %04x", (int)key.kind, key.group);
	put_hex(out, "point", key.point);
	put_hex(out, "n", key.modulus);
	put_hex(out, "e", key.exponent);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		static const uint8_t none[INPUT_MAX];
		struct bytes signature = bytes_of(none, key.modulus.len);
		const struct signature_method method = { kinds[i], HASH_SHA256 };

		strbuf_printf(out, " %u", crypto_verify_cost(b, method, signature));
	}
	strbuf_printf(out, ": %s", key.broken != NULL ? key.broken : "good");
}

/* ---- point GROUP HEX ---- */

static void make_second(const struct request *q, struct input *in)
{
	read_hex(q, 1, in);
}

static void say_point(const struct request *q, struct bytes b, struct strbuf *out)
{
	uint16_t group = (uint16_t)number(q, 0, 16);

	strbuf_printf(out, "%s, x %s", point_state_text(crypto_point_check(group, b)),
		crypto_point_x_on_curve(group, b) ? "of a point" : "of none");
}

/* ---- dh P G Y, dh-cost LENGTHS ---- */

static void say_dh(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct input g, y;
	struct dh_check c;

	read_hex(q, 1, &g);
	read_hex(q, 2, &y);
	crypto_dh_check(b, bytes_of(g.data, g.len), bytes_of(y.data, y.len), &c);
	strbuf_printf(out, "%s bits=%u%s%s%s%s named=%04x%s cost=%u of %u",
		c.checked ? "checked" : "-", c.prime_bits, c.prime ? " prime" : "",
		c.safe_prime ? " safe" : "", c.generator_ok ? " g" : "", c.public_ok ? " y" : "",
		c.named_group, c.well_known ? " known" : "", c.cost, crypto_dh_cost(b));
}

static void say_dh_cost(const struct request *q, struct bytes b, struct strbuf *out)
{
	static uint8_t ones[2000];

	(void)b;
	memset(ones, 0xff, sizeof ones);
	for (size_t i = 0; i < q->n; i++)
		strbuf_printf(out, " %u", crypto_dh_cost(bytes_of(ones, number(q, i, 10))));
}

/* ---- RSA under the exponent 1: the signature is what it encodes ---- */

/* Wraps the len bytes at out. How many there are now. */
static size_t wrap(uint8_t *out, uint8_t tag, size_t len)
{
	const uint8_t length[] = { 0x82, (uint8_t)(len >> 8), (uint8_t)len };
	size_t skip = len < 0x80 ? 2 : len < 0x100 ? 1 : 0, n = sizeof length - skip;

	memmove(out + 1 + n, out, len);
	memcpy(out + 1, length + skip, n);
	if (skip == 1)
		out[1] = 0x81;
	out[0] = tag;
	return 1 + n + len;
}

/* The modulus is 2^bits - 1. */
static struct bytes key_of(size_t bits, uint8_t out[static INPUT_MAX])
{
	static const uint8_t algorithm[] = { 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1,
		1, 1, 5, 0 };
	static const uint8_t exponent[] = { 2, 1, 1 };
	size_t len = (bits + 7) / 8, zero = bits % 8 == 0;
	uint8_t *p = out + sizeof algorithm;

	memset(p, 0xff, zero + len);
	p[0] = (uint8_t)(zero != 0 ? 0 : 0xff >> (8 - bits % 8));
	len = wrap(p, 0x02, zero + len);
	memcpy(p + len, exponent, sizeof exponent);
	len = wrap(p, 0x30, len + sizeof exponent);
	memmove(p + 1, p, len);
	p[0] = 0;
	len = wrap(p, 0x03, len + 1);
	memcpy(out, algorithm, sizeof algorithm);
	return bytes_of(out, wrap(out, 0x30, sizeof algorithm + len));
}

/* What is signed: the byte 'x'. */
static struct digest digest_of(enum hash hash)
{
	static const uint8_t x = 'x';
	const struct bytes part = bytes_of(&x, 1);
	struct digest d = { .len = 0 };

	assert_true(crypto_hash(hash, &part, 1, &d));
	return d;
}

static void say_verdict(struct strbuf *out, const char *name, struct verdict v)
{
	strbuf_printf(out, " %s %d %s;", name, (int)v.state, v.why != NULL ? v.why : "valid");
}

static void say_opened(struct strbuf *out, struct bytes spki, struct bytes signature)
{
	struct rsa_opened opened;

	crypto_rsa_open(spki, signature, &opened);
	strbuf_printf(out, " opened %d %zu%s%s %s", opened.ok, opened.len,
		opened.pkcs1_padding ? " pkcs1" : "", opened.pss_trailer ? " pss" : "",
		hash_names[opened.hash]);
	put_hex(out, "digest", opened.digest);
}

static void make_pkcs1(const struct request *q, struct input *in)
{
	static const uint8_t sha256[] = { 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65,
		3, 4, 2, 1, 5, 0, 4, 32 };
	enum hash hash = hash_of(q);
	struct digest d = digest_of(hash);
	size_t prefix = hash == HASH_SHA256 ? sizeof sha256 : 0;

	in->len = number(q, 1, 10);
	memset(in->data, 0xff, in->len);
	in->data[0] = 0;
	in->data[1] = 1;
	in->data[in->len - d.len - prefix - 1] = 0;
	memcpy(in->data + in->len - d.len - prefix, sha256, prefix);
	memcpy(in->data + in->len - d.len, d.data, d.len);
}

static void say_pkcs1(const struct request *q, struct bytes b, struct strbuf *out)
{
	const struct signature_method method = { SIG_RSA_PKCS1, hash_of(q) };
	struct digest d = digest_of(method.hash);
	uint8_t room[INPUT_MAX];
	struct bytes spki = key_of(8 * number(q, 1, 10), room);

	say_verdict(out, "pkcs1", crypto_verify_digest(spki, method, &d, b));
	say_opened(out, spki, b);
}

/* EMSA-PSS-ENCODE (RFC 8017 9.1.1), the salt being 1, 2, 3, ... */
static void make_pss(const struct request *q, struct input *in)
{
	static const uint8_t zeros[8];
	enum hash hash = hash_of(q);
	struct digest d = digest_of(hash), h, mask;
	size_t bits = number(q, 1, 10), salt = number(q, 2, 10), db;
	uint8_t *em = in->data;

	in->len = (bits + 7) / 8;
	memset(em, 0, in->len);
	if (bits % 8 == 1)
		em++;
	db = (bits - 1 + 7) / 8 - d.len - 1;
	for (size_t i = 0; i < salt; i++)
		em[db - salt + i] = (uint8_t)(i + 1);
	if (db > salt) /* else the key is too short for it */
		em[db - salt - 1] = 1;
	assert_true(crypto_hash(hash,
		(const struct bytes[]){ bytes_of(zeros, 8), bytes_of(d.data, d.len),
			bytes_of(em + db - salt, salt) },
		3, &h));
	for (size_t at = 0, i = 0; at < db; at += mask.len, i++) {
		const uint8_t counter[4] = { 0, 0, 0, (uint8_t)i };

		assert_true(crypto_hash(hash,
			(const struct bytes[]){ bytes_of(h.data, h.len), bytes_of(counter, 4) }, 2,
			&mask));
		for (size_t k = 0; k < mask.len && at + k < db; k++)
			em[at + k] ^= mask.data[k];
	}
	if (bits % 8 != 1)
		em[0] &= (uint8_t)(0xff >> (8 - (bits + 7) % 8));
	memcpy(em + db, h.data, h.len);
	em[db + h.len] = 0xbc;
}

static void say_pss(const struct request *q, struct bytes b, struct strbuf *out)
{
	static const uint8_t x = 'x';
	const struct signature_method method = { SIG_RSA_PSS, hash_of(q) };
	struct digest d = digest_of(method.hash);
	size_t bits = number(q, 1, 10);
	static struct pss_opened opened;
	uint8_t room[INPUT_MAX];
	struct bytes spki = key_of(bits, room);

	say_verdict(out, "tls", crypto_verify_digest(spki, method, &d, b));
	say_verdict(out, "cert", crypto_verify_certificate(spki, method, bytes_of(&x, 1), b));
	if (crypto_pss_open(b, (unsigned)bits, method.hash, &opened))
		strbuf_printf(out, " salt %zu%s%s", opened.salt.len,
			opened.certain ? " certain" : "",
			crypto_pss_holds(&opened, &d) ? " holds" : "");
}

/* ---- tables ---- */

static void say_suites(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct protection_terms terms = { .version = (uint16_t)number(q, 0, 16),
		.encrypt_then_mac = number(q, 1, 10) != 0,
		.truncated_hmac = number(q, 2, 10) != 0 };
	struct strbuf lines = { 0 };

	(void)b;
	for (unsigned value = 0; value <= 0xffff; value++) {
		const struct suite *suite = suite_find((uint16_t)value);
		struct protection p = { .cipher = 0 };
		const char *why = "";
		bool ok = suite != NULL && protection_of(suite, terms, &p, &why);

		/* What else is missing is the library's, and not in every build of it. */
		if (!ok && strstr(why, "this build's mbedTLS") == NULL)
			continue;
		strbuf_printf(&lines, "\n  %04x kind %d key %u mac %u tag %u block %u iv %u %s%s%s",
			value, (int)p.kind, p.key_len, p.mac_len, p.tag_len, p.block_len, p.iv_len,
			hash_names[p.mac], p.explicit_nonce ? " explicit" : "",
			p.encrypt_then_mac ? " etm" : "");
	}
	if (q->n > 3)
		strbuf_printf(out, "sum %08x", (unsigned)add_up(2166136261u, strbuf_text(&lines)));
	else
		strbuf_puts(out, strbuf_text(&lines));
	strbuf_free(&lines);
}

static void say_groups(const struct request *q, struct bytes b, struct strbuf *out)
{
	(void)q;
	(void)b;
	for (unsigned group = 0; group <= 0x200; group++)
		if (group_shape((uint16_t)group) != CURVE_UNKNOWN ||
			exchange_knows((uint16_t)group))
			strbuf_printf(out, " %x:%d%s", group, (int)group_shape((uint16_t)group),
				exchange_knows((uint16_t)group) ? "+" : "");
	strbuf_puts(out, " at");
	for (size_t i = 0; i < 16; i++)
		strbuf_printf(out, " %x", group_at(i));
}

static void say_key_makes(const struct request *q, struct bytes b, struct strbuf *out)
{
	(void)q;
	(void)b;
	for (int key = KEY_UNKNOWN; key <= KEY_GOST; key++) {
		strbuf_printf(out, " %d:", key);
		for (int signature = SIG_ANONYMOUS; signature <= SIG_OTHER; signature++)
			strbuf_printf(out, "%d",
				crypto_key_makes(
					(enum key_kind)key, (enum signature_kind)signature));
	}
}

/* ---- dsa P G X ---- */

static void say_dsa(const struct request *q, struct bytes b, struct strbuf *out)
{
	uint8_t y[DSA_PRIME_MAX];
	struct input g, x;

	read_hex(q, 1, &g);
	read_hex(q, 2, &x);
	if (crypto_dsa_public(b, bytes_of(g.data, g.len), bytes_of(x.data, x.len), y))
		put_hex(out, "y", bytes_of(y, b.len));
	else
		strbuf_puts(out, "-");
}

/* ---- commands ---- */

static void make_none(const struct request *q, struct input *in)
{
	(void)q;
	in->len = 0;
}

static const struct kind {
	const char *name;
	void (*make)(const struct request *q, struct input *in);
	void (*say)(const struct request *q, struct bytes b, struct strbuf *out);
} kinds[] = {
	{ "ecdsa", make_first, say_ecdsa },
	{ "spki", make_first, say_spki },
	{ "point", make_second, say_point },
	{ "dh", make_first, say_dh },
	{ "dh-cost", make_none, say_dh_cost },
	{ "dsa", make_first, say_dsa },
	{ "pkcs1", make_pkcs1, say_pkcs1 },
	{ "pss", make_pss, say_pss },
	{ "suites", make_none, say_suites },
	{ "groups", make_none, say_groups },
	{ "key-makes", make_none, say_key_makes },
};

/* With each of these bytes behind the input. */
static void ask(
	const struct kind *k, const struct request *q, const struct input *in, struct strbuf *out)
{
	static const uint8_t behind[] = { 0x00, 0xff };

	for (size_t i = 0; i < (in->len != 0 ? COUNT(behind) : 1); i++) {
		uint8_t room[INPUT_MAX + BEHIND];
		struct strbuf one = { 0 };

		memcpy(room, in->data, in->len);
		memset(room + in->len, behind[i], BEHIND);
		k->say(q, bytes_of(room, in->len), &one);
		if (i == 0)
			strbuf_puts(out, strbuf_text(&one));
		else
			assert_string_equal(strbuf_text(&one), strbuf_text(out));
		strbuf_free(&one);
	}
}

struct nearby {
	const struct kind *kind;
	const struct request *q;
	uint32_t sum;
	unsigned n;
	bool told;
};

static void ask_near(struct nearby *all, const struct input *in)
{
	struct strbuf b = { 0 };

	ask(all->kind, all->q, in, &b);
	all->sum = add_up(all->sum, strbuf_text(&b));
	if (all->told)
		(void)printf("%u %s\n", all->n, strbuf_text(&b));
	all->n++;
	strbuf_free(&b);
}

/* Long inputs are mostly numbers, of which no byte is unlike another. */
static size_t next(size_t at, size_t len)
{
	return at + (at < 24 || at + 4 >= len ? 1 : at + 9 < len ? 5 : 1);
}

static void each_near(struct nearby *all, const struct input *in)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x7f, 0x80, 0x81,
		0xff };
	struct input other = *in;

	for (other.len = 0; other.len < in->len; other.len = next(other.len, in->len))
		ask_near(all, &other);
	other.len = in->len;
	other.data[other.len++] = 0;
	ask_near(all, &other);
	other.len--;
	for (size_t at = 0; at < in->len; at = next(at, in->len)) {
		const uint8_t was = in->data[at];
		const uint8_t turned[] = { (uint8_t)(was + 1), (uint8_t)(was - 1),
			(uint8_t)(was ^ 0x20), (uint8_t)(was ^ 0x80) };

		for (size_t k = 0; k < COUNT(values) + COUNT(turned); k++) {
			other.data[at] = k < COUNT(values) ? values[k] : turned[k - COUNT(values)];
			if (other.data[at] != was)
				ask_near(all, &other);
		}
		other.data[at] = was;
	}
}

static bool told;

static void say_command(struct strbuf *now, const char *line)
{
	char *copy = strdup(line + strspn(line, "> ")), *rest = NULL;
	char *name = strtok_r(copy, " ", &rest);
	struct request q = { .n = 0 };
	struct nearby all = { .q = &q, .sum = 2166136261u, .told = told };
	struct strbuf one = { 0 };
	struct input in;

	for (char *word = strtok_r(NULL, " ", &rest); word != NULL && q.n < ARGUMENTS_MAX;
		word = strtok_r(NULL, " ", &rest))
		q.argument[q.n++] = strcmp(word, ".") == 0 ? "" : word;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			all.kind = &kinds[i];
	if (all.kind == NULL) {
		fail_msg("no kind: %s", name);
		return;
	}
	all.kind->make(&q, &in);
	ask(all.kind, &q, &in, &one);
	strbuf_printf(now, "  %s\n", strbuf_text(&one));
	if (line[1] == '>') {
		each_near(&all, &in);
		strbuf_printf(now, "  near: %u %08x\n", all.n, (unsigned)all.sum);
	}
	strbuf_free(&one);
	free(copy);
}

static void test_crypto__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crypto__tells_what_the_listing_says),
	};
	struct strbuf b = { 0 };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_command);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		told = true;
		say_command(&b, argv[2]);
		strbuf_free(&b);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
