/* A finding as plain text of several lines, for reports that have one place for all of it. */
#ifndef TLSDIAG_REPORT_FINDING_WORDS_H
#define TLSDIAG_REPORT_FINDING_WORDS_H

#include "base/strbuf.h"
#include "diagnose/cause.h"

/*
 * What is wrong, how sure it is and whose fault; the proof; what to do next. What a peer sent in it
 * has its controls escaped, so that line ends are ours.
 */
void finding_words(struct strbuf *out, const struct finding *f);

#endif
