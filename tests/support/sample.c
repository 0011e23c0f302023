/* The facts come from nowhere: only what the reports write of them counts. */
#include "support/sample.h"
#include "session/handshake.h"

#include <stdio.h>
#include <string.h>

static const uint8_t suites[] = { 0x1a, 0x1a, 0xc0, 0x2c, 0xc0, 0x2b, 0xc0, 0x30, 0x00, 0xff };
static const uint8_t groups[] = { 0x00, 0x18, 0x00, 0x17 };
static const uint8_t schemes[] = { 0x06, 0x03, 0x04, 0x03 };
static const uint8_t public_key[] = { 0x04, 0xaa, 0xbb };
static const uint8_t signature[] = { 0x30, 0x45, 0x02 };
static const char *const names[] = { "forum.pcap" };

static struct bytes text(const char *s)
{
	return bytes_of(s, strlen(s));
}

static struct event message(enum side from, uint8_t type, uint64_t packet, int64_t ms)
{
	return (struct event){
		.kind = EVENT_MESSAGE,
		.from = from,
		.type = type,
		.packet = packet,
		.time = 1589794267123456000 + ms * 1000000,
		.n_records = 1,
		.length = 200,
	};
}

static void fill_hellos(struct handshake *hs)
{
	struct client_hello *ch = &hs->client_hello;

	ch->seen = ch->has_random = true;
	ch->version = 0x0303;
	memset(ch->random, 0x11, sizeof ch->random);
	ch->suites = (struct u16s){ .raw = bytes_of(suites, sizeof suites) };
	ch->ext.present = ch->ext.has_groups = ch->ext.has_schemes = ch->ext.has_server_name = true;
	ch->ext.groups = (struct u16s){ .raw = bytes_of(groups, sizeof groups) };
	ch->ext.schemes = (struct u16s){ .raw = bytes_of(schemes, sizeof schemes) };
	ch->ext.server_name = text("forum.example");
	ch->ext.n = 1;
	hs->server_hello.seen = hs->server_hello.has_random = hs->server_hello.has_suite = true;
	hs->server_hello.version = 0x0303;
	hs->server_hello.suite = 0xc02c;
	memset(hs->server_hello.random, 0x22, sizeof hs->server_hello.random);
	hs->version = 0x0303;
	hs->has_suite = hs->resumed_known = true;
	hs->suite_value = 0xc02c;
	hs->suite = suite_find(0xc02c);
}

static void fill_key_exchange(struct handshake *hs)
{
	hs->ske = (struct server_key_exchange){
		.seen = true,
		.kx = KX_ECDHE,
		.has_group = true,
		.group = 0x0018,
		.public_key = bytes_of(public_key, sizeof public_key),
		.has_scheme = true,
		.scheme = 0x0603,
		.has_signature = true,
		.signature = bytes_of(signature, sizeof signature),
	};
	hs->proved = true;
	hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	hs->side[SIDE_SERVER].proof.signature = (struct verdict){ PROOF_INVALID, NULL };
	hs->side[SIDE_SERVER].proof.method = (struct signature_method){ SIG_ECDSA, HASH_SHA512 };
}

static void fill_handshake(struct sample *s, int i)
{
	struct handshake *hs = &s->hs[i];
	uint8_t code = i == 0 ? 47 : 51;

	hs->id = (uint64_t)i + 1;
	hs->input = 1;
	hs->side[SIDE_CLIENT].address =
		(struct endpoint){ 4, { 192, 0, 2, (uint8_t)(10 + i) }, 51432 };
	hs->side[SIDE_SERVER].address = (struct endpoint){ 4, { 192, 0, 2, 254 }, 4433 };
	hs->start = 1589794267123456000;
	hs->end = hs->start + 1305000000;
	hs->first_packet = 4;
	hs->outcome = OUTCOME_FAILED;
	hs->ending = ENDING_ALERT;
	hs->ended_by = SIDE_CLIENT;
	hs->has_last_message = true;
	hs->last_message = HS_SERVER_KEY_EXCHANGE;
	hs->looks.name = i == 0 ? "OpenSSL 3" : "mbedTLS 2";
	fill_hellos(hs);
	fill_key_exchange(hs);
	hs->side[SIDE_SERVER].certs[0] = &s->cert;
	hs->side[SIDE_SERVER].n_certs = 1;
	s->events[i][0] = message(SIDE_CLIENT, HS_CLIENT_HELLO, 4, 0);
	s->events[i][1] = message(SIDE_SERVER, HS_SERVER_HELLO, 6, 18);
	s->events[i][2] = message(SIDE_SERVER, HS_CERTIFICATE, 6, 19);
	s->events[i][3] = message(SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 8, 1304);
	s->events[i][4] = message(SIDE_CLIENT, 0, 9, 1305);
	s->events[i][4].kind = EVENT_ALERT;
	s->events[i][4].alert = (struct alert){ 2, code };
	hs->events = s->events[i];
	hs->n_events = 5;
	hs->alerts[0] =
		(struct sent_alert){ SIDE_CLIENT, 2, code, 9, hs->end, HS_SERVER_KEY_EXCHANGE };
	hs->n_alerts = 1;
	s->examined[i].hs = hs;
	s->examined[i].server = 1;
	s->evidence[i] = (struct evidence_item){ { 8, 4, 97 }, "ECDHE public key" };
	s->examined[i].answers[CHECK_ske_point_on_curve] = (struct answer){
		.status = FAIL,
		.message = "the point is not on secp384r1",
		.evidence = &s->evidence[i],
		.n_evidence = 1,
	};
	s->kept[i] = &s->examined[i];
}

