/* mbedTLS takes a buffer for PEM only when its last byte is NUL; anything else is DER, and PEM is no DER. */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"give the length with the NUL: mbedtls_x509_crt_parse(&crt, pem, strlen(pem) + 1), or "
	"sizeof of an array that ends with it",
	"of a file in flash: make the image one byte longer and zero that byte, or convert it to "
	"DER (openssl x509 -outform DER), which has no NUL",
	"the return value of every parse is to be looked at: 0 is well, a positive number counts "
	"certificates that were skipped",
	NULL,
};

const struct cause cause_pem_not_terminated = {
	.id = "pem-not-terminated",
	.origin = ORIGIN_CONFIG,
	.summary = "A PEM text was handed over without its terminating NUL, and was read as DER",
	.next_steps = steps,
};
