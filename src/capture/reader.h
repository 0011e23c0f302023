/* Capture files to packets: classic pcap and pcapng, in either byte order. */
#ifndef TLSDIAG_CAPTURE_READER_H
#define TLSDIAG_CAPTURE_READER_H

#include "capture/input.h"

/* One captured frame. */
struct packet {
	struct bytes bytes; /* what was captured; valid until the next read */
	uint32_t length;    /* bytes the frame had on the wire */
	uint32_t link;      /* LINKTYPE_ number of its interface */
	int64_t time;       /* ns since 1970 */
	bool time_lost;     /* its time is none that 64 bits of ns hold: time is the one before */
	uint64_t number;    /* from 1, per file */
};

/* The longest frame believed; libpcap's own bound. */
enum { PACKET_MAX = 262144 };

enum read_result {
	READ_PACKET,
	READ_END,
	READ_CUT,     /* the file ends inside a packet or block */
	READ_DAMAGED, /* what follows cannot be made sense of, or cannot be read */
};

struct interface; /* of a pcapng section */

struct reader {
	struct input *in;
	enum read_result (*next)(struct reader *r, struct packet *out, struct err *e);
	uint64_t packets; /* read so far */
	bool little;
	void (*secrets)(void *ctx, struct bytes text); /* see capture.h; NULL: nobody wants them */
	void *secrets_ctx;

	/* classic pcap */
	uint32_t link;
	uint32_t header; /* bytes of a packet header */
	uint32_t ns_per_tick;
	bool lengths_swapped; /* very old writers put the wire length first */

	/* pcapng */
	struct interface *interfaces;
	size_t n_interfaces, interfaces_size;
	uint64_t rest; /* bytes of the last block not consumed yet, with its last length */
	uint32_t block_length;
	uint64_t block_at; /* offset of the block */
	int64_t last_time;
};

/* Tells the format by the first bytes. False with ERR_INPUT when it is none we read. */
bool reader_open(struct reader *r, struct input *in, struct err *e);

/* The next packet. On READ_CUT and READ_DAMAGED *e says where and what. */
static inline enum read_result reader_next(struct reader *r, struct packet *out, struct err *e)
{
	return r->next(r, out, e);
}

void reader_close(struct reader *r);

/* For the formats' own files. */
bool pcap_file_begins(struct bytes first);
bool pcap_file_open(struct reader *r, struct err *e);
bool pcapng_file_begins(struct bytes first);
bool pcapng_file_open(struct reader *r, struct err *e);
/* READ_CUT, or READ_DAMAGED when it was a read that failed. */
enum read_result reader_cut_short(const struct reader *r, const char *inside, struct err *e);

#endif
