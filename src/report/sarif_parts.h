/*
 * What every SARIF report has (OASIS SARIF 2.1.0): one run, the rules that it found broken, a result
 * for each finding. Handshakes and files put it together, each in a file of its own.
 */
#ifndef TLSDIAG_REPORT_SARIF_PARTS_H
#define TLSDIAG_REPORT_SARIF_PARTS_H

#include "diagnose/cause.h"
#include "report/json_writer.h"

/* The causes that occur, in the order of the rules; those besides the table are few. */
enum { SARIF_RULES_MAX = N_CAUSES + 8 };

struct sarif_rules {
	const struct cause *list[SARIF_RULES_MAX];
	size_t n;
};

/* Adds the cause, if it is not there, and gives its index. */
size_t sarif_rule(struct sarif_rules *rules, const struct cause *cause);

/* Where a finding is. */
struct sarif_place {
	const char *input;  /* path of the file, or what else was looked at; "-": standard input */
	size_t line;        /* of a text; 0: not known, or the file is no text */
	size_t at, len;     /* bytes of a file that is no text; len 0: not known */
	const char *server; /* "192.0.2.1:443"; NULL none */
};

/* Opens the document, up to and with the array of results. */
void sarif_begin(struct json *j, const struct sarif_rules *rules, const char *crypto_version);
void sarif_result(
	struct json *j, const struct finding *f, size_t rule, const struct sarif_place *p);

/* How the run went. */
struct sarif_run {
	const char *const *inputs;
	size_t n_inputs;
	const char *const *notes; /* on the input; what a later reader should know */
	size_t n_notes;
	bool complete; /* everything could be read */
};
void sarif_end(struct json *j, const struct sarif_run *run);

#endif
