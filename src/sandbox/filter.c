/*
 * Lists of system calls. They name those of all processors and of several C libraries: libseccomp
 * leaves out what the processor does not have. Arguments are compared in their lower 32 bits where
 * they are ints, as the kernel takes them.
 */
#define _GNU_SOURCE /* CLONE_THREAD, O_TMPFILE */

#include "sandbox/filter.h"

#include "base/array.h"
#include "base/memory.h"
#include "sandbox/trap.h"

#include <stdio.h>
#include <string.h>

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reading, writing and computing. */
static const int everywhere[] = { SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close),
	SCMP_SYS(fsync), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(fstat),
	SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64),
	SCMP_SYS(fstatat64), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(brk), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(futex_time64),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_getres), SCMP_SYS(clock_getres_time64), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
	SCMP_SYS(time), SCMP_SYS(times), SCMP_SYS(getrusage), SCMP_SYS(getrandom),
	SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(membarrier) };

/* Finding inputs; their opening has its rules below. */
static const int finding[] = { SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents), SCMP_SYS(getdents64),
	SCMP_SYS(getcwd), SCMP_SYS(fadvise64), SCMP_SYS(fstatfs), SCMP_SYS(fstatfs64) };

/* A finished output is given its name, or one that was begun is taken away. */
static const int naming[] = { SCMP_SYS(linkat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat) };

/* Connections that we make, and what services of the resolver do within the process or with those
 * they are connected to. */
static const int connecting[] = { SCMP_SYS(connect), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(send), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(shutdown), SCMP_SYS(select),
	SCMP_SYS(_newselect), SCMP_SYS(pselect6), SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2),
	SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(socketpair), SCMP_SYS(pipe2),
	SCMP_SYS(dup), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(getgroups), SCMP_SYS(getppid),
	SCMP_SYS(flock), SCMP_SYS(statfs), SCMP_SYS(statfs64), SCMP_SYS(mmap), SCMP_SYS(mmap2) };

/* A call is allowed when its argument, as far as the mask goes, has this value. */
struct when {
	int call;
	unsigned argument;
	uint64_t mask, value;
};

#define INT UINT64_C(0xffffffff)
#define FLAGS_THAT_WRITE                                                                           \
	(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY))
#ifdef __s390x__
#define CLONE_FLAGS_AT 1
#else
#define CLONE_FLAGS_AT 0
#endif

static const struct when everywhere_when[] = {
	{ SCMP_SYS(clone), CLONE_FLAGS_AT, CLONE_THREAD, CLONE_THREAD },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(prlimit64), 2, UINT64_MAX, 0 }, /* only asks */
	{ SCMP_SYS(prctl), 0, INT, PR_SET_VMA },   /* the C library names its memory */
	{ SCMP_SYS(ioctl), 1, INT, TCGETS },
	{ SCMP_SYS(ioctl), 1, INT, TIOCGWINSZ },
	{ SCMP_SYS(ioctl), 1, INT, FIONREAD },
	{ SCMP_SYS(fcntl), 1, INT, F_GETFD },
	{ SCMP_SYS(fcntl), 1, INT, F_SETFD },
	{ SCMP_SYS(fcntl), 1, INT, F_GETFL },
	{ SCMP_SYS(fcntl), 1, INT, F_SETFL },
	{ SCMP_SYS(fcntl), 1, INT, F_DUPFD_CLOEXEC },
	{ SCMP_SYS(fcntl64), 1, INT, F_GETFD },
	{ SCMP_SYS(fcntl64), 1, INT, F_SETFD },
	{ SCMP_SYS(fcntl64), 1, INT, F_GETFL },
	{ SCMP_SYS(fcntl64), 1, INT, F_SETFL },
	{ SCMP_SYS(fcntl64), 1, INT, F_DUPFD_CLOEXEC },
	{ SCMP_SYS(open), 1, FLAGS_THAT_WRITE, 0 },
	{ SCMP_SYS(openat), 2, FLAGS_THAT_WRITE, 0 },
};

/* A further filter only takes more away; what does not seal itself needs none. */
static const struct when without_network[] = {
	{ SCMP_SYS(seccomp), 0, INT, 1 }, /* SECCOMP_SET_MODE_FILTER */
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mmap2), 2, PROT_EXEC, 0 },
};

/* The resolver asks the kernel for addresses by netlink, which it binds. Addresses of that family are
 * shorter than any with a port. */
