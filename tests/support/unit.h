/* cmocka, after the headers it needs to find before it. */
#ifndef TLSDIAG_TESTS_SUPPORT_UNIT_H
#define TLSDIAG_TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
