/*
 * Whatever checks answered and causes found while the rule tests of one program ran: each thing once, in
 * alphabetical order, in tests/rules/said/PROGRAM.txt. A test claims one thing of an answer; this holds the
 * rest of it: words, evidence, proofs, steps. A program called with --write writes down what is said now,
 * and what changed is to be read, line by line.
 */
#ifndef TLSDIAG_TESTS_RULES_SAID_H
#define TLSDIAG_TESTS_RULES_SAID_H

#include "base/strbuf.h"
#include "diagnose/cause.h"
#include "support/unit.h"

void said_answer(enum check_id id, const struct answer *a);
void said_finding(const struct finding *f);
/* Whatever else is said; takes the text over. */
void said_line(struct strbuf *b);
void said_innocent(enum cause_id id, const char *because);

/* In place of cmocka_run_group_tests(). The exit status of a program. */
#define RULE_TESTS(tests, argc, argv)                                                              \
	said_run(__FILE__, tests, sizeof(tests) / sizeof *(tests), argc, argv)
int said_run(const char *file, const struct CMUnitTest *tests, size_t n, int argc, char **argv);

#endif
