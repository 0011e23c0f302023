/* What a server is called where programs tell servers apart: suites of JUnit, places of SARIF. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_SERVER_LABEL_H
#define TLSDIAG_REPORT_HANDSHAKES_SERVER_LABEL_H

#include "base/strbuf.h"
#include "report/json_writer.h"

struct case_file;

/*
 * The target as it was written; of a capture "192.0.2.1:443", with " (device.example)" behind it where
 * the clients asked for a name. The same from run to run, whatever the answers are.
 */
void server_label(const struct case_file *cf, struct strbuf *out);

/* "target" and "name" of an object that has the server's address: what is not known is left out. */
void json_server_name(struct json *j, const struct case_file *cf);

#endif
