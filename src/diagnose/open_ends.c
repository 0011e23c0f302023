/* What one client was accepted with says nothing of another library, nor of another version. */
#include "diagnose/open_ends.h"

#include "base/table.h"
#include "names/names.h"

#include <stdlib.h>

enum { FEATURES_MAX = 512 }; /* suites of a hello that count */

/* What is the same of all that settle each other. */
struct agreed {
	uint16_t version, suite;
	uint8_t resumed, client_certificate;
};

static void agreed_of(const struct handshake *hs, struct agreed *out)
{
	memset(out, 0, sizeof *out); /* it is hashed as bytes */
	out->version = hs->version;
	out->suite = hs->has_suite ? hs->suite_value : 0;
	out->resumed = hs->resumed_known && hs->resumed;
	out->client_certificate = hs->side[SIDE_CLIENT].n_certs != 0;
}

static uint64_t client_of(const struct handshake *hs)
{
	struct {
		struct agreed agreed;
		uint8_t family, addr[16];
	} key;

	memset(&key, 0, sizeof key);
	agreed_of(hs, &key.agreed);
	key.family = hs->side[SIDE_CLIENT].address.family;
	memcpy(key.addr, hs->side[SIDE_CLIENT].address.addr, sizeof key.addr);
	return table_hash(bytes_of(&key, sizeof key));
}

/* 0: its hello was not seen. */
static uint64_t features_of(const struct handshake *hs)
{
	const struct u16s *suites = &hs->client_hello.suites;
	struct {
		struct agreed agreed;
		uint16_t suites[FEATURES_MAX];
	} key;
	size_t n = 0;

	if (!hs->client_hello.seen)
		return 0;
	memset(&key, 0, sizeof key);
	agreed_of(hs, &key.agreed);
	for (size_t i = 0; i < u16s_count(suites) && n < FEATURES_MAX; i++)
		if (!is_grease(u16s_at(suites, i)))
			key.suites[n++] = u16s_at(suites, i);
	return table_hash(bytes_of(&key, sizeof key));
}

static bool has(const struct open_ends *e, uint64_t hash)
{
	for (size_t i = 0; hash != 0 && i < e->n_settled; i++)
		if (e->settled[i] == hash)
			return true;
	return false;
}

static void settle(struct open_ends *e, uint64_t hash)
{
	if (hash == 0 || has(e, hash) || e->n_settled == OPEN_ENDS_MAX)
		return;
	if (e->settled == NULL)
		e->settled = memory_zeroed(OPEN_ENDS_MAX, sizeof *e->settled);
	if (e->settled != NULL)
		e->settled[e->n_settled++] = hash;
}

void open_ends_note(struct open_ends *e, const struct handshake *hs)
{
	struct open_end end;

	if (hs->outcome != OUTCOME_COMPLETED)
		return;
	end = (struct open_end){ client_of(hs), features_of(hs) };
	if (hs->side[SIDE_CLIENT].address.family == 0)
		end.client = 0; /* a log does not tell who it is */
	if (!handshake_ambiguous(hs)) {
		settle(e, end.client);
		settle(e, end.features);
		return;
	}
	if (e->open == NULL)
		e->open = memory_zeroed(OPEN_ENDS_MAX, sizeof *e->open);
	if (e->open == NULL || e->n_open == OPEN_ENDS_MAX)
		e->beyond++;
	else
		e->open[e->n_open++] = end;
}

uint64_t open_ends_count(const struct open_ends *e)
{
	uint64_t n = e->beyond;

	for (size_t i = 0; i < e->n_open; i++)
		n += !has(e, e->open[i].client) && !has(e, e->open[i].features);
	return n;
}

void open_ends_free(struct open_ends *e)
{
	free(e->settled);
	free(e->open);
}
