/* The scripts of the protocols in which TLS begins, as data. */
#ifndef TLSDIAG_DRIVE_SCRIPTS_H
#define TLSDIAG_DRIVE_SCRIPTS_H

#include "drive/dialogue.h"

enum { SCRIPT_MAX = 64 * 1024, SCRIPT_PROXY_MAX = 16 * 1024 };

extern const struct script script_smtp, script_imap, script_pop3, script_ftp, script_ldap,
	script_xmpp, script_postgres, script_mysql;
/* CONNECT; the name is "HOST:PORT" as it stands in a URL. */
extern const struct script script_proxy;

#endif
