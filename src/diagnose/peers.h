/*
 * Why the clients disagree: what each stack does with the fault found, as measured, held against
 * what the capture shows.
 */
#ifndef TLSDIAG_DIAGNOSE_PEERS_H
#define TLSDIAG_DIAGNOSE_PEERS_H

#include "diagnose/cause.h"

/*
 * Fills f->alerts: the peers seen first, then what other stacks would answer. When every peer seen
 * did something else than was measured of its stack, the finding is less sure and says so.
 */
void peers_explain(const struct case_file *cf, struct finding *f);

#endif
