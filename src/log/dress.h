/*
 * What others put in front of what a program prints: the clock of a serial monitor, the channel of an RTT
 * viewer, the level and tag of a logging framework, the marks of a quotation. Taken off one by one.
 */
#ifndef TLSDIAG_LOG_DRESS_H
#define TLSDIAG_LOG_DRESS_H

#include "log/line.h"

/* Fills text, tag, level and at.time of a line whose `whole` is set. */
void dress_take_off(struct log_line *line);

#endif
