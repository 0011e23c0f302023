/* CPU time shared by the threads that search: a share of the run's. Internal to forensic. */
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
void budget_init_ns(struct budget *b, uint64_t ns);
uint64_t budget_spent(const struct budget *b); /* ns */
bool budget_left(const struct budget *b);

/* Call in the thread that is metered. */
struct meter meter_start(struct budget *b);
/* Charges what the thread has used since; false when nothing is left. */
bool meter_charge(struct meter *m);

#endif
