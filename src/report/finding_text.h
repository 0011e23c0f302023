/* One finding for people, of handshakes and of files alike. */
#ifndef TLSDIAG_REPORT_FINDING_TEXT_H
#define TLSDIAG_REPORT_FINDING_TEXT_H

#include "diagnose/diagnose.h"
#include "report/page.h"

/* In full: verdict, proof, innocents, alerts, next steps. In brief: what is most telling. */
void finding_put(
	struct page *p, const struct server_result *s, const struct finding *f, bool brief);

#endif
