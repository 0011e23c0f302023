/* A key that was cut, or is another kind of file, fails when it is parsed, before any handshake. */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"hold the file against itself: openssl pkey -in key.pem -check -noout; a copy that lost a "
	"line fails there too",
	"compare with what the device has: length and first and last line; strings in flash lose "
	"their line ends easily",
	"-0x3D00 without more also stands for PEM without its terminating NUL: give the length "
	"with it",
	NULL,
};

const struct cause cause_key_file_unusable = {
	.id = "key-file-unusable",
	.origin = ORIGIN_CONFIG,
	.summary = "The private key file cannot be read as a key",
	.next_steps = steps,
};
