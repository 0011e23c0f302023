/*
 * What people paste when they ask for help: a line of a log with prose around it, a code in any
 * spelling, the words of a library, a browser or a server, the name of a signature scheme or a cipher suite.
 * Everything that is known is found, in the order of the text; what is not is passed over.
 */
#ifndef TLSDIAG_NAMES_PASTE_H
#define TLSDIAG_NAMES_PASTE_H

#include "base/bytes.h"
#include "names/codes.h"
#include "names/sentences.h"

enum paste_kind {
	PASTE_CODE,
	PASTE_ALERT,
	/* numbers of TLS, in this order */
	PASTE_SCHEME,
	PASTE_GROUP,
	PASTE_SUITE,
	PASTE_EXTENSION,

	PASTE_SAYING, /* a sentence of a program that has no code */
};

/* Who sent an alert, by the words around it. */
enum paste_sender {
	PASTE_SENDER_UNKNOWN,
	PASTE_SENDER_PEER, /* of the program whose words they are */
	PASTE_SENDER_SELF,
};

enum {
	PASTE_MATCHES = 8,      /* codes that one number can be, at most; more are not kept */
	PASTE_TEXT_MAX = 65536, /* bytes of a text that are read */
	PASTE_FINDS_MAX = 64,   /* things that are told of one text */
};

struct paste_find {
	enum paste_kind kind;
	size_t at, len;                         /* where it stands in the text */
	unsigned value;                         /* of all but codes; of a sentence its saying */
	const struct sentence *sentence;        /* of a PASTE_SAYING */
	enum paste_sender sender;               /* of a PASTE_ALERT */
	struct code_match match[PASTE_MATCHES]; /* of a code: what it can be, likeliest first */
	size_t n_matches;
};

struct paste {
	struct paste_find *finds; /* each thing once, by where it stands first */
	size_t n;
	size_t left_out; /* things beyond PASTE_FINDS_MAX */
	size_t unread;   /* bytes beyond PASTE_TEXT_MAX */
};

/* False when memory is out. Release with paste_free(). */
bool paste_read(struct bytes text, struct paste *out);
void paste_free(struct paste *p);

#endif
