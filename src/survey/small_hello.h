/* Hellos that are small, and likely to get through: where a search for what disturbs a server begins. */
#ifndef TLSDIAG_SURVEY_SMALL_HELLO_H
#define TLSDIAG_SURVEY_SMALL_HELLO_H

#include "client/offer.h"

enum { SMALL_HELLOS = 8 };

uint16_t small_hello_version(size_t which);
/* What is left of an offer when only the values of a small hello stay. bare: without the name, and extensions that
 * no handshake needs. */
void small_hello(const struct offer *whole, size_t which, bool bare, struct offer *out);
/* The same of its own version's values alone: all else stays. */
void small_hello_within(const struct offer *whole, size_t which, struct offer *out);

#endif
