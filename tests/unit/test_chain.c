/* src/pki: finding the path and telling its faults. */
#include "support/unit.h"

#include "pki/kin.h"
#include "support/certs.h"

#include <stdlib.h>
#include <unistd.h>

enum { SENT_MAX = 16 };

static struct cert_store *store;
static struct link_memory *links;

static int open_all(void **state)
{
	(void)state;
	store = cert_store_open(1 << 20);
	links = link_memory_open();
	return store == NULL || links == NULL;
}

static int close_all(void **state)
{
	(void)state;
	link_memory_close(links);
	cert_store_close(store);
	return 0;
}

struct scene {
	const char *sent[SENT_MAX]; /* file names, leaf first */
	const char *ca[4];          /* one CA file is made of these; none: no CA file */
	int64_t at;                 /* 0: FIXTURE_TIME */
	bool unverified;
	unsigned key_usage;
	enum purpose purpose;
	const char *name;
};

/* Puts the CA files together into one, as users do. */
static struct trust *open_ca(const char *const names[])
{
	char path[] = "/tmp/tlsdiag-test-XXXXXX", part[128];
	struct err e = { ERR_NONE, 0, "" };
	int fd = mkstemp(path);
	FILE *out = fd >= 0 ? fdopen(fd, "wb") : NULL;
	struct trust *t;

	assert_non_null(out);
	for (size_t i = 0; i < 4 && names[i] != NULL; i++) {
		FILE *in;
		int c;

		fixture_path(names[i], part);
		in = fopen(part, "rb");
		assert_non_null(in);
		while ((c = fgetc(in)) != EOF)
			(void)fputc(c, out);
		(void)fclose(in);
	}
	(void)fclose(out);
	t = trust_open(path, &e);
	(void)remove(path);
	assert_non_null(t);
	return t;
}

/* The certificates of a judgement live as long as the store and *trust. */
static struct chain_judgement judge(const struct scene *scene, struct trust **trust)
{
	const struct cert *sent[SENT_MAX];
	struct chain_question q = {
		.sent = sent,
		.n_sent = fixture_certs(store, scene->sent, sent, SENT_MAX),
		.at = scene->at != 0 ? scene->at : FIXTURE_TIME,
		.verify_signatures = !scene->unverified,
		.key_usage = scene->key_usage,
		.purpose = scene->purpose,
		.name = scene->name,
	};
	struct chain_judgement j;

	*trust = scene->ca[0] != NULL ? open_ca(scene->ca) : NULL;
	q.trust = *trust;
	chain_judge(&q, links, &j);
	return j;
}

/* ---- where a path leads ---- */

struct way {
	struct scene scene;
	enum path_end end;
	size_t n_steps;
	int sent_index[6];
};

static void expect_ways(const struct way *ways, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&ways[i].scene, &trust);

		assert_true(j.judged);
		assert_int_equal(j.end, ways[i].end);
		assert_int_equal(j.n_steps, ways[i].n_steps);
		for (size_t k = 0; k < j.n_steps; k++)
			assert_int_equal(j.step[k].sent_index, ways[i].sent_index[k]);
		trust_close(trust);
	}
}

