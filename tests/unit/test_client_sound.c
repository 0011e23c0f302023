/*
 * What our client takes for a sound chain by its own arithmetic, the library takes too: of the chains with one odd
 * property each (fixtures/verifiers, or the folder in $CHAINS), as they are, with one bit changed anywhere, for
 * another name, at other times, with others trusted.
 */
#include "support/unit.h"

#include "base/array.h"
#include "base/file.h"
#include "drive/client_inside.h"
#include "support/hex.h"

#include <cjson/cJSON.h>

enum { CHAIN_MOST = 12 };

#define UNREAD UINT32_MAX /* certificates that the library cannot read */

struct sample {
	struct bytes chain[CHAIN_MOST], trusted[CHAIN_MOST];
	size_t n, n_trusted;
	char name[256], host[300];
	int64_t at;
	struct arena *arena;
};

struct tally {
	size_t asked, sound, taken;
};

static const char *folder(void)
{
	const char *given = getenv("CHAINS");

	return given != NULL ? given : "fixtures/verifiers";
}

static size_t take_list(const cJSON *list, struct arena *a, struct bytes out[static CHAIN_MOST])
{
	const cJSON *item;
	size_t n = 0;

	cJSON_ArrayForEach(item, list) if (n < CHAIN_MOST)
	{
		size_t len = strlen(item->valuestring) / 2;
		uint8_t *der = arena_alloc(a, len + 1);

		assert_non_null(der);
		(void)hex_decode(item->valuestring, der, len);
		out[n++] = bytes_of(der, len);
	}
	return n;
}

static bool open_sample(const char *name, struct sample *s)
{
	char path[600];
	struct secret text;
	struct err e = { 0 };
	cJSON *json;

	(void)snprintf(path, sizeof path, "%s/%s", folder(), name);
	*s = (struct sample){ .arena = arena_new(1 << 20) };
	assert_non_null(s->arena);
	(void)snprintf(s->name, sizeof s->name, "%s", name);
	assert_true(file_read(path, &file_kind_certs, &text, &e));
	json = cJSON_ParseWithLength((const char *)text.data, text.len);
	secret_wipe(&text);
	assert_non_null(json);
	s->n = take_list(cJSON_GetObjectItemCaseSensitive(json, "chain"), s->arena, s->chain);
	s->n_trusted =
		take_list(cJSON_GetObjectItemCaseSensitive(json, "trust"), s->arena, s->trusted);
	(void)snprintf(s->host, sizeof s->host, "%s",
		cJSON_GetObjectItemCaseSensitive(json, "host")->valuestring);
	s->at = (int64_t)cJSON_GetObjectItemCaseSensitive(json, "at")->valuedouble;
	cJSON_Delete(json);
	return s->n != 0;
}

/* Of the library a trusted certificate that it cannot read is none. */
static uint32_t ask_library(struct client_judging *j, const struct sample *s)
{
	mbedtls_x509_crt trusted;
	bool read;

	mbedtls_x509_crt_init(&trusted);
	for (size_t i = 0; j->options->trust != NULL && i < s->n_trusted; i++)
		(void)mbedtls_x509_crt_parse_der(&trusted, s->trusted[i].data, s->trusted[i].len);
	read = client_judge_chain(j, &trusted, s->chain, s->n);
	mbedtls_x509_crt_free(&trusted);
	return read ? j->result->verify_flags : UNREAD;
}

/* The library is slow: it is asked where something is to be held against it, or always. */
static void ask(
	const struct sample *s, const struct client_options *o, bool always, struct tally *t)
{
	struct arena *a = arena_new(1 << 20);
	struct client_result own = { .code = 0 }, library = { .code = 0 };
	struct client_judging by_us = { .options = o, .arena = a, .result = &own };
	struct client_judging by_library = {
		.options = o, .arena = a, .result = &library, .by_library = true
	};
	bool sound = client_sound(&by_us, s->chain, s->n);
	uint32_t flags = sound || always ? ask_library(&by_library, s) : UNREAD;

	t->asked++;
	t->taken += flags == 0;
	t->sound += sound;
	if (sound && flags != 0 && flags != UNREAD)
		fail_msg("%s: sound, but mbedTLS finds 0x%x", s->name, (unsigned)flags);
	if (sound) {
		assert_int_equal(own.n_chain, s->n);
		assert_true(own.n_links != 0 || s->n == 1);
		assert_int_equal(own.verify_flags, 0);
	}
	arena_free(a);
}

/* As it is, and with what is asked of it changed. */
static void ask_around(const struct sample *s, struct tally *t)
{
	static const int64_t days[] = { 0, -4000, -100, 60, 4000 };
	struct trust *trust = trust_new();
	const char *const names[] = { s->host, NULL, "other.example" };

	for (size_t i = 0; i < s->n_trusted; i++)
		(void)trust_add(trust, s->trusted[i]);
	for (size_t k = 0; k < COUNT(days); k++)
		for (size_t i = 0; i < COUNT(names); i++)
			for (size_t trusting = 0; trusting < 2; trusting++) {
				struct client_options o = { .name = names[i],
					.trust = trusting != 0 ? trust : NULL,
					.has_at = true,
					.at = s->at + days[k] * 86400 };

				ask(s, &o, k + i == 0, t);
			}
	trust_close(trust);
}

/* One bit of one certificate is another one, each in turn with a step that no length has for a divisor. */
static void ask_harmed(const struct sample *s, unsigned step, struct tally *t)
{
	struct trust *trust = trust_new();
	struct client_options o = { .name = s->host, .trust = trust, .has_at = true, .at = s->at };

	for (size_t i = 0; i < s->n_trusted; i++)
		(void)trust_add(trust, s->trusted[i]);
	for (size_t i = 0; i < s->n; i++)
		for (size_t bit = step % 7; bit < s->chain[i].len * 8; bit += step) {
			struct sample harmed = *s;
			uint8_t *der = arena_alloc(s->arena, s->chain[i].len + 1);

			if (der == NULL)
				break;
			memcpy(der, s->chain[i].data, s->chain[i].len);
			der[bit / 8] ^= (uint8_t)(1 << bit % 8);
			harmed.chain[i] = bytes_of(der, s->chain[i].len);
			ask(&harmed, &o, false, t);
		}
	trust_close(trust);
}

static void test_client_sound__the_library_takes_it_too(void **state)
{
	struct tally around = { 0 }, harmed = { 0 };
	const char *steps = getenv("STEP");
	unsigned step = steps != NULL ? (unsigned)strtoul(steps, NULL, 10) : 4001, n = 0;
	struct folder files;
	struct err e = { 0 };

	(void)state;
	assert_true(folder_list(folder(), 1000, &files, &e));
	for (size_t i = 0; i < files.n; i++) {
		struct sample s;

		if (strstr(files.names[i], ".json") == NULL)
			continue;
		if (open_sample(files.names[i], &s)) {
			ask_around(&s, &around);
			ask_harmed(&s, step + n++ % 13, &harmed);
		}
		arena_free(s.arena);
	}
	folder_free(&files);
	print_message("%zu asked, %zu taken, %zu sound; harmed: %zu, %zu, %zu\n", around.asked,
		around.taken, around.sound, harmed.asked, harmed.taken, harmed.sound);
	/* most of what the library takes is plain */
	assert_true(around.sound * 3 > around.taken * 2);
	assert_true(harmed.asked > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_sound__the_library_takes_it_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
