/* Codes are judged by their names, which stay the same where numbers do not. */
#include "crypto/library.h"

#include "base/memory.h"
#include "crypto/crypto.h"
#include "names/codes.h"

#include <errno.h>

static const char *const of_memory[] = { "ALLOC_FAILED", "INSUFFICIENT_MEMORY", NULL };
static const char *const of_machine[] = { "ENTROPY", "RNG_FAILED", "RANDOM_FAILED",
	"INTERNAL_ERROR", "CORRUPTION_DETECTED", "HW_ACCEL_FAILED", "PLATFORM_HW", "THREADING",
	NULL };

/* PSA's own codes come through some functions as they are. */
enum { PSA_INSUFFICIENT_MEMORY = -141, PSA_INSUFFICIENT_ENTROPY = -148, PSA_CORRUPTION = -151 };

static bool is_among(const char *name, const char *const *parts)
{
	for (; *parts != NULL; parts++)
		if (strstr(name, *parts) != NULL)
			return true;
	return false;
}

static bool names_any(int code, const char *const *parts)
{
	struct code_match match[2];
	size_t n = code_of_mbedtls(code, crypto_library_version(), match);

	for (size_t i = 0; i < n; i++)
		if (is_among(match[i].code->name, parts))
			return true;
	return false;
}

bool library_lacked_memory(int code)
{
	return code == PSA_INSUFFICIENT_MEMORY || names_any(code, of_memory);
}

bool library_failed_itself(int code)
{
	return code == PSA_INSUFFICIENT_ENTROPY || code == PSA_CORRUPTION ||
	       library_lacked_memory(code) || names_any(code, of_machine);
}

bool library_ok(int code)
{
	if (code != 0 && (errno == ENOMEM || library_lacked_memory(code))) {
		memory_note_failure();
		errno = 0;
	}
	return code == 0;
}
