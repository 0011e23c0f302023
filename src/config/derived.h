/* What releases from 3.0 on make of a configuration before they compile: macros that follow from others, and some that
 * are taken back (config_adjust_*.h, config_psa.h), as 3.6.6 does; of 4.x what the rules ask for. */
#ifndef TLSDIAG_CONFIG_DERIVED_H
#define TLSDIAG_CONFIG_DERIVED_H

#include "config/version.h"

/* Changes the macros of c for good; nothing before 3.0. */
bool config_derive(struct config *c, const struct config_version *v, struct err *e);

#endif
