/* Which searches are made when: before a release has changed the macros, and after. */
#include "config/finding.h"

void config_findings_written(struct config_findings *f, const struct config *c,
	const struct config_version *v, struct arena *a)
{
	struct search s = { f, c, v, a };

	config_findings_names(&s);
	config_findings_traps(&s);
	config_findings_values(&s);
	config_findings_presets(&s);
}

void config_findings_derived(struct config_findings *f, const struct config *c,
	const struct config_version *v, struct arena *a)
{
	struct search s = { f, c, v, a };

	config_findings_rules(&s);
	config_findings_code(&s);
	config_findings_sizes(&s);
	config_findings_suites(&s);
}
