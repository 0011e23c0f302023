/*
 * What rules say of cases that differ from a made-up one in one fact: a flag the other way, a number one more
 * or one less, every value of an enumeration, every alert. Asked of each case that a test makes up; a line
 * for each rule goes among what is said (said.h): how often it was asked, what it answered how often, and a
 * sum of the answers with their words and evidence. Where a sum has changed, a program called with `--near
 * RULE` tells each answer, to be held against what it told before.
 */
#ifndef TLSDIAG_TESTS_RULES_NEAR_H
#define TLSDIAG_TESTS_RULES_NEAR_H

#include "rules/facts.h"

/* Both leave the case as it was. */
void near_check(const struct handshake *hs, enum check_id id);
void near_cause(struct facts *f, enum cause_id id);

/* Tells each answer of that rule on standard output as it is given. */
void near_tell(const char *rule);
/* Gives the lines to said.h. */
void near_sum_up(void);

#endif