static void test_path__leads_from_the_leaf_to_the_anchor(void **state)
{
	static const struct way ways[] = {
		{ { .sent = { "leaf", "sub" }, .ca = { "root" } }, PATH_TRUSTED, 3, { 0, 1, -1 } },
		{ { .sent = { "leaf", "sub", "root" }, .ca = { "root" } }, PATH_TRUSTED, 3,
			{ 0, 1, 2 } },
		{ { .sent = { "leaf-line", "line", "sub" }, .ca = { "root" } }, PATH_TRUSTED, 4,
			{ 0, 1, 2, -1 } },
		{ { .sent = { "leaf-line", "sub", "line" }, .ca = { "root" } }, PATH_TRUSTED, 4,
			{ 0, 2, 1, -1 } },
		{ { .sent = { "leaf-signer", "signer" }, .ca = { "other" } }, PATH_TRUSTED, 3,
			{ 0, 1, -1 } },
		/* the CA file may hold an intermediate, or the leaf */
		{ { .sent = { "leaf" }, .ca = { "sub" } }, PATH_TRUSTED, 2, { 0, -1 } },
		{ { .sent = { "leaf", "sub" }, .ca = { "sub" } }, PATH_TRUSTED, 2, { 0, 1 } },
		{ { .sent = { "leaf" }, .ca = { "leaf" } }, PATH_TRUSTED, 1, { 0 } },
		{ { .sent = { "self" }, .ca = { "self" } }, PATH_TRUSTED, 1, { 0 } },
		/* the missing intermediate may be in the CA file */
		{ { .sent = { "leaf" }, .ca = { "root", "sub" } }, PATH_TRUSTED, 2, { 0, -1 } },
		/* a trusted key and name ends the path, whoever else signed it */
		{ { .sent = { "leaf-root", "cross", "old" }, .ca = { "root" } }, PATH_TRUSTED, 2,
			{ 0, -1 } },
		{ { .sent = { "leaf-root", "cross" }, .ca = { "old" } }, PATH_TRUSTED, 3,
			{ 0, 1, -1 } },
		{ { .sent = { "leaf-v1" }, .ca = { "v1" } }, PATH_TRUSTED, 2, { 0, -1 } },
		{ { .sent = { "mbedtls/enco-cert-utf8str.pem" },
			  .ca = { "mbedtls/enco-ca-prstr.pem" } },
			PATH_TRUSTED, 2, { 0, -1 } },
		{ { .sent = { "mbedtls/server7_int-ca.crt" }, .ca = { "mbedtls/test-ca2.crt" } },
			PATH_TRUSTED, 3, { 0, 1, -1 } },
		{ { .sent = { "mbedtls/server10_int3_int-ca2.crt" },
			  .ca = { "mbedtls/test-ca.crt" } },
			PATH_TRUSTED, 4, { 0, 1, 2, -1 } },
	};

	(void)state;
	expect_ways(ways, sizeof ways / sizeof ways[0]);
}

static void test_path__ends_where_nothing_leads_on(void **state)
{
	static const struct way ways[] = {
		{ { .sent = { "leaf", "sub", "root" }, .ca = { "other" } }, PATH_SELF_SIGNED, 3,
			{ 0, 1, 2 } },
		{ { .sent = { "self" }, .ca = { "other" } }, PATH_SELF_SIGNED, 1, { 0 } },
		{ { .sent = { "leaf", "sub" }, .ca = { "other" } }, PATH_ISSUER_MISSING, 2,
			{ 0, 1 } },
		{ { .sent = { "leaf" }, .ca = { "root" } }, PATH_ISSUER_MISSING, 1, { 0 } },
		{ { .sent = { "leaf", "sub", "root" }, .ca = { NULL } }, PATH_NO_ANCHOR, 3,
			{ 0, 1, 2 } },
		{ { .sent = { "leaf" }, .ca = { NULL } }, PATH_NO_ANCHOR, 1, { 0 } },
		{ { .sent = { "leaf-loop", "loop-a", "loop-b" }, .ca = { "root" } }, PATH_LOOP, 3,
			{ 0, 1, 2 } },
		{ { .sent = { NULL }, .ca = { "root" } }, PATH_EMPTY, 0, { 0 } },
	};

	(void)state;
	expect_ways(ways, sizeof ways / sizeof ways[0]);
}

static void test_path__is_the_same_without_arithmetic(void **state)
{
	static const struct way ways[] = {
		{ { .sent = { "leaf-line", "sub", "line" }, .ca = { "root" }, .unverified = true },
			PATH_TRUSTED, 4, { 0, 2, 1, -1 } },
		{ { .sent = { "leaf", "sub", "root" }, .ca = { "root-again" }, .unverified = true },
			PATH_SELF_SIGNED, 3, { 0, 1, 2 } },
		{ { .sent = { "leaf-root", "cross", "old" }, .ca = { "root" }, .unverified = true },
			PATH_TRUSTED, 2, { 0, -1 } },
		{ { .sent = { "leaf-rsa-no-aki" }, .ca = { "rsa-again" }, .unverified = true },
			PATH_ISSUER_MISSING, 1, { 0 } },
	};

	(void)state;
	expect_ways(ways, sizeof ways / sizeof ways[0]);
}

static void test_path__the_best_of_several_is_taken(void **state)
{
	static const struct way ways[] = {
		/* of two issuers of one name, the one that signed; the one in date */
		{ { .sent = { "leaf-root" }, .ca = { "root-again", "root" } }, PATH_TRUSTED, 2,
			{ 0, -1 } },
		{ { .sent = { "leaf-no-aki" }, .ca = { "root-again", "root" } }, PATH_TRUSTED, 2,
			{ 0, -1 } },
		{ { .sent = { "leaf", "sub-expired", "sub" }, .ca = { "root" } }, PATH_TRUSTED, 3,
			{ 0, 2, -1 } },
		{ { .sent = { "leaf", "sub-not-ca", "sub" }, .ca = { "root" } }, PATH_TRUSTED, 3,
			{ 0, 2, -1 } },
	};

	(void)state;
	expect_ways(ways, sizeof ways / sizeof ways[0]);
}

