/* The findings are those of `tlsdiag config --cert --ca`; what they are cases of, by the macro they are about. */
#include "diagnose/files_config.h"

#include "base/memory.h"
#include "config/reading.h"
#include "diagnose/deployment.h"

#include <stdlib.h>
#include <string.h>

/* The build is the one whose certificates these are, if it can be; else the other side's, which reads and does not
 * send them, and has the CA. */
static bool is_owner(const struct files_question *q)
{
	const struct build *b = &q->config->build;
	bool can = q->purpose == PURPOSE_SERVER ? b->server : b->client;

	return can || (!b->server && !b->client);
}

static bool take_certificates(const struct files_question *q, struct deployment *d, struct arena *a)
{
	const struct material *m = q->material;
	const bool owner = is_owner(q);

	for (size_t i = 0; i < m->n_items; i++) {
		const struct item *it = &m->items[i];
		const struct item_file *file = &m->files[it->file];
		const char *name;

		if (it->kind != ITEM_CERT || it->cert == NULL || !it->cert->parsed ||
			(owner && file->role == FOR_CA))
			continue;
		name = arena_printf(a, "%s (%s)", file->path, it->cert->subject);
		if (name == NULL)
			return false;
		(void)deployment_add_cert(
			d, it->cert, name, owner, file->form == FORM_PEM, file->path);
	}
	deployment_end(d, true);
	return true;
}

struct config_findings *files_against_config(const struct files_question *q, struct arena *a)
{
	const struct config_reading *r = q->config;
	struct config_findings *found = memory_zeroed(1, sizeof *found);
	struct deployment *d = memory_zeroed(1, sizeof *d);

	if (found != NULL && d != NULL && take_certificates(q, d, a)) {
		config_findings_deployment(found, r->config, &r->version, &r->build, d, a);
		config_findings_sort(found);
	} else {
		free(found);
		found = NULL;
	}
	free(d);
	return found;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

const char *files_config_summary(const struct cause *cause)
{
	if (cause == causes[CAUSE_record_too_large])
		return "The chain does not fit into a record of the build";
	if (cause == causes[CAUSE_certificate_curve_unsupported])
		return "The curve of a certificate is not compiled in";
	if (cause == causes[CAUSE_no_common_signature_scheme])
		return "The hash that a certificate is signed with is not compiled in";
	return "The build has no use for a certificate";
}

const struct cause *files_config_cause(const struct config_finding *f)
{
	if (strcmp(f->id, "config-content-too-small") == 0)
		return causes[CAUSE_record_too_large];
	if (begins(f->macro, "MBEDTLS_ECP_DP_"))
		return causes[CAUSE_certificate_curve_unsupported];
	if (begins(f->macro, "MBEDTLS_SHA") || begins(f->macro, "MBEDTLS_MD5"))
		return causes[CAUSE_no_common_signature_scheme];
	return causes[CAUSE_certificate_type_unusable];
}
