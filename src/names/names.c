/*
 * Look-ups in the registries, except cipher suites (suites.c). The tables are made from data/iana
 * when the project is built, sorted by value.
 */
#include "names/names.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct named {
	uint16_t value;
	const char *name;
};

struct handshake_name {
	uint16_t value;
	const char *name, *title;
};

struct scheme_row {
	struct scheme scheme;
	const char *name;
};

#define NAMES_REGISTRIES
#include "names.inc"

/* Rows of every table begin with their value. */
static int compare_value(const void *key, const void *row)
{
	uint16_t want = *(const uint16_t *)key, have = *(const uint16_t *)row;

	return (want > have) - (want < have);
}

static const void *find(unsigned value, const void *table, size_t n, size_t size)
{
	uint16_t key = (uint16_t)value;

	return value > UINT16_MAX ? NULL : bsearch(&key, table, n, size, compare_value);
}

#define FIND(value, table) find(value, table, COUNT(table), sizeof(table)[0])

const char *name_alert(unsigned code)
{
	const struct named *row = FIND(code, alert_table);

	return row != NULL ? row->name : NULL;
}

const char *name_extension(uint16_t value)
{
	const struct named *row = FIND(value, extension_table);

	return row != NULL ? row->name : NULL;
}

const char *name_certificate_compression(uint16_t value)
{
	static const char *const names[] = { [1] = "zlib", [2] = "brotli", [3] = "zstd" };

	return value < COUNT(names) ? names[value] : NULL;
}

const char *name_handshake_type(unsigned type)
{
	const struct handshake_name *row = FIND(type, handshake_table);

	return row != NULL ? row->name : NULL;
}

const char *name_handshake_title(unsigned type)
{
	const struct handshake_name *row = FIND(type, handshake_table);

	return row != NULL ? row->title : NULL;
}

const char *name_group(uint16_t value)
{
	const struct group *group = group_find(value);

	return group != NULL ? group->name : NULL;
}

const char *name_scheme(uint16_t value)
{
	const struct scheme_row *row = FIND(value, scheme_table);

	return row != NULL ? row->name : NULL;
}

const struct group *group_find(uint16_t value)
{
	return FIND(value, group_table);
}

unsigned version_draft(uint16_t wire)
{
	/* 0x7f00 + draft (RFC 8446 4.2.1.1 in the drafts); 0xfb00 + draft is Facebook's variant. */
	if ((wire & 0xff00) == 0x7f00 || (wire & 0xff00) == 0xfb00)
		return wire & 0xff;
	return 0;
}

static const struct named version_table[] = {
	{ 0x0002, "SSL2.0" },
	{ 0x0300, "SSL3.0" },
	{ 0x0301, "TLS1.0" },
	{ 0x0302, "TLS1.1" },
	{ 0x0303, "TLS1.2" },
	{ 0x0304, "TLS1.3" },
	{ 0xfefc, "DTLS1.3" },
	{ 0xfefd, "DTLS1.2" },
	{ 0xfeff, "DTLS1.0" },
};

const char *name_version(uint16_t wire)
{
	const struct named *row = FIND(wire, version_table);

	if (row != NULL)
		return row->name;
	return version_draft(wire) != 0 ? "TLS1.3" : NULL;
}

bool names_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		unsigned char x = (unsigned char)*a, y = (unsigned char)*b;

		if (x >= 'A' && x <= 'Z')
			x = (unsigned char)(x - 'A' + 'a');
		if (y >= 'A' && y <= 'Z')
			y = (unsigned char)(y - 'A' + 'a');
		if (x == '-' || x == ' ')
			x = '_';
		if (y == '-' || y == ' ')
			y = '_';
		if (x != y)
			return false;
		if (x == '\0')
			return true;
	}
}

int alert_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(alert_table); i++) {
		if (names_same(name, alert_table[i].name))
			return alert_table[i].value;
	}
	return -1;
}

int handshake_type_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(handshake_table); i++) {
		const struct handshake_name *row = &handshake_table[i];

		if (names_same(name, row->name) || names_same(name, row->title))
			return row->value;
	}
	return -1;
}

/* Without blanks and a 'v': "TLS 1.2", "TLSv1.2", "tls1.2". */
int version_by_name(const char *name)
{
	char word[16];
	size_t n = 0;

	for (; *name != '\0' && n + 1 < sizeof word; name++)
		if (*name != ' ' && *name != 'v' && *name != 'V')
			word[n++] = *name;
	word[n] = '\0';
	for (size_t i = 0; i < COUNT(version_table) && *name == '\0'; i++)
		if (names_same(word, version_table[i].name))
			return version_table[i].value;
	return -1;
}

