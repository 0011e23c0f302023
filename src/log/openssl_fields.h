/* The fields of -trace back into the bytes they were. */
#ifndef TLSDIAG_LOG_OPENSSL_FIELDS_H
#define TLSDIAG_LOG_OPENSSL_FIELDS_H

#include "log/openssl_trace.h"

/* A field of the message that is open; false: it is none. What cannot be turned back spoils the message. */
bool openssl_field_take(struct openssl_trace *t, struct bytes text);

#endif
