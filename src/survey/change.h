/*
 * What parts two ClientHellos: single changes, any of which can be made by itself. All of them together make the
 * one hello out of the other.
 */
#ifndef TLSDIAG_SURVEY_CHANGE_H
#define TLSDIAG_SURVEY_CHANGE_H

#include "client/offer.h"

/* Narrow ones first: where a wide one, such as another version, would do as well, a narrow one says more. */
enum change_kind {
	CHANGE_GROUP,
	CHANGE_SCHEME,
	CHANGE_SUITE,
	CHANGE_EXTENSION,
	CHANGE_CONTENT, /* of an extension that both have */
	CHANGE_NAME,    /* server_name */
	CHANGE_SHARES,  /* the groups that key shares are of */
	CHANGE_GROUP_ORDER,
	CHANGE_SCHEME_ORDER,
	CHANGE_SUITE_ORDER,
	CHANGE_EXTENSION_ORDER,
	CHANGE_SESSION_ID,
	CHANGE_COMPRESSION,
	CHANGE_RECORD_VERSION,
	CHANGE_LEGACY_VERSION,
	CHANGE_VERSION,
	/* These two are found by trying, and are no difference of content. */
	CHANGE_SIZE,
	CHANGE_SEGMENTS,
	N_CHANGE_KINDS,
};

enum change_act { CHANGE_LEAVE_OUT, CHANGE_ADD, CHANGE_OTHERWISE };

struct change {
	enum change_kind kind;
	enum change_act act;
	uint16_t value; /* of a list's value, an extension, a version; else 0 */
};

enum { CHANGES_MAX = 512 };

struct changes {
	struct change at[CHANGES_MAX];
	size_t n;
};

void changes_add(struct changes *c, enum change_kind kind, enum change_act act, uint16_t value);

/* What makes `to` of `from`, in the order of the kinds. */
void changes_between(const struct offer *from, const struct offer *to, struct changes *out);

/* `from` with some of these changes; what they bring comes from `to`. */
void changes_apply(const struct offer *from, const struct offer *to, const struct changes *c,
	struct offer *out);

#endif