static const struct when with_network[] = {
	{ SCMP_SYS(socket), 0, INT, AF_INET },
	{ SCMP_SYS(socket), 0, INT, AF_INET6 },
	{ SCMP_SYS(socket), 0, INT, AF_UNIX },
	{ SCMP_SYS(socket), 0, INT, AF_NETLINK },
	{ SCMP_SYS(bind), 2, INT, sizeof(struct sockaddr_nl) },
	{ SCMP_SYS(prctl), 0, INT, PR_GET_NAME },
	{ SCMP_SYS(fcntl), 1, INT, F_SETLK },
	{ SCMP_SYS(fcntl), 1, INT, F_SETLKW },
};

static const int opening[] = { SCMP_SYS(open), SCMP_SYS(openat) };

/* ---- making ---- */

static bool allow(scmp_filter_ctx f, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) == -ENOMEM)
			return false;
	return true;
}

static bool allow_when(scmp_filter_ctx f, const struct when *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, w[i].call, 1,
			    SCMP_CMP64(w[i].argument, SCMP_CMP_MASKED_EQ, w[i].mask, w[i].value)) ==
			-ENOMEM)
			return false;
	return true;
}

/* Of signals only those to ourselves. Flags of clone3() are in memory, where no filter sees them: told
 * that there is no such call, the C library uses clone(). */
static bool allow_special(scmp_filter_ctx f)
{
	const struct when own = { SCMP_SYS(tgkill), 0, INT, (uint64_t)getpid() };

	return allow_when(f, &own, 1) &&
	       seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != -ENOMEM;
}

static bool fill(scmp_filter_ctx f, const struct sandbox_policy *p)
{
	return allow(f, everywhere, COUNT(everywhere)) && allow(f, finding, COUNT(finding)) &&
	       allow_when(f, everywhere_when, COUNT(everywhere_when)) && allow_special(f) &&
	       (p->n_folders == 0 || allow(f, naming, COUNT(naming))) &&
	       (p->network ? allow(f, connecting, COUNT(connecting)) &&
				       allow_when(f, with_network, COUNT(with_network))
			   : allow_when(f, without_network, COUNT(without_network)));
}

static uint32_t refusal(void)
{
	return trap_install() ? SCMP_ACT_TRAP : SCMP_ACT_ERRNO(EPERM);
}

/* Privileges have been given up already. What slows a process down so that it cannot spy by timing on
 * code of others within it is of no use here. */
static bool load(scmp_filter_ctx f)
{
	/* A tree of the calls' numbers, not a list, where the kernel and the library are new enough. */
	(void)seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return seccomp_attr_set(f, SCMP_FLTATR_CTL_NNP, 0) == 0 &&
	       seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	       seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
	       (seccomp_attr_set(f, SCMP_FLTATR_CTL_SSB, 1) == 0 || true) && seccomp_load(f) == 0;
}

/* libseccomp (2.5.4) frees twice when it does not get its memory while it puts a filter together. */
static scmp_filter_ctx begin(uint32_t otherwise)
{
	enum { FILTER_BYTES = 1 << 20 };

	return memory_is_there(FILTER_BYTES) ? seccomp_init(otherwise) : NULL;
}

bool filter_enter(const struct sandbox_policy *policy)
{
	scmp_filter_ctx f = begin(refusal());
	bool ok = f != NULL && fill(f, policy);

	if (!ok)
		memory_note_failure();
	ok = ok && load(f);
	seccomp_release(f);
	return ok;
}

/* The kernel asks both filters, and the stricter answer holds. */
bool filter_seal(void)
{
	scmp_filter_ctx f = begin(SCMP_ACT_ALLOW);
	bool ok = f != NULL;

	for (size_t i = 0; ok && i < COUNT(opening); i++)
		ok = seccomp_rule_add(f, refusal(), opening[i], 0) != -ENOMEM;
	ok = ok && load(f);
	seccomp_release(f);
	return ok;
}

const char *filter_call_name(int number)
{
	static char text[48];
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

	if (name != NULL)
		(void)snprintf(text, sizeof text, "%s", name);
	else
		(void)snprintf(text, sizeof text, "%d", number);
	free(name);
	return text;
}

#else

bool filter_enter(const struct sandbox_policy *policy)
{
	(void)policy;
	return false;
}

bool filter_seal(void)
{
	return false;
}

const char *filter_call_name(int number)
{
	static char text[16];

	(void)snprintf(text, sizeof text, "%d", number);
	return text;
}

#endif
