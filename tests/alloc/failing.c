/*
 * Stands before the system's allocator (LD_PRELOAD) and refuses requests for memory, as a machine
 * does that has run out of it: NULL, and errno ENOMEM.
 *
 *   FAIL_AT=N      the N-th request of the process, counted from 1, over all threads
 *   FAIL_FROM=N    that one and all after it
 *   FAIL_COUNT=FD  how many requests there were is written to this descriptor at the end
 *
 * Inside of getaddrinfo(), pcap_compile() and seccomp_load() nothing is refused: glibc 2.36 and libpcap
 * 1.10 end in a null pointer, or end the process, there, and libseccomp 2.5 frees twice. When the N-th request falls into one of them, it does its
 * work and then says that memory is out, as it should.
 *
 * What libraries ask for counts like what the program asks for; what the dynamic loader and this
 * file ask for before main() does not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);

static atomic_ulong requests;
static unsigned long fail_at, fail_from;
static int count_fd = -1;
static atomic_bool begun;
static _Thread_local bool spared, lacked;

static unsigned long number(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
	fail_at = number("FAIL_AT");
	fail_from = number("FAIL_FROM");
	if (getenv("FAIL_COUNT") != NULL)
		count_fd = (int)number("FAIL_COUNT");
	(void)unsetenv("LD_PRELOAD"); /* programs that are started from here are left alone */
	atomic_store(&begun, true);
}

/* For what is no part of the program but asks for memory at its end (tests/coverage/outside.c). */
void failing_end(void);

void failing_end(void)
{
	atomic_store(&begun, false);
}

/* By hand: printf() may ask for memory. */
__attribute__((destructor)) static void end(void)
{
	unsigned long n = atomic_load(&requests);
	char digits[24];
	size_t at = sizeof digits;

	if (count_fd < 0)
		return;
	digits[--at] = '\n';
	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	if (write(count_fd, digits + at, sizeof digits - at) < 0)
		return;
}

static bool refused(void)
{
	unsigned long n;

	if (!atomic_load_explicit(&begun, memory_order_relaxed))
		return false;
	n = atomic_fetch_add(&requests, 1) + 1;
	if (n != fail_at && (fail_from == 0 || n < fail_from))
		return false;
	if (spared) {
		lacked = true;
		return false;
	}
	errno = ENOMEM;
	return true;
}

int pcap_compile(void *handle, void *program, const char *text, int optimize, uint32_t mask);
int seccomp_load(const void *filter);

int getaddrinfo(
	const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **list)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	int code;

	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	lacked = false;
	spared = true;
	code = real(host, port, hints, list);
	spared = false;
	if (!lacked || code != 0)
		return code;
	freeaddrinfo(*list);
	return EAI_MEMORY;
}

int pcap_compile(void *handle, void *program, const char *text, int optimize, uint32_t mask)
{
	int (*real)(void *, void *, const char *, int, uint32_t);
	void (*give_back)(void *);
	int code;

	*(void **)&real = dlsym(RTLD_NEXT, "pcap_compile");
	*(void **)&give_back = dlsym(RTLD_NEXT, "pcap_freecode");
	lacked = false;
	spared = true;
	code = real(handle, program, text, optimize, mask);
	spared = false;
	if (!lacked || code != 0)
		return code;
	give_back(program);
	errno = ENOMEM;
	return -1;
}

int seccomp_load(const void *filter)
{
	int (*real)(const void *);
	int code;

	*(void **)&real = dlsym(RTLD_NEXT, "seccomp_load");
	lacked = false;
	spared = true;
	code = real(filter);
	spared = false;
	return lacked ? -ENOMEM : code;
}

void *malloc(size_t size)
{
	return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return refused() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return refused() ? NULL : __libc_realloc(p, size);
}

void *memalign(size_t align, size_t size)
{
	return refused() ? NULL : __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	void *p = memalign(align, size);

	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}

void *reallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, n * size != 0 ? n * size : 1);
}
