/* Judgements that hold for many handshakes, remembered. Internal to prove.c; all thread-safe. */
#ifndef TLSDIAG_SESSION_PROVE_MEMO_H
#define TLSDIAG_SESSION_PROVE_MEMO_H

#include "crypto/crypto.h"
#include "pki/chain.h"

/*
 * Chains: the same certificates, sent in the same order and asked the same question, get the same
 * answer until one of the dates that were looked at has passed. The certificates of a question
 * must live while it is asked, which makes those of the answer alive too: they are the same ones.
 */
struct chain_memo;
struct chain_memo *chain_memo_open(void);    /* NULL: out of memory */
void chain_memo_close(struct chain_memo *m); /* accepts NULL */
void chain_memo_judge(struct chain_memo *m, struct link_memory *links,
	const struct chain_question *q, struct chain_judgement *out);

#endif
