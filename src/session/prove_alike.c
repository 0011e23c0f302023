/*
 * A device that fails fails again, at every attempt and for one reason: its log of a day has thousands of
 * handshakes that differ in nothing but their numbers.
 */
#include "session/prove_alike.h"

#include "base/table.h"
#include "session/handshake.h"

/* Without padding, as it is hashed as bytes. */
struct way {
	uint64_t server;
	uint32_t version, suite, outcome, ending, by, last;
	uint32_t alerts[ALERTS_MAX];
	struct {
		uint32_t code, inner, alert, flags;
		uint32_t remarks[REMARKS_MAX];
	} side[2];
};

static uint32_t packed_alert(const struct sent_alert *a)
{
	return 1U << 24 | (uint32_t)a->from << 16 | (uint32_t)a->level << 8 | a->code;
}

static void take_side(struct way *w, const struct party *p, unsigned side)
{
	w->side[side].code = (uint32_t)p->word.code;
	w->side[side].inner = (uint32_t)p->word.inner_code;
	w->side[side].alert = p->word.got_alert ? 1U << 8 | p->word.alert : 0;
	w->side[side].flags = p->word.verify_flags;
	for (size_t i = 0; i < p->n_remarks; i++)
		w->side[side].remarks[i] = p->remarks[i].saying;
}

uint64_t alike_hash(uint64_t server, const struct handshake *hs)
{
	struct way w = { .server = server,
		.version = hs->version,
		.suite = hs->has_suite ? 1U << 16 | hs->suite_value : 0,
		.outcome = hs->outcome,
		.ending = hs->ending,
		.by = hs->ended_by,
		.last = hs->has_last_message ? 1U << 8 | hs->last_message : 0 };

	for (size_t i = 0; i < hs->n_alerts; i++)
		w.alerts[i] = packed_alert(&hs->alerts[i]);
	for (unsigned side = 0; side < 2; side++)
		take_side(&w, &hs->side[side], side);
	return table_hash(bytes_of((const uint8_t *)&w, sizeof w));
}
