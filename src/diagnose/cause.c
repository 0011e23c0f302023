/* The table of causes. The rules themselves are in causes/. */
#include "diagnose/cause.h"

#include "diagnose/chains.h"
#include "diagnose/claims.h"

#define CAUSE(name) extern const struct cause cause_##name;
#include "diagnose/causes.def"
#undef CAUSE

const struct cause *const causes[N_CAUSES] = {
#define CAUSE(name) &cause_##name,
#include "diagnose/causes.def"
#undef CAUSE
};

const struct cause *cause_find(const char *id)
{
	for (size_t i = 0; i < N_CAUSES; i++)
		if (strcmp(causes[i]->id, id) == 0)
			return causes[i];
	return NULL;
}

static bool bytes_show(const struct cause *cause, const struct case_file *cf, struct finding *f)
{
	return (cause->chain != NULL && chain_cause(cf, f, cause->chain)) ||
	       (cause->handshake != NULL && handshake_cause(cf, f, cause->handshake) != 0) ||
	       (cause->run != NULL && cause->run(cf, f));
}

bool cause_shows(const struct cause *cause, const struct case_file *cf, struct finding *f)
{
	return claims_show(cause, cf, f, bytes_show(cause, cf, f));
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTE] = "note",
	};

	return names[s];
}

const char *confidence_name(enum confidence c)
{
	static const char *const names[] = {
		[CONFIDENCE_POSSIBLE] = "possible",
		[CONFIDENCE_LIKELY] = "likely",
		[CONFIDENCE_CERTAIN] = "certain",
	};

	return names[c];
}

struct origin_words {
	const char *name, *phrase;
};

static const struct origin_words origins[] = {
	[ORIGIN_CERTIFICATE] = { "certificate", "fault of a certificate" },
	[ORIGIN_KEY] = { "key", "fault of a key" },
	[ORIGIN_CONFIG] = { "config", "fault of the configuration" },
	[ORIGIN_DEVICE_CRYPTO] = { "device-crypto", "fault of the device's cryptography" },
	[ORIGIN_ENTROPY] = { "entropy", "fault of the random number generator" },
	[ORIGIN_MEMORY] = { "memory", "fault of memory or buffers" },
	[ORIGIN_CLOCK] = { "clock", "fault of a clock" },
	[ORIGIN_CLIENT] = { "client", "fault of the client" },
	[ORIGIN_SERVER] = { "server", "fault of the server" },
	[ORIGIN_NETWORK] = { "network", "fault of the network or of the transport" },
	[ORIGIN_INTEROP] = { "interop", "the two sides do not fit together" },
	[ORIGIN_UNKNOWN] = { NULL, "whose fault cannot be told" },
};

const char *origin_name(enum origin o)
{
	return origins[o].name;
}

const char *origin_phrase(enum origin o)
{
	return origins[o].phrase;
}
