/* The signature verifies once a bit or a byte is put back: the computation was right, the memory was not. */
#include "diagnose/signatures.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_BIT_RESTORED || v->autopsy->found == FIND_BYTE_RESTORED;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	return signature_cause(cf, f, found);
}

static const char *const steps[] = {
	"look at what happens to the send buffer between mbedtls_pk_sign and the wire: DMA and "
	"cache maintenance, alignment, the driver's own copy",
	"give the TLS task twice its stack, and put a canary around its buffers",
	"take five more (tlsdiag probe --attempts 5 HOST:PORT): the same place each time is code, "
	"changing places are memory or a bus",
	"if only captures taken on one network path show it, suspect that path (a TCP checksum "
	"does not see two swapped words)",
	NULL,
};

const struct cause cause_message_corrupted = {
	.id = "message-corrupted",
	.origin = ORIGIN_MEMORY,
	.summary = "Bytes changed between signing and sending",
	.run = run,
	.next_steps = steps,
};
