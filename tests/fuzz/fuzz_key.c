/*
 * Private and public keys (PKCS #1, SEC 1, PKCS #8, in the clear and encrypted, DER and PEM), as
 * --key takes them and as `check` examines them. The first byte says whether a password is given, and
 * whether the rest is taken for the DER of a public key.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "pki/chain.h"
#include "pki/key_file.h"

enum { ARENA_MAX = 1 << 20 };

static void check_facts(const struct key_facts *k, const char *password)
{
	must(memchr(k->name, '\0', sizeof k->name) != NULL);
	must(memchr(k->cipher.text, '\0', sizeof k->cipher.text) != NULL);
	must(k->spki.len == 0 || k->state == KEY_READ);
	must(k->state != KEY_READ || k->spki.len != 0);
	must(!k->halves_differ || (k->has_private && k->state == KEY_READ));
	must(k->state != KEY_LOCKED || password == NULL);
	must(!k->too_costly || k->encrypted);
}

static void examine(struct bytes der, const char *password, bool is_public, struct arena *a)
{
	struct key_source from = { .der = der,
		.password = password,
		.is_public = is_public,
		.iterations_max = KEY_ITERATIONS_MAX };
	struct key_facts facts;

	if (key_examine(&from, a, &facts))
		check_facts(&facts, password);
}

/* What a file gives is no secret: its public half, or a reason of one line. */
static void read_file(struct bytes b, const char *password, struct arena *a)
{
	struct secret text;
	struct bytes spki;
	struct err e = { .code = ERR_NONE };

	must(secret_new(&text, b.len + 1));
	if (b.len != 0)
		memcpy(text.data, b.data, b.len);
	text.len = b.len;
	if (key_take_public("file", &text, password, a, &spki, &e)) {
		must(spki.len == 0 || spki.data != NULL); /* empty: of a kind not computed here */
	} else {
		must(e.code != ERR_NONE && spki.len == 0);
		must(bytes_printable(bytes_of(e.msg, strlen(e.msg))));
	}
	text.len = b.len + 1;
	secret_wipe(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_slice(bytes_of(data, size), 1, size);
	const char *password = size != 0 && data[0] % 2 != 0 ? "tlsdiag" : NULL;
	struct arena *a;

	if (size == 0)
		return 0;
	a = arena_new(ARENA_MAX);
	must(a != NULL);
	examine(rest, password, data[0] / 2 % 2 != 0, a);
	read_file(rest, password, a);
	(void)key_too_costly(rest);
	arena_free(a);
	return 0;
}
