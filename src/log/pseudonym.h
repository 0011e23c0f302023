/*
 * What stands for names and addresses in a copy that is to be shown. It has the length and the kind of what it
 * stands for, so that columns, lengths in messages and what readers make of a line stay as they are; it is
 * the same wherever a name stands, and tells nothing but the order in which names came.
 */
#ifndef TLSDIAG_LOG_PSEUDONYM_H
#define TLSDIAG_LOG_PSEUDONYM_H

#include "base/bytes.h"

enum {
	PSEUDONYMS_MAX = 1 << 16,  /* labels, addresses and hosts: of further ones all look alike */
	PSEUDONYM_NAME_MAX = 255,  /* bytes of a name; what is longer is no name */
	PSEUDONYM_HOSTS_MAX = 256, /* that are looked for in bytes */
};

struct pseudonyms;
struct pseudonyms *pseudonyms_open(void);    /* NULL: out of memory */
void pseudonyms_close(struct pseudonyms *p); /* accepts NULL */

/* A host name or an address that stays as it is from now on. */
void pseudonyms_keep(struct pseudonyms *p, struct bytes name);
/* A host name that is to be known wherever it stands, whatever its form. Words that say nothing are none. */
void pseudonyms_learn(struct pseudonyms *p, struct bytes host);
bool pseudonyms_know(const struct pseudonyms *p, struct bytes host);
/* The learned ones, folded to lower case, that are to be taken out of bytes; the first PSEUDONYM_HOSTS_MAX. */
size_t pseudonyms_hosts(const struct pseudonyms *p, const struct bytes **out);
/* Those of which `is` says so are not. */
void pseudonyms_spare(struct pseudonyms *p, bool (*is)(void *ctx, struct bytes host), void *ctx);

/* Is it a host name by its form: labels, the last of them a domain that is known to be one? */
bool pseudonym_is_host(struct bytes name);

/*
 * Each writes what stands for a name to text, as many bytes as it has; what is kept, or says nothing of anybody
 * ("localhost", "CA", loopback, a mask of zeros), is written as it is. Either case of letters is the same name.
 */
void pseudonym_word(struct pseudonyms *p, struct bytes word, uint8_t *text);
void pseudonym_host(struct pseudonyms *p, struct bytes host, uint8_t *text); /* label by label */
/* False: it is none of these, and text stays as it is. Prefixes of private networks stay. */
bool pseudonym_ipv4(struct pseudonyms *p, struct bytes address, uint8_t *text);
bool pseudonym_ipv6(struct pseudonyms *p, struct bytes address, uint8_t *text);
bool pseudonym_mac(struct pseudonyms *p, struct bytes address, uint8_t *text);

#endif
