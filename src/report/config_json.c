/* The same findings as the text has, with all that it leaves to the eye. */
#include "report/config_report.h"

static void put_version(struct json *j, const struct config_version *v)
{
	json_object(j, "mbedtls");
	json_string(j, "release", v->name);
	json_bool(j, "given", v->given);
	if (!v->given) {
		json_uint(j, "known", v->known);
		json_uint(j, "of", v->macros);
	}
	json_end_object(j);
}

static void put_origin(struct json *j, const struct config *c)
{
	static const char *const kinds[] = { "header", "text", "kconfig" };
	struct config_origin o = config_origin(c);

	json_string(j, "read_as", kinds[o.kind]);
	if (o.kind != CONFIG_KCONFIG)
		return;
	json_object(j, "kconfig");
	json_string(j, "system", o.system);
	if (*o.system_version != '\0')
		json_string(j, "version", o.system_version);
	json_bool(j, "whole", o.whole);
	json_array(j, "unmapped");
	for (size_t i = 0; i < o.n_named; i++)
		json_string(j, NULL, o.unmapped[i]);
	json_end_array(j);
	json_uint(j, "unmapped_options", o.n_unmapped);
	json_end_object(j);
}

static void put_finding(struct json *j, const struct config_finding *f)
{
	json_object(j, NULL);
	json_string(j, "id", f->id);
	json_string(j, "severity", config_severity_name(f->severity));
	if (*f->macro != '\0')
		json_string(j, "macro", f->macro);
	if (f->at.file != NULL) {
		json_string(j, "file", f->at.file);
		json_uint(j, "line", f->at.line);
	}
	json_string(j, "reason", f->reason);
	json_string(j, "fix", f->fix);
	json_end_object(j);
}

void config_report_json(struct json *j, const struct config_report *r,
	void (*more)(struct json *j, const struct config_report *r, void *ctx), void *ctx)
{
	json_object(j, NULL);
	json_string(j, "name", r->path);
	if (r->crypto_path != NULL)
		json_string(j, "crypto_name", r->crypto_path);
	put_origin(j, r->config);
	put_version(j, &r->version);
	json_uint(j, "macros", r->count.mbedtls);
	json_uint(j, "other_macros", r->count.others);
	json_uint(j, "not_included", r->count.not_included);
	json_array(j, "findings");
	for (size_t i = 0; i < r->findings.n; i++)
		put_finding(j, &r->findings.list[i]);
	json_end_array(j);
	json_uint(j, "left_out", r->findings.left_out);
	if (more != NULL)
		more(j, r, ctx);
	json_end_object(j);
}
