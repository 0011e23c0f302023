/*
 * A line of a log without what tells whose it is: host names, addresses of IP and of Ethernet, e-mail
 * addresses, users in paths and prompts, what a certificate's names say in words. Each is overwritten by its
 * pseudonym, in place. Names in dumps are for dump_names.h.
 */
#ifndef TLSDIAG_LOG_ANONYMISE_H
#define TLSDIAG_LOG_ANONYMISE_H

#include "log/pseudonym.h"

/*
 * text holds the line, and is overwritten. Host names are learned on the way: one that only some line makes
 * known for a name is known before that line when all of them have been through once.
 */
void anonymise_line(struct pseudonyms *p, struct bytes line, uint8_t *text);

#endif
