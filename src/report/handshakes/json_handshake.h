/* One handshake as the JSON contract has it; docs/tlsdiag.schema.json describes every member. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_JSON_HANDSHAKE_H
#define TLSDIAG_REPORT_HANDSHAKES_JSON_HANDSHAKE_H

#include "diagnose/cause.h"
#include "report/json_writer.h"

/* Writes the members into the object that is open. */
void json_handshake(struct json *j, const struct examined *ex);

void json_endpoint(struct json *j, const char *key, const struct endpoint *e);

#endif
