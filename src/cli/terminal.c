/*
 * What the environment and the terminal say; a file or a pipe is taken for 80 columns without
 * colour.
 */
#include "cli/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PLAIN_WIDTH = 80 };

bool terminal_color(enum color_wish wish)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (wish != COLOR_AUTO)
		return wish == COLOR_ALWAYS;
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

unsigned terminal_width(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		size.ws_col != 0)
		return size.ws_col;
	return PLAIN_WIDTH;
}

bool terminal_utf8(void)
{
	return setlocale(LC_CTYPE, "") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
