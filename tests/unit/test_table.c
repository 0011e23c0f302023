/* src/base: hash tables of what strangers chose, and the index of what came last. */
#include "support/unit.h"

#include "base/recent.h"
#include "base/siphash.h"
#include "base/table.h"
#include "capture/flow_table.h"

#include <time.h>

/* As a connection's key: the ports are what a stranger can choose freely. */
struct key {
	uint8_t addr[2][16];
	uint16_t port[2];
	uint8_t family, protocol;
	uint16_t zero;
};

struct item {
	struct key key;
	UT_hash_handle hh;
};

enum { ITEMS = 1000, PREPARED_BITS = 11 };

static struct key key_with(uint32_t ports)
{
	struct key k = { .family = 4, .protocol = 6 };

	k.addr[0][0] = 10; /* the smaller endpoint stands first */
	k.addr[1][0] = 192;
	k.port[0] = (uint16_t)ports;
	k.port[1] = (uint16_t)(ports >> 16);
	return k;
}

/* uthash's own hash, which has no key. */
static unsigned jenkins(const struct key *k)
{
	unsigned hash;

	HASH_JEN(k, sizeof *k, hash);
	return hash;
}

/* Keys that fall into one bucket of a table of up to 2^PREPARED_BITS under that hash. */
static void prepare(struct item *items)
{
	size_t n = 0;

	for (uint32_t ports = 1; n < ITEMS; ports++) {
		struct key k = key_with(ports);

		if ((jenkins(&k) & ((1u << PREPARED_BITS) - 1)) == 5)
			items[n++].key = k;
	}
}

static unsigned longest_chain(const struct item *table)
{
	const UT_hash_table *t = table->hh.tbl;
	unsigned longest = 0;

	for (unsigned i = 0; i < t->num_buckets; i++)
		if (t->buckets[i].count > longest)
			longest = t->buckets[i].count;
	return longest;
}

static void test_table__prepared_keys_do_not_share_a_bucket(void **state)
{
	struct item *items = calloc(ITEMS, sizeof *items), *ours = NULL, *unkeyed = NULL, *found;

	(void)state;
	assert_non_null(items);
	prepare(items);
	for (size_t i = 0; i < ITEMS; i++) /* that they are prepared shows without the key */
		HASH_ADD_BYHASHVALUE(
			hh, unkeyed, key, sizeof items[i].key, jenkins(&items[i].key), &items[i]);
	assert_int_equal(longest_chain(unkeyed), ITEMS);
	HASH_CLEAR(hh, unkeyed);

	for (size_t i = 0; i < ITEMS; i++)
		assert_true(TABLE_ADD(ours, key, sizeof items[i].key, &items[i]));
	assert_in_range(longest_chain(ours), 1, 20);
	assert_int_equal(ours->hh.tbl->noexpand, 0);
	for (size_t i = 0; i < ITEMS; i++) {
		HASH_FIND(hh, ours, &items[i].key, sizeof items[i].key, found);
		assert_ptr_equal(found, &items[i]);
	}
	HASH_CLEAR(hh, ours);
	free(items);
}

static void test_table__goes_through_its_entries_in_the_order_of_adding(void **state)
{
	struct item *items = calloc(ITEMS, sizeof *items), *table = NULL;
	size_t i = 0;

	(void)state;
	assert_non_null(items);
	for (uint32_t k = 0; k < ITEMS; k++) {
		items[k].key = key_with(k * 2654435761u);
		assert_true(TABLE_ADD(table, key, sizeof items[k].key, &items[k]));
	}
	for (const struct item *each = table; each != NULL; each = each->hh.next)
		assert_ptr_equal(each, &items[i++]);
	assert_int_equal(i, ITEMS);
	HASH_CLEAR(hh, table);
	free(items);
}

static void test_table_hash__depends_on_the_key_of_the_process(void **state)
{
	static const uint64_t one[2] = { 1, 2 }, other[2] = { 1, 3 };
	const uint64_t before[2] = { table_key()[0], table_key()[1] };
	uint64_t drawn = table_hash(bytes_of("abc", 3)), first;

	(void)state;
	assert_true((before[0] | before[1]) != 0);
	table_set_key(one);
	first = table_hash(bytes_of("abc", 3));
	assert_true(first == siphash_of(one, bytes_of("abc", 3)));
	table_set_key(other);
	assert_true(table_hash(bytes_of("abc", 3)) != first);
	table_set_key(before);
	assert_true(table_hash(bytes_of("abc", 3)) == drawn);
}

static void test_table_hash__tells_neighbours_apart(void **state)
{
	static const uint8_t zeros[24];
	uint8_t data[24] = { 0 };
	uint64_t none = table_hash(bytes_of(zeros, sizeof zeros));

	(void)state;
	for (size_t i = 0; i < sizeof data; i++) {
		data[i] = 1;
		assert_true(table_hash(bytes_of(data, sizeof data)) != none);
		data[i] = 0;
		assert_true(table_hash(bytes_of(zeros, i)) != none);
	}
	assert_true(table_hash(bytes_of(data, sizeof data)) == none);
}

static void test_siphash__in_one_go_is_the_same_as_in_parts(void **state)
{
	static const uint64_t key[2] = { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u };
	uint8_t message[40];

	(void)state;
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n <= sizeof message; n++) {
		struct siphash h;

		siphash_init(&h, key);
		siphash_add(&h, bytes_of(message, n / 3));
		siphash_add(&h, bytes_of(message + n / 3, n - n / 3));
		assert_true(siphash_end(&h) == siphash_of(key, bytes_of(message, n)));
	}
}

