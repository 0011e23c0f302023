/*
 * What is proved of handshakes that were found (support/found.h). A byte says what the user gave; then of each
 * handshake how many of its facts are others, each a byte for which and one for what.
 */
#include "base/array.h"
#include "session/prove.h"
#include "support/details_text.h"
#include "support/found.h"
#include "support/found_words.h"
#include "support/proof_handshake.h"

#include <stdlib.h>
#include <time.h>

enum { HANDSHAKES_MOST = 4, FACTS_MOST = 12 };

static const char *const names[] = { "leaf", "sub", "root", "other", "rsa", "ed25519", "self",
	"leaf-client", "leaf-v1", "leaf-explicit", "sub-expired", "cross", "leaf-no-aki",
	"leaf-encipher", "loop-a", "leaf-loop" };
static const struct cert *certs[COUNT(names)];

/* Stands before the system's: what is concluded of dates does not depend on the day on which it is asked. */
time_t time(time_t *t)
{
	if (t != NULL)
		*t = FIXTURE_TIME;
	return FIXTURE_TIME;
}

static void open_certs(void)
{
	if (certs[0] != NULL)
		return;
	(void)open_all(NULL);
	for (size_t i = 0; i < COUNT(names); i++)
		certs[i] = fixture_cert(store, names[i]);
}

/* The bytes with one of them another one; they stay until the program ends. */
static struct bytes flipped(struct bytes b, unsigned at)
{
	static uint8_t rooms[64][PARAMS_MAX];
	static size_t n;
	uint8_t *room = rooms[n++ % COUNT(rooms)];

	if (b.len == 0 || b.len > PARAMS_MAX)
		return b;
	memcpy(room, b.data, b.len);
	room[at % b.len] ^= (uint8_t)(1 + at / 128 * 127);
	return bytes_of(room, b.len);
}

static void change_suite(struct handshake *hs, unsigned value)
{
	static const uint16_t suites[] = { 0xc02b, 0xc02f, 0x009e, 0x002f, 0xc004, 0x00a8, 0x1301,
		0xc018, 0xc0a8, 0xfefe };

	hs->suite_value = suites[value % COUNT(suites)];
	hs->suite = suite_find(hs->suite_value);
}

static void change_scheme(uint16_t *scheme, bool *has, unsigned value)
{
	static const uint16_t schemes[] = { 0x0403, 0x0401, 0x0804, 0x0503, 0x0807, 0x0203, 0x0101,
		0x0202, 0xffff };

	*scheme = schemes[value % COUNT(schemes)];
	*has = value < 192;
}

static void change_dh(struct handshake *hs, unsigned value)
{
	static const uint8_t p[] = { 0x00, 0xfb }, g[] = { 2 }, composite[] = { 0xf3, 0x21 };

	hs->ske.kx = KX_DHE;
	hs->ske.has_group = false;
	hs->ske.dh_p = value % 2 != 0 ? bytes_of(p, 2) : bytes_of(composite, 2);
	hs->ske.dh_g = bytes_of(g, 1);
	hs->ske.public_key = bytes_slice(params_b, 4, value % 4);
}

/* What was negotiated and exchanged. */
static void change_exchange(struct handshake *hs, unsigned what, unsigned value)
{
	static const uint16_t groups[] = { 23, 24, 29, 0, 30, 0x0100 };

	switch (what) {
	case 0:
		hs->version = (uint16_t)(0x0300 + value % 5);
		hs->tls13 = hs->version == 0x0304;
		break;
	case 1:
		change_suite(hs, value);
		break;
	case 2:
		change_scheme(&hs->ske.scheme, &hs->ske.has_scheme, value);
		break;
	case 3:
		hs->ske.signature = flipped(hs->ske.signature, value);
		break;
	case 4:
		hs->ske.params = flipped(hs->ske.params, value);
		break;
	case 5:
		hs->ske.public_key = flipped(hs->ske.public_key, value);
		break;
	case 6:
		hs->ske.group = groups[value % COUNT(groups)];
		break;
	case 7:
		change_dh(hs, value);
		break;
	case 8:
		hs->cke.public_key = flipped(hs->cke.public_key, value);
		break;
	case 9:
		hs->client_hello.random[value % 32] ^= 1;
		break;
	case 10:
		hs->ske.signature = bytes_slice(hs->ske.signature, 0, value);
		break;
	default:
		hs->server_hello.has_random = value % 2 != 0;
		break;
	}
}

/* What each side sent. */
static void change_side(struct party *p, unsigned what, unsigned value)
{
	switch (what) {
	case 0:
		p->n_certs = value % 4;
		for (size_t i = 0; i < p->n_certs; i++)
			if (p->certs[i] == NULL)
				p->certs[i] = certs[(value / 4 + i) % COUNT(certs)];
		break;
	case 1:
		p->certs[0] = certs[value % COUNT(certs)];
		p->n_certs += p->n_certs == 0;
		break;
	case 2:
		p->certs[1] = certs[value % COUNT(certs)];
		p->n_certs = 2;
		break;
	case 3:
		change_scheme(&p->verify.scheme, &p->verify.has_scheme, value);
		break;
	case 4:
		p->verify.signature = flipped(p->verify.signature, value);
		break;
	case 5:
		p->verify.seen = value % 2 != 0;
		break;
	case 6:
		p->certs_from = (enum provenance)(value % 4);
		break;
	default:
		p->word.code = value % 2 != 0 ? -0x2700 : 0;
		p->word.release = value < 128 ? "mbedTLS 2.28.3" : NULL;
		break;
	}
}