int group_by_name(const char *name)
{
	static const struct named others[] = {
		{ 0x0017, "P-256" },
		{ 0x0017, "prime256v1" },
		{ 0x0018, "P-384" },
		{ 0x0019, "P-521" },
	};

	for (size_t i = 0; i < COUNT(others); i++)
		if (names_same(name, others[i].name))
			return others[i].value;
	for (size_t i = 0; i < COUNT(group_table); i++)
		if (names_same(name, group_table[i].name))
			return group_table[i].value;
	return -1;
}

const char *group_name_at(size_t i)
{
	return i < COUNT(group_table) ? group_table[i].name : NULL;
}

int extension_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(extension_table); i++)
		if (names_same(name, extension_table[i].name))
			return extension_table[i].value;
	return -1;
}

int scheme_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(scheme_table); i++)
		if (names_same(name, scheme_table[i].name))
			return scheme_table[i].scheme.value;
	return -1;
}

const char *scheme_name_at(size_t i)
{
	return i < COUNT(scheme_table) ? scheme_table[i].name : NULL;
}

void name_or_hex(char out[static 48], const char *name, unsigned value)
{
	size_t n;

	if (name == NULL) {
		(void)snprintf(out, 48, value <= 0xff ? "0x%02x" : "0x%04x", value);
		return;
	}
	n = strnlen(name, 47);
	memcpy(out, name, n);
	out[n] = '\0';
}

bool is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

const char *hash_name(enum hash hash)
{
	static const char *const names[] = {
		[HASH_NONE] = "none",
		[HASH_MD5] = "md5",
		[HASH_SHA1] = "sha1",
		[HASH_SHA224] = "sha224",
		[HASH_SHA256] = "sha256",
		[HASH_SHA384] = "sha384",
		[HASH_SHA512] = "sha512",
		[HASH_MD5_SHA1] = "md5_sha1",
		[HASH_INTRINSIC] = "intrinsic",
	};

	return names[hash];
}

const char *hash_title(enum hash hash)
{
	static const char *const titles[] = {
		[HASH_NONE] = "no hash",
		[HASH_MD5] = "MD5",
		[HASH_SHA1] = "SHA-1",
		[HASH_SHA224] = "SHA-224",
		[HASH_SHA256] = "SHA-256",
		[HASH_SHA384] = "SHA-384",
		[HASH_SHA512] = "SHA-512",
		[HASH_MD5_SHA1] = "MD5+SHA-1",
		[HASH_INTRINSIC] = "its own hash",
	};

	return titles[hash];
}

const char *signature_kind_name(enum signature_kind kind)
{
	static const char *const names[] = {
		[SIG_ANONYMOUS] = "anonymous",
		[SIG_RSA_PKCS1] = "rsa",
		[SIG_DSA] = "dsa",
		[SIG_ECDSA] = "ecdsa",
		[SIG_RSA_PSS] = "rsa_pss",
		[SIG_ED25519] = "ed25519",
		[SIG_ED448] = "ed448",
		[SIG_OTHER] = NULL,
	};

	return names[kind];
}

const char *signature_kind_title(enum signature_kind kind)
{
	static const char *const titles[] = {
		[SIG_ANONYMOUS] = "no signature",
		[SIG_RSA_PKCS1] = "RSA",
		[SIG_DSA] = "DSA",
		[SIG_ECDSA] = "ECDSA",
		[SIG_RSA_PSS] = "RSA-PSS",
		[SIG_ED25519] = "Ed25519",
		[SIG_ED448] = "Ed448",
		[SIG_OTHER] = "an unknown algorithm",
	};

	return titles[kind];
}

/* RFC 5246 7.4.1.4.1: HashAlgorithm none(0) to sha512(6), SignatureAlgorithm anonymous(0) to ecdsa(3). */
static struct scheme scheme_of_pair(uint16_t value)
{
	static const enum hash hashes[] = { HASH_NONE, HASH_MD5, HASH_SHA1, HASH_SHA224,
		HASH_SHA256, HASH_SHA384, HASH_SHA512 };
	static const enum signature_kind kinds[] = { SIG_ANONYMOUS, SIG_RSA_PKCS1, SIG_DSA,
		SIG_ECDSA };
	size_t hash = value >> 8, kind = value & 0xff;
	struct scheme scheme = { .value = value, .hash = HASH_NONE, .signature = SIG_OTHER };

	if (hash >= COUNT(hashes))
		return scheme;
	scheme.hash = hashes[hash];
	if (kind < COUNT(kinds))
		scheme.signature = kinds[kind];
	return scheme;
}

struct scheme scheme_decode(uint16_t value)
{
	const struct scheme_row *row = FIND(value, scheme_table);

	return row != NULL ? row->scheme : scheme_of_pair(value);
}
