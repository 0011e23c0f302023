/*
 * What a handshake has, as far as handshakes are compared. A hello is there whole, or it is not
 * compared at all; of the answer a part may be missing, and what is missing parts nothing.
 */
#include "diagnose/contrast_features.h"

#include "base/array.h"
#include "diagnose/rule.h"

const char *feature_name(enum feature_kind kind)
{
	static const char *const names[N_FEATURES] = {
		[FEATURE_RESUMPTION] = "resumption",
		[FEATURE_LAST_EMPTY] = "last-extension-empty",
		[FEATURE_ORDER] = "extension-order",
		[FEATURE_NAME] = "server-name",
		[FEATURE_NAME_IP] = "server-name-is-address",
		[FEATURE_NAME_IS] = "server-name-value",
		[FEATURE_EXTENSION] = "extension",
		[FEATURE_VERSION] = "version",
		[FEATURE_PROTOCOL] = "alpn",
		[FEATURE_GROUP] = "group",
		[FEATURE_SHARE] = "key-share",
		[FEATURE_SCHEME] = "signature-scheme",
		[FEATURE_SUITE] = "cipher-suite",
		[FEATURE_COMPRESSION] = "compression",
		[FEATURE_SEGMENTS] = "hello-segments",
		[FEATURE_SIZE] = "hello-size",
		[FEATURE_SESSION_ID] = "session-id-length",
		[FEATURE_RESUMED] = "answer-resumed",
		[FEATURE_ASKED] = "answer-certificate-request",
		[FEATURE_CHOSEN] = "answer-version",
		[FEATURE_AGREED] = "answer-cipher-suite",
		[FEATURE_ADDRESS] = "client-address",
		[FEATURE_HOPS] = "client-ttl",
		[FEATURE_MSS] = "client-mss",
		[FEATURE_TIME] = "time",
	};

	return names[kind];
}

bool feature_is_number(enum feature_kind kind)
{
	return (kind >= FEATURE_SEGMENTS && kind <= FEATURE_SESSION_ID) || kind == FEATURE_HOPS ||
	       kind == FEATURE_MSS;
}

/* The list that a kind is about; NULL: none. */
static const struct u16s *list_of(const struct client_hello *hello, enum feature_kind kind)
{
	switch ((int)kind) {
	case FEATURE_GROUP:
		return &hello->ext.groups;
	case FEATURE_SCHEME:
		return &hello->ext.schemes;
	case FEATURE_SUITE:
		return &hello->suites;
	case FEATURE_VERSION:
		return &hello->ext.versions;
	default:
		return NULL;
	}
}

/*
 * A client of TLS 1.3 fills its session id for old middleboxes (RFC 8446 D.4): there only a ticket
 * or a pre-shared key names a session.
 */
bool hello_names_session(const struct client_hello *hello)
{
	return hello->ext.has_pre_shared_key || hello->ext.session_ticket.len != 0 ||
	       (hello->session_id.len != 0 && !u16s_has(&hello->ext.versions, 0x0304));
}

static const struct extension *last_extension(const struct client_hello *hello)
{
	return hello->ext.n != 0 ? &hello->ext.list[hello->ext.n - 1] : NULL;
}

/* Where it stands in the list; SIZE_MAX: nowhere. */
static size_t place_of(const struct extensions *ext, uint16_t type)
{
	for (size_t i = 0; i < ext->n; i++)
		if (ext->list[i].type == type)
			return i;
	return SIZE_MAX;
}

static bool is_address(struct bytes name)
{
	size_t dots = 0, colons = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = (char)name.data[i];

		dots += c == '.';
		colons += c == ':';
		if (!(c >= '0' && c <= '9') && c != '.' && c != ':' && c != '[' && c != ']' &&
			!(colons != 0 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))))
			return false;
	}
	return colons >= 2 || dots == 3;
}

static bool has_protocol(const struct extensions *ext, struct bytes name)
{
	for (size_t i = 0; i < ext->n_alpn && i < ALPN_MAX; i++)
		if (bytes_equal(ext->alpn[i], name))
			return true;
	return false;
}

static bool has_share(const struct extensions *ext, uint32_t group)
{
	for (size_t i = 0; i < ext->n_shares && i < KEY_SHARES_MAX; i++)
		if (ext->shares[i].group == group)
			return true;
	return false;
}

static enum having having(bool has)
{
	return has ? HAS : HAS_NOT;
}

static enum having in_list(const struct client_hello *hello, const struct feature *f)
{
	const struct u16s *l = list_of(hello, f->kind);

