/* What parts the failed from the completed, as lines of the text report. */
#ifndef TLSDIAG_REPORT_CONTRAST_TEXT_H
#define TLSDIAG_REPORT_CONTRAST_TEXT_H

#include "diagnose/diagnose.h"
#include "report/page.h"

/*
 * The differences of the way in which the handshake with that id failed; of the first failed one
 * where it is 0. What the proof of the finding says already is left out; NULL: there is no finding.
 * Nothing where there is nothing to tell.
 */
void contrast_put(
	struct page *p, const struct server_result *s, uint64_t handshake, const struct finding *f);

#endif
