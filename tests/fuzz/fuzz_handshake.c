/*
 * Every message parser. The input begins with four bytes that choose: the handshake type (0: an
 * SSLv2-format hello), the version, the key exchange and the authentication.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "wire/handshake.h"

struct choice {
	uint16_t version;
	enum key_exchange kx;
	enum authentication auth;
};

enum { N_CHOICE = 4 };

static void check_client_hello(struct cur *c, struct bytes b, bool v2)
{
	struct client_hello h;
	bool ok = v2 ? parse_client_hello_v2(c, &h) : parse_client_hello(c, &h);

	must_agree(ok, c->err, b);
	must(h.seen && h.sslv2_format == v2 && (!ok || h.has_random));
	must_be_inside(b, h.session_id);
	must_stand_at(b, h.suites.raw, h.suites.at);
	must_be_inside(b, h.suites_v2);
	must_be_inside(b, h.compression);
	must_be_sound(b, &h.ext);
	for (size_t i = 0; i < u16s_count(&h.suites); i++)
		must(client_hello_offers_suite(&h, u16s_at(&h.suites, i)));
	(void)client_hello_offers_suite(&h, 0x002f);
}

static void check_server_hello(struct cur *c, struct bytes b, bool draft_retry)
{
	struct server_hello h;
	bool ok = draft_retry ? parse_hello_retry_draft(c, &h) : parse_server_hello(c, &h);

	must_agree(ok, c->err, b);
	must(h.seen && (h.is_retry || !draft_retry));
	must_be_inside(b, h.session_id);
	must_be_sound(b, &h.ext);
	(void)server_hello_version(&h);
}

static void check_certificate(struct cur *c, struct bytes b, bool tls13)
{
	struct certificate_message m;

	must_agree(parse_certificate(c, tls13, &m), c->err, b);
	must(m.seen && m.n <= CERTIFICATES_MAX);
	must_be_inside(b, m.context);
	for (size_t i = 0; i < m.n; i++)
		must_stand_at(b, m.entry[i], m.at[i]);
}

static void check_server_key_exchange(struct cur *c, struct bytes b, const struct choice *ch)
{
	struct server_key_exchange m;
	bool ok = parse_server_key_exchange(c, ch->version, ch->kx, ch->auth, &m);

	must_agree(ok, c->err, b);
	must(m.seen && m.kx == ch->kx);
	must_stand_at(b, m.params, 0);
	must_be_inside(b, m.psk_identity_hint);
	must_stand_at(b, m.public_key, m.public_at);
	must_stand_at(b, m.dh_p, m.dh_p_at);
	must_be_inside(b, m.dh_g);
	must(!m.has_scheme || m.scheme_at + 2 <= b.len);
	must_stand_at(b, m.signature, m.signature_at);
}

static void check_client_key_exchange(struct cur *c, struct bytes b, const struct choice *ch)
{
	struct client_key_exchange m;

	must_agree(parse_client_key_exchange(c, ch->version, ch->kx, &m), c->err, b);
	must(m.seen);
	must_be_inside(b, m.psk_identity);
	must_stand_at(b, m.public_key, m.public_at);
	must_be_inside(b, m.encrypted_premaster);
}

static void check_certificate_request(struct cur *c, struct bytes b, const struct choice *ch)
{
	struct certificate_request m;
	struct bytes name, left;
	bool ok = parse_certificate_request(c, ch->version, &m);

	must_agree(ok, c->err, b);
	must(m.seen);
	must_be_inside(b, m.types);
	must_stand_at(b, m.schemes.raw, m.schemes.at);
	must_be_inside(b, m.authorities);
	left = m.authorities;
	while (certificate_request_next_authority(&left, &name))
		must_be_inside(m.authorities, name);
	must(!ok || left.len == 0);
}

static void check_certificate_verify(struct cur *c, struct bytes b, const struct choice *ch)
{
	struct certificate_verify m;

	must_agree(parse_certificate_verify(c, ch->version, &m), c->err, b);
	must(m.seen && (!m.has_scheme || m.scheme_at == 0));
	must_stand_at(b, m.signature, m.signature_at);
}

static void check_ticket(struct cur *c, struct bytes b)
{
	struct new_session_ticket m;

	must_agree(parse_new_session_ticket(c, &m), c->err, b);
	must(m.seen);
	must_be_inside(b, m.ticket);
}

static void check_message(uint8_t type, struct bytes b, const struct choice *ch)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err);

	switch (type) {
	case 0:
	case HS_CLIENT_HELLO:
		check_client_hello(&c, b, type == 0);
		break;
	case HS_SERVER_HELLO:
	case HS_HELLO_RETRY_REQUEST:
		check_server_hello(&c, b, type == HS_HELLO_RETRY_REQUEST);
		break;
	case HS_NEW_SESSION_TICKET:
		check_ticket(&c, b);
		break;
	case HS_CERTIFICATE:
		check_certificate(&c, b, ch->version == 0x0304);
		break;
	case HS_SERVER_KEY_EXCHANGE:
		check_server_key_exchange(&c, b, ch);
		break;
	case HS_CERTIFICATE_REQUEST:
		check_certificate_request(&c, b, ch);
		break;
	case HS_CERTIFICATE_VERIFY:
		check_certificate_verify(&c, b, ch);
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		check_client_key_exchange(&c, b, ch);
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t versions[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x7f12 };
	struct choice ch;

	if (size < N_CHOICE)
		return 0;
	ch.version = versions[data[1] % (sizeof versions / sizeof versions[0])];
	ch.kx = (enum key_exchange)(data[2] % (KX_TLS13 + 1));
	ch.auth = (enum authentication)(data[3] % (AUTH_TLS13 + 1));
	check_message(data[0], bytes_of(data + N_CHOICE, size - N_CHOICE), &ch);
	return 0;
}
