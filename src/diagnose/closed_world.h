/*
 * Blame by exclusion needs a closed world: who is left is to blame only where all else was tested. All else are the
 * faults of a server that the client's stack is known to answer as it did here (names/atlas.h); a table says
 * which check tests for each.
 */
#ifndef TLSDIAG_DIAGNOSE_CLOSED_WORLD_H
#define TLSDIAG_DIAGNOSE_CLOSED_WORLD_H

#include "diagnose/handshakes.h"
#include "names/atlas.h"

/*
 * The first fault of a message that the client had by then, which its stack (or any, where that is not known) gives
 * this answer to, and which no check has tested and passed. NULL: there is none.
 */
const struct atlas_fault *untested_fault(const struct handshake_view *v);

/* prove(), of a cause that has nothing but exclusion to go by: where the world is open it is possible at most, and
 * says what was not tested. */
void prove_by_exclusion(const struct handshake_view *v, struct finding *f);

/* The check that tests for that fault of a server; N_CHECKS: none does. False: the table does not have it. */
bool tested_by(const struct atlas_fault *fault, enum check_id *check);

#endif
