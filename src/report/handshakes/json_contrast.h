/* What parts the failed from the completed, as members of a JSON document. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_JSON_CONTRAST_H
#define TLSDIAG_REPORT_HANDSHAKES_JSON_CONTRAST_H

#include "diagnose/diagnose.h"
#include "report/json_writer.h"

/* "contrast": one entry for each server and way of failing; absent where there is none. */
void json_contrast(struct json *j, const struct desk *d);

#endif
