/*
 * Certificates and what is judged of them, written down as text, fact by fact; what is zero or false
 * is left out. See support/listing.h.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_CERT_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_CERT_TEXT_H

#include "pki/form.h"
#include "pki/properties.h"
#include "support/fact_words.h"

static inline void tell_text(struct strbuf *b, const char *name, const char *value)
{
	if (value[0] != '\0')
		strbuf_printf(b, " %s='%s'", name, value);
}

/* Short ones in full. */
static inline void tell_bytes(struct strbuf *b, const char *name, struct bytes value)
{
	if (value.len == 0)
		return;
	strbuf_printf(b, " %s=", name);
	strbuf_hex(b, bytes_slice(value, 0, 6));
	if (value.len > 6)
		strbuf_printf(b, "..%zu", value.len);
}

static inline void tell_names(struct strbuf *b, const struct cert *c)
{
	for (size_t i = 0; i < c->n_san && i < 8; i++) {
		strbuf_printf(b, " san%d=", (int)c->san[i].kind);
		strbuf_hex(b, c->san[i].value);
	}
	say_number(b, "sans", c->n_san);
	say_flag(b, "has-san", c->has_san);
	say_number(b, "san-der", c->san_der.len);
}

static inline void tell_extensions(struct strbuf *b, const struct cert *c)
{
	say_flag(b, "basic-constraints", c->has_basic_constraints);
	say_flag(b, "ca", c->ca);
	strbuf_printf(b, " path-length=%d", c->path_length);
	if (c->has_key_usage)
		strbuf_printf(b, " key-usage=%x", c->key_usage);
	if (c->has_ext_key_usage)
		strbuf_printf(b, " ext-key-usage=%x", c->ext_key_usage);
	say_flag(b, "has-subject-key-id", c->has_subject_key_id);
	say_flag(b, "has-authority-key-id", c->has_authority_key_id);
	say_flag(b, "authority-key-id-malformed", c->authority_key_id_malformed);
	tell_bytes(b, "subject-key-id", c->subject_key_id);
	tell_bytes(b, "authority-key-id", c->authority_key_id);
	tell_bytes(b, "authority-issuer", c->authority_issuer);
	tell_bytes(b, "ca-issuers", c->ca_issuers_uri);
	say_flag(b, "bare", c->bare);
	say_flag(b, "unknown-critical", c->unknown_critical);
	say_flag(b, "self-issued", c->self_issued);
}

/* Everything of cert.h but the digest, one line each subject. */
static inline void tell_cert(struct strbuf *b, const struct cert *c)
{
	strbuf_printf(b, "  cert: %s", c->parsed ? "parsed" : "broken");
	if (c->broken.code != PARSE_OK)
		strbuf_printf(b, " %d:%s@%zu need=%zu have=%zu", (int)c->broken.code,
			c->broken.field, c->broken.at, c->broken.need, c->broken.have);
	say_number(b, "version", (uint64_t)c->version);
	tell_bytes(b, "serial", c->serial);
	tell_text(b, "subject", c->subject);
	tell_text(b, "issuer", c->issuer);
	tell_text(b, "cn", c->common_name);
	if (c->has_dates)
		strbuf_printf(b, " dates=%" PRId64 "-%" PRId64, c->not_before, c->not_after);
	strbuf_puts(b, "\n  signed:");
	say_number(b, "tbs", c->tbs.len);
	tell_bytes(b, "signature", c->signature);
	tell_text(b, "name", c->signature_name);
	strbuf_printf(b, " method=%d/%d/%d", (int)c->method.signature, (int)c->method.hash,
		(int)c->pss_mask_hash);
	say_flag(b, "algorithms-differ", c->algorithms_differ);
	strbuf_puts(b, "\n  key:");
	tell_text(b, "name", c->key_name);
	strbuf_printf(b, " kind=%d bits=%u group=%04x", (int)c->key, c->key_bits, c->key_group);
	say_flag(b, "explicit", c->key_explicit);
	tell_bytes(b, "point", c->key_point);
	say_number(b, "spki", c->spki.len);
	strbuf_puts(b, "\n  names:");
	tell_names(b, c);
	strbuf_puts(b, "\n  extensions:");
	tell_extensions(b, c);
	strbuf_puts(b, "\n");
}

