/*
 * The form of a certificate: how its elements are encoded, which cert.h has no room for. Read
 * leniently (BER lengths, elements that are cut or too many), because what is looked for here is what
 * some verifier refuses and another accepts. Nothing is judged.
 */
#ifndef TLSDIAG_PKI_FORM_H
#define TLSDIAG_PKI_FORM_H

#include "base/cur.h"

/* One element of BER: definite lengths of any form; an indefinite one holds all that is left. */
struct ber {
	uint8_t tag;
	struct bytes whole, body;
	bool padded; /* its length is not the shortest encoding */
	bool indefinite; /* without a length; its body ends with the end-of-contents, if that is there */
	bool cut;        /* shorter than its length says */
};

/* Takes the next element; false at the end or when there is not even a header. */
bool ber_next(struct bytes *from, struct ber *out);
/* The same, when the next element is of that tag; else out is empty. */
bool ber_take(struct bytes *from, uint8_t tag, struct ber *out);

enum form_extension_kind {
	FORM_UNKNOWN,
	FORM_SUBJECT_KEY_ID,
	FORM_KEY_USAGE,
	FORM_ALT_NAME,
	FORM_BASIC_CONSTRAINTS,
	FORM_NAME_CONSTRAINTS,
	FORM_POLICIES,
	FORM_POLICY_MAPPINGS,
	FORM_AUTHORITY_KEY_ID,
	FORM_POLICY_CONSTRAINTS,
	FORM_EXT_KEY_USAGE,
	FORM_INHIBIT_ANY_POLICY,
	FORM_TLS_FEATURE,
	FORM_NETSCAPE_TYPE,
	FORM_CT_POISON,
	FORM_OTHER_KNOWN, /* that verifiers know, and nothing is asked of here */
};

struct form_extension {
	enum form_extension_kind kind;
	struct bytes oid, value; /* the body of extnValue */
	bool critical;
	bool odd_boolean; /* critical is neither 00 nor FF: not DER */
};

enum { FORM_EXTENSIONS_MAX = 32 };

struct form {
	bool readable;       /* a SEQUENCE that holds a SEQUENCE: a certificate at all */
	bool cut;            /* ends before its own length */
	bool padded;         /* the outer length is not the shortest */
	bool indefinite;     /* there is no outer length */
	bool inner_padded;   /* a length inside what is signed is not the shortest */
	size_t trailing;     /* bytes after the certificate */
	bool element_behind; /* an element that should not be there ends the TBSCertificate */
	bool has_version;
	struct bytes version, serial;                  /* bodies of the INTEGERs */
	struct bytes inner_algorithm, outer_algorithm; /* whole AlgorithmIdentifiers */
	struct bytes issuer, subject;                  /* bodies of the Names */
	struct ber not_before, not_after;
	struct bytes spki; /* body */
	bool unique_id, has_extensions;
	struct form_extension extension[FORM_EXTENSIONS_MAX]; /* the first ones */
	size_t n_extensions;
	struct bytes signature; /* the BIT STRING's body, count of unused bits included */
};

/* out borrows from der. */
void form_read(struct bytes der, struct form *out);

/* The first extension of that kind; NULL: none. */
const struct form_extension *form_find(const struct form *f, enum form_extension_kind kind);

/* Is there one, and is it critical? */
bool form_critical(const struct form *f, enum form_extension_kind kind);

/* The element of that tag that its value begins with. False, and out is empty: there is none. */
bool form_take(const struct form *f, enum form_extension_kind kind, uint8_t tag, struct ber *out);

#endif
