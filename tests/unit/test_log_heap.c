/* What devices print of their free heap: which lines speak of it, and whose it is. */
#include "log/heap_line.h"
#include "support/log_notes.h"

static const struct heap_case {
	const char *line;
	uint64_t bytes;
	bool lowest;
} cases[] = {
	{ "Free heap: 34212 bytes", 34212, false },
	{ "free heap size = 34212", 34212, false },
	{ "xPortGetFreeHeapSize() = 1044", 1044, false },
	{ "xPortGetMinimumEverFreeHeapSize: 1044", 1044, true },
	{ "esp_get_minimum_free_heap_size() 9,412", 9412, true },
	{ "heap_caps_get_free_size(MALLOC_CAP_8BIT) -> 0x1f40", 8000, false },
	{ "ESP.getFreeHeap(): 81234", 81234, false },
	{ "heap: 1234", 1234, false },
	{ "mbedtls_ssl_setup returned -0x7f00, heap=8120", 8120, false },
	{ "heap: 81 kB free, min 12 kB", 12288, true },
	{ "[HEAP] 23.5 KiB free of 256 KiB", 24064, false },
	{ "  free 3636 allocated 97204 min_free 360 largest_free_block 1384", 360, true },
	{ "12345 free bytes, 6789 allocated bytes, overhead = 64 bytes (0.3%)", 12345, false },
	{ "gc.mem_free() 5120", 5120, false },
	{ "heap free: 2 MB", 2097152, false },
};

static const char *const others[] = {
	"heap used: 1234",
	"Heap size: 65536",
	"total heap 65536, used 1200",
	"largest free block of the heap: 1384",
	"heap corruption at 0x3ffae6e0",
	"heap free: 12%",
	"heap_caps_malloc failed for 1234 bytes",
	"mbedtls_ssl_handshake returned -0x2700",
	"malloc failed, heap free -1",
	"free trial of 30 days",
	"cheap: free of charge, in 12 colours, the heap of it",
	"Free heap: 99999999999999999999",
	"Free heap:",
	"heap",
	"",
};

static void test_heap_line__what_is_free_and_what_is_not(void **state)
{
	struct heap_line heap;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *line = cases[i].line;

		if (!heap_line_read(bytes_of(line, strlen(line)), &heap))
			fail_msg("'%s' says nothing", line);
		if (heap.bytes != cases[i].bytes || heap.lowest != cases[i].lowest)
			fail_msg("'%s' says %llu", line, (unsigned long long)heap.bytes);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (heap_line_read(bytes_of(others[i], strlen(others[i])), &heap))
			fail_msg("'%s' says %llu", others[i], (unsigned long long)heap.bytes);
}

/* Every beginning of a line: nothing is read behind its end. */
static void test_heap_line__may_end_anywhere(void **state)
{
	struct heap_line heap;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t len = 0; len < strlen(cases[i].line); len++) {
			char *cut = malloc(len + 1);

			assert_non_null(cut);
			memcpy(cut, cases[i].line, len);
			if (heap_line_read(bytes_of(cut, len), &heap))
				assert_true(heap.bytes <= UINT64_C(1) << 32);
			free(cut);
		}
}

#define HANDSHAKE "ssl_tls.c:3687 |2| => handshake\nssl_cli.c:3460 |2| client state: 3\n"
#define FAILED    "mbedtls_ssl_handshake returned -0x2700\n"

static void assert_heap(const char *text, const char *expected)
{
	char *notes = log_dump(text, strlen(text), NULL, 0);

	assert_non_null(notes);
	if (strstr(notes, expected) == NULL)
		fail_msg("of\n%sis noted\n%snot %s", text, notes, expected);
	free(notes);
}

static void test_heap__before_within_and_at_the_least(void **state)
{
	(void)state;
	assert_heap("Free heap: 40000\n" HANDSHAKE FAILED, "heap=40000:before@1");
	assert_heap("Free heap: 40000\n" HANDSHAKE "Free heap: 900\nFree heap: 20000\n" FAILED,
		"heap=900:within@4");
	assert_heap(HANDSHAKE FAILED "min free heap: 1200\nFree heap: 900\n", "heap=1200:lowest@4");
	assert_heap(HANDSHAKE "mbedtls_ssl_handshake returned -0x7F00, free heap 812\n",
		"heap=812:within@3");
}

/* What is left after one handshake is what the next one begins with. */
static void test_heap__goes_on_to_the_next_handshake(void **state)
{
	(void)state;
	assert_heap(HANDSHAKE FAILED "Free heap: 700\n" HANDSHAKE FAILED, "heap=700:within@4");
	assert_heap(HANDSHAKE FAILED "Free heap: 700\n" HANDSHAKE FAILED, "heap=700:before@4");
}

/* Without a handshake it is nobody's. */
static void test_heap__alone_is_no_handshake(void **state)
{
	char *notes = log_dump("Free heap: 700\n", 15, NULL, 0);

	(void)state;
	assert_non_null(notes);
	assert_string_equal(notes, "");
	free(notes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heap_line__what_is_free_and_what_is_not),
		cmocka_unit_test(test_heap_line__may_end_anywhere),
		cmocka_unit_test(test_heap__before_within_and_at_the_least),
		cmocka_unit_test(test_heap__goes_on_to_the_next_handshake),
		cmocka_unit_test(test_heap__alone_is_no_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
