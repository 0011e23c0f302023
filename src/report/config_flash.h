/* What a configuration could do without, as a section of the report on it. */
#ifndef TLSDIAG_REPORT_CONFIG_FLASH_H
#define TLSDIAG_REPORT_CONFIG_FLASH_H

#include "config/build.h"
#include "config/flash.h"
#include "report/json_writer.h"
#include "report/page.h"

/* major: whose figures they are, 2 or 3. */
void report_flash_text(struct page *p, unsigned major, const struct saving *list, size_t n);
/* The member "flash". */
void report_flash_json(struct json *j, unsigned major, const struct saving *list, size_t n);

/*
 * RAM of the record buffers, which is on the heap. chain: bytes of the device's own Certificate message, 0 not known;
 * received: of the longest record that it was sent in a capture, 0 not known.
 */
struct buffers_used {
	size_t chain, received;
};
void report_buffers_text(struct page *p, const struct build *b, const struct buffers_used *used);
/* The member "record_buffers". */
void report_buffers_json(struct json *j, const struct build *b, const struct buffers_used *used);

#endif
