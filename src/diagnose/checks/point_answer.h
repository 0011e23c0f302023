/* How the two checks on public keys put their answer. */
#ifndef TLSDIAG_DIAGNOSE_CHECKS_POINT_ANSWER_H
#define TLSDIAG_DIAGNOSE_CHECKS_POINT_ANSWER_H

#include "diagnose/rule.h"

enum status point_answer(const struct handshake *hs, struct answer *a, enum point_state state,
	uint16_t group, size_t length, const char *whose);

#endif
