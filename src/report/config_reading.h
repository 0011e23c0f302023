/* What a configuration given as evidence (--config) was read as: one sentence, one object. */
#ifndef TLSDIAG_REPORT_CONFIG_READING_H
#define TLSDIAG_REPORT_CONFIG_READING_H

#include "config/reading.h"
#include "report/json_writer.h"
#include "report/page.h"

struct config_shown {
	const struct config_reading *reading; /* NULL: none was given, and nothing is written */
	const char *path;
	bool said; /* of a probe: the ClientHello of such a client was said */
};

void config_reading_text(struct page *p, const struct config_shown *c);
/* The member "config". */
void config_reading_json(struct json *j, const struct config_shown *c);

#endif
