/*
 * Does a message stand in its turn? Told only where the bytes before it were all seen: a hole or
 * a late start of the capture never makes a message unexpected.
 */
#include "base/array.h"
#include "session/conn.h"

/* What a side sends in this order; ranks are places in it, the first is 1. */
struct flight {
	const unsigned *types;
	size_t n;
};

#define FLIGHT(types)                                                                              \
	(struct flight)                                                                            \
	{                                                                                          \
		types, COUNT(types)                                                                \
	}

/* 0: it has no place there. */
static uint8_t place_in(struct flight f, unsigned type)
{
	for (size_t i = 0; i < f.n; i++)
		if (f.types[i] == type)
			return (uint8_t)(i + 1);
	return 0;
}

/* Up to TLS 1.2 (RFC 5246 7.3, RFC 4680, RFC 5077, RFC 6066 8). */
static uint8_t rank_of(enum side from, unsigned type)
{
	static const unsigned server[] = { HS_SERVER_HELLO, HS_SUPPLEMENTAL_DATA, HS_CERTIFICATE,
		HS_CERTIFICATE_STATUS, HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_REQUEST,
		HS_SERVER_HELLO_DONE, HS_NEW_SESSION_TICKET, ORDER_CCS };
	static const unsigned client[] = { HS_CLIENT_HELLO, HS_SUPPLEMENTAL_DATA, HS_CERTIFICATE,
		HS_CLIENT_KEY_EXCHANGE, HS_CERTIFICATE_VERIFY, ORDER_CCS };

	if (from == SIDE_SERVER)
		return place_in(FLIGHT(server), type);
	return place_in(FLIGHT(client), type == HS_CERTIFICATE_URL ? HS_CERTIFICATE : type);
}

static bool needs_certificate(const struct suite *suite)
{
	return suite != NULL && suite->auth != AUTH_NONE && suite->auth != AUTH_UNKNOWN &&
	       suite->auth != AUTH_TLS13;
}

enum need { NEED_YES, NEED_NO, NEED_EITHER };

/* Is there a ServerKeyExchange with this suite? RFC 5246 7.4.3, RFC 4279 2, RFC 5489, RFC 5054. */
static enum need needs_key_exchange(const struct suite *suite)
{
	if (suite == NULL)
		return NEED_EITHER;
	switch (suite->kx) {
	case KX_DHE:
	case KX_ECDHE:
	case KX_DHE_PSK:
	case KX_ECDHE_PSK:
	case KX_SRP:
	case KX_ECJPAKE:
		return NEED_YES;
	case KX_RSA:
		return suite->export_grade ? NEED_EITHER : NEED_NO;
	case KX_DH:
	case KX_ECDH:
		return NEED_NO;
	case KX_UNKNOWN:
	case KX_NULL:
	case KX_PSK:
	case KX_RSA_PSK:
	case KX_KRB5:
	case KX_GOST:
	case KX_ECCPWD:
	case KX_TLS13:
		break;
	}
	return NEED_EITHER;
}

/*
 * RFC 5246 7.4.1.2, RFC 5077 3.1: had the client anything to resume? A server that does so answers with the
 * session id that it was sent, if it was sent one (RFC 5246 7.4.1.3, RFC 5077 3.4); hellos of TLS 1.3 have
 * one that names no session.
 */
static bool may_resume(const struct handshake *hs)
{
	const struct client_hello *hello = &hs->client_hello;

	if (hello->seen && hello->session_id.len != 0 && hs->server_hello.seen)
		return bytes_equal(hello->session_id, hs->server_hello.session_id);
	return !hello->seen || hello->session_id.len != 0 || hello->ext.session_ticket.len != 0;
}

static bool server_ccs_too_early(const struct conn *c)
{
	const struct handshake *hs = c->hs;
	const struct lane *client = conn_lane_of(c, SIDE_CLIENT);

	if (hs->server_hello_done) /* a full handshake: the client's comes first */
		return !hs->side[SIDE_CLIENT].ccs && client->reading && !client->lost &&
		       !client->unsure;
	if (handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE) ||
		handshake_began(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE))
		return true;
	return !may_resume(hs);
}

static bool misses_before_it(const struct conn *c, unsigned type)
{
	const struct handshake *hs = c->hs;

	switch (type) {
	case HS_SERVER_KEY_EXCHANGE:
		if (needs_certificate(hs->suite) &&
			!handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE))
			return true;
		return needs_key_exchange(hs->suite) == NEED_NO;
	case HS_SERVER_HELLO_DONE:
		if (needs_certificate(hs->suite) &&
			!handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE))
			return true;
		return needs_key_exchange(hs->suite) == NEED_YES &&
		       !handshake_began(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
	case ORDER_CCS:
		return server_ccs_too_early(c);
	default:
		return false;
	}
}

static bool misses_before_it_client(const struct conn *c, unsigned type)
{
	const struct handshake *hs = c->hs;
	const struct lane *server = conn_lane_of(c, SIDE_SERVER);

	switch (type) {
	case HS_CERTIFICATE_VERIFY:
		return hs->side[SIDE_CLIENT].certificate.n == 0 &&
		       !conn_lane_of(c, SIDE_CLIENT)->unread;
	case HS_CERTIFICATE:
		return hs->server_hello_done &&
		       !handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST) && !server->lost &&
		       !server->unsure;
	case ORDER_CCS:
		return hs->server_hello_done &&
		       !handshake_began(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE);
	default:
		return false;
	}
}

