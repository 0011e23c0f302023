/*
 * Connections by the addresses and ports that a dissection prints: which one a packet belongs to, and which side
 * of it sent it.
 */
#ifndef TLSDIAG_LOG_PEERS_H
#define TLSDIAG_LOG_PEERS_H

#include "log/notes.h"

enum { PEER_ADDRESS_MAX = 64 };

struct peers {
	char address[2][PEER_ADDRESS_MAX]; /* source, destination; "" not known */
	uint16_t port[2];                  /* 0 not known */
};

void peers_clear(struct peers *p);
void peers_set_address(struct peers *p, unsigned end, struct bytes text);

/* What a message says of who sent it. */
enum peers_hint { PEERS_NO_HINT, PEERS_FROM_CLIENT, PEERS_FROM_SERVER };
enum peers_hint peers_hint_of(uint8_t handshake_type);

/*
 * The connection of a packet and who sent it. A new one begins with `anew`, and where there is none yet; then the
 * hint, and else the lower port, tells which of them is the client.
 */
struct log_conn *peers_conn(struct log_notes *notes, unsigned reader, const struct peers *p,
	enum peers_hint hint, bool anew, struct log_at at, enum side *from);

#endif
