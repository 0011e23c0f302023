/*
 * The parts of a JUnit report (the dialect that CI systems read): suites of cases, which are put
 * together, counted, and written one after the other.
 */
#ifndef TLSDIAG_REPORT_JUNIT_SUITE_H
#define TLSDIAG_REPORT_JUNIT_SUITE_H

#include "diagnose/cause.h"
#include "report/xml_writer.h"

enum case_result { CASE_PASSED, CASE_FAILED, CASE_BROKEN, CASE_SKIPPED };

/* Texts are static, in the suite's arena, or of what is reported on. */
struct junit_case {
	const char *name;
	enum case_result result;
	const char *message; /* of what did not pass: one line */
	const char *type;    /* of a failure: a word; NULL none */
	const char *
		text; /* several lines below the message, or what one that passed says; NULL none */
	int64_t ns;   /* that it took */
};

struct junit_suite {
	struct arena *arena; /* for the texts of its cases */
	const char *name;    /* also the class of its cases */
	bool has_start;
	int64_t start; /* ns since 1970 */
	struct junit_case *cases;
	size_t n, size;
	struct junit_case nowhere; /* where a case goes that memory is out for */
	bool failed;               /* out of memory */
};

/* Adds a case and gives it to be filled in; never NULL. */
struct junit_case *junit_add(struct junit_suite *s, const char *name, enum case_result result);

/* A case that failed: its name is the cause's, its text the whole finding. */
void junit_add_finding(struct junit_suite *s, const struct finding *f);

/* A case that is one check's answer. */
struct junit_answer {
	enum status status;
	const char *message; /* NULL: none */
	const char *where;   /* line below it: which packet, how many handshakes; NULL: none */
};
void junit_add_answer(struct junit_suite *s, const struct check *c, const struct junit_answer *a);

/* What is to be reported: `build` fills an empty suite, the i-th of n. */
struct junit_source {
	size_t n;
	void (*build)(const void *ctx, size_t i, struct junit_suite *out);
	const void *ctx;
};

/*
 * The whole document. Each suite is built twice, to be counted and to be written, and `flush` is
 * called behind each, so that one at a time is held. False: out of memory.
 */
bool junit_document(
	struct strbuf *out, const struct junit_source *source, void (*flush)(void *ctx), void *ctx);

#endif
