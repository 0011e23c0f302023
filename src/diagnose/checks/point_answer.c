/* Each state of a point has its sentence. */
#include "diagnose/checks/point_answer.h"

enum status point_answer(const struct handshake *hs, struct answer *a, enum point_state state,
	uint16_t group, size_t length, const char *whose)
{
	struct code_text name = group_text(group);

	switch (state) {
	case POINT_UNCHECKED:
		return hs->proved ? unknown(a, "%s is on %s, with which this build cannot compute",
					    whose, name.text)
				  : unknown(a, "%s was not examined: %s", whose,
					    hs->not_proved_why != NULL ? hs->not_proved_why
								       : "not asked for");
	case POINT_ON_CURVE:
		return pass(a, "%s is a point on %s", whose, name.text);
	case POINT_OFF_CURVE:
		return fail(a, "%s is not a point on %s", whose, name.text);
	case POINT_INFINITY:
		return fail(a, "%s is the point at infinity", whose);
	case POINT_OUT_OF_RANGE:
		return fail(a, "a coordinate of %s is not below the prime of %s", whose, name.text);
	case POINT_BAD_LENGTH:
		return fail(
			a, "%s has %zu bytes, which no point on %s has", whose, length, name.text);
	case POINT_BAD_FORM:
		return fail(a, "%s does not begin with a known form byte (04)", whose);
	case POINT_LOW_ORDER:
		return fail(a, "%s is of low order: the shared secret would be zero", whose);
	}
	return UNKNOWN;
}
