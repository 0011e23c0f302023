/*
 * Writes JSON (RFC 8259) into a buffer, value by value: no tree is built, so that a report of any
 * length costs the memory of one handshake.
 *
 * `key` is the member's name inside an object (plain ASCII, not escaped) and NULL inside an array.
 */
#ifndef TLSDIAG_REPORT_JSON_WRITER_H
#define TLSDIAG_REPORT_JSON_WRITER_H

#include "base/strbuf.h"

struct json {
	struct strbuf *out;
	bool comma; /* something stands before the next value */
};

void json_object(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_array(struct json *j, const char *key);
void json_end_array(struct json *j);

/* Text; NULL gives null. What is not UTF-8 becomes U+FFFD, what a terminal would obey \u escapes. */
void json_string(struct json *j, const char *key, const char *text);
void json_text(struct json *j, const char *key, struct bytes text);
void json_hex(struct json *j, const char *key, struct bytes bytes); /* "04ab..." */
void json_code(struct json *j, const char *key, uint16_t value);    /* "0x0603" */
void json_uint(struct json *j, const char *key, uint64_t value);
void json_int(struct json *j, const char *key, int64_t value);
void json_milliseconds(struct json *j, const char *key, int64_t ns); /* 12.345, to the µs */
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
