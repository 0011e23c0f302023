/* Inside of `tlsdiag probe`: its settings, as the options fill them. */
#ifndef TLSDIAG_CLI_PROBE_SETTINGS_H
#define TLSDIAG_CLI_PROBE_SETTINGS_H

#include "base/secret.h"
#include "base/text_file.h"
#include "cli/code_list.h"
#include "cli/enumerate.h"
#include "cli/net_options.h"

enum { TARGETS_MAX = 4096, PROTOCOLS_MAX = 16, BUDGET = 200 };

/* The targets of a list, one after the other, each with its NUL. */
struct target_lines {
	char *text;
	size_t len;
};

struct probe_settings {
	struct net_settings net; /* first */
	struct tlsdiag_probe_options probe;
	struct code_list suites, groups, schemes;
	char *alpn[PROTOCOLS_MAX + 1];
	const char *targets_file, *psk_file;
	const char *keylog_file;
	struct text_file psk_text;
	struct target_lines listed;
	struct secret psk;
	const char *targets[TARGETS_MAX];
	size_t n_targets;
	char *pairs[TARGETS_MAX]; /* targets of two arguments each */
	size_t n_pairs;
	bool enumerate, isolate;
	struct survey_terms terms;
};

/* ---- probe_options.c ---- */

extern const struct option_table probe_options;

/* Do the options go together? An option that would be ignored is a mistake. */
bool probe_options_fit(const struct probe_settings *s, struct err *e);

/* ---- probe_files.c ---- */

/* The targets on the command line; a first argument that names two ClientHellos belongs to --isolate. */
bool probe_add_targets(struct probe_settings *s, char **args, int n, struct err *e);
/* What the options name. */
bool probe_read_files(struct probe_settings *s, struct err *e);
void probe_settings_close(struct probe_settings *s);

#endif
