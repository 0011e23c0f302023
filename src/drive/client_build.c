/* Lists and versions are the build's; which extensions there are, and in which order, is the release's. */
#include "drive/client_build.h"

#include "client/profile.h"

enum { TLS1_2 = 0x0303, TLS1_3 = 0x0304 };

static void take_versions(const struct build *b, struct offer *out)
{
	uint16_t highest = b->versions[0];

	out->n_versions = 0;
	for (size_t i = 0; i < b->n_versions; i++)
		out->versions[out->n_versions++] = b->versions[i];
	out->legacy_version = highest < TLS1_2 ? highest : TLS1_2;
}

static bool is_before_tls13(const struct build *b)
{
	return b->versions[b->n_versions - 1] <= TLS1_2;
}

static void take_suites(const struct build *b, struct offer *out)
{
	out->suites.n = 0;
	for (size_t i = 0; i < b->n_suites; i++)
		offer_list_add(&out->suites, b->suites[i].value);
	if (is_before_tls13(b))
		offer_list_add(&out->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

static void take_schemes(const struct build *b, struct offer *out)
{
	out->schemes.n = 0;
	for (size_t i = 0; i < b->n_schemes; i++)
		offer_list_add(&out->schemes, b->schemes[i]);
}

/* Of curves alone the point formats speak, and only up to TLS 1.2 (RFC 8422 5.1.2). */
static bool has_curves(const struct build *b)
{
	for (size_t i = 0; i < b->n_groups; i++) {
		const struct group *g = group_find(b->groups[i]);

		if (g != NULL && g->kind != GROUP_FFDHE)
			return true;
	}
	return false;
}

static void leave_out(struct offer *out, uint16_t type, bool compiled_in)
{
	if (compiled_in)
		return;
	offer_drop_body(out, type);
	(void)offer_list_remove(&out->extensions, type);
}

void client_build_offer(const struct build *build, struct offer *out)
{
	bool tls13 = build_has_version(build, TLS1_3);
	bool older = is_before_tls13(build);

	(void)hello_profile_offer(
		hello_profile_find(build->major >= 3 ? "mbedtls-3.6" : "mbedtls-2.28"), out);
	take_versions(build, out);
	take_suites(build, out);
	offer_groups(out, build->groups, build->n_groups);
	take_schemes(build, out);
	offer_drop_body(out, EXT_SUPPORTED_VERSIONS);
	offer_drop_body(out, EXT_SIGNATURE_ALGORITHMS);
	leave_out(out, EXT_SUPPORTED_VERSIONS, tls13);
	leave_out(out, EXT_KEY_SHARE, tls13);
	leave_out(out, EXT_PSK_KEY_EXCHANGE_MODES, tls13);
	leave_out(out, EXT_SUPPORTED_GROUPS, build->n_groups != 0);
	leave_out(out, EXT_EC_POINT_FORMATS, older && has_curves(build));
	leave_out(out, EXT_SIGNATURE_ALGORITHMS, build->n_schemes != 0);
	leave_out(out, EXT_ENCRYPT_THEN_MAC, build->encrypt_then_mac);
	leave_out(out, EXT_EXTENDED_MASTER_SECRET, build->extended_master_secret);
	leave_out(out, EXT_SESSION_TICKET, older && build->tickets);
}
