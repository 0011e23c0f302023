/*
 * A refused call raises SIGSYS in the thread that made it. Only what a signal handler may do is done
 * here: the call is made to fail, and noted; words are found later.
 */
#define _GNU_SOURCE /* REG_RAX, SYS_SECCOMP */

#include "sandbox/trap.h"

#include "base/array.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <ucontext.h>
#endif

enum { PATIENCE = 16, STATUS_ENDED = 3 };

static atomic_int first = -1, refused;

int trap_first(void)
{
	return atomic_load(&first);
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

/* The register that holds what a system call returns, and those of its first arguments. */
#ifdef __x86_64__
static long long *result_of(ucontext_t *c)
{
	return &c->uc_mcontext.gregs[REG_RAX];
}

static const char *second_argument(const ucontext_t *c)
{
	return (const char *)c->uc_mcontext.gregs[REG_RSI];
}
#else
static unsigned long long *result_of(ucontext_t *c)
{
	return &c->uc_mcontext.regs[0];
}

static const char *second_argument(const ucontext_t *c)
{
	return (const char *)c->uc_mcontext.regs[1];
}
#endif

/*
 * What the C library looks at by itself, and does without: how much memory and how many processors
 * there are. It is refused like any other file, but means no harm.
 */
static bool is_idle_look(int call, const ucontext_t *c)
{
	static const char *const paths[] = { "/proc/sys/vm/overcommit_memory", "/proc/meminfo",
		"/proc/stat", "/sys/devices/system/cpu/online", "/sys/devices/system/cpu" };
	const char *path = call == SYS_openat ? second_argument(c) : NULL;

	for (size_t i = 0; path != NULL && i < COUNT(paths); i++)
		if (strcmp(path, paths[i]) == 0)
			return true;
	return false;
}

/* Whoever goes on after so many refusals does not mean to end. */
static void end_at_once(void)
{
	static const char text[] =
		"tlsdiag: the sandbox refuses one system call after another: ended\n";

	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(STATUS_ENDED);
	_exit(STATUS_ENDED);
}

static void on_refusal(int signal, siginfo_t *info, void *context)
{
	int none = -1;

	(void)signal;
	*result_of(context) = -EPERM;
	if (is_idle_look(info->si_syscall, context))
		return;
	(void)atomic_compare_exchange_strong(&first, &none, info->si_syscall);
	if (atomic_fetch_add(&refused, 1) >= PATIENCE)
		end_at_once();
}

bool trap_install(void)
{
	struct sigaction act = { .sa_sigaction = on_refusal, .sa_flags = SA_SIGINFO | SA_NODEFER };

	(void)sigemptyset(&act.sa_mask);
	return sigaction(SIGSYS, &act, NULL) == 0;
}

#else

bool trap_install(void)
{
	return false;
}

#endif
