/*
 * Forensics: a signature that does not verify and a point that is off the curve are taken apart
 * by trying what real bugs do. A hit names the bug and proves it.
 *
 * Runs on handshakes with a bad signature or point, within a budget of CPU seconds for all servers of
 * a run, the likeliest first, on every core; what was tried and what was not is part of the answer.
 */
#ifndef TLSDIAG_FORENSIC_AUTOPSY_H
#define TLSDIAG_FORENSIC_AUTOPSY_H

#include "session/evidence.h"
#include "session/side.h"

struct handshake;

enum signed_message { SIGNED_SERVER_KEY_EXCHANGE, SIGNED_CERTIFICATE_VERIFY };

enum finding_kind {
	FIND_NOTHING,
	FIND_OTHER_HASH,       /* verifies when another hash is taken than labelled */
	FIND_OTHER_TRANSCRIPT, /* verifies over other bytes */
	FIND_OTHER_ENCODING,   /* verifies when r and s are read another way */
	FIND_DIGEST_HANDLING,  /* digest truncated, reversed, word-swapped */
	FIND_OTHER_KEY, /* verifies under another certificate of the chain, a given key or certificate */
	FIND_BIT_RESTORED,     /* verifies once one bit is put back */
	FIND_BYTE_RESTORED,    /* verifies once one byte is put back */
	FIND_RSA_WRONG_KEY,    /* no PKCS#1 padding under the certificate's key */
	FIND_RSA_WRONG_DIGEST, /* right key, another digest inside than any candidate */
};

/* Where a damaged bit or byte stood. */
enum damaged {
	DAMAGED_PARAMS,
	DAMAGED_CLIENT_RANDOM,
	DAMAGED_SERVER_RANDOM,
	DAMAGED_DIGEST,
	DAMAGED_SIGNATURE
};

struct trial_counts { /* what was tried; for "tried 5 hashes, 6 transcripts, ..." */
	unsigned hashes, transcripts, encodings, digests, keys;
	unsigned bits, bytes;         /* candidates tried */
	unsigned bits_all, bytes_all; /* candidates there are */
	bool out_of_budget;
};

struct signature_autopsy {
	bool done; /* there was a signature to take apart */
	enum signed_message message;
	enum finding_kind found;
	const char *what; /* "over SHA-256 instead of SHA-512"; in the handshake's arena */
	enum hash found_hash;
	enum damaged damaged;     /* of FIND_BIT/BYTE_RESTORED */
	size_t damaged_at;        /* byte offset within it */
	unsigned damaged_bit;     /* 0..7, lowest first */
	uint64_t other_handshake; /* whose random was signed, 0 none */
	struct trial_counts tried;
	struct point candidates[RECOVERED_MAX]; /* ECDSA: the keys that could have signed */
	size_t n_candidates;
	bool key_matches_given; /* one of them is --key's */
	bool no_key; /* r is the x-coordinate of no point: no key of the curve signs like that */
};

enum point_finding {
	POINT_FIND_NOTHING,
	POINT_FIND_OTHER_CURVE,   /* on another curve of that size */
	POINT_FIND_SWAPPED,       /* x and y exchanged */
	POINT_FIND_LITTLE_ENDIAN, /* each coordinate byte-reversed */
	POINT_FIND_LITTLE_ENDIAN_SWAPPED,
	POINT_FIND_WORDS_SWAPPED, /* 32-bit words in reverse order or byte-swapped inside */
	POINT_FIND_NO_FORM_BYTE,  /* the coordinates without 04 are on the curve */
	POINT_FIND_X_ONLY,        /* x is on the curve, y is not its */
	POINT_FIND_OUT_OF_RANGE,
	POINT_FIND_BIT_RESTORED, /* on the curve once one bit is put back (weak by itself) */
};

struct point_autopsy {
	bool done;
	bool cut; /* no time was left for it */
	enum side from;
	enum point_finding found;
	const char *what;
	uint16_t other_curve;
};

struct autopsy {
	struct signature_autopsy signature[2]; /* by side whose it is */
	struct point_autopsy point[2];
	uint64_t
		nonce_twin; /* the kept handshake with the same ECDSA r under the same key, 0 none */
	bool nonce_key_recovered; /* the private key computed from both is the certificate's */
};

/* What several handshakes with one server say together about who signed. */
struct signer {
	size_t n_signatures; /* invalid ECDSA signatures whose candidates are known */
	size_t n_without;    /* of these: without any, no key can have made them */
	bool common_key;     /* one key fits at least two of them, and is not the certificate's */
	size_t n_common;     /* how many it fits */
	struct point key;
	bool matches_given; /* it is --key's */
};

/* handshake with what the autopsy found; see diagnose/finding.h for how they travel. */
struct autopsy_job {
	const struct handshake *hs;
	struct autopsy *out;
};

/* The handshakes of one server. server_signer is about ServerKeyExchange, client_signer about
 * CertificateVerify; both are filled in. */
struct autopsy_case {
	struct autopsy_job *jobs;
	size_t n_jobs;
	struct signer *server_signer, *client_signer;
};

struct autopsy_totals {
	uint64_t signatures; /* that were taken apart */
	uint64_t cut; /* signatures and points whose trials ended for want of time, without a hit */
};

/*
 * Takes apart the handshakes of all servers of a run. seconds is the CPU time for them together, 0:
 * nothing is done. Every stage is done for each server before the next begins, with an equal share of
 * what is left; those with the fewest signatures come first, so that what they leave goes to those that
 * need more. `others` are all handshakes of the input that are kept (for stale randoms).
 */
void autopsies_run(const struct autopsy_case *cases, size_t n_cases,
	const struct handshake *const *others, size_t n_others, const struct evidence *ev,
	double seconds, struct autopsy_totals *out);

/* The same for one server. */
void autopsy_run(struct autopsy_job *jobs, size_t n_jobs, const struct handshake *const *others,
	size_t n_others, const struct evidence *ev, double seconds, struct signer *server_signer,
	struct signer *client_signer);

#endif
