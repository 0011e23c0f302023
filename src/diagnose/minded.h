/*
 * What the one who gave up may have minded in the other's certificates: the properties of that chain
 * that its stack, as far as it is known, refuses in just this way. By measurement (names/verifiers.h);
 * several may fit, and then nothing says which it was.
 */
#ifndef TLSDIAG_DIAGNOSE_MINDED_H
#define TLSDIAG_DIAGNOSE_MINDED_H

#include "diagnose/handshakes.h"

enum { MINDED_MAX = 8 };

/* How well measurement and answer go together; the best that there is. */
enum minded_how {
	MINDED_BY_STACK,  /* the stack that the client looks like gives this very answer */
	MINDED_BY_SOME,   /* some stack does */
	MINDED_OTHERWISE, /* some stack refuses it, with another alert than this general one */
};

struct minded {
	enum side about; /* whose certificates they are */
	enum minded_how how;
	enum property list[MINDED_MAX];
	size_t n;
};

/* False: the handshake did not end over certificates, or nothing fits. */
bool minded_in(const struct handshake_view *v, struct minded *out);

/* Is something minded with this very answer, by the client's own stack where that is known? Then no
 * cause that has nothing else to go by is to be blamed. */
bool minded_enough(const struct handshake_view *v);

/* A cause that stands for some properties; ends with N_PROPERTIES. */
struct property_cause {
	enum cause_id cause;
	const enum property *list;
};
extern const struct property_cause property_causes[];
extern const size_t n_property_causes;

/* The cause of that property; N_CAUSES: none has it. */
enum cause_id property_cause_of(enum property p);

/*
 * The rule of a cause that stands for properties: one of them is minded, and no check found anything
 * else. It proves every property that is minded, and who was measured; at most likely, and only where
 * there is one and the stack is known. certificate-property-refused stands for those that no other cause does.
 */
extern const struct handshake_rule minded_rule;

/* Its parts, for a cause that has a condition of its own besides. */
bool minded_shows(const struct handshake_view *v);
void minded_prove(const struct handshake_view *v, struct finding *f);
extern const enum check_id minded_explains[];

#endif
