/* RFC 9325 7.4: some servers keep a key for a while on purpose; a device that cannot make a new one is worse. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->side[SIDE_SERVER].repeats.public_key != 0 && !captured_twice(v->hs);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_ephemeral_fresh);
}

static bool random_too(const struct handshake_view *v)
{
	return shows(v) && v->hs->side[SIDE_SERVER].repeats.random != 0;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
};

static bool run(const struct case_file *cf, struct finding *f)
{
	if (handshake_cause(cf, f, &rule) == 0)
		return false;
	if (find_handshake(cf, random_too) != NULL)
		f->severity = SEVERITY_ERROR;
	else
		finding_prove(f, cf, 0,
			"its randoms are new each time, so the key may be kept on purpose");
	return true;
}

static const char *const steps[] = {
	"if the server keeps its key on purpose (OpenSSL before 1.1, some accelerators), let it "
	"make a new one for each handshake",
	"if not: look at the generator behind mbedtls_ecdh_make_params, and at a context that is "
	"never renewed",
	NULL,
};

const struct cause cause_ephemeral_key_repeats = {
	.id = "ephemeral-key-repeats",
	.origin = ORIGIN_ENTROPY,
	.summary = "The server uses one ephemeral key for several handshakes",
	.run = run,
	.next_steps = steps,
};
