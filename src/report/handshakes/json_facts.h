/* What was offered, sent and proved, as members of a handshake's JSON object. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_JSON_FACTS_H
#define TLSDIAG_REPORT_HANDSHAKES_JSON_FACTS_H

#include "report/json_writer.h"
#include "session/handshake.h"

struct handshake;

void json_offered(struct json *j, const struct handshake *hs);
void json_certificates(struct json *j, const struct handshake *hs);
void json_server_key_exchange(struct json *j, const struct handshake *hs);
void json_verify(struct json *j, const struct handshake *hs);
/* Nothing where no secrets were given. */
void json_decryption(struct json *j, const struct handshake *hs);

const char *json_side(enum side s); /* "client", "server" */

#endif
