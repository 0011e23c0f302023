/* CPU time shared by the threads that search for one server. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_BUDGET_H
#define TLSDIAG_FORENSIC_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint64_t limit; /* ns */
	atomic_uint_fast64_t spent;
};

/* What one thread has used up to its last report. */
struct meter {
	struct budget *budget;
	uint64_t last;
};

void budget_init(struct budget *b, double seconds);
bool budget_left(const struct budget *b);

/* Call in the thread that is metered. */
struct meter meter_start(struct budget *b);
/* Charges what the thread has used since; false when nothing is left. */
bool meter_charge(struct meter *m);

#endif
