/* Numbers of TLS by the names that logs give them. -1: not known. */
#ifndef TLSDIAG_LOG_NAMED_H
#define TLSDIAG_LOG_NAMED_H

#include "base/bytes.h"

int named_alert(struct bytes name); /* also "HandshakeFailure" */
int named_suite(struct bytes name); /* IANA's, mbedTLS's, OpenSSL's */
int named_group(struct bytes name); /* also "prime256v1" and "SECP256R1" */
int named_version(struct bytes name);
int named_message(struct bytes name); /* "ServerHelloDone", "SERVER KEY EXCHANGE" */

#endif
