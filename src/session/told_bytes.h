/* A log held against the capture of the same handshake, byte by byte. Internal to told.c. */
#ifndef TLSDIAG_SESSION_TOLD_BYTES_H
#define TLSDIAG_SESSION_TOLD_BYTES_H

struct handshake;
struct told;

/*
 * Adds a remark (SAYING_altered_on_way) to what the side whose log it is says, for the first message of each side that is
 * not the same in both. Of a handshake that completed nothing is said: both sides have the same bytes by its Finished, and
 * it is the log that has them wrong.
 */
void told_compare(struct handshake *hs, const struct told *told);

#endif
