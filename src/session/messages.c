/*
 * Messages in the clear become facts. Whether they stand in their turn is order.c's matter, the
 * rest of the ladder ladder.c's.
 */
#include "session/conn.h"

#include "unpack/unpack_whole.h"

enum { SSL2_FORMAT = 0x0002 };

/* RFC 8446; 0x7f.. are its drafts, 0xfb.. those that one company ran. */
static bool is_tls13(uint16_t version)
{
	return version == 0x0304 || version >> 8 == 0x7f || version >> 8 == 0xfb;
}

enum { HELLOS_AGAIN_MAX = 8 }; /* read of one handshake */

static const struct event *hello_before(const struct handshake *hs)
{
	for (size_t i = hs->n_events; i-- > 0;)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == SIDE_CLIENT &&
			hs->events[i].type == HS_CLIENT_HELLO)
			return &hs->events[i];
	return NULL;
}

/*
 * Nobody has asked for another hello. It is read for what it says, and is no part of the handshake:
 * the facts stay those of the first.
 */
static void take_hello_again(struct conn *c, struct event *ev, struct bytes body)
{
	struct handshake *hs = c->hs;
	const struct event *before = hello_before(hs);
	struct client_hello *again;
	struct parse_err err;
	struct cur cur = cur_init(body, &err);

	ev->repeats = before != NULL && bytes_equal(before->raw, ev->raw);
	if (c->hellos_again++ >= HELLOS_AGAIN_MAX)
		return;
	if ((again = arena_alloc(hs->arena, sizeof *again)) == NULL)
		return;
	if (ev->record_version == SSL2_FORMAT)
		(void)parse_client_hello_v2(&cur, again);
	else
		(void)parse_client_hello(&cur, again);
	ev->again = again;
	ev->wrong = err;
}

static void take_client_hello(struct conn *c, struct event *ev, struct bytes body)
{
	struct handshake *hs = c->hs;
	struct client_hello *hello = hs->hello_retry.seen && hs->client_hello.seen
					     ? &hs->client_hello_2
					     : &hs->client_hello;
	struct parse_err err;
	struct cur cur = cur_init(body, &err);

	if (ev->from != SIDE_CLIENT)
		return;
	if (hello->seen) {
		take_hello_again(c, ev, body);
		return;
	}
	if (ev->record_version == SSL2_FORMAT)
		(void)parse_client_hello_v2(&cur, hello);
	else
		(void)parse_client_hello(&cur, hello);
	if (ev->wrong.code == PARSE_OK)
		ev->wrong = err;
	hs->answers_retry = hello == &hs->client_hello && hs->hello_retry.seen;
	if (hello == &hs->client_hello) {
		hs->client_hello_segments = (uint32_t)ev->n_spans;
		hs->client_hello_split = ev->n_spans > 1;
	}
}

/* RFC 5246 7.4.1.3, RFC 5077 3.4: who resumes answers with the client's session id. */
static bool resumption_refused(const struct client_hello *client, const struct server_hello *server)
{
	if (!client->seen || client->sslv2_format)
		return false;
	if (client->session_id.len == 0)
		return client->ext.session_ticket.len == 0;
	return !bytes_equal(client->session_id, server->session_id);
}

static void note_server_hello(struct handshake *hs, const struct server_hello *hello)
{
	hs->version = server_hello_version(hello);
	hs->tls13 = is_tls13(hs->version);
	if (hello->has_suite) {
		hs->has_suite = true;
		hs->suite_value = hello->suite;
		hs->suite = suite_find(hello->suite);
	}
	if (hs->tls13 && !hello->is_retry) {
		hs->resumed_known = true;
		hs->resumed = hello->ext.has_pre_shared_key;
	} else if (!hs->tls13) {
		hs->alpn.from = FROM_CLEAR;
		if (hello->ext.n_alpn != 0)
			hs->alpn.name = hello->ext.alpn[0];
		hs->resumed_known = resumption_refused(&hs->client_hello, hello);
	}
}

