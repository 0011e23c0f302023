/* Members that every JSON document has, whatever its input was. */
#ifndef TLSDIAG_REPORT_JSON_PARTS_H
#define TLSDIAG_REPORT_JSON_PARTS_H

#include "diagnose/cause.h"
#include "report/json_writer.h"

extern const char json_schema[]; /* "tlsdiag/1" */

/* "tool": ... */
void json_tool(struct json *j, const char *crypto_version);

/* {"value": "0x0018", "name": "secp384r1"}; the name is null when it is not registered. */
void json_named_code(struct json *j, const char *key, uint16_t value, const char *name);

void json_certificate(struct json *j, const char *key, const struct cert *c);

/* The members of one entry of "diagnoses"; server: "192.0.2.1:443", or the file that it is about. */
void json_finding(struct json *j, const char *server, const struct finding *f);

/* Members that tell of a finding in any document: "handshakes", and "ruled_out". */
void json_handshakes(struct json *j, const struct finding *f);
void json_ruled_out(struct json *j, const struct finding *f);

/* One entry of "checks". */
/* logged: its places are lines of a log. */
void json_check(struct json *j, const struct check *check, const struct answer *a, bool logged);

#endif
