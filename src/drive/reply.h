/*
 * Replies of the protocols that TLS begins in, read from bytes. Each reader decides as soon as its
 * bytes do: what cannot become an answer of the protocol is REPLY_STRANGE at its first wrong byte.
 */
#ifndef TLSDIAG_DRIVE_REPLY_H
#define TLSDIAG_DRIVE_REPLY_H

#include "drive/dialogue.h"

/* RFC 5321 4.2, RFC 959 4.2: "220 ready", "250-first", "250 last"; step->code is the good one. */
reply_reader reply_code;
/* Lines whose first words decide: step->words; REPLY_MORE there: the line is passed over. */
reply_reader reply_words;
/* RFC 9112 3 and 4: the head of a response, to its blank line. */
reply_reader reply_http;
/* RFC 6120 4.3.2: the stream's header and its features, which must have starttls. */
reply_reader reply_xmpp_features;
/* RFC 6120 5.4.2: proceed or failure. */
reply_reader reply_xmpp_proceed;
/* RFC 4511 4.12: ExtendedResponse. */
reply_reader reply_ldap;
/* One letter: S, N, or an E that begins an error message. */
reply_reader reply_postgres;
/* The greeting, which says whether the server can do TLS; or an error. */
reply_reader reply_mysql;

/* The first line of b, its controls as '.'; hex where it is no text. "" when b is empty. */
void reply_quote(struct bytes b, char out[static DIALOGUE_SAID]);
/* The same into out->said, and the reply is a refusal of len bytes. */
enum reply_kind reply_refuse(struct reply *out, size_t len, struct bytes quote);

/* Takes the next line, without its end, off *b; false when its end is not there. */
bool reply_next_line(struct bytes *b, struct bytes *line);

#endif
