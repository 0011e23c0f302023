/* Numbers on the wire are strings with their names beside them; what is not known is left out. */
#include "report/handshakes/json_facts.h"

#include "base/array.h"
#include "report/json_parts.h"
#include "session/handshake.h"

static void put_codes(struct json *j, const char *key, const struct u16s *list)
{
	json_array(j, key);
	for (size_t i = 0; i < u16s_count(list); i++)
		json_code(j, NULL, u16s_at(list, i));
	json_end_array(j);
}

static void put_version(struct json *j, uint16_t version)
{
	const char *name = version_draft(version) == 0 ? name_version(version) : NULL;

	if (name != NULL)
		json_string(j, NULL, name);
	else
		json_code(j, NULL, version);
}

/* Before supported_versions a hello says one number: the highest version the client has. */
static void put_versions(struct json *j, const struct client_hello *ch)
{
	json_array(j, "versions");
	if (!ch->ext.has_versions)
		put_version(j, ch->version);
	for (size_t i = 0; ch->ext.has_versions && i < u16s_count(&ch->ext.versions); i++)
		put_version(j, u16s_at(&ch->ext.versions, i));
	json_end_array(j);
}

/* SSLv2-format cipher specs whose first byte is 0 are the suites of later versions (RFC 5246 E.2). */
static void put_suites_v2(struct json *j, struct bytes specs)
{
	json_array(j, "cipher_suites");
	for (size_t i = 0; i + 3 <= specs.len; i += 3)
		if (specs.data[i] == 0)
			json_code(j, NULL, (uint16_t)(specs.data[i + 1] << 8 | specs.data[i + 2]));
	json_end_array(j);
}

void json_offered(struct json *j, const struct handshake *hs)
{
	const struct client_hello *ch = &hs->client_hello;
	const struct extensions *ext = &ch->ext;

	if (!ch->seen)
		return;
	json_object(j, "offered");
	put_versions(j, ch);
	if (ch->sslv2_format)
		put_suites_v2(j, ch->suites_v2);
	else
		put_codes(j, "cipher_suites", &ch->suites);
	if (ext->has_groups)
		put_codes(j, "groups", &ext->groups);
	if (ext->has_schemes)
		put_codes(j, "signature_schemes", &ext->schemes);
	if (ext->has_max_fragment_length && ext->max_fragment_length >= 1 &&
		ext->max_fragment_length <= 4)
		json_uint(j, "max_fragment_length", 256U << ext->max_fragment_length);
	if (ext->n_alpn != 0) {
		json_array(j, "alpn");
		for (size_t i = 0; i < ext->n_alpn; i++)
			json_text(j, NULL, ext->alpn[i]);
		json_end_array(j);
	}
	json_array(j, "extensions");
	for (size_t i = 0; i < ext->n; i++)
		json_code(j, NULL, ext->list[i].type);
	json_end_array(j);
	json_end_object(j);
}

void json_certificates(struct json *j, const struct handshake *hs)
{
	json_object(j, "certificates");
	for (int i = SIDE_SERVER; i >= SIDE_CLIENT; i--) {
		json_array(j, json_side((enum side)i));
		for (size_t k = 0; k < hs->side[i].n_certs; k++)
			json_certificate(j, NULL, hs->side[i].certs[k]);
		json_end_array(j);
	}
	if (hs->side[SIDE_SERVER].certs_from == FROM_TOLD)
		json_string(j, "server_source", "client");
	json_end_object(j);
}

static const char *exchange_kind(enum key_exchange kx)
{
	static const char *const kinds[] = {
		[KX_DHE] = "dhe",
		[KX_ECDHE] = "ecdhe",
		[KX_PSK] = "psk",
		[KX_RSA_PSK] = "rsa_psk",
		[KX_DHE_PSK] = "dhe_psk",
		[KX_ECDHE_PSK] = "ecdhe_psk",
		[KX_SRP] = "srp",
		[KX_ECJPAKE] = "ecjpake",
	};

	return (unsigned)kx < COUNT(kinds) ? kinds[kx] : NULL;
}

/* Before TLS 1.2 no scheme stands in the message: the version and the key fix the method. */
static void put_method(
	struct json *j, bool has_scheme, uint16_t scheme, const struct signature_method *method)
{
	enum hash hash = has_scheme ? scheme_decode(scheme).hash : method->hash;
	enum signature_kind kind = has_scheme ? scheme_decode(scheme).signature : method->signature;

	if (!has_scheme && kind == SIG_ANONYMOUS)
		return;
	json_object(j, "signature_scheme");
	if (has_scheme)
		json_code(j, "value", scheme);
	json_string(j, "hash", hash != HASH_NONE ? hash_name(hash) : NULL);
	json_string(j, "signature", signature_kind_name(kind));
	json_end_object(j);
}