static void test_path__a_heap_of_equal_names_is_searched_within_bounds(void **state)
{
	static const struct scene scene = { .sent = { "leaf-loop", "loop-a", "loop-b", "loop-a",
						    "loop-b", "loop-a", "loop-b", "loop-a",
						    "loop-b", "loop-a", "loop-b" },
		.ca = { "root" } };
	struct trust *trust;
	struct chain_judgement j = judge(&scene, &trust);

	(void)state;
	assert_int_equal(j.end, PATH_LOOP);
	trust_close(trust);
}

/* ---- faults ---- */

static void test_chain__a_healthy_one_has_no_fault(void **state)
{
	static const struct scene scene = { .sent = { "leaf", "sub" },
		.ca = { "root" },
		.key_usage = KU_DIGITAL_SIGNATURE,
		.name = "device.example" };
	struct trust *trust;
	struct chain_judgement j = judge(&scene, &trust);

	(void)state;
	for (size_t i = 0; i < j.n_steps; i++) {
		const struct path_step *s = &j.step[i];

		assert_false(s->expired || s->not_yet || s->ca_missing || s->path_too_long);
		assert_false(s->weak_key || s->very_weak_key || s->weak_signature);
		assert_int_equal(s->signature, i < 2 ? LINK_VALID : LINK_UNCHECKED);
		assert_int_equal(s->trusted, i == 2);
	}
	assert_true(j.has_trust);
	assert_false(j.out_of_order || j.intermediate_missing || j.issuer_name_in_trust);
	assert_false(j.signature_bad || j.usage_forbids || j.ext_usage_forbids);
	assert_int_equal(j.n_unrelated, 0);
	assert_null(j.same_key_elsewhere);
	assert_null(j.expired_root);
	assert_int_equal(j.name, NAME_MATCHES);
	trust_close(trust);
}

static void test_chain__order_and_strangers(void **state)
{
	static const struct {
		struct scene scene;
		bool out_of_order;
		size_t n_unrelated;
	} rows[] = {
		{ { .sent = { "leaf-line", "line", "sub", "root" }, .ca = { "root" } }, false, 0 },
		{ { .sent = { "leaf-line", "sub", "line" }, .ca = { "root" } }, true, 0 },
		{ { .sent = { "sub", "leaf" }, .ca = { "root" } }, true, 1 },
		{ { .sent = { "leaf", "sub", "other" }, .ca = { "root" } }, false, 1 },
		{ { .sent = { "leaf", "other", "sub" }, .ca = { "root" } }, false, 1 },
		{ { .sent = { "leaf", "leaf", "sub" }, .ca = { "root" } }, false, 0 },
		{ { .sent = { "leaf", "sub", "root" }, .ca = { "sub" } }, false, 0 },
		{ { .sent = { "leaf-root", "cross", "old" }, .ca = { "root" } }, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.out_of_order, rows[i].out_of_order);
		assert_int_equal(j.n_unrelated, rows[i].n_unrelated);
		trust_close(trust);
	}
}

static void test_chain__dates_are_those_of_the_time_asked_for(void **state)
{
	static const struct {
		struct scene scene;
		bool expired, not_yet;
	} rows[] = {
		{ { .sent = { "leaf-expired", "sub" }, .ca = { "root" } }, true, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "root" }, .at = 2524521600 }, false, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "root" }, .at = 2524521601 }, true, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "root" }, .at = 1704067200 }, false, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "root" }, .at = 1704067199 }, false, true },
		{ { .sent = { "leaf", "sub" }, .ca = { "root" }, .at = 86400 }, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.step[0].expired, rows[i].expired);
		assert_int_equal(j.step[0].not_yet, rows[i].not_yet);
		assert_int_equal(j.end, PATH_TRUSTED);
		trust_close(trust);
	}
}

