/* What a recorded connection answers to a question of a survey. */
#ifndef TLSDIAG_SURVEY_REPLY_H
#define TLSDIAG_SURVEY_REPLY_H

#include "session/handshake.h"
#include "survey/survey.h"

/* hs NULL: it is no TLS. */
void survey_reply_of(const struct handshake *hs, struct survey_reply *out);

#endif
