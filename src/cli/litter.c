/* A handler can be told nothing: what it is to take away stands where it finds it. */
#include "cli/litter.h"

#include "base/array.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { LITTER_MAX = 16 };

/* The path is written before `used` is set, and stays as it is for as long. */
static struct litter {
	atomic_bool used;
	char path[PATH_MAX];
} litters[LITTER_MAX];

/* SA_RESETHAND has put the default back: raised again, the signal ends the process as it would. */
static void take_away(int signal)
{
	int was = errno;

	for (size_t i = 0; i < LITTER_MAX; i++)
		if (atomic_load(&litters[i].used))
			(void)unlink(litters[i].path);
	errno = was;
	(void)raise(signal);
}

/* A signal that is ignored, or that the program handles, is left to it. */
static void watch_signals(void)
{
	static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction act = { .sa_handler = take_away, .sa_flags = (int)SA_RESETHAND }, now;

	(void)sigfillset(&act.sa_mask);
	for (size_t i = 0; i < COUNT(deadly); i++)
		if (sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			(void)sigaction(deadly[i], &act, NULL);
}

bool litter_add(const char *path)
{
	size_t size = strlen(path) + 1, i = 0;

	while (i < LITTER_MAX && atomic_load(&litters[i].used))
		i++;
	if (i == LITTER_MAX || size > PATH_MAX) {
		errno = i == LITTER_MAX ? EMFILE : ENAMETOOLONG;
		return false;
	}
	memcpy(litters[i].path, path, size);
	atomic_store(&litters[i].used, true);
	watch_signals();
	return true;
}

void litter_forget(const char *path)
{
	for (size_t i = 0; i < LITTER_MAX; i++)
		if (atomic_load(&litters[i].used) && strcmp(litters[i].path, path) == 0)
			atomic_store(&litters[i].used, false);
}
