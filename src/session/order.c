/*
 * Does a message stand in its turn? Told only where the bytes before it were all seen: a hole or
 * a late start of the capture never makes a message unexpected.
 */
#include "session/conn.h"

/* Places in a side's flight up to TLS 1.2 (RFC 5246 7.3, RFC 4680, RFC 5077, RFC 6066 8). */
static uint8_t rank_of(enum side from, unsigned type)
{
	if (from == SIDE_SERVER) {
		switch (type) {
		case HS_SERVER_HELLO:
			return 1;
		case HS_SUPPLEMENTAL_DATA:
			return 2;
		case HS_CERTIFICATE:
			return 3;
		case HS_CERTIFICATE_STATUS:
			return 4;
		case HS_SERVER_KEY_EXCHANGE:
			return 5;
		case HS_CERTIFICATE_REQUEST:
			return 6;
		case HS_SERVER_HELLO_DONE:
			return 7;
		case HS_NEW_SESSION_TICKET:
			return 8;
		case ORDER_CCS:
			return 9;
		default:
			return 0;
		}
	}
	switch (type) {
	case HS_CLIENT_HELLO:
		return 1;
	case HS_SUPPLEMENTAL_DATA:
		return 2;
	case HS_CERTIFICATE:
	case HS_CERTIFICATE_URL:
		return 3;
	case HS_CLIENT_KEY_EXCHANGE:
		return 4;
	case HS_CERTIFICATE_VERIFY:
		return 5;
	case ORDER_CCS:
		return 6;
	default:
		return 0;
	}
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

/* Places in a side's flight under the keys (RFC 8446 2, figure 1); 0: it has none there. */
static uint8_t rank13(enum side from, unsigned type)
{
	switch (type) {
	case HS_ENCRYPTED_EXTENSIONS:
		return from == SIDE_SERVER ? 12 : 0;
	case HS_CERTIFICATE_REQUEST:
		return from == SIDE_SERVER ? 13 : 0;
	case HS_END_OF_EARLY_DATA:
		return from == SIDE_CLIENT ? 13 : 0;
	case HS_CERTIFICATE:
	case HS_COMPRESSED_CERTIFICATE:
		return 14;
	case HS_CERTIFICATE_VERIFY:
		return 15;
	case HS_FINISHED:
		return 16;
	default:
		return 0;
	}
}

enum { RANK_EXTENSIONS = 12, RANK_CERTIFICATE = 14, RANK_VERIFY = 15, RANK_FINISHED = 16 };

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

	/* a log need not tell of each message */
	if (p->keys != KEYS_OPEN || p->refused_records != 0)
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
	bool unexpected = false;

	if (l->opening && type == HS_FINISHED && !c->hs->tls13)
		return false; /* it follows ChangeCipherSpec, or else the keys would not open it */
	if (opened13 && !l->lost && !l->unsure && !c->hs->roles_guessed) {
		unexpected = unexpected_opened(l, rank) || misses_before13(c, from, l, rank);
	} else if (opened13) {
		unexpected = false;
	} else if (!l->lost && !l->unsure && !c->midway && !c->hs->roles_guessed &&
		   c->hs->skimmed == SKIM_NOT) {
		unexpected = judge(c, from, type, rank);
	}
	if (rank > l->last_rank)
		l->last_rank = rank;
	return unexpected;
}
