/* Certificates that were taken elsewhere in the same input: closing over them without a word means little. */
#ifndef TLSDIAG_DIAGNOSE_ACCEPTED_H
#define TLSDIAG_DIAGNOSE_ACCEPTED_H

#include "diagnose/cause.h"

/*
 * Of each failed handshake in which the client closed without an alert after the server's certificate:
 * sets accepted_in where the same certificates stand in a completed one, of the same server or another, and
 * turns what its checks say against the chain into warnings. Needs no more memory than a word for
 * each handshake; without it nothing is noted.
 */
void accepted_note(struct examined *const *all, size_t n);

#endif
