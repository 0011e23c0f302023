/* Record headers, the search for hellos in bytes of any kind, and alerts. */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "wire/record.h"

/* A record of a few bytes leaves to those behind it what a hello's first six say. */
static size_t settled_by(struct bytes b)
{
	bool tiny = b.len >= RECORD_HEADER && b.data[0] == CONTENT_HANDSHAKE && b.data[3] == 0 &&
		    b.data[4] < 6;

	return tiny ? HELLO_MAYBE_MAX : 11;
}

/* More bytes may settle what was open, or refute it, but never turn a no into a yes. */
static void check_probe(struct bytes b)
{
	bool refused = false;

	for (size_t n = 0; n <= b.len && n <= HELLO_MAYBE_MAX + 4; n++) {
		enum hello_probe answer = record_probe_hello(bytes_slice(b, 0, n));

		must(!refused || answer == HELLO_NO);
		must(n >= 6 || answer == HELLO_NO || answer == HELLO_MAYBE);
		must(n < settled_by(b) || answer != HELLO_MAYBE);
		refused = answer == HELLO_NO;
	}
}

static void check_header(struct bytes b)
{
	struct record_header h;
	bool whole = record_parse_header(b, &h);

	must(whole == (b.len >= RECORD_HEADER));
	must(!record_plausible(b) || (whole && h.length <= RECORD_CIPHERTEXT_MAX));
	(void)dtls_record_plausible(b);
}

static void check_alert(struct bytes b)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err);
	struct alert alert;
	bool ok = parse_alert(&c, &alert);

	must_agree(ok, &err, b);
	must(ok == (b.len == 2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);

	check_probe(b);
	check_header(b);
	check_alert(b);
	return 0;
}