static void take_server_hello(struct conn *c, struct event *ev, struct bytes body)
{
	struct handshake *hs = c->hs;
	struct server_hello *hello = &hs->server_hello;
	struct parse_err err;
	struct cur cur = cur_init(body, &err);

	if (hello->seen || ev->from != SIDE_SERVER)
		return;
	if (ev->type == HS_HELLO_RETRY_REQUEST)
		(void)parse_hello_retry_draft(&cur, hello);
	else
		(void)parse_server_hello(&cur, hello);
	if (ev->wrong.code == PARSE_OK)
		ev->wrong = err;
	note_server_hello(hs, hello);
	if (!hello->is_retry)
		return;
	if (!hs->hello_retry.seen)
		hs->hello_retry = *hello;
	else /* RFC 8446 4.1.4: no second one */
		ev->unexpected = true;
	*hello = (struct server_hello){ 0 };
}

/* ---- what comes after the hellos ---- */

/* The version to read a message by: as agreed, else as its record says. */
static uint16_t reading_version(const struct handshake *hs, const struct event *ev)
{
	if (hs->version != 0)
		return hs->version;
	return ev->record_version >= 0x0300 && ev->record_version <= 0x0303 ? ev->record_version
									    : 0x0303;
}

/* Equal certificates are held once: the entries then point at the store's copy. */
static void hold_certificates(struct handshake *hs, enum side from, bool opened)
{
	struct certificate_message *m = &hs->side[from].certificate;

	hs->side[from].certs_from = opened ? FROM_DECRYPTED : FROM_CLEAR;
	for (size_t i = 0; i < m->n && i < CERTIFICATES_MAX; i++) {
		const struct cert *cert = cert_store_get(hs->store, m->entry[i]);

		if (cert == NULL)
			return;
		hs->side[from].certs[hs->side[from].n_certs++] = cert;
		m->entry[i] = cert->der;
	}
}

static void take_certificate(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	struct certificate_message *m = &hs->side[ev->from].certificate;

	if (m->seen)
		return;
	(void)parse_certificate(cur, hs->tls13, m);
	/* RFC 8446 4.4.2.4: of a server an empty list is a decode_error */
	if (ev->from == SIDE_SERVER && m->n == 0)
		cur_fail(cur, PARSE_RANGE, "certificate_list", 1);
	hold_certificates(hs, ev->from, ev->opened);
}

/* RFC 5246 7.3: what follows the ServerHello of a session that is not resumed. */
static bool is_of_full_handshake(const struct event *ev)
{
	return ev->from == SIDE_SERVER &&
	       (ev->type == HS_CERTIFICATE || ev->type == HS_SERVER_KEY_EXCHANGE ||
		       ev->type == HS_SERVER_HELLO_DONE);
}

/* Of a message that was not read whole only that it stands there is known. */
static void note_begun(struct handshake *hs, const struct event *ev)
{
	if (ev->type < 32)
		hs->side[ev->from].begun |= UINT32_C(1) << ev->type;
	if (!hs->tls13 && hs->server_hello.seen && is_of_full_handshake(ev))
		hs->resumed_known = true;
}

/* From here on it is a Certificate, whatever it came as. */
static void take_unpacked(struct conn *c, struct event *ev, struct cur *cur,
	const struct compressed_certificate *m, struct bytes body)
{
	struct parse_err err;
	struct cur inside = cur_init(body, &err);

	ev->type = HS_CERTIFICATE;
	ev->compression = m->algorithm;
	note_begun(c->hs, ev);
	take_certificate(c, ev, &inside);
	if (err.code != PARSE_OK)
		cur_fail(cur, err.code, err.field, err.need);
}

/* RFC 8879 4; one that this build cannot unpack stands there unread. */
static void take_compressed_certificate(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	struct compressed_certificate m;
	uint8_t *room;

	if (!hs->tls13 || !ev->opened || !parse_compressed_certificate(cur, &m))
		return;
	room = m.uncompressed_length <= UNCOMPRESSED_CERTIFICATE_MAX
		       ? arena_alloc_raw(hs->arena, m.uncompressed_length + 1)
		       : NULL;
	if (room == NULL)
		return;
	switch (unpack_whole(m.algorithm, m.data, room, m.uncompressed_length)) {
	case UNPACKED:
		take_unpacked(c, ev, cur, &m, bytes_of(room, m.uncompressed_length));
		break;
	case UNPACKED_NOT:
		cur_fail(cur, PARSE_VALUE, "compressed_certificate_message", 0);
		break;
	case UNPACKED_UNKNOWN:
	case UNPACKED_MEMORY:
		break;
	}
}

