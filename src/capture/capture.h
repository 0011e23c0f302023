/*
 * Captures: pcap and pcapng files (or standard input) to chunks. Link layers, IP with fragments,
 * TCP put right. The one place that includes pcap.h.
 */
#ifndef TLSDIAG_CAPTURE_CAPTURE_H
#define TLSDIAG_CAPTURE_CAPTURE_H

#include "session/source.h"

struct capture_options {
	const char *filter; /* BPF, NULL none */
	/* Called now and then with what was read so far (bytes of the file; total 0: unknown). */
	void (*progress)(void *ctx, uint64_t bytes, uint64_t total, uint64_t packets);
	void *progress_ctx;
	/* Asked before each packet: why no more is to be read; NULL: go on. NULL: nobody is asked. */
	const char *(*stop)(void *ctx);
	void *stop_ctx;
	/* Gets the TLS secrets that a pcapng file holds (a Decryption Secrets Block), as a key log. */
	void (*secrets)(void *ctx, struct bytes text);
	void *secrets_ctx;
};

struct capture_totals {
	uint64_t packets, bytes; /* read; bytes of the file */
	uint64_t filtered;       /* packets the filter left out */
	uint64_t unreadable;     /* packets whose layers could not be read */
	uint64_t unknown_link;   /* packets of a link type we do not know */
	uint64_t flows, evicted;
	uint64_t uncompared; /* segments sent again that could not be compared with the first */
	uint64_t problems_dropped; /* of which no text was kept */
	uint64_t packed_limited;   /* compressed files that were unpacked no further */
	bool truncated;            /* the file ends inside a packet */
};

struct capture;

/* An open reassembler that pushes into the sink; several files may be read through it in turn. */
struct capture *capture_open(struct sink sink, const struct capture_options *o, struct err *e);

/*
 * Reads one file ("-": standard input) to its end and ends all its flows. False when it is not a
 * capture or breaks off: what was read before has been delivered all the same (totals tell).
 */
bool capture_read(struct capture *c, const char *path, struct err *e);
/* The same from a file that is open already, and is closed; `name` is what messages call it. */
bool capture_read_open(struct capture *c, int fd, const char *name, struct err *e);

/* The same for a file in memory; `name` is what messages call it. */
bool capture_read_bytes(struct capture *c, const char *name, struct bytes file, struct err *e);

struct capture_totals capture_totals(const struct capture *c);
/* Problems of the input so far ("packet 17: cut off by the end of the file"); borrowed. */
size_t capture_problems(const struct capture *c, const struct input_problem **out);

void capture_close(struct capture *c); /* accepts NULL */

#endif
