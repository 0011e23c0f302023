/*
 * Linked into the program of a build that counts (COVERAGE=1). What gcov has counted it writes to files
 * when the process ends, and by then the sandbox lets it open none: without more, no run of the program
 * would be counted, and each would end as one that attacks. So a second process is made before main()
 * that shares the memory of the first, and thus its counters, but nothing else, and that no sandbox
 * holds; when the first one ends, by whatever, it writes them.
 *
 * Both use the thread-local memory of the first thread, errno for one, so the second is kept from it
 * while the first runs.
 */
#define _GNU_SOURCE /* clone(), close_range(), pipe2() */

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STACK_BYTES = 1 << 20, SECONDS_TO_WRITE = 20 };

void __gcov_dump(void); /* libgcov */

struct ends {
	int read, write;
};

/* The first process closes `run` by ending, the second `written` by having written. */
static struct ends run, written;
static bool beside;
static void (*spare_memory)(void); /* of tests/alloc/failing.c, where that is at work */

static bool pipe_open(struct ends *p)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	*p = (struct ends){ fds[0], fds[1] };
	return true;
}

/* Returns when a byte has come, or all that have the other end are gone. (It is no point to be cancelled
 * at, as read() is.) */
static void wait_for(int fd)
{
	char c;

	(void)syscall(SYS_read, fd, &c, sizeof c);
}

/* Whoever reads what the program writes is not to wait for this process, and libgcov's complaints are
 * no part of it. */
static void let_go(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		(void)dup2(null, fd);
	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
		if (fd != run.read && fd != written.write)
			(void)close(fd);
}

/* One that was killed while it held a lock of the allocator leaves it locked for ever. */
static int outside(void *unused)
{
	(void)unused;
	let_go();
	(void)syscall(SYS_write, written.write, "", 1);
	wait_for(run.read);
	(void)alarm(SECONDS_TO_WRITE);
	if (spare_memory != NULL)
		spare_memory();
	__gcov_dump();
	_exit(0);
}

/* Valgrind knows no process that shares memory: what it watches is not counted. */
static bool is_watched(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded != NULL && strstr(preloaded, "valgrind") != NULL;
}

__attribute__((constructor)) static void begin(void)
{
	char *stack;

	if (is_watched() || !pipe_open(&run) || !pipe_open(&written))
		return;
	*(void **)&spare_memory = dlsym(RTLD_DEFAULT, "failing_end");
	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	beside = stack != MAP_FAILED && clone(outside, stack + STACK_BYTES, CLONE_VM, NULL) > 0;
	(void)close(run.read);
	(void)close(written.write);
	if (beside)
		wait_for(written.read);
}

__attribute__((destructor)) static void end(void)
{
	if (!beside)
		return;
	(void)close(run.write);
	wait_for(written.read);
}
