/* What readers note of a text, a line for each note: for tests that hold them against what was expected. */
#ifndef TLSDIAG_TESTS_LOG_DUMP_H
#define TLSDIAG_TESTS_LOG_DUMP_H

#include "log/log.h"

/*
 * "conn 1 at 3: client mbedTLS 2.28" and, indented, one line for each note: "12 server wire 16 0303..."
 * (bytes as hex up to 16 of them, "+N" for the rest, "-N" for those that are missing). malloc'ed. format NULL:
 * all readers are asked. The text is fed in pieces of `piece` bytes (0: at once).
 */
char *log_dump(const char *text, size_t len, const char *format, size_t piece);

#endif