/* Each row: which fault the second step has. */
static void test_chain__an_issuer_must_be_a_ca(void **state)
{
	static const struct {
		struct scene scene;
		bool ca_missing;
	} rows[] = {
		{ { .sent = { "leaf", "sub" }, .ca = { "root" } }, false },
		{ { .sent = { "leaf", "sub-not-ca" }, .ca = { "root" } }, true },
		{ { .sent = { "leaf", "sub-no-cert-sign" }, .ca = { "root" } }, true },
		{ { .sent = { "leaf-v1" }, .ca = { "v1" } }, false }, /* v1: only as an anchor */
		{ { .sent = { "leaf-v1", "v1" }, .ca = { "root" } },
			false }, /* somebody's anchor */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.step[1].ca_missing, rows[i].ca_missing);
		assert_false(j.step[0].ca_missing);
		trust_close(trust);
	}
}

static void test_chain__the_path_length_counts_intermediates(void **state)
{
	static const struct {
		struct scene scene;
		bool too_long;
	} rows[] = {
		{ { .sent = { "leaf-root" }, .ca = { "root-pathlen0" } }, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "root-pathlen0" } }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.end, PATH_TRUSTED);
		assert_int_equal(j.step[j.n_steps - 1].path_too_long, rows[i].too_long);
		trust_close(trust);
	}
}

static void test_chain__a_damaged_signature_is_not_another_ca(void **state)
{
	static const struct {
		struct scene scene;
		bool signature_bad, other_key;
	} rows[] = {
		{ { .sent = { "leaf-bad", "sub" }, .ca = { "root" } }, true, false },
		{ { .sent = { "leaf-bad" }, .ca = { "sub" } }, true, false },
		/* a CA made anew under the old name */
		{ { .sent = { "leaf-root" }, .ca = { "root-again" } }, false, true },
		{ { .sent = { "leaf", "sub" }, .ca = { "root-again" } }, false, true },
		{ { .sent = { "leaf", "sub", "root" }, .ca = { "root-again" } }, false, true },
		{ { .sent = { "leaf-no-aki" }, .ca = { "root-again" } }, false, true },
		{ { .sent = { "leaf-rsa-no-aki" }, .ca = { "rsa-again" } }, false, true },
		{ { .sent = { "leaf", "sub" }, .ca = { "other" } }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.signature_bad, rows[i].signature_bad);
		assert_int_equal(j.issuer_name_in_trust, rows[i].other_key);
		assert_false(j.intermediate_missing);
		trust_close(trust);
	}
}

static void test_chain__what_is_missing_is_an_intermediate_or_a_root(void **state)
{
	static const struct {
		struct scene scene;
		bool intermediate;
	} rows[] = {
		{ { .sent = { "leaf" }, .ca = { "root" } }, true }, /* Plant Sub CA, Plant Root */
		{ { .sent = { "leaf" }, .ca = { "other" } }, false },
		/* of one family, but called a root: Plant Root, Plant Sub CA */
		{ { .sent = { "leaf-root" }, .ca = { "sub" } }, false },
		{ { .sent = { "leaf", "sub" }, .ca = { "other" } },
			false }, /* all but the root was sent */
		{ { .sent = { "leaf-signer" }, .ca = { "other" } }, false },
		{ { .sent = { "leaf-fetch" }, .ca = { "other" } }, true }, /* caIssuers */
		{ { .sent = { "leaf-issued" }, .ca = { "other" } },
			true }, /* authorityCertIssuer */
		{ { .sent = { "leaf-issued" }, .ca = { "root" } }, false },
		{ { .sent = { "leaf" }, .ca = { NULL } }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.intermediate_missing, rows[i].intermediate);
		trust_close(trust);
	}
}

static void test_chain__a_cross_sign_and_an_expired_root_are_told(void **state)
{
	static const struct scene expired = { .sent = { "leaf-root", "cross" }, .ca = { "old" } };
	static const struct scene renewed = { .sent = { "leaf-root", "cross" },
		.ca = { "old", "root" } };
	struct trust *trust;
	struct chain_judgement j = judge(&expired, &trust);

	(void)state;
	assert_int_equal(j.end, PATH_TRUSTED);
	assert_non_null(j.expired_root);
	assert_string_equal(j.expired_root->subject, "CN=Old Root");
	trust_close(trust);

	j = judge(&renewed, &trust);
	assert_int_equal(j.end, PATH_TRUSTED);
	assert_null(j.expired_root);
	assert_non_null(j.same_key_elsewhere);
	assert_string_equal(j.same_key_elsewhere->issuer, "CN=Old Root");
	trust_close(trust);
}

