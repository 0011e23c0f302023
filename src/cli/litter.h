/*
 * Names that a signal takes away when it ends the process: SIGINT, SIGTERM, SIGHUP and SIGPIPE, unless
 * one of them is ignored or handled otherwise. One thread adds and forgets them; any may get the signal.
 */
#ifndef TLSDIAG_CLI_LITTER_H
#define TLSDIAG_CLI_LITTER_H

#include <stdbool.h>

/*
 * path: copied; nothing need stand there yet, so that nothing ever stands there unwatched. False with
 * errno: it is too long, or there are too many.
 */
bool litter_add(const char *path);
/* It is to stay, or is gone already. */
void litter_forget(const char *path);

#endif
