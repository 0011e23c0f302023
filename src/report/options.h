/* In what form a report comes, and how wide. */
#ifndef TLSDIAG_REPORT_OPTIONS_H
#define TLSDIAG_REPORT_OPTIONS_H

#include <stdbool.h>

enum report_form { REPORT_TEXT, REPORT_JSON, REPORT_NDJSON, REPORT_JUNIT, REPORT_SARIF };

/* Which handshakes are listed. What is diagnosed and counted does not depend on it. */
enum report_only {
	ONLY_DEFAULT /* what is wrong; one line for the rest */,
	ONLY_FAILED,
	ONLY_COMPLETED,
	ONLY_ALL
};

struct report_options {
	enum report_form form;
	enum report_only only;
	bool color;
	bool utf8;          /* the terminal shows UTF-8 */
	unsigned width;     /* columns; 80 when not a terminal */
	bool warnings_fail; /* JUnit: a diagnosis that is a warning is a failure too */
};

#endif
