/* What parts two hellos: all of it together makes the one of the other, and nothing leaves it as it is. */
#include "support/unit.h"

#include "base/array.h"
#include "client/profile.h"
#include "crypto/exchange.h"
#include "survey/change.h"
#include "survey/small_hello.h"

#include <stdio.h>
#include <stdlib.h>

/* As bytes, with shares and a session id that are always the same; recorded: shares as long as they were. */
static void write_hello(const struct offer *o, bool recorded, struct strbuf *out)
{
	static const uint8_t filler[2048];
	struct offer_parts p = { .n_shares = o->n_shares };

	if (o->session_id == OFFER_ID_RANDOM ||
		(o->session_id == OFFER_ID_BY_VERSION && offer_has_version(o, 0x0304)))
		p.session_id_len = sizeof p.session_id;
	for (size_t i = 0; i < o->n_shares; i++) {
		p.share_group[i] = o->shares[i];
		p.share[i] = bytes_of(filler,
			recorded || !exchange_knows(o->shares[i]) ? o->share_length[i] : 32);
	}
	offer_write(o, &p, out);
}

static void written(const struct offer *o, struct strbuf *out)
{
	write_hello(o, false, out);
}

static void assert_same_hello(const struct offer *a, const struct offer *b, const char *what)
{
	struct strbuf one = { 0 }, other = { 0 };

	written(a, &one);
	written(b, &other);
	if (one.len != other.len || memcmp(one.text, other.text, one.len) != 0)
		fail_msg("%s: %zu and %zu bytes", what, one.len, other.len);
	strbuf_free(&one);
	strbuf_free(&other);
}

static void test_profile__is_written_as_it_was_recorded(void **state)
{
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	(void)state;
	assert_true(n >= 16);
	for (size_t i = 0; i < n; i++) {
		struct strbuf out = { 0 };
		struct offer o;

		assert_true(hello_profile_offer(&profiles[i], &o));
		write_hello(&o, true, &out);
		if (out.len + 5 != profiles[i].records.len ||
			memcmp(out.text, profiles[i].records.data + 5, out.len) != 0)
			fail_msg("%s: %zu bytes of %zu", profiles[i].name, out.len,
				profiles[i].records.len);
		strbuf_free(&out);
	}
}

/* Hello number i: profiles, then what our client can do in some versions. */
static bool hello(size_t i, struct offer *o)
{
	static const uint16_t bounds[][2] = { { 0, 0 }, { 0x0303, 0x0304 }, { 0x0304, 0x0304 },
		{ 0x0301, 0x0303 }, { 0x0303, 0x0303 } };
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	if (i < n) {
		assert_true(hello_profile_offer(&profiles[i], o));
		offer_name(o, "device.example");
		return true;
	}
	if (i - n >= COUNT(bounds))
		return false;
	offer_all(o, bounds[i - n][0], bounds[i - n][1]);
	if (i % 2 == 0)
		offer_name(o, "device.example");
	return true;
}

static void test_changes__all_of_them_make_the_one_hello_of_the_other(void **state)
{
	struct offer from, to, made;
	struct changes *c = malloc(sizeof *c);

	(void)state;
	for (size_t i = 0; hello(i, &from); i++)
		for (size_t k = 0; hello(k, &to); k++) {
			char what[64];

			(void)snprintf(what, sizeof what, "hello %zu to %zu", i, k);
			changes_between(&from, &to, c);
			assert_true(c->n < CHANGES_MAX);
			assert_int_equal(c->n == 0, i == k);
			changes_apply(&from, &to, c, &made);
			assert_same_hello(&made, &to, what);
			c->n = 0;
			changes_apply(&from, &to, c, &made);
			assert_same_hello(&made, &from, what);
		}
	free(c);
}

static void test_changes__of_a_small_hello_make_it(void **state)
{
	struct offer from, to, made;
	struct changes *c = malloc(sizeof *c);

	(void)state;
	for (size_t i = 0; hello(i, &from); i++)
		for (size_t k = 0; k < (size_t)3 * SMALL_HELLOS; k++) {
			char what[64];

			if (!offer_has_version(&from, small_hello_version(k / 3)))
				continue;
			if (k % 3 == 2)
				small_hello_within(&from, k / 3, &to);
			else
				small_hello(&from, k / 3, k % 3 == 0, &to);
			(void)snprintf(what, sizeof what, "hello %zu, small %zu", i, k);
			changes_between(&from, &to, c);
			changes_apply(&from, &to, c, &made);
			assert_same_hello(&made, &to, what);
		}
	free(c);
}

