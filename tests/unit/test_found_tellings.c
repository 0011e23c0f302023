/*
 * What is made of connections of which something is told besides (session/told.h), as it was found (support/found.h).
 * First how many tellings there are, and of each how many facts, each a byte for what it is and one for its value;
 * then which conversations follow each other.
 */
#include "base/array.h"
#include "names/sayings.h"
#include "support/details_text.h"
#include "support/found.h"
#include "support/found_words.h"

enum { TELLINGS_MOST = 4, FACTS_MOST = 24, TALKS_MOST = 4, CHAIN_ROOM = 40, REMARKS_ROOM = 40 };

static const char *const talks[] = {
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:e23 s:e23",
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22 s:e21 s:fin",
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:e21 c:fin",
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:e21",
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22 s:rst",
	"c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:rst",
	"c:CH s:SH+CERT+SKE+SHD c:alert48 c:fin",
	"c:CH s:SH+CERT+SKE+SHD",
	"c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 c:e21 s:e21",
	"c:CH13 s:SH13 s:CCS s:d13 s:f13 c:CCS c:f13 s:d13 c:d13",
	"c:CH13 s:SH13 s:CCS s:d13 s:f13 c:CCS c:f13 s:a13 s:fin",
	"c:CH13 s:SH13 s:CCS s:d13 s:f13 c:CCS c:a13 c:fin",
	"c:CH13 s:SH13 s:CCS s:d13 s:f13 c:CCS c:f13 s:rst",
	"c:CH13 s:SH13 s:d13 s:f13 c:f13 s:fin",
	"c:CH13 s:SH13 s:d13 c:fin",
	"c:CH13 s:SHP s:f13 c:f13 s:d13",
	"c:CH13 s:SH13",
	"c:CH",
	"c:CH s:alert40 s:fin",
	"c:CH s:warn90 s:SH s:e21",
};

struct one_telling {
	struct told told;
	struct bytes chain[2][CHAIN_ROOM];
	struct remark remarks[2][REMARKS_ROOM];
};

static void tell_word(struct library_word *w, unsigned what, unsigned value)
{
	static const int codes[] = { 0, -0x2700, -0x7780, -0x7280, -0x6800, -0x50, 1 };

	switch (what) {
	case 0:
		w->release = "mbedTLS 2.28.3";
		w->code = codes[value % COUNT(codes)];
		break;
	case 1:
		w->state = "SERVER_HELLO";
		w->function = value % 2 != 0 ? "mbedtls_ssl_read_record" : NULL;
		break;
	case 2:
		w->inner_function = "mbedtls_pk_verify";
		w->inner_code = codes[value % COUNT(codes)];
		break;
	case 3:
		w->got_alert = true;
		w->alert = (uint8_t)value;
		break;
	case 4:
		w->verify_flags = value;
		break;
	case 5:
		w->went_round = value % 2 != 0;
		w->line = value;
		break;
	default:
		w->heap.moment = (enum heap_moment)(value % 3);
		w->heap.bytes = value;
		w->heap.words = value % 2 != 0 ? "free heap" : NULL;
		break;
	}
}

static void tell_chain_of(struct one_telling *o, unsigned side, unsigned n)
{
	static const uint8_t long_one[8192] = { 0x30, 0x82, 0x1f, 0xfc };
	static const uint8_t other[] = { 0x30, 0x03, 0x02, 0x01, 0x06 };

	for (size_t i = 0; i < n % CHAIN_ROOM; i++)
		o->chain[side][i] = n >= 200     ? bytes_of(long_one, sizeof long_one)
				    : i % 2 != 0 ? bytes_of(other, sizeof other)
						 : bytes_of(talk_cert, sizeof talk_cert);
	o->told.n_chain[side] = n % CHAIN_ROOM;
}

static void tell_remarks_of(struct one_telling *o, unsigned side, unsigned n)
{
	static const enum saying sayings[] = { SAYING_http, SAYING_reset, SAYING_peer_closed };

	for (size_t i = 0; i < n % REMARKS_ROOM; i++)
		o->remarks[side][i] = (struct remark){ sayings[(i + n) % COUNT(sayings)], i + 1,
			n >= 128 ? "words" : "" };
	o->told.n_remarks[side] = n % REMARKS_ROOM;
}