	if (f->kind == FEATURE_VERSION && !hello->ext.has_versions)
		/* Which older ones it would take too it does not say. */
		return f->value < hello->version ? HAS_UNKNOWN : having(f->value == hello->version);
	if (u16s_count(l) > VALUES_COMPARED_MAX)
		return HAS_UNKNOWN;
	return having(u16s_has(l, (uint16_t)f->value));
}

static enum having in_order(const struct extensions *ext, uint32_t pair)
{
	size_t a = place_of(ext, (uint16_t)(pair >> 16)), b = place_of(ext, (uint16_t)pair);

	return a == SIZE_MAX || b == SIZE_MAX ? HAS_UNKNOWN : having(a < b);
}

static enum having had_by_hello(const struct client_hello *hello, const struct feature *f)
{
	const struct extensions *ext = &hello->ext;
	const struct extension *last = last_extension(hello);

	switch ((int)f->kind) {
	case FEATURE_RESUMPTION:
		return having(hello_names_session(hello));
	case FEATURE_LAST_EMPTY:
		return having(last != NULL && last->body.len == 0);
	case FEATURE_ORDER:
		return in_order(ext, f->value);
	case FEATURE_NAME:
		return having(ext->has_server_name);
	case FEATURE_NAME_IP:
		return having(ext->has_server_name && is_address(ext->server_name));
	case FEATURE_NAME_IS:
		return having(ext->has_server_name && bytes_equal(ext->server_name, f->text));
	case FEATURE_EXTENSION:
		return ext->n == EXTENSIONS_MAX
			       ? HAS_UNKNOWN
			       : having(place_of(ext, (uint16_t)f->value) != SIZE_MAX);
	case FEATURE_PROTOCOL:
		return having(has_protocol(ext, f->text));
	case FEATURE_SHARE:
		return having(has_share(ext, f->value));
	case FEATURE_COMPRESSION:
		for (size_t i = 0; i < hello->compression.len; i++)
			if (hello->compression.data[i] == f->value)
				return HAS;
		return HAS_NOT;
	default:
		return list_of(hello, f->kind) != NULL ? in_list(hello, f) : HAS_UNKNOWN;
	}
}

static enum having had_by_answer(const struct handshake *hs, const struct feature *f)
{
	if (!hs->server_hello.seen)
		return HAS_UNKNOWN;
	switch ((int)f->kind) {
	case FEATURE_RESUMED:
		return hs->resumed_known ? having(hs->resumed) : HAS_UNKNOWN;
	case FEATURE_ASKED:
		if (hs->certificate_request.seen)
			return HAS;
		return hs->server_hello_done ? HAS_NOT : HAS_UNKNOWN;
	case FEATURE_CHOSEN:
		return hs->version != 0 ? having(hs->version == f->value) : HAS_UNKNOWN;
	case FEATURE_AGREED:
		return hs->has_suite ? having(hs->suite_value == f->value) : HAS_UNKNOWN;
	default:
		return HAS_UNKNOWN;
	}
}

bool same_client(const struct handshake *a, const struct handshake *b)
{
	const struct endpoint *x = &a->side[SIDE_CLIENT].address;
	const struct endpoint *y = &b->side[SIDE_CLIENT].address;

	return x->family == y->family &&
	       memcmp(x->addr, y->addr, x->family == 4 ? 4 : sizeof x->addr) == 0;
}

enum having feature_had(const struct handshake *hs, const struct feature *f)
{
	if (f->kind == FEATURE_ADDRESS)
		return having(same_client(hs, f->from));
	return f->kind < FEATURE_SEGMENTS ? had_by_hello(&hs->client_hello, f)
					  : had_by_answer(hs, f);
}

uint32_t feature_number(const struct handshake *hs, enum feature_kind kind)
{
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	const struct direction *tcp = &hs->side[SIDE_CLIENT].tcp;

	switch ((int)kind) {
	case FEATURE_SEGMENTS:
		return hs->client_hello_segments;
	case FEATURE_SIZE:
		return ev != NULL ? (uint32_t)ev->length : 0;
	case FEATURE_HOPS:
		return tcp->hops_left != 0 ? tcp->hops_left : UINT32_MAX;
	case FEATURE_MSS:
		return tcp->mss != 0 ? tcp->mss : UINT32_MAX;
	default:
		return (uint32_t)hs->client_hello.session_id.len;
	}
}

/* The type of the next extension from *i on that is no GREASE; false: there is none. */
static bool next_type(const struct extensions *ext, size_t *i, uint16_t *type)
{
	while (*i < ext->n && is_grease(ext->list[*i].type))
		++*i;
	if (*i == ext->n)
		return false;
	*type = ext->list[(*i)++].type;
	return true;
}