/* ---- recent ---- */

static void test_recent__keeps_the_last_ones_whatever_the_hashes(void **state)
{
	static const uint64_t strides[] = { 1, RECENT_SIZE, 0x9e3779b97f4a7c15u };

	(void)state;
	for (size_t s = 0; s < sizeof strides / sizeof *strides; s++) {
		struct recent *r = calloc(1, sizeof *r);
		const uint64_t n = RECENT_SIZE + 1000;

		assert_non_null(r);
		assert_int_equal(recent_find(r, 0), RECENT_NONE);
		for (uint64_t i = 0; i < n; i++)
			assert_int_equal(recent_add(r, i * strides[s]), i % RECENT_SIZE);
		for (uint64_t i = 0; i < n; i += 7)
			assert_int_equal(recent_find(r, i * strides[s]),
				i < 1000 ? RECENT_NONE : (int)(i % RECENT_SIZE));
		free(r);
	}
}

static void test_recent__finds_the_newest_of_one_hash(void **state)
{
	struct recent *r = calloc(1, sizeof *r);

	(void)state;
	assert_non_null(r);
	(void)recent_add(r, 7);
	(void)recent_add(r, 8);
	assert_int_equal(recent_find(r, 7), 0);
	(void)recent_add(r, 7);
	assert_int_equal(recent_find(r, 7), 2);
	for (int i = 3; i < RECENT_SIZE + 2; i++)
		(void)recent_add(r, 1000 + (uint64_t)i);
	assert_int_equal(recent_find(r, 7), 2);
	assert_int_equal(recent_find(r, 8), RECENT_NONE);
	free(r);
}

/* ---- connections ---- */

/* The hash that the table of connections had once: without a key, its low bits are easily steered. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 29);
}

static uint64_t unkeyed_hash(const struct key *k)
{
	uint64_t hash = 0x2545f4914f6cdd1du ^ sizeof *k, other = 0xd6e8feb86659fd93u, word[5];

	memcpy(word, k, sizeof word);
	for (size_t i = 0; i < 4; i += 2) {
		hash = mix(hash, word[i]);
		other = mix(other, word[i + 1]);
	}
	hash = mix(mix(hash, other), word[4]);
	return mix(hash, hash >> 32);
}

static enum sink_answer ignore(void *ctx, const struct chunk *chunk)
{
	(void)ctx;
	(void)chunk;
	return SINK_MORE;
}

/* Seconds of CPU for two segments of each connection. */
static double seconds_for(const uint32_t *ports, size_t n)
{
	static const uint8_t from[4] = { 10 }, to[4] = { 192 };
	struct flow_table *t = flow_table_open((struct sink){ ignore, NULL }, NULL);
	clock_t start = clock();

	assert_non_null(t);
	for (size_t i = 0; i < 2 * n; i++) {
		uint32_t p = ports[i % n];
		struct segment s = { .family = 4,
			.protocol = PROTOCOL_TCP,
			.src = bytes_of(from, sizeof from),
			.dst = bytes_of(to, sizeof to),
			.sport = (uint16_t)p,
			.dport = (uint16_t)(p >> 16),
			.packet = i + 1,
			.flags = TCP_SYN,
			.scale = -1 };

		flow_table_take(t, &s);
	}
	assert_int_equal(flow_table_flows(t), n);
	flow_table_end_all(t);
	flow_table_close(t);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void test_flow_table__prepared_ports_cost_what_others_cost(void **state)
{
	enum { FLOWS = 6000 };
	uint32_t *prepared = calloc(FLOWS, sizeof *prepared),
		 *others = calloc(FLOWS, sizeof *others);
	double best[2] = { 1e9, 1e9 };
	size_t n = 0;

	(void)state;
	assert_non_null(prepared);
	assert_non_null(others);
	for (uint32_t ports = 1; n < FLOWS; ports++) {
		struct key k = key_with(ports);

		if ((unkeyed_hash(&k) & 0x7ff) == 5)
			prepared[n++] = ports;
	}
	for (uint32_t i = 0; i < FLOWS; i++)
		others[i] = (i + 1) * 2654435761u;
	for (int round = 0; round < 5; round++) {
		double a = seconds_for(prepared, FLOWS), b = seconds_for(others, FLOWS);

		best[0] = a < best[0] ? a : best[0];
		best[1] = b < best[1] ? b : best[1];
	}
	assert_true(best[0] < 4 * best[1] + 0.01);
	free(prepared);
	free(others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table__prepared_keys_do_not_share_a_bucket),
		cmocka_unit_test(test_table__goes_through_its_entries_in_the_order_of_adding),
		cmocka_unit_test(test_table_hash__depends_on_the_key_of_the_process),
		cmocka_unit_test(test_table_hash__tells_neighbours_apart),
		cmocka_unit_test(test_siphash__in_one_go_is_the_same_as_in_parts),
		cmocka_unit_test(test_recent__keeps_the_last_ones_whatever_the_hashes),
		cmocka_unit_test(test_recent__finds_the_newest_of_one_hash),
		cmocka_unit_test(test_flow_table__prepared_ports_cost_what_others_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