/* Its hello's random, or one that differs in a byte. */
static void tell_random(struct told *t, unsigned side, unsigned value)
{
	struct wire *w = wire_new();

	put_noise(w, side == 0 ? 1 : 99, 32);
	memcpy(t->random[side], w->b, 32);
	t->random[side][value % 32] ^= (uint8_t)(value / 32 % 2);
	t->has_random[side] = true;
	free(w);
}

static void tell_client(struct told *t, unsigned what, unsigned value)
{
	switch (what) {
	case 0:
		t->alpn = value % 2 != 0 ? "h2" : "";
		break;
	case 1:
		t->name = "dev.example";
		break;
	case 2:
		t->client_auth = (enum client_auth)(value % (CLIENT_AUTH_SENT + 1));
		break;
	case 3:
		t->self_failed = value % 2 != 0;
		break;
	case 4:
		t->verified = value % 2 != 0;
		break;
	case 5:
		t->dropped = value % 2 != 0;
		break;
	case 6:
		t->heard = (struct hearing){ .cut = (enum cut_off)(value % (CUT_CHANGES + 1)),
			.bytes = value,
			.ms = value };
		break;
	default:
		t->story.role_known = value % 2 != 0;
		t->story.role = value % 4 > 1 ? SIDE_SERVER : SIDE_CLIENT;
		break;
	}
}

static void tell_fact(struct one_telling *o, unsigned what, unsigned value)
{
	struct told *t = &o->told;

	what %= 30;
	if (what < 14)
		tell_word(&t->word[what % 2], what / 2, value);
	else if (what < 16)
		tell_chain_of(o, what % 2, value);
	else if (what < 18)
		tell_remarks_of(o, what % 2, value);
	else if (what < 20)
		tell_random(t, what % 2, value);
	else if (what < 28)
		tell_client(t, what - 20, value);
	else if (what == 28)
		t->beside = value % 2 != 0;
	else if (value % 2 != 0)
		t->client.port = (uint16_t)value;
	else
		t->server.port = (uint16_t)value;
}

static void tell(struct tls_talk *t, struct found_script *s)
{
	struct one_telling *o = calloc(1, sizeof *o);
	unsigned n = found_byte(s) % FACTS_MOST;

	assert_non_null(o);
	o->told.client = t->flow.end[0];
	o->told.server = t->flow.end[1];
	for (unsigned side = 0; side < 2; side++) {
		o->told.chain[side] = o->chain[side];
		o->told.remarks[side] = o->remarks[side];
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned what = found_byte(s);

		tell_fact(o, what, found_byte(s));
	}
	(void)session_tell(t->session, &o->told);
	free(o);
}

static void play(struct bytes input, struct strbuf *out)
{
	struct found_script s = { .rest = input };
	struct tls_talk *t = calloc(1, sizeof *t);
	unsigned n = found_byte(&s) % TELLINGS_MOST;

	assert_non_null(t);
	tls_talk_open(t, NULL);
	for (unsigned i = 0; i < n; i++)
		tell(t, &s);
	for (unsigned i = 0; i < TALKS_MOST && (i == 0 || s.rest.len != 0); i++) {
		unsigned which = found_byte(&s);

		talk_connect_again(t);
		talk_say(t, talks[which % COUNT(talks)]);
		talk_end(t, which < 128 ? FLOW_CLOSED : FLOW_INPUT_ENDED);
	}
	if (t->n == 0)
		strbuf_puts(out, "nothing\n");
	for (size_t i = 0; i < t->n; i++) {
		say_outcome(out, t->hs[i]);
		say_facts(out, t->hs[i]);
		say_details(out, t->hs[i]);
	}
	tls_talk_close(t);
	free(t);
}

FOUND_PROGRAM("tests/unit/facts/found/tellings.txt")