static void test_chain__the_leaf_must_be_for_its_use(void **state)
{
	static const struct {
		struct scene scene;
		bool usage, ext_usage;
	} rows[] = {
		{ { .sent = { "leaf" }, .key_usage = KU_DIGITAL_SIGNATURE }, false, false },
		{ { .sent = { "leaf" }, .key_usage = KU_KEY_ENCIPHERMENT }, true, false },
		{ { .sent = { "leaf-encipher" }, .key_usage = KU_DIGITAL_SIGNATURE }, true, false },
		{ { .sent = { "leaf-encipher" }, .key_usage = 0 }, false, false },
		{ { .sent = { "self" }, .key_usage = KU_KEY_AGREEMENT }, false, false },
		{ { .sent = { "leaf-client" } }, false, true },
		{ { .sent = { "leaf-client" }, .purpose = PURPOSE_CLIENT }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.usage_forbids, rows[i].usage);
		assert_int_equal(j.ext_usage_forbids, rows[i].ext_usage);
		assert_int_equal(j.usage_needed, rows[i].scene.key_usage);
		trust_close(trust);
	}
}

static void test_chain__strength_of_keys_and_hashes(void **state)
{
	static const struct {
		struct scene scene;
		size_t step;
		bool weak, very_weak, weak_signature;
	} rows[] = {
		{ { .sent = { "leaf-sha1" }, .ca = { "rsa" } }, 0, false, false, true },
		{ { .sent = { "leaf-pss" }, .ca = { "rsa" } }, 0, false, false, false },
		{ { .sent = { "leaf-rsa768" }, .ca = { "root" } }, 0, true, true, false },
		/* a root's own signature does not matter, its key does */
		{ { .sent = { "rsa-again" }, .ca = { NULL } }, 0, true, false, false },
		{ { .sent = { "mbedtls/server5-sha1.crt" }, .ca = { "mbedtls/test-ca2.crt" } }, 0,
			false, false, true },
		{ { .sent = { "mbedtls/server5.crt" }, .ca = { "mbedtls/test-ca2.crt" } }, 1, false,
			false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);
		const struct path_step *s = &j.step[rows[i].step];

		assert_int_equal(s->weak_key, rows[i].weak);
		assert_int_equal(s->very_weak_key, rows[i].very_weak);
		assert_int_equal(s->weak_signature, rows[i].weak_signature);
		trust_close(trust);
	}
}

