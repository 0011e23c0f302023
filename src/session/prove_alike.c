/*
 * A device that fails fails again, at every attempt and for one reason: its log of a day has thousands of
 * handshakes that differ in nothing but their numbers.
 */
#include "session/prove_alike.h"

#include "base/table.h"
#include "session/handshake.h"

/* Without padding, as it is hashed as bytes. */
struct way {
	uint64_t server, n_alerts;
	uint32_t version, has_suite, suite, outcome, ending, by, has_last, last;
	struct {
		uint32_t from, level, code;
	} alerts[ALERTS_MAX];
	struct {
		uint32_t code, inner, got_alert, alert, flags;
		uint32_t remarks[REMARKS_MAX];
	} side[2];
};

_Static_assert(
	sizeof(struct way) == 2 * sizeof(uint64_t) + (8 + 3 * ALERTS_MAX + 2 * (5 + REMARKS_MAX)) *
							     sizeof(uint32_t),
	"there is no padding");

static void take_side(struct way *w, const struct party *p, unsigned side)
{
	w->side[side].code = (uint32_t)p->word.code;
	w->side[side].inner = (uint32_t)p->word.inner_code;
	w->side[side].got_alert = p->word.got_alert;
	w->side[side].alert = p->word.alert;
	w->side[side].flags = p->word.verify_flags;
	for (size_t i = 0; i < p->n_remarks; i++)
		w->side[side].remarks[i] = p->remarks[i].saying;
}

uint64_t alike_hash(uint64_t server, const struct handshake *hs)
{
	struct way w = { .server = server,
		.version = hs->version,
		.has_suite = hs->has_suite,
		.suite = hs->suite_value,
		.outcome = hs->outcome,
		.ending = hs->ending,
		.by = hs->ended_by,
		.has_last = hs->has_last_message,
		.last = hs->last_message,
		.n_alerts = hs->n_alerts };

	for (size_t i = 0; i < hs->n_alerts; i++) {
		const struct sent_alert *a = &hs->alerts[i];

		w.alerts[i].from = a->from;
		w.alerts[i].level = a->level;
		w.alerts[i].code = a->code;
	}
	for (unsigned side = 0; side < 2; side++)
		take_side(&w, &hs->side[side], side);
	return table_hash(bytes_of((const uint8_t *)&w, sizeof w));
}
