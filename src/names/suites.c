/* Cipher suites: what the name of each one says, worked out when the table is made. */
#include "base/array.h"
#include "names/names.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_SUITES
#include "names.inc"

enum { SPELLED_MAX = 80 };

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

static void spell_cipher(char *out, size_t size, const char *cipher, bool keeps_cbc)
{
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

static bool begins_same(const char *name, const char *begins)
{
	char first[SPELLED_MAX] = "";
	size_t n = strlen(begins);

	if (strnlen(name, n) != n)
		return false;
	memcpy(first, name, n);
	return names_same(first, begins);
}

/*
 * OpenSSL's name of a suite up to TLS 1.2, such as "ECDHE-RSA-AES128-GCM-SHA256", is spelled from the RFC's. Hundreds
 * are asked for each name: most differ in the exchange, which is spelled first.
 */
static bool is_openssl_name(const char *name, const char *rfc)
{
	const char *exchange = rfc + strlen("TLS_"), *with = strstr(rfc, "_WITH_");
	char other[SPELLED_MAX] = "";

	if (with == NULL || with < exchange)
		return false;
	spell_exchange(other, sizeof other, exchange, (size_t)(with - exchange));
	if (!begins_same(name, other))
		return false;
	spell_cipher(
		other, sizeof other, with + strlen("_WITH_"), strstr(rfc, "PSK_WITH_AES") != NULL);
	return names_same(name, other);
}

/* Those that OpenSSL does not spell by its own rules. */
static int odd_openssl_name(const char *name)
{
	static const struct {
		const char *name;
		uint16_t value;
	} odd[] = { { "ECDHE-ARIA128-GCM-SHA256", 0xc060 }, { "ECDHE-ARIA256-GCM-SHA384", 0xc061 },
		{ "DHE-PSK-AES128-CCM8", 0xc0aa }, { "DHE-PSK-AES256-CCM8", 0xc0ab },
		{ "SRP-AES-128-CBC-SHA", 0xc01d }, { "SRP-RSA-AES-128-CBC-SHA", 0xc01e },
		{ "SRP-DSS-AES-128-CBC-SHA", 0xc01f }, { "SRP-AES-256-CBC-SHA", 0xc020 },
		{ "SRP-RSA-AES-256-CBC-SHA", 0xc021 }, { "SRP-DSS-AES-256-CBC-SHA", 0xc022 } };

	for (size_t i = 0; i < COUNT(odd); i++)
		if (names_same(name, odd[i].name))
			return odd[i].value;
	return -1;
}

int suite_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(suite_table); i++)
		if (names_same(name, suite_table[i].name))
			return suite_table[i].value;
	for (size_t i = 0; i < COUNT(suite_table); i++)
		if (is_openssl_name(name, suite_table[i].name))
			return suite_table[i].value;
	return odd_openssl_name(name);
}

const char *suite_name_at(size_t i)
{
	return i < COUNT(suite_table) ? suite_table[i].name : NULL;
}
