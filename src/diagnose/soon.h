/* What is soon, for handshakes and for files alike. */
#ifndef TLSDIAG_DIAGNOSE_SOON_H
#define TLSDIAG_DIAGNOSE_SOON_H

#include "pki/chain.h"

/*
 * The first to expire of the path, when it is in date at that time (seconds since 1970) and will not be
 * so many days later; NULL: none is. 0 days: never.
 */
const struct path_step *soon_step(const struct chain_judgement *j, int64_t at, unsigned days);

/* "9 days", "less than a day". */
void soon_left(const struct path_step *step, int64_t at, char out[static 32]);

#endif