/* How it went, and where it comes from. */
static void change_course(struct handshake *hs, unsigned what, unsigned value)
{
	static const int64_t times[] = { FIXTURE_TIME, FIXTURE_TIME + 86400, 0, 1, 4102444800 };

	switch (what) {
	case 0:
		hs->outcome = (enum outcome)(value % 3);
		break;
	case 1:
		hs->logged = value % 2 != 0;
		break;
	case 2:
		hs->resumed_known = true;
		hs->resumed = value % 2 != 0;
		break;
	case 3:
		hs->start = times[value % COUNT(times)] * NS;
		break;
	case 4:
		hs->n_events = value % (N_EVENTS + 1);
		break;
	case 5:
		hs->reference_name = value % 2 != 0 ? "device.example" : "other.example";
		break;
	case 6:
		hs->client_hello.ext.has_server_name = true;
		hs->client_hello.ext.server_name = bytes_of("device.example", value % 15);
		break;
	case 7:
		hs->client_verified = value % 2 != 0;
		break;
	case 8:
		hs->rebuilt = value % 2 != 0;
		break;
	case 9:
		hs->ending = (enum ending)(value % (ENDING_LIMIT + 1));
		break;
	case 10:
		hs->side[SIDE_SERVER].address.port = (uint16_t)value;
		break;
	default:
		hs->events_dropped = value % 2 != 0;
		break;
	}
}

static void change_fact(struct handshake *hs, unsigned what, unsigned value)
{
	what %= 40;
	if (what < 12)
		change_exchange(hs, what, value);
	else if (what < 28)
		change_side(&hs->side[what % 2], (what - 12) / 2, value);
	else
		change_course(hs, what - 28, value);
}

static void play_one(struct prover *p, struct found_script *s, uint64_t id, struct strbuf *out)
{
	struct handshake *hs = malloc(sizeof *hs);
	unsigned n = found_byte(s) % FACTS_MOST;

	assert_non_null(hs);
	*hs = make();
	hs->id = id;
	hs->start = FIXTURE_TIME * NS;
	hs->arena = arena_new(1 << 20);
	assert_non_null(hs->arena);
	for (unsigned i = 0; i < n; i++) {
		unsigned what = found_byte(s);

		change_fact(hs, what, found_byte(s));
	}
	strbuf_printf(out, "%s ", prover_wants(p, hs) ? "wanted" : "not");
	prove_handshake(p, hs);
	say_outcome(out, hs);
	say_more(out, hs, SIDE_CLIENT);
	say_more(out, hs, SIDE_SERVER);
	say_details(out, hs);
	strbuf_printf(out, "  left out=%d full=%d\n", hs->dh_left_out, prover_full(p));
	arena_free(hs->arena);
	free(hs);
}

static void say_totals(struct strbuf *b, const struct prove_totals *t)
{
	const uint64_t all[] = { t->verified, t->with_signature, t->with_point, t->with_chain,
		t->alike, t->not_verified, t->left_out, t->chains_left_out, t->groups_left_out,
		t->properties_cut, t->links, t->groups };

	strbuf_puts(b, "  totals:");
	for (size_t i = 0; i < COUNT(all); i++)
		strbuf_printf(b, " %llu", (unsigned long long)all[i]);
	strbuf_puts(b, "\n");
}

static void play(struct bytes input, struct strbuf *out)
{
	struct found_script s = { .rest = input };
	unsigned given = found_byte(&s), n;
	const struct cert *own[1];
	struct evidence ev = { .verify = (enum verify_policy)(given % 3), .has_at = given >= 128 };
	struct trust *trust = trust_new();
	struct prover *p;
	struct prove_totals totals;

	open_certs();
	assert_non_null(trust);
	ev.at = FIXTURE_TIME;
	if (given / 4 % 2 != 0) {
		assert_true(trust_add(trust, certs[2]->der));
		ev.trust = trust;
		ev.trust_given = true;
	}
	if (given / 8 % 2 != 0)
		ev.name = "device.example";
	own[0] = certs[given / 16 % 4];
	if (given / 16 % 4 != 0) {
		ev.certs = own;
		ev.n_certs = 1;
		ev.key_spki = own[0]->spki;
	}
	p = prover_open(&ev);
	assert_non_null(p);
	for (size_t i = 0; i < 2 && given / 64 % 2 == 0; i++) /* needs no arithmetic */
		prover_know_link(p, certs[i]->sha256, certs[i + 1]->sha256);
	n = found_byte(&s);
	for (unsigned i = 0; i <= n % HANDSHAKES_MOST; i++)
		play_one(p, &s, i + 1, out);
	prover_settle(p);
	totals = prover_totals(p);
	say_totals(out, &totals);
	prover_close(p);
	trust_close(trust);
}

FOUND_PROGRAM("tests/unit/facts/found/proofs.txt")