/* Every part of the changes is a hello of its own that reads back. */
static void test_changes__halves_are_hellos(void **state)
{
	struct offer from, to, made, again;
	struct changes *c = malloc(sizeof *c), *half = malloc(sizeof *half);

	(void)state;
	for (size_t i = 0; hello(i, &from); i++)
		for (size_t k = 0; hello(k, &to); k++) {
			changes_between(&from, &to, c);
			for (size_t step = 1; step <= 2; step++) {
				struct strbuf out = { 0 };

				half->n = 0;
				for (size_t at = step - 1; at < c->n; at += 2)
					half->at[half->n++] = c->at[at];
				changes_apply(&from, &to, half, &made);
				written(&made, &out);
				if (!offer_of_hello(bytes_of(out.text, out.len), &again))
					fail_msg("hello %zu to %zu, half %zu", i, k, step);
				strbuf_free(&out);
			}
		}
	free(c);
	free(half);
}

static void test_profile__is_found_by_as_much_of_its_name_as_says_which(void **state)
{
	static const struct {
		const char *name, *found;
	} rows[] = { { "openssl-3.0", "openssl-3.0" }, { "openssl-1.1.1", "openssl-1.1.1" },
		{ "openssl-1", "openssl-1.1.1" }, { "openssl-3", "openssl-3.5" },
		{ "openssl", "openssl-3.5" }, { "mbedtls-2.28", "mbedtls-2.28" },
		{ "mbedtls-2", "mbedtls-2.28" }, { "go", "go-1.24" }, { "chrome", "chrome-156" },
		{ "open", NULL }, { "", NULL }, { "openssl-3.00", NULL }, { "openssl-", NULL },
		{ "localhost", NULL } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct hello_profile *p = hello_profile_find(rows[i].name);

		if (rows[i].found == NULL)
			assert_null(p);
		else
			assert_string_equal(p->name, rows[i].found);
	}
}

static void test_profile__stacks_are_named_once(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	hello_profile_stacks(&text);
	assert_non_null(strstr(strbuf_text(&text), "mbedtls, "));
	assert_null(strstr(strstr(strbuf_text(&text), "openssl") + 1, "openssl"));
	strbuf_free(&text);
}

static void test_offer__what_belongs_to_another_session_is_left_out(void **state)
{
	const struct hello_profile *p = hello_profile_find("openssl-3.0");
	struct offer o, again;
	struct strbuf out = { 0 };
	static const uint8_t ticket[] = { 1, 2, 3 };

	(void)state;
	assert_true(hello_profile_offer(p, &o));
	offer_drop_body(&o, EXT_SESSION_TICKET);
	o.body[o.n_bodies++] =
		(struct offer_body){ EXT_SESSION_TICKET, bytes_of(ticket, sizeof ticket) };
	offer_list_add(&o.extensions, EXT_EARLY_DATA);
	o.body[o.n_bodies++] = (struct offer_body){ EXT_EARLY_DATA, bytes_of(NULL, 0) };
	written(&o, &out);
	assert_true(offer_of_hello(bytes_of(out.text, out.len), &again));
	assert_int_equal(offer_body(&again, EXT_SESSION_TICKET)->bytes.len, 0);
	assert_false(offer_list_has(&again.extensions, EXT_EARLY_DATA));
	strbuf_free(&out);
}

/* Twice the same extension, a list too long, or bytes that are cut: to be said again only as they are. */
static void test_offer__a_hello_that_it_cannot_hold_is_refused(void **state)
{
	const struct hello_profile *p = hello_profile_find("go-1.19");
	struct bytes message = bytes_slice(p->records, 5, SIZE_MAX);
	struct strbuf out = { 0 };
	struct offer o;

	(void)state;
	for (size_t len = 0; len < message.len; len += 7)
		assert_false(offer_of_hello(bytes_slice(message, 0, len), &o));
	assert_true(offer_of_hello(message, &o));
	offer_list_add(&o.extensions, EXT_EXTENDED_MASTER_SECRET);
	offer_list_add(&o.extensions, EXT_EXTENDED_MASTER_SECRET);
	written(&o, &out);
	assert_false(offer_of_hello(bytes_of(out.text, out.len), &o));
	strbuf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile__is_written_as_it_was_recorded),
		cmocka_unit_test(test_changes__all_of_them_make_the_one_hello_of_the_other),
		cmocka_unit_test(test_changes__of_a_small_hello_make_it),
		cmocka_unit_test(test_changes__halves_are_hellos),
		cmocka_unit_test(test_profile__is_found_by_as_much_of_its_name_as_says_which),
		cmocka_unit_test(test_profile__stacks_are_named_once),
		cmocka_unit_test(test_offer__what_belongs_to_another_session_is_left_out),
		cmocka_unit_test(test_offer__a_hello_that_it_cannot_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
