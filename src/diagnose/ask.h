/*
 * Where several causes remain possible: the one next piece of evidence that parts them best, and how to
 * get it. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_ASK_H
#define TLSDIAG_DIAGNOSE_ASK_H

#include "diagnose/cause.h"

/* Puts it first among the steps of the first finding, if that is no more than possible and rests on a
 * log, a paste or a code, or likely and to be proved by the bytes alone. The findings are ranked. */
void ask_for_more(const struct case_file *cf, struct finding *f, size_t n);

/* What to ask for where there is no finding at all; NULL: nothing that would settle it. */
const char *ask_unexplained(const struct handshake *hs);

#endif
