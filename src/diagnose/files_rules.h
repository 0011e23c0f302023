/* The rules over files, in three tables: one for files, one for what is in them, one for pairs. */
#ifndef TLSDIAG_DIAGNOSE_FILES_RULES_H
#define TLSDIAG_DIAGNOSE_FILES_RULES_H

#include "diagnose/files.h"
#include "diagnose/story.h"

/* A finding under way: its default texts are the cause's. */
struct file_rule_context {
	const struct files_question *q;
	const struct case_file *cf; /* its arena only */
};

struct credential_rule {
	const struct cause *cause;
	enum severity severity;
	enum check_id explains; /* N_CHECKS: none */
	/* Fills *f and returns true when the credential shows this cause. */
	bool (*shows)(
		const struct file_rule_context *x, const struct credential *c, struct finding *f);
	const char *const *steps; /* NULL: the cause's own */
};
extern const struct credential_rule credential_rules[];
extern const size_t n_credential_rules;

struct item_rule {
	const struct cause *cause;
	enum severity severity;
	bool (*shows)(const struct file_rule_context *x, const struct item *it, struct finding *f);
	const char *const *steps;
};
extern const struct item_rule item_rules[];
extern const size_t n_item_rules;

struct form_rule {
	enum severity
		severity; /* the rule may choose another, and another cause than that of what the file holds */
	bool (*shows)(
		const struct file_rule_context *x, const struct item_file *file, struct finding *f);
	const char *const *steps;
};
extern const struct form_rule form_rules[];
extern const size_t n_form_rules;

extern const struct cause unusable_key_file;

/* Asks every check of file_checks; messages go into the arena. */
void files_answer(const struct files_question *q, const struct credential *c, struct arena *a,
	struct file_answers *out);

/* "'cert.pem'", "'cert.pem' (line 12)", where there are several in the file. */
const char *item_name(const struct file_rule_context *x, const struct item *it);

#endif
