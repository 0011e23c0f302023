/*
 * The configuration that was given (--config), held against the handshakes of one server: whose build it can be, and
 * what it leaves out. A build offers and chooses only what is compiled in; a program can offer less. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_CONFIGURED_H
#define TLSDIAG_DIAGNOSE_CONFIGURED_H

#include "config/reading.h"
#include "diagnose/handshakes.h"
#include "negotiate/wanted.h"

const char *configured_side_name(enum configured_side of); /* "server"; NULL: NOBODY */

/* Of the kept handshakes; texts go to the case's arena. */
struct configured configured_find(const struct case_file *cf);

/* Can it be that side's? */
bool configured_is(const struct case_file *cf, enum side s);
/*
 * Is it the server's by more than that the client is another build, which may be what became of it since: the build is
 * no client, the client is ours, or the server was seen to choose what it has? And no other server is around.
 */
bool configured_sure_of_server(const struct case_file *cf);
/* Is it that side's, and a whole one, so that what it lacks cannot be negotiated? NULL: not known to be. */
const struct build *configured_build(const struct case_file *cf, enum side s);

/*
 * Says of the build that it has not that version, suite, group or scheme, and which macro would bring it; a step
 * says the same. False, and nothing said: it has it, or no release can.
 */
bool configured_prove_lack(
	const struct case_file *cf, struct finding *f, enum wanted_kind kind, uint16_t value);

/* How a hello that was not answered meets the server's build; the step is AGREED where nothing is wanting. False:
 * it is not known whose the build is. */
bool configured_meets(
	const struct case_file *cf, const struct client_hello *hello, enum agreement_step *step);
/* The same said of the list at which the two came to an end: which of the client's values it could have. */
bool configured_prove_end(const struct case_file *cf, struct finding *f,
	const struct client_hello *hello, enum agreement_step step);

/*
 * Why the configuration is innocent: what was agreed in every kept handshake is compiled in, and its records fit.
 * NULL: that cannot be said.
 */
const char *configured_innocent(const struct case_file *cf);

#endif
