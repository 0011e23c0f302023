/*
 * A packet as a dissection tells of it, field by field, by Wireshark's names: made into a frame again where its
 * bytes are there.
 */
#ifndef TLSDIAG_LOG_PACKET_H
#define TLSDIAG_LOG_PACKET_H

#include "log/conversation.h"

enum { PACKET_PAYLOAD_MAX = 65535, PACKET_ADDRESS_MAX = 48 };

struct packet {
	struct log_at at;
	bool any;                            /* a field was taken */
	char address[2][PACKET_ADDRESS_MAX]; /* source, destination; "" not known */
	uint16_t port[2];
	bool udp, has_ports;
	bool has_seq, has_flags;
	uint32_t seq, ack;
	uint16_t flags;
	bool whole_frame; /* payload is the frame with all its headers */
	bool has_payload;
	struct holed payload;
	uint8_t room[PACKET_PAYLOAD_MAX];
	uint8_t frame[PACKET_PAYLOAD_MAX];
	struct conversation conversation; /* of packets whose place in a stream is not told */
};

/* A packet begins; what was taken of the last is noted before. */
void packet_begin(struct packet *p, struct log_notes *notes, unsigned reader, struct log_at at);
/* Of a field with that name ("tcp.payload", or as -T ek has it: "tcp_tcp_payload"); false: it is none that counts. Text may be cut. */
bool packet_field(struct packet *p, struct bytes name, struct bytes text, bool cut);
void packet_end(struct packet *p, struct log_notes *notes, unsigned reader);
/* The text ends. */
void packet_finish(struct packet *p, struct log_notes *notes, unsigned reader);

#endif
