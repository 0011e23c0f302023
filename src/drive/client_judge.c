/*
 * The client refuses what mbedTLS's verification refuses, with three corrections, so that it says
 * no only for reasons that hold for others too: whether a certificate is for the name is judged by
 * pki (mbedTLS 2.28 does not read addresses in a SAN), dates may be judged at another time than now,
 * and without --ca no issuer is asked for.
 */
#include "drive/client_inside.h"

#include "base/array.h"
#include "crypto/library.h"

#include <time.h>

static void keep_chain(struct client_judging *j, const mbedtls_x509_crt *crt)
{
	struct client_result *r = j->result;

	for (r->n_chain = 0; crt != NULL && r->n_chain < CLIENT_CHAIN_MAX; crt = crt->next)
		r->chain[r->n_chain++] = arena_copy(j->arena, bytes_of(crt->raw.p, crt->raw.len));
}

/* Less than 0 when x is before t, 0 when they are the same second. */
static int compare_times(const mbedtls_x509_time *x, const struct tm *t)
{
	const int a[] = { x->year, x->mon, x->day, x->hour, x->min, x->sec };
	const int b[] = { t->tm_year + 1900, t->tm_mon + 1, t->tm_mday, t->tm_hour, t->tm_min,
		t->tm_sec };

	for (size_t i = 0; i < COUNT(a); i++)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

static void judge_dates(const mbedtls_x509_crt *crt, int64_t at, uint32_t *flags)
{
	time_t seconds = (time_t)at;
	struct tm t;

	if (gmtime_r(&seconds, &t) == NULL)
		return;
	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
	if (compare_times(&crt->valid_to, &t) < 0)
		*flags |= MBEDTLS_X509_BADCERT_EXPIRED;
	if (compare_times(&crt->valid_from, &t) > 0)
		*flags |= MBEDTLS_X509_BADCERT_FUTURE;
}

static bool is_for(const mbedtls_x509_crt *crt, const char *name)
{
	struct cert c;
	enum name_state state;

	cert_parse(bytes_of(crt->raw.p, crt->raw.len), &c);
	state = cert_name_match(&c, name);
	return state == NAME_MATCHES || state == NAME_IP_SAN_ONLY || state == NAME_MATCHES_CN_ONLY;
}

/* Without that flag mbedTLS has found an issuer, the one of the call before, and its signature good. */
static void keep_link(struct client_judging *j, const mbedtls_x509_crt *crt, uint32_t flags)
{
	const struct bytes der = bytes_of(crt->raw.p, crt->raw.len);
	struct client_result *r = j->result;
	struct digest own = { .len = 0 };

	if (!crypto_hash(HASH_SHA256, &der, 1, &own))
		own.len = 0;
	if (own.len != 0 && j->above.len != 0 && r->n_links < CLIENT_CHAIN_MAX &&
		(flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) == 0) {
		struct client_link *link = &r->links[r->n_links++];

		memcpy(link->child, own.data, sizeof link->child);
		memcpy(link->issuer, j->above.data, sizeof link->issuer);
	}
	j->above = own;
}

/* Called for each certificate of the path, the leaf (depth 0) last. */
int client_judge(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct client_judging *j = ctx;
	const struct client_options *o = j->options;

	keep_link(j, crt, *flags);
	if (o->has_at)
		judge_dates(crt, o->at, flags);
	if (o->trust == NULL)
		*flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_NOT_TRUSTED;
	if (depth == 0) {
		keep_chain(j, crt);
		*flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
		if (o->name != NULL && !is_for(crt, o->name))
			*flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
	}
	j->result->verify_flags |= *flags;
	return 0;
}

/* Certificates that the library cannot read are nobody's word against them: others may. */
static bool read_chain(mbedtls_x509_crt *crt, const struct bytes chain[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!library_ok(mbedtls_x509_crt_parse_der(crt, chain[i].data, chain[i].len)))
			return false;
	return true;
}

bool client_judge_chain(
	struct client_judging *j, mbedtls_x509_crt *trusted, const struct bytes chain[], size_t n)
{
	uint32_t flags = 0;
	mbedtls_x509_crt crt;
	bool read;

	mbedtls_x509_crt_init(&crt);
	read = read_chain(&crt, chain, n);
	if (read && (j->by_library || !client_sound(j, chain, n)))
		(void)library_ok(mbedtls_x509_crt_verify_with_profile(&crt, trusted, NULL,
			&mbedtls_x509_crt_profile_default, NULL, &flags, client_judge, j));
	mbedtls_x509_crt_free(&crt);
	return read;
}
