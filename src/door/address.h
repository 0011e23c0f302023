/* "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]:443", ":443" as an endpoint. */
#ifndef TLSDIAG_DOOR_ADDRESS_H
#define TLSDIAG_DOOR_ADDRESS_H

#include "session/source.h"

/* What is not given is 0 in *out. False with ERR_USAGE, naming the option. */
bool address_parse(const char *text, const char *option, struct endpoint *out, struct err *e);

#endif