/* A second hello answers a HelloRetryRequest, which may stand where nothing could be read. */
static bool retry_hidden(const struct conn *c)
{
	const struct lane *server = conn_lane_of(c, SIDE_SERVER);

	return server->lost || server->unsure || server->unread;
}

/* Under the keys (RFC 8446 2, figure 1): behind all that is in the clear. */
enum rank13 { RANK_EXTENSIONS = 12, RANK_REQUEST, RANK_CERTIFICATE, RANK_VERIFY, RANK_FINISHED };

static uint8_t rank13(enum side from, unsigned type)
{
	static const unsigned server[] = { HS_ENCRYPTED_EXTENSIONS, HS_CERTIFICATE_REQUEST,
		HS_CERTIFICATE, HS_CERTIFICATE_VERIFY, HS_FINISHED };
	static const unsigned client[] = { HS_END_OF_EARLY_DATA, HS_CERTIFICATE,
		HS_CERTIFICATE_VERIFY, HS_FINISHED };
	const enum rank13 first = from == SIDE_SERVER ? RANK_EXTENSIONS : RANK_REQUEST;
	uint8_t place;

	if (type == HS_COMPRESSED_CERTIFICATE)
		type = HS_CERTIFICATE;
	place = place_in(from == SIDE_SERVER ? FLIGHT(server) : FLIGHT(client), type);
	return place != 0 ? (uint8_t)(first + place - 1) : 0;
}

/*
 * What has to stand before it (4.4): a signature needs a certificate, and a server that no PSK speaks for needs
 * both. Only where the lane was opened from the flight's beginning.
 */
static bool misses_before13(
	const struct conn *c, enum side from, const struct lane *l, uint8_t rank)
{
	const struct handshake *hs = c->hs;
	const struct party *p = &hs->side[from];
	bool server = from == SIDE_SERVER;

	/* a log need not tell of each message, and a record of which bytes are missing may hold some */
	if (p->keys != KEYS_OPEN || p->refused_records != 0 || l->unopened)
		return false;
	if (server && (l->last_rank < RANK_EXTENSIONS || l->last_rank >= RANK_FINISHED))
		return l->last_rank != 0 && l->last_rank < RANK_EXTENSIONS &&
		       rank > RANK_EXTENSIONS;
	if (rank == RANK_VERIFY)
		return l->last_rank != RANK_CERTIFICATE;
	return server && rank == RANK_FINISHED && l->last_rank != RANK_VERIFY &&
	       hs->server_hello.seen && !hs->server_hello.ext.has_pre_shared_key;
}

/* After its Finished a side may send tickets, key updates and, once asked, a certificate (4.6). */
static bool unexpected_opened(const struct lane *l, uint8_t rank)
{
	if (l->last_rank >= RANK_FINISHED)
		return rank != 0 && rank < RANK_CERTIFICATE;
	return rank == 0 || rank <= l->last_rank;
}

/* RFC 8446 4: only the hellos are in the clear, and a ChangeCipherSpec means nothing. */
static bool unexpected13(const struct conn *c, enum side from, unsigned type)
{
	const struct handshake *hs = c->hs;

	switch (type) {
	case ORDER_CCS:
		return false;
	case HS_SERVER_HELLO:
		return from != SIDE_SERVER || hs->server_hello.seen;
	case HS_CLIENT_HELLO:
		return from != SIDE_CLIENT || !hs->hello_retry.seen || hs->client_hello_2.seen ||
		       hs->server_hello.seen;
	default:
		return true;
	}
}

static bool judge(const struct conn *c, enum side from, unsigned type, uint8_t rank)
{
	const struct handshake *hs = c->hs;

	if (from == SIDE_CLIENT && type == HS_CLIENT_HELLO && retry_hidden(c))
		return false;
	if (hs->tls13)
		return unexpected13(c, from, type);
	if (type == HS_HELLO_REQUEST || (type == HS_HELLO_RETRY_REQUEST && !hs->server_hello.seen))
		return from != SIDE_SERVER;
	if (rank == 0 || rank <= conn_lane_of(c, from)->last_rank)
		return true;
	if (!hs->server_hello.seen) /* CCS may follow a hello of TLS 1.3 at once */
		return from == SIDE_SERVER && rank > 1 && hs->client_hello.seen &&
		       !conn_lane_of(c, SIDE_SERVER)->unread;
	return from == SIDE_SERVER ? misses_before_it(c, type) : misses_before_it_client(c, type);
}

bool order_unexpected(struct conn *c, enum side from, unsigned type)
{
	struct lane *l = conn_lane(c, from);
	bool opened13 = l->opening && c->hs->tls13;
	uint8_t rank = opened13 ? rank13(from, type) : rank_of(from, type);
	bool sure = !l->lost && !l->unsure && !c->hs->roles_guessed, unexpected;

	if (l->opening && type == HS_FINISHED && !c->hs->tls13)
		return false; /* it follows ChangeCipherSpec, or else the keys would not open it */
	if (opened13)
		unexpected =
			sure && (unexpected_opened(l, rank) || misses_before13(c, from, l, rank));
	else
		unexpected = sure && !c->midway && c->hs->skimmed == SKIM_NOT &&
			     judge(c, from, type, rank);
	if (rank > l->last_rank)
		l->last_rank = rank;
	return unexpected;
}
