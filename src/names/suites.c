/* Cipher suites: what the name of each one says, worked out when the table is made. */
#include "base/array.h"
#include "names/names.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_SUITES
#include "names.inc"

static int compare_suite(const void *key, const void *row)
{
	uint16_t want = *(const uint16_t *)key, have = ((const struct suite *)row)->value;

	return (want > have) - (want < have);
}

const struct suite *suite_find(uint16_t value)
{
	return bsearch(
		&value, suite_table, COUNT(suite_table), sizeof suite_table[0], compare_suite);
}

const char *name_cipher_suite(uint16_t value)
{
	const struct suite *suite = suite_find(value);

	return suite != NULL ? suite->name : NULL;
}

/* Appends len bytes of text with '-' for '_', as far as there is room. */
static void spell(char *out, size_t size, const char *text, size_t len)
{
	size_t n = strlen(out);

	for (size_t i = 0; i < len && n + 1 < size; i++)
		out[n++] = text[i] == '_' ? '-' : text[i];
	out[n] = '\0';
}

/* How OpenSSL calls a key exchange; RSA is not said. */
static void spell_exchange(char *out, size_t size, const char *name, size_t len)
{
	if (len == 7 && strncmp(name, "DH_anon", len) == 0)
		spell(out, size, "ADH-", 4);
	else if (len == 9 && strncmp(name, "ECDH_anon", len) == 0)
		spell(out, size, "AECDH-", 6);
	else if (len != 3 || strncmp(name, "RSA", len) != 0)
		spell(out, size, name, len + 1);
}

/* Parts of a cipher's name that OpenSSL spells in another way, in this order. */
static const struct {
	const char *rfc, *openssl;
} spellings[] = {
	{ "3DES_EDE_CBC", "DES_CBC3" },
	{ "CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305" },
	{ "AES_", "AES" },
	{ "ARIA_", "ARIA" },
	{ "CAMELLIA_", "CAMELLIA" },
	{ "CBC_", "" },
	{ "CCM_8", "CCM8" },
};

/* OpenSSL's name of a suite up to TLS 1.2, such as "ECDHE-RSA-AES128-GCM-SHA256", from the RFC's. */
static void openssl_name(const char *name, char *out, size_t size)
{
	const char *exchange = name + strlen("TLS_"), *with = strstr(name, "_WITH_");
	const char *cipher = with != NULL ? with + strlen("_WITH_") : "";
	bool keeps_cbc = with != NULL && strstr(name, "PSK_WITH_AES") != NULL;

	out[0] = '\0';
	if (with == NULL || with < exchange)
		return;
	spell_exchange(out, size, exchange, (size_t)(with - exchange));
	while (*cipher != '\0') {
		size_t i = 0, n = COUNT(spellings);

		while (i < n && strncmp(cipher, spellings[i].rfc, strlen(spellings[i].rfc)) != 0)
			i++;
		if (i == n || (keeps_cbc && spellings[i].openssl[0] == '\0')) {
			spell(out, size, cipher++, 1);
			continue;
		}
		spell(out, size, spellings[i].openssl, strlen(spellings[i].openssl));
		cipher += strlen(spellings[i].rfc);
	}
}

static bool is_openssl_name(const char *name, const char *rfc)
{
	char other[80];

	openssl_name(rfc, other, sizeof other);
	return other[0] != '\0' && names_same(name, other);
}

int suite_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(suite_table); i++)
		if (names_same(name, suite_table[i].name))
			return suite_table[i].value;
	for (size_t i = 0; i < COUNT(suite_table); i++)
		if (is_openssl_name(name, suite_table[i].name))
			return suite_table[i].value;
	return -1;
}

const char *suite_name_at(size_t i)
{
	return i < COUNT(suite_table) ? suite_table[i].name : NULL;
}
