/* How the readers of PEM and DER hand over what they find. Internal to pki. */
#ifndef TLSDIAG_PKI_ITEMS_H
#define TLSDIAG_PKI_ITEMS_H

#include "pki/material.h"

/* An item of the file added last; NULL: no room. Valid until the next one is added. */
struct item *items_add(struct material *m, enum item_kind kind, const char *what);

/* Reads the certificate and, where it breaks off, says so. False when memory is out. */
bool items_add_cert(struct material *m, struct item *it, struct bytes der);

/*
 * Reads the key that it->what names, with what is left of the run's iterations. False when memory is
 * out.
 */
bool items_add_key(struct material *m, struct item *it, struct key_source from);

/* Every block of a PEM text, and the oddities of the text. False when memory is out. */
bool pem_items(struct material *m, struct bytes text, const char *password);

/* The elements of a DER text, one after the other. False when memory is out. */
bool der_items(struct material *m, struct bytes text, const char *password);

/* What the string literals and byte lists of a C source hold. False when memory is out. */
bool c_items(struct material *m, struct bytes text, const char *password);

#endif