/*
 * Without the ServerHello the suite is not known; but a signed ECDHE key has a shape that little
 * else has: a known group, a point, a signature that ends with the message.
 */
static void guess_server_key_exchange(struct handshake *hs, uint16_t version, struct cur cur)
{
	struct cur start = cur;
	struct parse_err err = { 0 };

	cur.err = &err;
	if (parse_server_key_exchange(&cur, version, KX_ECDHE, AUTH_RSA, &hs->ske) &&
		hs->ske.has_signature && hs->ske.has_group && group_find(hs->ske.group) != NULL)
		return;
	err = (struct parse_err){ 0 };
	start.err = &err;
	hs->ske = (struct server_key_exchange){ 0 };
	(void)parse_server_key_exchange(&start, version, KX_UNKNOWN, AUTH_UNKNOWN, &hs->ske);
}

static void take_server_key_exchange(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	uint16_t version = reading_version(hs, ev);

	if (hs->ske.seen || ev->from != SIDE_SERVER)
		return;
	if (hs->suite != NULL && !hs->suite->tls13)
		(void)parse_server_key_exchange(
			cur, version, hs->suite->kx, hs->suite->auth, &hs->ske);
	else
		guess_server_key_exchange(hs, version, *cur);
}

void message_outline(struct conn *c, const struct event *ev, struct bytes body,
	const struct hidden *hidden, size_t n)
{
	struct handshake *hs = c->hs;

	if (hs->ske.seen || hs->outline.seen || ev->from != SIDE_SERVER || hs->tls13 ||
		(hs->suite != NULL && hs->suite->kx != KX_ECDHE))
		return;
	if (!outline_server_key_exchange(body, hidden, n, reading_version(hs, ev), &hs->outline))
		return;
	if (group_find(hs->outline.group) == NULL)
		hs->outline = (struct server_key_outline){ 0 };
}

static void take_client_key_exchange(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;

	if (hs->cke.seen || ev->from != SIDE_CLIENT)
		return;
	(void)parse_client_key_exchange(cur, reading_version(hs, ev),
		hs->suite != NULL ? hs->suite->kx : KX_UNKNOWN, &hs->cke);
}

static void take_server_hello_done(struct conn *c, struct event *ev, struct cur *cur)
{
	if (ev->from != SIDE_SERVER)
		return;
	(void)cur_end(cur, "ServerHelloDone");
	c->hs->server_hello_done = true;
}

/* RFC 8446 4.4.3: in TLS 1.3 a server has one, too. */
static void take_certificate_verify(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	struct certificate_verify *verify = &hs->side[ev->from].verify;

	if (!verify->seen && (hs->tls13 || ev->from == SIDE_CLIENT))
		(void)parse_certificate_verify(cur, reading_version(hs, ev), verify);
}

static void keep_encrypted(const struct extensions *ext, struct encrypted_extensions *out)
{
	out->seen = true;
	out->n = ext->n < ENCRYPTED_EXTENSIONS_MAX ? ext->n : ENCRYPTED_EXTENSIONS_MAX;
	memcpy(out->list, ext->list, out->n * sizeof *out->list);
}

/* RFC 8446 4.3.1: of the answers that stand here the protocol agreed on is a fact of its own. */
static void take_encrypted_extensions(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	struct extensions ext = { 0 };

	if (ev->from != SIDE_SERVER || hs->encrypted_extensions.seen)
		return;
	if (!parse_extensions(cur, IN_OTHER, &ext))
		return;
	keep_encrypted(&ext, &hs->encrypted_extensions);
	if (hs->alpn.from != FROM_NOWHERE)
		return;
	hs->alpn.from = FROM_DECRYPTED;
	if (ext.n_alpn != 0)
		hs->alpn.name = ext.alpn[0];
}

