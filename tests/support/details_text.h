/*
 * What support/facts_text.h leaves out of a handshake, byte for byte where need be: for listings of sums, which
 * nobody reads until one changes.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_DETAILS_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_DETAILS_TEXT_H

#include "support/cert_text.h"
#include "support/facts_text.h"

/* Long ones by their length and a sum. */
static inline void say_bytes(struct strbuf *b, const char *name, struct bytes value)
{
	uint32_t sum = 2166136261u;

	if (value.len == 0)
		return;
	strbuf_printf(b, " %s=", name);
	if (value.len <= 8) {
		strbuf_hex(b, value);
		return;
	}
	for (size_t i = 0; i < value.len; i++)
		sum = (sum ^ value.data[i]) * 16777619u;
	strbuf_printf(b, "%zu:%08x", value.len, (unsigned)sum);
}

static inline void say_verdict(struct strbuf *b, const char *name, const struct verdict *v)
{
	if (v->state != PROOF_NONE)
		strbuf_printf(b, " %s=%d:%s", name, (int)v->state, v->why != NULL ? v->why : "");
}

static inline void say_list(struct strbuf *b, const char *name, const struct u16s *list)
{
	say_bytes(b, name, list->raw);
	if (list->raw.len != 0)
		strbuf_printf(b, "@%zu", list->at);
}

static inline void say_extensions(struct strbuf *b, const struct extensions *e)
{
	say_flag(b, "block", e->present);
	for (size_t i = 0; i < e->n; i++) {
		strbuf_printf(b, " %04x@%zu", e->list[i].type, e->list[i].at);
		say_bytes(b, "", e->list[i].body);
	}
	say_flag(b, "has-name", e->has_server_name);
	say_bytes(b, "name", e->server_name);
	say_list(b, "groups", &e->groups);
	say_list(b, "schemes", &e->schemes);
	say_list(b, "schemes-cert", &e->schemes_cert);
	say_list(b, "versions", &e->versions);
	say_number(b, "selected", e->selected_version);
	say_flag(b, "has-share", e->has_key_share);
	for (size_t i = 0; i < e->n_shares; i++)
		strbuf_printf(b, " share=%04x/%zu@%zu", e->shares[i].group, e->shares[i].key.len,
			e->shares[i].at);
	say_flag(b, "has-alpn", e->has_alpn);
	for (size_t i = 0; i < e->n_alpn; i++)
		say_bytes(b, "alpn", e->alpn[i]);
	if (e->has_max_fragment_length)
		strbuf_printf(b, " fragment=%u", e->max_fragment_length);
	if (e->has_record_size_limit)
		strbuf_printf(b, " limit=%u", e->record_size_limit);
	say_bytes(b, "formats", e->point_formats);
	say_bytes(b, "renegotiated", e->renegotiated_connection);
	say_bytes(b, "ticket", e->session_ticket);
	say_bytes(b, "psk", e->psk_identity);
	say_bytes(b, "psk-modes", e->psk_modes);
	strbuf_printf(b, " flags=%d%d%d%d%d%d%d%d%d%d%d%d%d%d", e->has_groups, e->has_schemes,
		e->has_versions, e->has_point_formats, e->has_renegotiation_info,
		e->extended_master_secret, e->encrypt_then_mac, e->has_session_ticket,
		e->has_pre_shared_key, e->has_psk_modes, e->early_data, e->status_request,
		e->cookie, e->encrypted_client_hello);
	if (e->has_pre_shared_key)
		strbuf_printf(b, " psk %zu/%d", e->n_psk_identities, e->selected_identity);
}

/* What both hellos begin with. random: 32 bytes, NULL where there is none. */
static inline void say_opening(
	struct strbuf *b, const char *name, const uint8_t *random, struct bytes session_id)
{
	strbuf_printf(b, "  %s:", name);
	say_bytes(b, "random", bytes_of(random, random != NULL ? 32 : 0));
	say_bytes(b, "id", session_id);
}

static inline void say_client_hello(
	struct strbuf *b, const char *name, const struct client_hello *h)
{
	if (!h->seen)
		return;
	say_opening(b, name, h->has_random ? h->random : NULL, h->session_id);
	say_list(b, "suites", &h->suites);
	say_bytes(b, "specs", h->suites_v2);
	say_bytes(b, "compression", h->compression);
	say_extensions(b, &h->ext);
	strbuf_puts(b, "\n");
}

static inline void say_server_hello_details(
	struct strbuf *b, const char *name, const struct server_hello *h)
{
	if (!h->seen)
		return;
	say_opening(b, name, h->has_random ? h->random : NULL, h->session_id);
	say_flag(b, "has-suite", h->has_suite);
	say_number(b, "compression", h->compression);
	say_extensions(b, &h->ext);
	strbuf_puts(b, "\n");
}

