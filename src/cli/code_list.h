/* "TLS_A,TLS_B", "x25519,P-256", "0x0403": numbers of TLS by their names, as a list. */
#ifndef TLSDIAG_CLI_CODE_LIST_H
#define TLSDIAG_CLI_CODE_LIST_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { CODES_MAX = 64 };

struct code_list {
	uint16_t codes[CODES_MAX];
	size_t n;
};

/* Where the names come from. */
struct code_names {
	const char *what; /* "cipher suite" */
	int (*by_name)(const char *name);
	const char *(*name_at)(size_t i);
};
extern const struct code_names code_names_suites, code_names_groups, code_names_schemes;

/* Parted by commas or colons. False with ERR_USAGE: the one that is not known, and the nearest. */
bool code_list_parse(const char *option, const struct code_names *names, const char *text,
	struct code_list *out, struct err *e);

#endif
