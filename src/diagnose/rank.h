/*
 * Causes compete: each is asked, the innocent are named, the guilty are put in order, and what is
 * only a consequence of another is folded under it.
 */
#ifndef TLSDIAG_DIAGNOSE_RANK_H
#define TLSDIAG_DIAGNOSE_RANK_H

#include "diagnose/diagnose.h"

/* *out is malloc'ed (NULL when n is 0); texts are in cf->arena. */
void rank_findings(const struct case_file *cf, struct finding **out, size_t *n);

/* For sorting servers: the one with the worse first finding comes first. */
int rank_compare_servers(const struct server_result *a, const struct server_result *b);

#endif
