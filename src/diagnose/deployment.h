/* What certificates, keys and handshakes are to a configuration: facts of them, as config/deployment.h takes them. */
#ifndef TLSDIAG_DIAGNOSE_DEPLOYMENT_H
#define TLSDIAG_DIAGNOSE_DEPLOYMENT_H

#include "config/deployment.h"
#include "pki/key_file.h"
#include "session/handshake.h"

/* `where` is borrowed by what is noted: the file, or the capture and the packet. */

/* One of a file's. name, own and pem are the caller's. False: there are more than are kept. */
bool deployment_add_cert(struct deployment *d, const struct cert *c, const char *name, bool own,
	bool pem, const char *where);
void deployment_add_key(
	struct deployment *d, const struct key_facts *key, bool pem, const char *where);
/* A handshake that a server answered; others count for nothing. own: the device's certificate; NULL unknown. */
void deployment_add_handshake(struct deployment *d, const struct handshake *hs,
	const struct cert *own, const char *where);
/* Nothing more is added. files: certificates or keys were given as files. */
void deployment_end(struct deployment *d, bool files);

#endif
