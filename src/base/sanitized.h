/*
 * SANITIZED is 1 in a build with a sanitizer, else 0: such a build makes system calls of its own, and
 * takes several times the CPU time. The latter holds for one that is not optimised, too: SLOW is 1 in both.
 */
#ifndef TLSDIAG_BASE_SANITIZED_H
#define TLSDIAG_BASE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if SANITIZED || !defined(__OPTIMIZE__)
#define SLOW 1
#else
#define SLOW 0
#endif

#endif