static void put_status(
	struct json *j, const char *status, const char *reason, const struct verdict *v)
{
	static const char *const names[] = {
		[PROOF_NONE] = NULL,
		[PROOF_VALID] = "valid",
		[PROOF_INVALID] = "invalid",
		[PROOF_UNVERIFIABLE] = "unverifiable",
	};

	if (v->state == PROOF_NONE)
		return;
	json_string(j, status, names[v->state]);
	if (v->why != NULL)
		json_string(j, reason, v->why);
}

static void put_verdict(struct json *j, const struct verdict *v)
{
	put_status(j, "signature_status", "signature_reason", v);
}

static void put_dh(struct json *j, const struct dh_check *dh)
{
	if (!dh->checked)
		return;
	json_uint(j, "prime_bits", dh->prime_bits);
	if (dh->named_group != 0)
		json_named_code(j, "group", dh->named_group, name_group(dh->named_group));
}

/* Of one with bytes missing. */
static void put_outline(struct json *j, const struct server_key_outline *o)
{
	if (!o->seen)
		return;
	json_object(j, "server_key_exchange");
	json_string(j, "kind", exchange_kind(KX_ECDHE));
	json_named_code(j, "group", o->group, name_group(o->group));
	put_method(j, o->has_scheme, o->scheme, &(struct signature_method){ 0 });
	json_uint(j, "signature_length", o->signature_length);
	json_end_object(j);
}

void json_server_key_exchange(struct json *j, const struct handshake *hs)
{
	const struct server_key_exchange *ske = &hs->ske;
	const struct signature_proof *proof = &hs->side[SIDE_SERVER].proof;

	if (!ske->seen) {
		put_outline(j, &hs->outline);
		return;
	}
	json_object(j, "server_key_exchange");
	json_string(j, "kind", exchange_kind(ske->kx));
	if (ske->has_group)
		json_named_code(j, "group", ske->group, name_group(ske->group));
	else
		put_dh(j, &hs->dh);
	if (ske->public_key.len != 0)
		json_hex(j, "public_key", ske->public_key);
	if (ske->has_signature) {
		put_method(j, ske->has_scheme, ske->scheme, &proof->method);
		json_hex(j, "signature", ske->signature);
		put_verdict(j, &proof->signature);
	}
	if (hs->side[SIDE_SERVER].point != POINT_UNCHECKED)
		json_bool(j, "point_on_curve", hs->side[SIDE_SERVER].point == POINT_ON_CURVE);
	json_end_object(j);
}

static void put_verify(struct json *j, const struct party *p, const char *name)
{
	const struct certificate_verify *cv = &p->verify;

	if (!cv->seen)
		return;
	json_object(j, name);
	put_method(j, cv->has_scheme, cv->scheme, &p->proof.method);
	if (cv->signature.len != 0)
		json_hex(j, "signature", cv->signature);
	put_verdict(j, &p->proof.signature);
	json_end_object(j);
}

void json_verify(struct json *j, const struct handshake *hs)
{
	put_verify(j, &hs->side[SIDE_SERVER], "server_certificate_verify");
	put_verify(j, &hs->side[SIDE_CLIENT], "client_certificate_verify");
}

/* ---- what was under keys ---- */

/* A log shows what is in them, and a Finished can be held against a secret in it. */
static bool is_shown(const struct party *p)
{
	return p->keys == KEYS_NOT_GIVEN && p->finished.seen &&
	       p->finished.verdict.state != PROOF_NONE;
}

static void put_keys(struct json *j, const struct party *p, const char *name)
{
	static const char *const states[] = {
		[KEYS_NOT_GIVEN] = "shown",
		[KEYS_UNKNOWN] = "unknown",
		[KEYS_OPEN] = "open",
		[KEYS_REFUSED] = "refused",
		[KEYS_UNUSABLE] = "unusable",
	};

	if (p->keys == KEYS_NOT_GIVEN && !is_shown(p))
		return;
	json_object(j, name);
	json_string(j, "state", states[p->keys]);
	if (p->keys_why != NULL)
		json_string(j, "reason", p->keys_why);
	json_uint(j, "records_opened", p->opened_records);
	json_uint(j, "records_refused", p->refused_records);
	if (p->finished.seen) {
		json_object(j, "finished");
		json_hex(j, "verify_data", p->finished.verify_data);
		put_status(j, "status", "reason", &p->finished.verdict);
		json_end_object(j);
	}
	json_end_object(j);
}

void json_decryption(struct json *j, const struct handshake *hs)
{
	const struct party *client = &hs->side[SIDE_CLIENT], *server = &hs->side[SIDE_SERVER];

	if (client->keys == KEYS_NOT_GIVEN && server->keys == KEYS_NOT_GIVEN && !is_shown(client) &&
		!is_shown(server))
		return;
	json_object(j, "decryption");
	put_keys(j, client, "client");
	put_keys(j, server, "server");
	json_end_object(j);
}
