/* The door of every fuzz target: libFuzzer's, or replay.c's, which runs seeds as a plain test. */
#ifndef TLSDIAG_TESTS_FUZZ_FUZZ_H
#define TLSDIAG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Takes any bytes; returns 0. A fault is a crash, a sanitizer report or a run without end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
