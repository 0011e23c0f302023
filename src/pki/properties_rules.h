/* The finders of properties by subject, each in a file of its own. Internal to pki. */
#ifndef TLSDIAG_PKI_PROPERTIES_RULES_H
#define TLSDIAG_PKI_PROPERTIES_RULES_H

#include "pki/form.h"
#include "pki/properties.h"

/* A certificate of the path with its form. */
struct looked_at {
	const struct cert *cert;
	struct form form;
};

enum { CAS_MAX = PATH_MAX_CERTS };

struct property_search {
	const struct property_question *q;
	struct properties *out;
	struct looked_at leaf;
	struct looked_at
		*ca; /* intermediates of the path, from the leaf up; CAS_MAX of them at most */
	size_t n_cas;
	struct looked_at root; /* cert NULL: not known */
	bool lone;             /* the leaf is signed by itself: it has no other place in a chain */
};

/* Each once; N_PROPERTIES is none. */
void property_add(struct property_search *s, enum property id);
void property_add_if(struct property_search *s, bool has, enum property id);

/* Has the leaf a subjectAltName, as far as extensions are there? */
bool leaf_has_no_extensions(const struct property_search *s);

void find_shape(struct property_search *s);
void find_dates(struct property_search *s);
void find_names(struct property_search *s); /* asks find_subject(), too */
void find_subject(struct property_search *s);
void find_name_links(struct property_search *s);
void find_usages(struct property_search *s);
void find_extensions(struct property_search *s);
void find_constraints(struct property_search *s);
void find_keys(struct property_search *s);
void find_signatures(struct property_search *s);
void find_trust(struct property_search *s);

/* What is wrong with the message: its order, its length, what else is in it. True: the leaf is not in
 * its place, and nothing else is to be asked. */
bool find_order(struct property_search *s);

/* The value of an attribute of a Name, by its OID 2.5.4.N: the last one. */
bool name_attribute(struct bytes name, uint8_t number, struct ber *out);

#endif
