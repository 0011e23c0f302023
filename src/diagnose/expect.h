/*
 * Expectations: what the user says a server must be like, such as "version=TLS1.2" or
 * "days-left>=30", judged on the facts of its handshakes. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_EXPECT_H
#define TLSDIAG_DIAGNOSE_EXPECT_H

#include "diagnose/cause.h"

enum expect_op { EXPECT_IS, EXPECT_IS_NOT, EXPECT_AT_LEAST, EXPECT_AT_MOST };

struct expectation {
	const char *text; /* as given; borrowed */
	const struct expect_key *key;
	enum expect_op op;
	const char *value; /* inside text */
	bool has_number;   /* value is a number, or a name that stands for one: number */
	int64_t number;
};

/* "KEY=VALUE", and "!=", ">=", "<=" where they mean something. False with ERR_USAGE. */
bool expect_parse(const char *text, struct expectation *out, struct err *e);

/* The i-th key and what it is, for help; NULL past the last. */
const char *expect_key_at(size_t i, const char **meaning);

struct expected {
	const struct expectation *expectation;
	enum status status;  /* PASS, FAIL, or UNKNOWN: the facts do not tell, so it is not met */
	const char *message; /* "is TLS1.1"; in the case's arena or static */
	uint64_t handshake;  /* judged by this one; 0: there is none */
};
void expect_judge(const struct expectation *x, const struct case_file *cf, struct expected *out);

#endif
