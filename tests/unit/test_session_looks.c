/* ClientHellos as their stacks wrote them, by extensions, groups, schemes and point formats. */
#include "session/fingerprint.h"
#include "support/hello_rows.h"

static void test_looks__stacks_are_told_by_their_hellos(void **state)
{
	static const uint8_t random[32];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct wire *w = calloc(1, sizeof *w);
		struct client_hello *hello = calloc(1, sizeof *hello);
		struct parse_err err;
		struct cur cur;
		struct looks looks;

		put_hello(w, &rows[i], random, bytes_of(NULL, 0));
		cur = cur_init(bytes_of(w->b, w->n), &err);
		(void)parse_client_hello(&cur, hello);
		looks = fingerprint_client_hello(hello);
		if ((looks.name == NULL) != (rows[i].name == NULL) ||
			(looks.name != NULL && strcmp(looks.name, rows[i].name) != 0) ||
			looks.stack != (int)rows[i].stack)
			fail_msg("row %zu: %s for %s", i, looks.name != NULL ? looks.name : "-",
				rows[i].name != NULL ? rows[i].name : "-");
		free(hello);
		free(w);
	}
}

static void test_looks__handshake_tells_its_client(void **state)
{
	struct tls_talk t;

	(void)state;
	assert_null(talk_whole(&t, "c:CH s:alert40")->looks.name);
	tls_talk_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks__stacks_are_told_by_their_hellos),
		cmocka_unit_test(test_looks__handshake_tells_its_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
