/*
 * The desk from within: one table of servers, and what is kept of each. kept.c bounds the handshakes,
 * listed.c the servers, conclude.c makes findings of what is left; diagnose.c is what the others see.
 */
#ifndef TLSDIAG_DIAGNOSE_DESK_H
#define TLSDIAG_DIAGNOSE_DESK_H

#include "base/table.h"
#include "diagnose/diagnose.h"
#include "diagnose/identity.h"
#include "diagnose/open_ends.h"

/* What a handshake shows, for the room that it may take: it failed or is incomplete; it completed, and a check
 * fails all the same; it completed. */
enum part { PART_FAILED, PART_NOTABLE, PART_COMPLETED, N_PARTS };

/* How many handshakes of each part. */
struct share {
	size_t of[N_PARTS];
};

/* What is known against a server. The less there is, the sooner it gives way to another. */
enum ill { ILL_NOTHING, ILL_PERHAPS, ILL_FAILED, N_ILL };

struct server {
	struct identity key;
	struct case_file file;
	size_t room; /* of file.kept */
	struct share kept;
	struct open_ends ends;
	struct server_result result;
	enum ill ill;
	struct server *prev, *next; /* among those of its kind, by the time they became so */
	UT_hash_handle hh;
};

struct desk {
	const struct evidence *evidence;
	struct diagnose_options options;
	struct server *servers; /* uthash, by key */
	struct housing *housings;
	uint64_t numbered; /* servers that ever had a number */
	struct server *by_ill[N_ILL];
	struct arena *arena;
	size_t kept_bytes;
	size_t pressure; /* how far what is kept of each server was cut so far (kept.c) */
	struct desk_summary summary;
	const struct server_result **results; /* after desk_conclude(), worst first */
	size_t n_results;
};

/* ---- kept.c ---- */

/* Runs the checks. */
void kept_ask(const struct handshake *hs, bool quiet, struct answer answers[static N_CHECKS]);
enum part kept_part(const struct examined *ex);
/* Takes the handshake over; false: there is no room for it, or no memory, and it is counted as dropped. */
bool kept_add(struct desk *d, struct server *s, const struct examined *ex);
/* Frees what is kept of a server. */
void kept_free(struct desk *d, struct server *s);

/* ---- listed.c ---- */

/* Finds the handshake's server, or adds it. NULL: there is no room, or no memory. */
struct server *listed_add(struct desk *d, const struct examined *ex);
/* The one that listed_add() has found or added; NULL: none, or it has gone. */
struct server *listed_find(struct desk *d, const struct examined *ex);
/* Counts the handshake with its server, or, where that is NULL, among those that are listed nowhere. */
void listed_count(struct desk *d, struct server *s, const struct examined *ex);
void listed_free(struct desk *d);

#endif
