/* It verifies under the certificate's key once another hash, or another reading of the digest, is taken. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_OTHER_HASH || v->autopsy->found == FIND_DIGEST_HANDLING ||
	       v->autopsy->found == FIND_RSA_WRONG_DIGEST;
}

static bool digest_unknown(const struct handshake_view *v)
{
	return v->ex->autopsy.signature[SIDE_SERVER].done &&
	       v->ex->autopsy.signature[SIDE_SERVER].found == FIND_RSA_WRONG_DIGEST;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	if (!signature_cause(cf, f, found))
		return false;
	if (find_handshake(cf, digest_unknown) != NULL) {
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
		finding_say(
			f, cf, "The right key signed, but another digest than the handshake gives");
	}
	return true;
}

static const char *const steps[] = {
	"make label and digest agree: hash with what the scheme says, or send the scheme of what "
	"was hashed",
	"with a hash engine: check its data type (byte, half-word, word swapping) and that the "
	"last block is flushed",
	"run mbedtls_sha256_self_test and mbedtls_sha512_self_test on the device",
	NULL,
};

const struct cause cause_signature_hash_mismatch = {
	.id = "signature-hash-mismatch",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The signature was made over another hash than its label says",
	.run = run,
	.next_steps = steps,
};
