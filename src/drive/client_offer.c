/* What our own client offers: a whole offer that was given, or one to begin with and what the user wants of it. */
#include "drive/client_build.h"
#include "drive/client_inside.h"

static size_t listed(size_t n)
{
	return n < OFFER_LIST_MAX ? n : OFFER_LIST_MAX;
}

static void take_list(struct offer_list *l, const uint16_t *values, size_t n)
{
	if (n == 0)
		return;
	l->n = listed(n);
	memcpy(l->value, values, l->n * sizeof *values);
}

static void take_versions(struct offer *out, uint16_t min, uint16_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < out->n_versions; i++) {
		uint16_t v = out->versions[i];

		if (is_grease(v) || (v >= min && (max == 0 || v <= max)))
			out->versions[n++] = v;
	}
	out->n_versions = n;
	if (offer_highest_version(out) < out->legacy_version)
		out->legacy_version = offer_highest_version(out);
}

static void take_protocols(struct offer *out, const char *const *alpn)
{
	if (alpn == NULL)
		return;
	offer_drop_body(out, EXT_ALPN);
	if (!offer_list_has(&out->extensions, EXT_ALPN))
		offer_list_add(&out->extensions, EXT_ALPN);
	for (size_t i = 0; alpn[i] != NULL && i + 1 < OFFER_ALPN_MAX; i++)
		out->alpn[i] = alpn[i];
}

static void take_fragment_length(struct offer *out, unsigned length)
{
	if (length == 0)
		return;
	offer_drop_body(out, EXT_MAX_FRAGMENT_LENGTH);
	if (!offer_list_has(&out->extensions, EXT_MAX_FRAGMENT_LENGTH))
		offer_list_add(&out->extensions, EXT_MAX_FRAGMENT_LENGTH);
	out->max_fragment_length = length;
}

/* The hello of a known stack, or of a build. */
static bool said_by_another(const struct client_options *o, struct offer *out)
{
	if (o->profile != NULL)
		return hello_profile_offer(o->profile, out);
	if (o->build != NULL)
		client_build_offer(o->build, out);
	return o->build != NULL;
}

void client_make_offer(const struct client_options *o, struct offer *out)
{
	if (o->offer != NULL) {
		*out = *o->offer;
		return;
	}
	if (said_by_another(o, out))
		take_versions(out, o->min_version, o->max_version);
	else
		offer_all(out, o->min_version, o->max_version);
	take_list(&out->suites, o->suites, o->n_suites);
	take_list(&out->schemes, o->schemes, o->n_schemes);
	if (o->psk.len != 0 && o->n_suites == 0)
		offer_psk_suites(out);
	if (o->resume && !offer_list_has(&out->extensions, EXT_SESSION_TICKET))
		offer_list_add(&out->extensions, EXT_SESSION_TICKET);
	if (o->n_groups != 0)
		offer_groups(out, o->groups, listed(o->n_groups));
	if ((o->profile == NULL && o->build == NULL) ||
		o->n_suites + o->n_schemes + o->n_groups != 0)
		offer_keep_usable_versions(out, o->min_version);
	offer_name(out, o->sni);
	take_protocols(out, o->alpn);
	take_fragment_length(out, o->max_fragment_length);
}
