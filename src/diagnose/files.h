/*
 * The rules of `tlsdiag check`: what the files of a server or a client, read and held against each
 * other, have wrong with them. The same checks and causes as of handshakes, asked of files. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_FILES_H
#define TLSDIAG_DIAGNOSE_FILES_H

#include "config/reading.h"
#include "diagnose/cause.h"
#include "pki/presented.h"

/* What was asked, beside the files. */
struct files_question {
	const struct material *material;
	const struct credentials *credentials;
	const struct presented_chains *chains; /* NULL: not asked for */
	const struct trust *trust;             /* NULL: none given */
	int64_t at;
	const char *name; /* NULL: not asked */
	enum purpose purpose;
	unsigned expires_soon; /* days that a certificate should be good for; 0: not asked */
	const struct config_reading *config; /* of the device's build; NULL: none was given */
	const char *config_path;
};

struct file_finding {
	struct finding finding;
	const char *about;       /* the file */
	const struct item *item; /* what in it; NULL: the file as a whole */
};

enum { FILE_CHECKS = 9 };
extern const enum check_id file_checks[FILE_CHECKS];

/* A credential's answers, in the order of file_checks. */
struct file_answers {
	const struct credential *credential;
	const char *about; /* the file of its certificate, else of its key */
	struct answer answers[FILE_CHECKS];
};

struct files_verdict {
	struct file_finding *findings; /* errors, warnings, notes */
	size_t n_findings;
	struct file_answers *answers; /* one per credential */
	size_t n_answers;
	uint64_t errors, warnings;
};

/* Texts go into the arena. False: out of memory. */
bool files_judge(const struct files_question *q, struct arena *a, struct files_verdict *out);
void files_verdict_free(struct files_verdict *v);

#endif
