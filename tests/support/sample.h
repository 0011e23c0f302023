/*
 * A made-up case for the tests of the reports: one server whose elliptic curves are broken, two
 * handshakes that failed. Facts and findings are struct literals; no capture is read.
 */
#ifndef TESTS_SUPPORT_SAMPLE_H
#define TESTS_SUPPORT_SAMPLE_H

#include "diagnose/diagnose.h"
#include "report/handshakes/report.h"
#include "session/handshake.h"

struct sample {
	struct cert cert;
	struct handshake hs[2];
	struct event events[2][8];
	struct evidence_item evidence[2];
	struct examined examined[2];
	struct examined *kept[2];
	struct case_file file;
	struct cause cause;
	struct finding finding;
	struct server_result result;
	struct desk_summary summary;
	struct input_info input;
};

/* Everything in *s points into *s or at static memory. */
void sample_fill(struct sample *s);

#endif
