/* Inside of the contrast: the features of one handshake, one by one. Pure. */
#ifndef TLSDIAG_DIAGNOSE_CONTRAST_FEATURES_H
#define TLSDIAG_DIAGNOSE_CONTRAST_FEATURES_H

#include "diagnose/contrast.h"

/* Of a longer list nothing is said: to compare all of two would take too long. */
enum { VALUES_COMPARED_MAX = 512 };

enum having { HAS_NOT, HAS, HAS_UNKNOWN };
enum having feature_had(const struct handshake *hs, const struct feature *f);

/* Calls visit() for each feature that the handshake has, in a fixed order; GREASE is none. */
typedef void feature_visit(const struct feature *f, void *ctx);
void features_visit(const struct handshake *hs, feature_visit *visit, void *ctx);

/* The number that the kind stands for; UINT32_MAX: it is not known of this handshake. */
uint32_t feature_number(const struct handshake *hs, enum feature_kind kind);

bool hello_names_session(const struct client_hello *hello);

/* Have both the same extensions, in another order? GREASE aside. */
bool hellos_shuffled(const struct client_hello *a, const struct client_hello *b);

#endif