static void test_chain__signatures_of_every_kind_are_verified(void **state)
{
	static const struct {
		struct scene scene;
		enum link_state link;
	} rows[] = {
		{ { .sent = { "leaf" }, .ca = { "sub" } }, LINK_VALID },
		{ { .sent = { "leaf-sha1" }, .ca = { "rsa" } }, LINK_VALID },
		{ { .sent = { "leaf-pss" }, .ca = { "rsa" } },
			LINK_VALID }, /* a salt of 222 bytes */
		{ { .sent = { "leaf-bad" }, .ca = { "sub" } }, LINK_BAD },
		{ { .sent = { "leaf-cut.der" }, .ca = { "sub" } }, LINK_UNVERIFIABLE },
		{ { .sent = { "ed25519" }, .ca = { "root" } }, LINK_UNVERIFIABLE },
		{ { .sent = { "leaf" }, .ca = { "sub" }, .unverified = true }, LINK_UNCHECKED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust *trust;
		struct chain_judgement j = judge(&rows[i].scene, &trust);

		assert_int_equal(j.step[0].signature, rows[i].link);
		assert_int_equal(j.step[0].why != NULL,
			rows[i].link == LINK_BAD || rows[i].link == LINK_UNVERIFIABLE);
		trust_close(trust);
	}
}

static void test_chain__a_link_that_is_known_is_not_verified_again(void **state)
{
	const struct cert *leaf = fixture_cert(store, "leaf-bad"),
			  *sub = fixture_cert(store, "sub");
	const struct scene scene = { .sent = { "leaf-bad" }, .ca = { "sub" } };
	struct link_memory *before = links;
	struct chain_judgement j;
	struct trust *trust;

	(void)state;
	links = link_memory_open();
	link_memory_know(links, sub->sha256, leaf->sha256); /* the other way round says nothing */
	j = judge(&scene, &trust);
	assert_int_equal(j.step[0].signature, LINK_BAD);
	trust_close(trust);
	link_memory_close(links);
	links = link_memory_open();
	link_memory_know(links, leaf->sha256, sub->sha256);
	j = judge(&scene, &trust);
	assert_int_equal(j.step[0].signature, LINK_VALID);
	trust_close(trust);
	link_memory_close(links);
	links = before;
	cert_release(store, leaf);
	cert_release(store, sub);
}

static void test_kin__names_of_one_family(void **state)
{
	static const struct {
		const char *a, *b;
		bool related;
	} rows[] = {
		{ "CN=Plant Sub CA", "CN=Plant Root", true },
		{ "CN=PLANT-2", "CN=Plant Root", true },
		{ "CN=R3,O=Trust Org", "CN=Root X1,O=Trust Org", true },
		{ "CN=R3,O=Trust Org", "CN=Root X1,O=Other", false },
		{ "CN=a,DC=plant", "CN=b,DC=plant", true },
		{ "CN=Sub CA", "CN=Sub Root", false },
		{ "CN=Device CA", "CN=Device Root", false },
		{ "CN=A1 CA", "CN=A1 Root", false }, /* too short to mean anything */
		{ "CN=x\\,O=Plant,O=One", "CN=y\\,O=Plant,O=Two", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(kin_related(rows[i].a, rows[i].b), rows[i].related);
}

static void test_kin__roles_where_no_name_says_whose(void **state)
{
	static const struct {
		const char *issuer, *ca;
		bool kin;
	} rows[] = {
		{ "CN=Test Intermediate CA", "CN=Test Root CA", true },
		{ "CN=Intermediate", "CN=Root", true },
		{ "CN=Issuing CA 2", "CN=My Root CA", true },
		{ "CN=SubCA", "CN=Test Root", true },
		{ "CN=Test CA", "CN=Test Root CA", false },
		{ "CN=Test Intermediate CA", "CN=Test CA", true },
		{ "CN=Test Intermediate CA", "CN=Test Sub CA", false },
		{ "CN=Plant Sub CA", "CN=Test Root CA", false },
		{ "CN=Test Sub CA", "CN=Other Plant Root", true },
		{ "CN=Test Sub CA", "CN=Plant Root", false },
		{ "CN=Test Intermediate CA,O=Plant", "CN=Test Root CA", false },
		{ "CN=Submarine CA", "CN=Root", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (kin_by_role(rows[i].issuer, rows[i].ca) != rows[i].kin)
			fail_msg("%s, %s", rows[i].issuer, rows[i].ca);
}

static void test_kin__a_root_says_so(void **state)
{
	static const struct {
		const char *name;
		bool root;
	} rows[] = {
		{ "CN=Plant Root,O=Plant", true },
		{ "O=Plant,CN=Plant RootCA 2", true },
		{ "CN=root", true },
		{ "CN=Plant Sub CA,O=Root Certificates", false },
		{ "CN=Plant Root Issuing CA", false },
		{ "CN=Beetroot CA", false },
		{ "O=Root", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(kin_is_called_root(rows[i].name), rows[i].root);
}

/* ---- many certificates of one name ---- */

enum { CROWD = 140, CROWD_DER = 2048 };

/* CAs of the name of `sub` with other keys: a byte of the point differs. They keep its key
 * identifier, unless they are to have another. */
struct crowd {
	uint8_t der[CROWD][CROWD_DER];
	struct cert cert[CROWD];
	const struct cert *sent[CROWD + 2]; /* a leaf in front; room for one behind */
	size_t n;
};

static struct crowd *crowd_make(const struct cert *front, const struct cert *sub, bool other_id)
{
	struct crowd *c = calloc(1, sizeof *c);
	size_t key = (size_t)(sub->key_point.data - sub->der.data) + sub->key_point.len - 2;
	size_t id = (size_t)(sub->subject_key_id.data - sub->der.data);

	assert_true(sub->der.len <= CROWD_DER && sub->subject_key_id.len > 1);
	c->sent[c->n++] = front;
	for (size_t i = 0; i < CROWD; i++) {
		memcpy(c->der[i], sub->der.data, sub->der.len);
		c->der[i][key] ^= (uint8_t)(i + 1);
		c->der[i][id] ^= other_id ? (uint8_t)(i + 1) : 0;
		cert_parse(bytes_of(c->der[i], sub->der.len), &c->cert[i]);
		c->sent[c->n++] = &c->cert[i];
	}
	return c;
}

static struct chain_judgement judge_crowd(
	const struct crowd *c, size_t n, struct link_memory *memory, bool all)
{
	struct chain_question q = { .sent = c->sent,
		.n_sent = n,
		.at = FIXTURE_TIME,
		.verify_signatures = true,
		.all_links = all };
	struct chain_judgement j;

	chain_judge(&q, memory, &j);
	return j;
}

static void test_chain__a_crowd_of_issuers_is_not_tried_to_the_end(void **state)
{
	const struct cert *leaf = fixture_cert(store, "leaf-no-aki"),
			  *sub = fixture_cert(store, "root");
	struct crowd *c = crowd_make(leaf, sub, false);
	struct link_memory *memory = link_memory_open();
	struct chain_judgement j = judge_crowd(c, c->n, memory, false);

	(void)state;
	assert_int_equal(j.end, PATH_UNKNOWN);
	assert_int_equal(j.n_steps, 1);
	assert_int_equal(j.step[0].signature, LINK_UNVERIFIABLE);
	assert_ptr_equal(j.step[0].why, chain_untried);
	assert_false(j.signature_bad || j.intermediate_missing || j.out_of_order);
	assert_int_equal(link_memory_totals(memory).verified, LINKS_TRIED);
	(void)judge_crowd(c, c->n, memory, false);
	assert_int_equal(link_memory_totals(memory).verified, LINKS_TRIED); /* each once in a run */
	(void)judge_crowd(c, c->n, memory, true);
	assert_int_equal(link_memory_totals(memory).verified, LINKS_TRIED_ALL);
	link_memory_close(memory);
	cert_release(store, leaf);
	cert_release(store, sub);
	free(c);
}

static void test_chain__few_enough_of_one_name_are_all_tried(void **state)
{
	const struct cert *leaf = fixture_cert(store, "leaf-no-aki"),
			  *sub = fixture_cert(store, "root");
	struct crowd *c = crowd_make(leaf, sub, false);
	struct link_memory *memory = link_memory_open();
	struct chain_judgement j;

	(void)state;
	c->sent[LINKS_TRIED / 2] = sub; /* behind others */
	j = judge_crowd(c, LINKS_TRIED / 2 + 1, memory, false);
	assert_int_equal(j.n_steps, 2);
	assert_int_equal(j.step[0].signature, LINK_VALID);
	assert_int_equal(j.step[1].sent_index, LINKS_TRIED / 2);
	link_memory_close(memory);
	cert_release(store, leaf);
	cert_release(store, sub);
	free(c);
}

static void test_chain__the_key_identifier_finds_the_issuer_behind_a_crowd(void **state)
{
	const struct cert *leaf = fixture_cert(store, "leaf"), *sub = fixture_cert(store, "sub");
	struct crowd *c = crowd_make(leaf, sub, true);
	struct link_memory *memory = link_memory_open();
	struct chain_judgement j;

	(void)state;
	c->sent[c->n++] = sub;
	j = judge_crowd(c, c->n, memory, false);
	assert_int_equal(j.step[0].signature, LINK_VALID);
	assert_int_equal(j.step[1].sent_index, CROWD + 1);
	assert_int_equal(link_memory_totals(memory).verified, 1); /* beside a proved key none */
	link_memory_close(memory);
	cert_release(store, leaf);
	cert_release(store, sub);
	free(c);
}

static void test_chain__one_key_in_many_certificates_is_one_link(void **state)
{
	const struct cert *leaf = fixture_cert(store, "leaf-no-aki"),
			  *sub = fixture_cert(store, "root");
	struct crowd *c = crowd_make(leaf, sub, false);
	struct link_memory *memory = link_memory_open();

	(void)state;
	for (size_t i = 0; i < CROWD; i++) { /* the key of the first, and another last byte */
		memcpy(c->der[i], c->der[0], sub->der.len);
		c->der[i][sub->der.len - 1] ^= (uint8_t)(i + 1);
		cert_parse(bytes_of(c->der[i], sub->der.len), &c->cert[i]);
	}
	(void)judge_crowd(c, 1 + 8, memory, false);
	assert_int_equal(
		link_memory_totals(memory).verified, 1 + 8); /* each one's own, beside it */
	link_memory_close(memory);
	cert_release(store, leaf);
	cert_release(store, sub);
	free(c);
}

/* What the profiles of today accept, at their bounds. */
static void test_chain__short_keys_and_old_hashes_are_weak(void **state)
{
	static const struct {
		enum key_kind key;
		unsigned bits;
		enum hash hash;
		const char *name;
		bool weak, very, hashed;
	} rows[] = {
		{ KEY_RSA, 2048, HASH_SHA256, "", false, false, false },
		{ KEY_RSA, 2047, HASH_SHA256, "", true, false, false },
		{ KEY_RSA, 1024, HASH_SHA256, "", true, false, false },
		{ KEY_RSA, 1023, HASH_SHA256, "", true, true, false },
		{ KEY_RSA_PSS, 2047, HASH_SHA256, "", true, false, false },
		{ KEY_DSA, 1023, HASH_SHA256, "", true, true, false },
		{ KEY_DH, 2047, HASH_SHA256, "", true, false, false },
		{ KEY_EC, 256, HASH_SHA256, "", false, false, false },
		{ KEY_EC, 255, HASH_SHA256, "", true, false, false },
		{ KEY_EC, 160, HASH_SHA256, "", true, false, false },
		{ KEY_EC, 159, HASH_SHA256, "", true, true, false },
		{ KEY_EC, 1, HASH_SHA256, "", true, true, false },
		{ KEY_EC, 0, HASH_SHA256, "", false, false, false }, /* nobody knows */
		{ KEY_ED25519, 256, HASH_INTRINSIC, "", false, false, false },
		{ KEY_UNKNOWN, 8, HASH_NONE, "", false, false, false },
		{ KEY_RSA, 2048, HASH_SHA1, "", false, false, true },
		{ KEY_RSA, 2048, HASH_MD5, "", false, false, true },
		{ KEY_RSA, 2048, HASH_SHA224, "", false, false, false },
		{ KEY_RSA, 2048, HASH_NONE, "md2WithRSAEncryption", false, false, true },
		{ KEY_RSA, 2048, HASH_NONE, "md4WithRSAEncryption", false, false, true },
		{ KEY_RSA, 2048, HASH_NONE, "md6", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cert c = { .key = rows[i].key,
			.key_bits = rows[i].bits,
			.method = { SIG_OTHER, rows[i].hash },
			.spki = bytes_of("x", 1),
			.path_length = -1 };
		const struct cert *sent[] = { &c };
		struct chain_question q = { .sent = sent, .n_sent = 1, .at = FIXTURE_TIME };
		struct chain_judgement j;

		(void)snprintf(c.signature_name, sizeof c.signature_name, "%s", rows[i].name);
		chain_judge(&q, links, &j);
		assert_int_equal(j.n_steps, 1);
		if (j.step[0].weak_key != rows[i].weak || j.step[0].very_weak_key != rows[i].very ||
			j.step[0].weak_signature != rows[i].hashed)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain__short_keys_and_old_hashes_are_weak),
		cmocka_unit_test(test_path__leads_from_the_leaf_to_the_anchor),
		cmocka_unit_test(test_path__ends_where_nothing_leads_on),
		cmocka_unit_test(test_path__is_the_same_without_arithmetic),
		cmocka_unit_test(test_path__the_best_of_several_is_taken),
		cmocka_unit_test(test_path__a_heap_of_equal_names_is_searched_within_bounds),
		cmocka_unit_test(test_chain__a_healthy_one_has_no_fault),
		cmocka_unit_test(test_chain__order_and_strangers),
		cmocka_unit_test(test_chain__dates_are_those_of_the_time_asked_for),
		cmocka_unit_test(test_chain__an_issuer_must_be_a_ca),
		cmocka_unit_test(test_chain__the_path_length_counts_intermediates),
		cmocka_unit_test(test_chain__a_damaged_signature_is_not_another_ca),
		cmocka_unit_test(test_chain__what_is_missing_is_an_intermediate_or_a_root),
		cmocka_unit_test(test_chain__a_cross_sign_and_an_expired_root_are_told),
		cmocka_unit_test(test_chain__the_leaf_must_be_for_its_use),
		cmocka_unit_test(test_chain__strength_of_keys_and_hashes),
		cmocka_unit_test(test_chain__signatures_of_every_kind_are_verified),
		cmocka_unit_test(test_chain__a_link_that_is_known_is_not_verified_again),
		cmocka_unit_test(test_chain__a_crowd_of_issuers_is_not_tried_to_the_end),
		cmocka_unit_test(test_chain__few_enough_of_one_name_are_all_tried),
		cmocka_unit_test(test_chain__the_key_identifier_finds_the_issuer_behind_a_crowd),
		cmocka_unit_test(test_chain__one_key_in_many_certificates_is_one_link),
		cmocka_unit_test(test_kin__names_of_one_family),
		cmocka_unit_test(test_kin__roles_where_no_name_says_whose),
		cmocka_unit_test(test_kin__a_root_says_so),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
