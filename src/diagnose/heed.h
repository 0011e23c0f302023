/* Who could have minded: what a side had not received when it gave up cannot be why, nor its own certificate. */
#ifndef TLSDIAG_DIAGNOSE_HEED_H
#define TLSDIAG_DIAGNOSE_HEED_H

#include "diagnose/check.h"

/*
 * Answers that fail over messages which came too late for the side that gave up (struct horizon), or over
 * its own certificates, become warnings, and say so: true of what was sent, and no reason for the end. Of
 * a handshake that did not fail nothing changes.
 */
void answers_heed(const struct handshake *hs, struct answer answers[static N_CHECKS]);

#endif
