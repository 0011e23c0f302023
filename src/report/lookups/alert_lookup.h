/* What `tlsdiag alert` writes: of one alert, of all of them, and of a fault that stacks answer. */
#ifndef TLSDIAG_REPORT_LOOKUPS_ALERT_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_ALERT_LOOKUP_H

#include "names/alert_query.h"
#include "names/paste.h"
#include "report/lookups/lookup.h"

struct alert_lookup {
	int code; /* 0 to 255, registered or not; ATLAS_NO_ALERT: closed without one */
	struct alert_query query;
	enum paste_sender sender; /* of one that was pasted */
};

void alert_lookup_text(struct page *p, const struct alert_lookup *a);
/* One element of the array "alerts". */
void alert_lookup_json(struct json *j, const struct alert_lookup *a);

/* Parts of the two: properties of certificates that a stack which is named answers so. */
void alert_certificates_text(struct page *p, const struct alert_lookup *a);
void alert_certificates_json(struct json *j, const struct alert_lookup *a);

/* Every registered alert. */
void alert_table_text(struct page *p);
void alert_table_json(struct json *j, const char *key);

/* The faults behind an id of the atlas, or those that a cause gives; what each stack answers. */
struct fault_lookup {
	const char *id;
	struct alert_query query; /* .after is not looked at */
};

/* Does the id name this fault, itself or by one of its causes, on the side asked for? */
bool fault_lookup_has(const struct fault_lookup *f, const struct atlas_fault *fault);
size_t fault_lookup_count(const struct fault_lookup *f);
void fault_lookup_text(struct page *p, const struct fault_lookup *f);
void fault_lookup_json(struct json *j, const char *key, const struct fault_lookup *f);

/* Which fault got the alert from which stacks, as measured. */
struct alert_hits {
	struct atlas_hit *hits; /* those of one fault stand together */
	size_t n;
	bool failed; /* memory ran out */
};

struct alert_hits alert_hits_find(const struct alert_lookup *a);
void alert_hits_free(struct alert_hits *h);
/* How many hits from `first` on are about the same fault. */
size_t alert_hits_same_fault(const struct alert_hits *h, size_t first);

/* "in the ServerKeyExchange", for a fault. */
void fault_put_place(struct strbuf *out, const struct atlas_fault *fault);
/* "47 illegal_parameter", "closes without an alert", ... */
enum { ANSWER_TEXT = 64 };
const char *fault_answer_text(const struct atlas_answer *answer, char out[static ANSWER_TEXT]);
/* "mbedTLS 3.6 (-0x4C80)" appended; a mark where the answer was not measured. */
void fault_put_stack(struct strbuf *out, enum stack stack, const struct atlas_answer *answer);

void fault_json(struct json *j, const struct atlas_fault *fault);
void fault_answer_json(struct json *j, enum stack stack, const struct atlas_answer *answer);

#endif
