/* `tlsdiag config --with-peer`: whom a build is to meet, and what comes of it. */
#ifndef TLSDIAG_CLI_CONFIG_PEERS_H
#define TLSDIAG_CLI_CONFIG_PEERS_H

#include "cli/file_guard.h"
#include "report/config_peer.h"

enum { PEERS_NAMED_MAX = 32, PEERS_MAX = 64 };

/* Known stacks and files, as they were named. */
struct peers_named {
	const char *list[PEERS_NAMED_MAX];
	size_t n;
};

/* "all": one of each known stack; "openssl-3.0"; else a capture, or another configuration. */
bool peers_add(struct peers_named *p, const char *name, struct err *e);
void peers_guard(const struct peers_named *p, struct file_guard *g);

/* What is known of them. */
struct peers;
/* NULL with the reason when a file cannot be read, or holds no handshake. */
struct peers *peers_open(const struct peers_named *named, struct err *e);
void peers_close(struct peers *p); /* accepts NULL */

/* own: keys that the build has as a server; none: those that it can have are tried. Good until the next call. */
const struct config_peer *peers_meet(struct peers *p, const struct build *b,
	const struct credential *own, size_t n_own, size_t *n);
size_t peers_left_out(const struct peers *p); /* hellos beyond PEERS_MAX */

#endif
