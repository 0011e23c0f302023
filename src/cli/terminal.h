/* What the terminal at the other end can do. */
#ifndef TLSDIAG_CLI_TERMINAL_H
#define TLSDIAG_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum color_wish { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Whether to colour standard output: NO_COLOR and TERM=dumb switch COLOR_AUTO off. */
bool terminal_color(enum color_wish wish);
/* Columns of standard output; 80 when it is not a terminal. */
unsigned terminal_width(void);
/* Does the locale say UTF-8? */
bool terminal_utf8(void);

#endif
