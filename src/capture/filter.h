/* The user's BPF filter, compiled by libpcap for each link type it meets. */
#ifndef TLSDIAG_CAPTURE_FILTER_H
#define TLSDIAG_CAPTURE_FILTER_H

#include "capture/reader.h"

struct filter;

/* False with ERR_USAGE when libpcap does not take the expression. */
bool filter_open(const char *expression, struct filter **out, struct err *e);
void filter_close(struct filter *f); /* accepts NULL */

/* Does the packet pass? A link type the expression cannot apply to lets none pass. */
bool filter_passes(struct filter *f, const struct packet *p);

#endif