static inline void say_exchange(struct strbuf *b, const struct handshake *hs)
{
	const struct server_key_exchange *s = &hs->ske;

	strbuf_puts(b, "  exchange:");
	if (s->seen) {
		strbuf_printf(b, " kx=%d curve=%d/%u group=%d/%04x scheme=%d/%04x@%zu key@%zu",
			(int)s->kx, s->has_curve_type, s->curve_type, s->has_group, s->group,
			s->has_scheme, s->scheme, s->scheme_at, s->public_at);
		say_bytes(b, "params", s->params);
		say_bytes(b, "hint", s->psk_identity_hint);
		say_bytes(b, "key", s->public_key);
		say_bytes(b, "p", s->dh_p);
		say_bytes(b, "g", s->dh_g);
		say_flag(b, "signed", s->has_signature);
		say_bytes(b, "signature", s->signature);
		strbuf_printf(b, "@%zu", s->signature_at);
	}
	say_flag(b, "outline-scheme", hs->outline.has_scheme);
	if (hs->cke.seen) {
		say_flag(b, "has-identity", hs->cke.has_psk_identity);
		say_bytes(b, "identity", hs->cke.psk_identity);
		say_bytes(b, "public", hs->cke.public_key);
		say_number(b, "at", hs->cke.public_at);
		say_bytes(b, "encrypted", hs->cke.encrypted_premaster);
	}
	say_bytes(b, "types", hs->certificate_request.types);
	say_list(b, "accepted", &hs->certificate_request.schemes);
	say_bytes(b, "authorities", hs->certificate_request.authorities);
	say_bytes(b, "ticket", hs->ticket.ticket);
	strbuf_puts(b, "\n");
}

static inline void say_tcp(struct strbuf *b, const struct direction *d)
{
	strbuf_printf(b, " tcp=%d%d%d %d/%d/%d", d->syn, d->fin, d->rst, (int)d->first_packet,
		(int)d->fin_packet, (int)d->rst_packet);
	say_number(b, "lost", d->lost);
	say_number(b, "cut", d->cut_bytes);
	say_number(b, "sent", d->sent_max);
	say_number(b, "again", d->retransmissions);
}

static inline void say_side(struct strbuf *b, const struct handshake *hs, enum side side)
{
	const struct party *p = &hs->side[side];

	strbuf_printf(b, "  %c details:", side_letter(side));
	say_tcp(b, &p->tcp);
	say_bytes(b, "context", p->certificate.context);
	for (size_t i = 0; i < p->certificate.n; i++) {
		say_bytes(b, "entry", p->certificate.entry[i]);
		strbuf_printf(b, "@%zu", p->certificate.at[i]);
	}
	if (p->verify.seen) {
		strbuf_printf(b, " scheme=%d@%zu", p->verify.has_scheme, p->verify.scheme_at);
		say_bytes(b, "signature", p->verify.signature);
		strbuf_printf(b, "@%zu", p->verify.signature_at);
	}
	say_string(b, "unusable", p->keys_why);
	say_bytes(b, "data", p->finished.verify_data);
	say_verdict(b, "finished", &p->finished.verdict);
	say_verdict(b, "proof", &p->proof.signature);
	if (p->proof.signature.state != PROOF_NONE)
		strbuf_printf(b, " method=%d/%d r=%zu s=%zu+%zu", (int)p->proof.method.signature,
			(int)p->proof.method.hash, p->proof.ecdsa.r.len, p->proof.ecdsa.s.len,
			p->proof.ecdsa.trailing);
	say_string(b, "out-of-range", p->proof.out_of_range);
	say_flag(b, "transcript", p->proof.transcript_whole);
	say_string(b, "pattern", p->repeats.pattern);
	say_number(b, "multiple", p->repeats.public_multiple);
	tell_properties(b, &p->properties);
	strbuf_puts(b, " | ");
	tell_chain(b, &p->chain);
	strbuf_puts(b, "\n");
}

static inline void say_connection(struct strbuf *b, const struct handshake *hs)
{
	const struct hearing *h = &hs->heard;

	strbuf_printf(b, "  connection: transport=%d", (int)hs->transport);
	say_flag(b, "has-log", hs->has_log);
	say_flag(b, "logged", hs->logged);
	say_flag(b, "elsewhere", hs->elsewhere);
	say_flag(b, "rebuilt", hs->rebuilt);
	say_flag(b, "undated", hs->undated);
	say_flag(b, "untimed", hs->untimed);
	say_flag(b, "answers-retry", hs->answers_retry);
	say_bytes(b, "alpn", hs->alpn.name);
	say_bytes(b, "said", hs->server_said);
	say_string(b, "reference", hs->reference_name);
	say_number(b, "client-auth", hs->client_auth);
	say_flag(b, "verified", hs->client_verified);
	say_flag(b, "self-failed", hs->self_failed);
	if (h->cut != CUT_NONE)
		strbuf_printf(b, " heard=%d/%d/%d", (int)h->cut, (int)h->bytes, (int)h->ms);
	say_flag(b, "proved", hs->proved);
	say_string(b, "not-proved", hs->not_proved_why);
	if (hs->dh.checked)
		strbuf_printf(b, " dh=%u/%d%d%d%d/%04x/%d", hs->dh.prime_bits, hs->dh.prime,
			hs->dh.safe_prime, hs->dh.generator_ok, hs->dh.public_ok,
			hs->dh.named_group, hs->dh.well_known);
	say_string(b, "looks", hs->looks.name);
	say_number(b, "stack", (uint64_t)hs->looks.stack);
	strbuf_printf(b, " given=%d/%d\n", (int)hs->key_given, (int)hs->cert_given);
}

/* In lines of two spaces, behind say_facts(). */
static inline void say_details(struct strbuf *b, const struct handshake *hs)
{
	say_connection(b, hs);
	say_client_hello(b, "first hello", &hs->client_hello);
	say_client_hello(b, "second hello", &hs->client_hello_2);
	say_server_hello_details(b, "retry", &hs->hello_retry);
	say_server_hello_details(b, "answer", &hs->server_hello);
	say_exchange(b, hs);
	say_side(b, hs, SIDE_CLIENT);
	say_side(b, hs, SIDE_SERVER);
}

#endif
