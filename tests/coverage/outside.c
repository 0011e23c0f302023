/*
 * Linked into the program of a build that counts (COVERAGE=1). What gcov has counted it writes to files
 * when the process ends, and by then the sandbox lets it open none: without more, no run of the program
 * would be counted, and each would end as one that attacks. So a second process is made before main()
 * that shares the memory of the first, and thus its counters, but nothing else, and that no sandbox
 * holds; when the first one ends, by whatever, it writes them.
 *
 * Both use the thread-local memory of the first thread, errno for one, so the second is kept from it
 * while the first runs. They wait for each other by futexes: some tests leave a process no descriptor.
 */
#define _GNU_SOURCE /* clone(), RTLD_DEFAULT */

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STACK_BYTES = 1 << 20, SECONDS_TO_WRITE = 20, LAST_FD = 1023 };

void __gcov_dump(void); /* libgcov */

/* Each is 1, and then 0: the first process until it ends, the second while it prepares, and until it has
 * written or given up. */
static atomic_int running, preparing, writing;
static void (*spare_memory)(void); /* of tests/alloc/failing.c, where that is at work */

/* Returns when *what is 0, or not much later than seconds; 0: whenever. */
static void wait_for(atomic_int *what, time_t seconds)
{
	const struct timespec t = { .tv_sec = seconds };

	while (atomic_load(what) != 0)
		if (syscall(SYS_futex, what, FUTEX_WAIT, 1, seconds != 0 ? &t : NULL) != 0 &&
			seconds != 0)
			return;
}

static void end_of(atomic_int *what)
{
	atomic_store(what, 0);
	(void)syscall(SYS_futex, what, FUTEX_WAKE, 1);
}

/* Whoever reads what the program writes is not to wait for this process, and libgcov's complaints are
 * no part of it. */
static void let_go(void)
{
	for (int fd = 0; fd <= LAST_FD; fd++)
		(void)close(fd);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		(void)open("/dev/null", O_RDWR);
}

/* One that was killed while it held a lock of the allocator leaves it locked for ever. */
static int outside(void *unused)
{
	(void)unused;
	let_go();
	end_of(&preparing);
	wait_for(&running, 0);
	(void)alarm(SECONDS_TO_WRITE);
	if (spare_memory != NULL)
		spare_memory();
	__gcov_dump();
	end_of(&writing);
	_exit(0);
}

/* Valgrind knows no process that shares memory: what it watches is not counted. */
static int is_watched(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded != NULL && strstr(preloaded, "valgrind") != NULL;
}

/* The kernel itself tells of the end of a thread that has set an address for it. */
__attribute__((constructor)) static void begin(void)
{
	char *stack =
		mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (is_watched() || stack == MAP_FAILED)
		return;
	*(void **)&spare_memory = dlsym(RTLD_DEFAULT, "failing_end");
	atomic_store(&running, 1);
	atomic_store(&preparing, 1);
	atomic_store(&writing, 1);
	(void)syscall(SYS_set_tid_address, &running);
	if (clone(outside, stack + STACK_BYTES, CLONE_VM, NULL) > 0)
		wait_for(&preparing, SECONDS_TO_WRITE);
	else
		atomic_store(&writing, 0);
}

__attribute__((destructor)) static void end(void)
{
	end_of(&running);
	wait_for(&writing, SECONDS_TO_WRITE);
}