static inline void tell_form(struct strbuf *b, const struct form *f)
{
	strbuf_puts(b, "  form:");
	say_flag(b, "readable", f->readable);
	say_flag(b, "cut", f->cut);
	say_flag(b, "padded", f->padded);
	say_flag(b, "indefinite", f->indefinite);
	say_flag(b, "inner-padded", f->inner_padded);
	say_number(b, "trailing", f->trailing);
	say_flag(b, "element-behind", f->element_behind);
	say_flag(b, "has-version", f->has_version);
	tell_bytes(b, "version", f->version);
	tell_bytes(b, "serial", f->serial);
	tell_bytes(b, "inner", f->inner_algorithm);
	tell_bytes(b, "outer", f->outer_algorithm);
	say_number(b, "issuer", f->issuer.len);
	say_number(b, "subject", f->subject.len);
	strbuf_printf(b, " dates=%02x/%zu,%02x/%zu", f->not_before.tag, f->not_before.body.len,
		f->not_after.tag, f->not_after.body.len);
	say_number(b, "spki", f->spki.len);
	say_flag(b, "unique-id", f->unique_id);
	say_flag(b, "extensions", f->has_extensions);
	for (size_t i = 0; i < f->n_extensions; i++) {
		const struct form_extension *e = &f->extension[i];

		strbuf_printf(b, " %d%s%s/%zu/%zu", (int)e->kind, e->critical ? "!" : "",
			e->odd_boolean ? "?" : "", e->oid.len, e->value.len);
	}
	say_number(b, "signature", f->signature.len);
	strbuf_puts(b, "\n");
}

static inline void tell_step(struct strbuf *b, const struct path_step *s)
{
	strbuf_printf(b, " [%d sig%d", s->sent_index, (int)s->signature);
	say_flag(b, "trusted", s->trusted);
	say_flag(b, "expired", s->expired);
	say_flag(b, "not-yet", s->not_yet);
	say_flag(b, "ca-missing", s->ca_missing);
	say_flag(b, "too-long", s->path_too_long);
	say_flag(b, "weak", s->weak_key);
	say_flag(b, "very-weak", s->very_weak_key);
	say_flag(b, "weak-signature", s->weak_signature);
	strbuf_puts(b, "]");
}

static inline void tell_chain(struct strbuf *b, const struct chain_judgement *j)
{
	strbuf_printf(b, "end=%d", (int)j->end);
	for (size_t i = 0; i < j->n_steps; i++)
		tell_step(b, &j->step[i]);
	say_flag(b, "judged", j->judged);
	say_flag(b, "has-trust", j->has_trust);
	say_flag(b, "out-of-order", j->out_of_order);
	say_number(b, "unrelated", j->n_unrelated);
	say_flag(b, "intermediate-missing", j->intermediate_missing);
	say_flag(b, "issuer-name-in-trust", j->issuer_name_in_trust);
	say_flag(b, "same-key-elsewhere", j->same_key_elsewhere != NULL);
	say_flag(b, "expired-root", j->expired_root != NULL);
	say_flag(b, "signature-bad", j->signature_bad);
	say_flag(b, "usage-forbids", j->usage_forbids);
	say_number(b, "usage-needed", j->usage_needed);
	say_flag(b, "ext-usage-forbids", j->ext_usage_forbids);
	say_number(b, "name", j->name);
	say_flag(b, "undated", j->undated);
}

static inline void tell_properties(struct strbuf *b, const struct properties *p)
{
	for (size_t i = 0; i < p->n; i++)
		strbuf_printf(b, " %s", property_info((enum property)p->list[i])->id);
	say_flag(b, "...", p->cut);
}

#endif
