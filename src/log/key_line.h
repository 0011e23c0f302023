/* A line of a key log (SSLKEYLOGFILE) in the middle of whatever a log holds. */
#ifndef TLSDIAG_LOG_KEY_LINE_H
#define TLSDIAG_LOG_KEY_LINE_H

#include "base/bytes.h"

/* A label, and two words of hexadecimal: one whose digits were taken out is none. */
bool key_line_is(struct bytes text);

#endif
