/*
 * Which release of mbedTLS a configuration is for. Macros came and went with releases, so that those a header defines
 * tell it, unless the user does.
 */
#ifndef TLSDIAG_CONFIG_VERSION_H
#define TLSDIAG_CONFIG_VERSION_H

#include "config/config.h"

/* Releases that the table of macros knows, the oldest first. */
enum config_release {
	RELEASE_2_7,
	RELEASE_2_16,
	RELEASE_2_28,
	RELEASE_3_0,
	RELEASE_3_6,
	RELEASE_4,
	N_RELEASES
};

struct config_version {
	enum config_release release; /* whose macros and rules are looked at */
	const char *name;            /* "2.28" */
	bool given;
	size_t known, macros; /* of so many macros of mbedTLS it has so many */
	const char *
		telling; /* one that `other` lacks and this release has; NULL: nothing tells them apart */
	const char *other; /* the release that fits next best */
	const char
		*system; /* whose options these are, and that has this release: "ESP-IDF"; NULL */
};

/* "2.16.12", "3.6": the nearest release that is known and not newer. False with ERR_USAGE. */
bool config_version_parse(const char *text, struct config_version *v, struct err *e);
/* The release that has most of its macros; of several the one that is most in use. */
void config_version_guess(const struct config *c, struct config_version *v);

/* How a release has a macro: '+' yes, '-' no; '\0': no release has it. */
char config_release_has(enum config_release r, const char *macro);
const char *config_release_name(enum config_release r);
unsigned config_release_major(enum config_release r); /* 2, 3, 4 */
/* Is its cryptography configured in a file of its own that was not at hand (4.x, psa/crypto_config.h)? */
bool config_lacks_crypto(const struct config *c, enum config_release r);
/* Does it stand for a value in the stock configurations, such as MBEDTLS_MPI_MAX_SIZE? */
bool config_is_value(const char *macro);

#endif
