/* What must hold for every window that a parser gives out: it lies inside its message. */
#ifndef TLSDIAG_TESTS_FUZZ_WINDOW_H
#define TLSDIAG_TESTS_FUZZ_WINDOW_H

#include "wire/extension.h"

#include <stdlib.h>

static inline void must(bool held)
{
	if (!held)
		abort();
}

static inline void must_be_inside(struct bytes whole, struct bytes part)
{
	if (part.len == 0)
		return;
	must(part.data >= whole.data && part.len <= whole.len);
	must((size_t)(part.data - whole.data) <= whole.len - part.len);
}

/* As above, and its offset is the one told. */
static inline void must_stand_at(struct bytes whole, struct bytes part, size_t at)
{
	must_be_inside(whole, part);
	must(part.len == 0 || part.data == whole.data + at);
}

/* A parser says true when, and only when, it recorded no failure, and that is inside the message. */
static inline void must_agree(bool ok, const struct parse_err *err, struct bytes whole)
{
	must(ok == (err->code == PARSE_OK));
	must(ok || (err->field != NULL && err->at <= whole.len));
}

static inline void must_be_sound(struct bytes whole, const struct extensions *e)
{
	must(e->n <= EXTENSIONS_MAX && e->n_shares <= KEY_SHARES_MAX && e->n_alpn <= ALPN_MAX);
	for (size_t i = 0; i < e->n; i++)
		must_stand_at(whole, e->list[i].body, e->list[i].at);
	for (size_t i = 0; i < e->n_shares; i++)
		must_stand_at(whole, e->shares[i].key, e->shares[i].at);
	for (size_t i = 0; i < e->n_alpn; i++)
		must_be_inside(whole, e->alpn[i]);
	must_stand_at(whole, e->groups.raw, e->groups.at);
	must_stand_at(whole, e->schemes.raw, e->schemes.at);
	must_stand_at(whole, e->schemes_cert.raw, e->schemes_cert.at);
	must_stand_at(whole, e->versions.raw, e->versions.at);
	must_be_inside(whole, e->server_name);
	must_be_inside(whole, e->point_formats);
	must_be_inside(whole, e->renegotiated_connection);
	must_be_inside(whole, e->session_ticket);
	must_be_inside(whole, e->psk_identity);
	must_be_inside(whole, e->psk_modes);
	must(e->selected_identity >= -1);
}

#endif
