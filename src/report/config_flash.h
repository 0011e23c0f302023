/* What a configuration could do without, as a section of the report on it. */
#ifndef TLSDIAG_REPORT_CONFIG_FLASH_H
#define TLSDIAG_REPORT_CONFIG_FLASH_H

#include "config/flash.h"
#include "report/json_writer.h"
#include "report/page.h"

/* major: whose figures they are, 2 or 3. */
void report_flash_text(struct page *p, unsigned major, const struct saving *list, size_t n);
/* The member "flash". */
void report_flash_json(struct json *j, unsigned major, const struct saving *list, size_t n);

#endif
