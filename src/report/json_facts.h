/* What was offered, sent and proved, as members of a handshake's JSON object. */
#ifndef TLSDIAG_REPORT_JSON_FACTS_H
#define TLSDIAG_REPORT_JSON_FACTS_H

#include "report/json_writer.h"
#include "session/handshake.h"

void json_offered(struct json *j, const struct handshake *hs);
void json_certificate(struct json *j, const char *key, const struct cert *c);
void json_certificates(struct json *j, const struct handshake *hs);
void json_server_key_exchange(struct json *j, const struct handshake *hs);
void json_client_verify(struct json *j, const struct handshake *hs);

/* {"value": "0x0018", "name": "secp384r1"}; the name is null when it is not registered. */
void json_named_code(struct json *j, const char *key, uint16_t value, const char *name);
const char *json_side(enum side s); /* "client", "server" */

#endif
