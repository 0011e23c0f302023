/*
 * A ClientHello that was seen, as an offer: said again it is the same to whoever reads it, and any part of what parts
 * it from a known stack's leaves a hello.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

#include "client/profile.h"
#include "survey/change.h"

#include <stdlib.h>

static void write_hello(const struct offer *o, struct strbuf *out)
{
	static const uint8_t filler[65536];
	struct offer_parts p = { .n_shares = o->n_shares };

	p.session_id_len = o->session_id == OFFER_ID_RANDOM ? sizeof p.session_id : 0;
	for (size_t i = 0; i < o->n_shares; i++) {
		p.share_group[i] = o->shares[i];
		p.share[i] = bytes_of(filler, o->share_length[i]);
	}
	offer_write(o, &p, out);
}

/* Written, read, and written again. */
static void say_twice(const struct offer *o)
{
	struct offer *again = calloc(1, sizeof *again);
	struct strbuf one = { 0 }, other = { 0 };

	write_hello(o, &one);
	must(again != NULL && offer_of_hello(bytes_of((const uint8_t *)one.text, one.len), again));
	write_hello(again, &other);
	must(one.len == other.len && memcmp(one.text, other.text, one.len) == 0);
	strbuf_free(&one);
	strbuf_free(&other);
	free(again);
}

/* All of what parts the two, and every other of it. */
static void change(const struct offer *from, const struct offer *to)
{
	struct changes *all = calloc(1, sizeof *all), *half = calloc(1, sizeof *half);
	struct offer *made = calloc(1, sizeof *made);

	must(all != NULL && half != NULL && made != NULL);
	changes_between(from, to, all);
	for (size_t i = 0; i < all->n; i += 2)
		half->at[half->n++] = all->at[i];
	changes_apply(from, to, all, made);
	must(made->suites.n <= OFFER_LIST_MAX && made->n_bodies <= OFFER_BODIES_MAX);
	changes_apply(from, to, half, made);
	must(made->n_versions <= OFFER_VERSIONS_MAX && made->n_shares <= OFFER_SHARES_MAX);
	free(all);
	free(half);
	free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct offer *seen = calloc(1, sizeof *seen), *known = calloc(1, sizeof *known);
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	must(seen != NULL && known != NULL);
	if (size > 1 && offer_of_hello(bytes_of(data + 1, size - 1), seen)) {
		say_twice(seen);
		must(hello_profile_offer(&profiles[data[0] % n], known));
		change(seen, known);
		change(known, seen);
	}
	free(seen);
	free(known);
	return 0;
}