/* RFC 8446 4.6.1 is another form than RFC 5077 3.3, and says nothing that is asked of it. */
static void take_ticket(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;

	if (!hs->ticket.seen && ev->from == SIDE_SERVER && !hs->tls13)
		(void)parse_new_session_ticket(cur, &hs->ticket);
}

/* RFC 8446 4.4.4: as long as the hash; RFC 5246 7.4.9: 12 bytes, SSL 3.0 had 36. */
static void take_finished(struct conn *c, struct event *ev, struct cur *cur)
{
	struct handshake *hs = c->hs;
	struct finished *f = &hs->side[ev->from].finished;
	size_t hash = hs->suite != NULL ? crypto_hash_length((enum hash)hs->suite->prf_hash) : 0;
	size_t due = hs->tls13 ? hash : 12;

	if (f->seen || !ev->opened)
		return;
	f->seen = true;
	f->verify_data = bytes_of(cur->next, cur_left(cur));
	if (hs->version > 0x0300 && due != 0 && f->verify_data.len != due)
		cur_fail(cur, PARSE_RANGE, "verify_data", due);
}

/* RFC 8446 4.6.3: whether the other side is to update its keys, too. */
static void take_key_update(struct cur *cur)
{
	if (cur_u8(cur, "request_update") > 1 && cur_ok(cur))
		cur_fail(cur, PARSE_VALUE, "request_update", 0);
	(void)cur_end(cur, "KeyUpdate");
}

static void take_rest(struct conn *c, struct event *ev, struct bytes body)
{
	struct handshake *hs = c->hs;
	struct parse_err err;
	struct cur cur = cur_init(body, &err);

	switch (ev->type) {
	case HS_CERTIFICATE:
		take_certificate(c, ev, &cur);
		break;
	case HS_COMPRESSED_CERTIFICATE:
		take_compressed_certificate(c, ev, &cur);
		break;
	case HS_SERVER_KEY_EXCHANGE:
		take_server_key_exchange(c, ev, &cur);
		break;
	case HS_CERTIFICATE_REQUEST:
		if (!hs->certificate_request.seen && ev->from == SIDE_SERVER)
			(void)parse_certificate_request(
				&cur, reading_version(hs, ev), &hs->certificate_request);
		break;
	case HS_SERVER_HELLO_DONE:
		take_server_hello_done(c, ev, &cur);
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		take_client_key_exchange(c, ev, &cur);
		break;
	case HS_CERTIFICATE_VERIFY:
		take_certificate_verify(c, ev, &cur);
		break;
	case HS_ENCRYPTED_EXTENSIONS:
		take_encrypted_extensions(c, ev, &cur);
		break;
	case HS_FINISHED:
		take_finished(c, ev, &cur);
		break;
	case HS_NEW_SESSION_TICKET:
		take_ticket(c, ev, &cur);
		break;
	case HS_KEY_UPDATE:
		take_key_update(&cur);
		break;
	case HS_HELLO_REQUEST:
		(void)cur_end(&cur, "HelloRequest");
		break;
	default:
		if (name_handshake_type(ev->type) == NULL)
			err = (struct parse_err){ PARSE_VALUE, "msg_type", 0, 0, ev->type };
		break;
	}
	if (ev->wrong.code == PARSE_OK)
		ev->wrong = err;
}

static void take_facts(struct conn *c, struct event *ev)
{
	struct bytes body = bytes_slice(ev->raw, HANDSHAKE_HEADER, ev->raw.len);

	if (ev->record_version == SSL2_FORMAT)
		body = ev->raw;
	note_begun(c->hs, ev);
	if (ev->unread)
		return;
	switch (ev->type) {
	case HS_CLIENT_HELLO:
		take_client_hello(c, ev, body);
		break;
	case HS_SERVER_HELLO:
	case HS_HELLO_RETRY_REQUEST:
		take_server_hello(c, ev, body);
		break;
	default:
		take_rest(c, ev, body);
		break;
	}
}

