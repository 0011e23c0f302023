/* --at: a moment as people write it. */
#ifndef TLSDIAG_CLI_TIME_OPTION_H
#define TLSDIAG_CLI_TIME_OPTION_H

#include "base/err.h"

#include <stdint.h>

/*
 * "2020-05-18T09:31:07Z", with a fraction (dropped), an offset "+02:00", or a blank for the T
 * (RFC 3339 5.6); "2020-05-18": its midnight, UTC; "@1589794267": seconds since 1970.
 */
bool time_option_parse(const char *text, int64_t *seconds, struct err *e);

#endif
