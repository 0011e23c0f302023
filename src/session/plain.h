/* What stands before TLS, or in its place: the protocols that plain bytes are told by. */
#ifndef TLSDIAG_SESSION_PLAIN_H
#define TLSDIAG_SESSION_PLAIN_H

#include "base/bytes.h"

/* What a side spoke that is not TLS. */
enum plain_protocol {
	PLAIN_NONE,
	PLAIN_UNKNOWN,
	PLAIN_HTTP,
	PLAIN_SMTP,
	PLAIN_IMAP,
	PLAIN_POP3,
	PLAIN_FTP,
	PLAIN_SMTP_OR_FTP,
	PLAIN_LDAP,
	PLAIN_XMPP,
	PLAIN_POSTGRES,
	PLAIN_MYSQL,
	PLAIN_SSH,
	PLAIN_SOCKS,
	PLAIN_RDP,
	PLAIN_MQTT,
	PLAIN_REDIS,
	PLAIN_TELNET,
	PLAIN_SIEVE,
	PLAIN_NNTP,
	PLAIN_IRC,
	PLAIN_PROXY,
	PLAIN_OPENVPN,   /* TLS was taken out of it: session/wrap.h */
	PLAIN_WEBSOCKET, /* the same */
	PLAIN_LAST = PLAIN_WEBSOCKET,
};
const char *plain_protocol_name(enum plain_protocol p); /* "SMTP" */

/* Was TLS taken out of it? */
static inline bool plain_wraps(enum plain_protocol p)
{
	return p == PLAIN_OPENVPN || p == PLAIN_WEBSOCKET;
}

/* Which one the first bytes of the two sides (either may be empty) speak. */
enum plain_protocol plain_guess(struct bytes client, struct bytes server);

#endif