bool hellos_shuffled(const struct client_hello *a, const struct client_hello *b)
{
	size_t i = 0, k = 0;
	uint16_t x = 0, y = 0;
	bool other = false;

	for (;;) {
		bool more = next_type(&a->ext, &i, &x);

		if (next_type(&b->ext, &k, &y) != more)
			return false;
		if (!more)
			return other;
		if (place_of(&b->ext, x) == SIZE_MAX)
			return false;
		other |= x != y;
	}
}

/* ---- one after the other ---- */

struct visit {
	feature_visit *visit;
	void *ctx;
	const struct handshake *hs;
};

static void visit_one(
	const struct visit *v, enum feature_kind kind, uint32_t value, struct bytes text)
{
	struct feature f = { .kind = kind, .value = value, .text = text, .from = v->hs };

	if (feature_had(v->hs, &f) == HAS)
		v->visit(&f, v->ctx);
}

static void visit_list(const struct visit *v, enum feature_kind kind)
{
	const struct u16s *l = list_of(&v->hs->client_hello, kind);
	size_t n = u16s_count(l);

	for (size_t i = 0; i < n && n <= VALUES_COMPARED_MAX; i++)
		if (!is_grease(u16s_at(l, i)))
			visit_one(v, kind, u16s_at(l, i), bytes_of(NULL, 0));
}

/* Every pair would be a matter of thousands; neighbours are enough to show another order. */
static void visit_extensions(const struct visit *v, const struct extensions *ext)
{
	uint16_t before = 0;
	bool any = false;

	for (size_t i = 0; i < ext->n; i++) {
		uint16_t type = ext->list[i].type;

		if (is_grease(type))
			continue;
		if (any)
			visit_one(
				v, FEATURE_ORDER, (uint32_t)before << 16 | type, bytes_of(NULL, 0));
		visit_one(v, FEATURE_EXTENSION, type, bytes_of(NULL, 0));
		before = type;
		any = true;
	}
}

static void visit_names(const struct visit *v, const struct extensions *ext)
{
	visit_one(v, FEATURE_NAME, 0, bytes_of(NULL, 0));
	visit_one(v, FEATURE_NAME_IP, 0, bytes_of(NULL, 0));
	visit_one(v, FEATURE_NAME_IS, 0, ext->server_name);
	for (size_t i = 0; i < ext->n_alpn && i < ALPN_MAX; i++)
		visit_one(v, FEATURE_PROTOCOL, 0, ext->alpn[i]);
}

void features_visit(const struct handshake *hs, feature_visit *visit, void *ctx)
{
	static const enum feature_kind lists[] = { FEATURE_GROUP, FEATURE_SCHEME, FEATURE_SUITE,
		FEATURE_VERSION };
	const struct client_hello *hello = &hs->client_hello;
	const struct visit v = { visit, ctx, hs };

	visit_one(&v, FEATURE_RESUMPTION, 0, bytes_of(NULL, 0));
	visit_one(&v, FEATURE_LAST_EMPTY, 0, bytes_of(NULL, 0));
	visit_names(&v, &hello->ext);
	visit_extensions(&v, &hello->ext);
	for (size_t i = 0; i < COUNT(lists); i++)
		visit_list(&v, lists[i]);
	if (!hello->ext.has_versions)
		visit_one(&v, FEATURE_VERSION, hello->version, bytes_of(NULL, 0));
	for (size_t i = 0; i < hello->ext.n_shares && i < KEY_SHARES_MAX; i++)
		if (!is_grease(hello->ext.shares[i].group))
			visit_one(&v, FEATURE_SHARE, hello->ext.shares[i].group, bytes_of(NULL, 0));
	for (size_t i = 0; i < hello->compression.len; i++)
		if (hello->compression.data[i] != 0)
			visit_one(&v, FEATURE_COMPRESSION, hello->compression.data[i],
				bytes_of(NULL, 0));
	visit_one(&v, FEATURE_RESUMED, 0, bytes_of(NULL, 0));
	visit_one(&v, FEATURE_ASKED, 0, bytes_of(NULL, 0));
	visit_one(&v, FEATURE_CHOSEN, hs->version, bytes_of(NULL, 0));
	visit_one(&v, FEATURE_AGREED, hs->suite_value, bytes_of(NULL, 0));
	visit_one(&v, FEATURE_ADDRESS, 0, bytes_of(NULL, 0));
}
