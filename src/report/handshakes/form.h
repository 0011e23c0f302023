/* What the forms of a report share: where it goes, and what each knows to do. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_FORM_H
#define TLSDIAG_REPORT_HANDSHAKES_FORM_H

#include "report/handshakes/report.h"
#include "report/page.h"

struct report {
	const struct form *form;
	struct report_options options;
	struct page page; /* what is not written yet */
	uint64_t listed;  /* handshakes listed so far */
	bool live;        /* the input is a conversation of ours, not a capture */
	bool replay;      /* ... in which a hello was sent that only its maker could go on from */
	FILE *out;
	int write_error; /* errno of the first write that failed */
	void *state;     /* of a form that keeps something between its calls */
};

struct form {
	bool (*open)(struct report *r); /* false: out of memory; NULL: there is nothing to do */
	void (*begin)(struct report *r, const struct input_info *in);
	void (*handshake)(struct report *r, const struct examined *ex);
	void (*end)(struct report *r, const struct input_info *in, const struct desk *d);
	void (*close)(struct report *r); /* NULL: there is nothing to do */
};

extern const struct form form_text, form_json, form_ndjson, form_junit, form_sarif;

/* Is this handshake to be listed, and not only counted? */
bool report_lists(const struct report *r, const struct handshake *hs);

/* Writes out what stands on the page. */
void report_flush(struct report *r);

#endif