/* ---- roles and their evidence ---- */

static bool sender_of(uint8_t type, enum side *side)
{
	switch (type) {
	case HS_CLIENT_HELLO:
	case HS_CLIENT_KEY_EXCHANGE:
	case HS_CERTIFICATE_VERIFY:
	case HS_CERTIFICATE_URL:
		*side = SIDE_CLIENT;
		return true;
	case HS_HELLO_REQUEST:
	case HS_SERVER_HELLO:
	case HS_HELLO_VERIFY_REQUEST:
	case HS_NEW_SESSION_TICKET:
	case HS_HELLO_RETRY_REQUEST:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
	case HS_SERVER_HELLO_DONE:
	case HS_CERTIFICATE_STATUS:
		*side = SIDE_SERVER;
		return true;
	default:
		return false;
	}
}

/* Was it begun before an alert that is known already? One that breaks off is taken at the end. */
static bool was_answered(const struct handshake *hs, const struct event *ev)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].packet > ev->packet)
			return ev->unread;
	return false;
}

static void message_begins(struct conn *c, struct event *ev)
{
	enum side sender;

	if (c->hs->roles_guessed && sender_of(ev->type, &sender)) {
		if (sender != ev->from) {
			attempt_swap_roles(c);
			ev->from = sender;
		}
		c->hs->roles_guessed = false;
	}
	if (ev->type == HS_CLIENT_HELLO && ev->from == SIDE_CLIENT && progress_is_over(c) &&
		!was_answered(c->hs, ev))
		(void)attempt_renew(c, (struct arrival){ ev->packet, ev->time });
}

/* What breaks off is taken when nothing more can come: it stands before what came after it. */
static void sort_last(struct handshake *hs)
{
	size_t i = hs->n_events - 1;
	struct event last = hs->events[i];

	for (; i > 0 && hs->events[i - 1].packet > last.packet &&
		hs->events[i - 1].kind != EVENT_GAP;
		i--)
		hs->events[i] = hs->events[i - 1];
	hs->events[i] = last;
}

/* RFC 8446 4.3.1: no other version has EncryptedExtensions. The ServerHello may be missing from a log. */
static void tell_version(struct handshake *hs, const struct event *ev)
{
	if (ev->type != HS_ENCRYPTED_EXTENSIONS || ev->from != SIDE_SERVER || !ev->opened ||
		hs->version != 0)
		return;
	hs->version = 0x0304;
	hs->tls13 = true;
}

static void message_take(struct conn *c, struct event *ev)
{
	struct handshake *hs = c->hs;
	struct lane *lane = conn_lane(c, ev->from);
	struct event *kept;

	tell_version(hs, ev);
	ev->unexpected = order_unexpected(c, ev->from, ev->type);
	lane->unread |= ev->unread;
	take_facts(c, ev);
	if (ev->opened)
		progress_opened(c, ev->from, ev->type, (struct arrival){ ev->packet, ev->time });
	c->session->totals.long_lists += ev->wrong.code == PARSE_LIMIT && !ev->unread;
	kept = conn_event(c, EVENT_MESSAGE, ev->from, (struct arrival){ ev->packet, ev->time });
	if (kept != NULL) {
		ev->stream_end = kept->stream_end;
		*kept = *ev;
		if (ev->unread)
			sort_last(hs);
	}
	hs->has_last_message = true;
	hs->last_message = ev->type;
	lane->last_type = ev->type;
}

bool message_deliver(struct conn *c, struct event *ev, struct bytes raw, const struct span *spans,
	size_t n_spans)
{
	struct bytes kept;

	message_begins(c, ev);
	if (c->hs == NULL)
		return true;
	ev->raw = arena_copy(c->hs->arena, raw);
	kept = arena_copy(c->hs->arena, bytes_of(spans, n_spans * sizeof *spans));
	if (ev->raw.data == NULL || kept.data == NULL)
		return false;
	ev->spans = (const struct span *)(const void *)kept.data;
	ev->n_spans = n_spans;
	message_take(c, ev);
	return true;
}