static void fill_cert(struct cert *c)
{
	static const uint8_t name[] = { 0x30, 0x00 };

	c->parsed = c->has_dates = true;
	c->subject_der = c->issuer_der = bytes_of(name, sizeof name);
	(void)snprintf(c->subject, sizeof c->subject, "CN=forum.example");
	(void)snprintf(c->common_name, sizeof c->common_name, "forum.example");
	(void)snprintf(c->issuer, sizeof c->issuer, "CN=Test CA");
	(void)snprintf(c->key_name, sizeof c->key_name, "EC secp256r1");
	(void)snprintf(c->signature_name, sizeof c->signature_name, "ecdsa-with-SHA256");
	c->not_before = 1577836800;
	c->not_after = 1893456000;
	memset(c->sha256, 0xab, sizeof c->sha256);
}

static void fill_finding(struct sample *s)
{
	s->cause = (struct cause){ .id = "ec-arithmetic-broken" };
	s->finding = (struct finding){
		.cause = &s->cause,
		.severity = SEVERITY_ERROR,
		.confidence = CONFIDENCE_CERTAIN,
		.origin = ORIGIN_DEVICE_CRYPTO,
		.summary = "The server computes elliptic curves wrongly",
		.proof = { { 8, "the ECDHE public key is not a point on secp384r1" },
			{ 0, "no one key can have made the two signatures" } },
		.n_proof = 2,
		.explains = { CHECK_ske_point_on_curve, CHECK_ske_signature },
		.n_explains = 2,
		.handshakes = { 1, 2 },
		.n_handshakes = 2,
		.n_handshakes_all = 2,
		.ruled_out = { { "wrong-private-key",
			"71 bytes is what a P-256 key signs, and no key "
			"fits both of the signatures that were sent" } },
		.n_ruled_out = 1,
		.alerts = { { "OpenSSL", "tests the point first", "47 illegal_parameter", 9,
				    false },
			{ "mbedTLS", "tests the signature first", "51 decrypt_error", 21, true } },
		.n_alerts = 2,
		.next_steps = { "run mbedtls_ecp_self_test on the device", "capture five more" },
		.n_steps = 2,
	};
}

void sample_fill(struct sample *s)
{
	memset(s, 0, sizeof *s);
	fill_cert(&s->cert);
	fill_handshake(s, 0);
	fill_handshake(s, 1);
	fill_finding(s);
	s->file = (struct case_file){ .number = 1,
		.server = s->hs[0].side[SIDE_SERVER].address,
		.kept = s->kept,
		.n_kept = 2,
		.n_failed = 2 };
	s->result = (struct server_result){
		.file = &s->file, .findings = &s->finding, .n_findings = 1
	};
	s->summary = (struct desk_summary){ .handshakes = 2, .failed = 2, .errors = 1 };
	s->input = (struct input_info){
		.kind = "pcap",
		.names = names,
		.n_names = 1,
		.packets = 22,
		.bytes = 5321,
		.flows = 2,
		.verified = 2,
		.with_signature = 2,
		.with_point = 2,
		.with_chain = 2,
		.verify = VERIFY_AUTO,
		.crypto_version = "2.28.3",
	};
}
