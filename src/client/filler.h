/*
 * Key shares of groups that this build cannot agree in: as long as they are on the wire, and well formed, so that
 * a server that knows the group takes them. Nobody has the private half: it comes no further than the choice.
 */
#ifndef TLSDIAG_CLIENT_FILLER_H
#define TLSDIAG_CLIENT_FILLER_H

#include "base/strbuf.h"

/*
 * Appends one. length: of a group that is not known here, which gets so many random bytes. False when there are
 * no random numbers, or memory.
 */
bool filler_share(uint16_t group, size_t length, struct strbuf *out);

#endif
