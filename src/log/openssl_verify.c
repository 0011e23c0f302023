/* What OpenSSL's verification of a chain found, by number (x509_vfy.h) and by its words. */
#include "base/array.h"
#include "log/openssl_error.h"
#include "log/scan.h"

static const struct verify_row {
	unsigned number;
	const char *words; /* as it begins */
	enum saying saying;
} verdicts[] = {
	{ 2, "unable to get issuer certificate", SAYING_peer_issuer_unknown },
	{ 7, "certificate signature failure", SAYING_peer_chain_signature },
	{ 9, "certificate is not yet valid", SAYING_peer_not_yet_valid },
	{ 10, "certificate has expired", SAYING_peer_expired },
	{ 13, "format error in certificate's notBefore", SAYING_peer_malformed },
	{ 14, "format error in certificate's notAfter", SAYING_peer_malformed },
	{ 17, "out of memory", SAYING_out_of_memory },
	{ 19, "self-signed certificate in certificate chain", SAYING_peer_root_untrusted },
	{ 19, "self signed certificate in certificate chain", SAYING_peer_root_untrusted },
	{ 18, "self-signed certificate", SAYING_peer_self_signed },
	{ 18, "self signed certificate", SAYING_peer_self_signed },
	{ 20, "unable to get local issuer certificate", SAYING_peer_issuer_unknown },
	{ 21, "unable to verify the first certificate", SAYING_peer_issuer_unknown },
	{ 23, "certificate revoked", SAYING_peer_revoked },
	{ 24, "invalid CA certificate", SAYING_peer_issuer_not_ca },
	{ 26, "unsupported certificate purpose", SAYING_peer_usage },
	{ 26, "unsuitable certificate purpose", SAYING_peer_usage },
	{ 27, "certificate not trusted", SAYING_peer_untrusted },
	{ 32, "key usage does not include certificate signing", SAYING_peer_issuer_not_ca },
	{ 34, "unhandled critical extension", SAYING_peer_critical_extension },
	{ 37, "invalid non-CA certificate", SAYING_peer_issuer_not_ca },
	{ 47, "permitted subtree violation", SAYING_peer_constraints },
	{ 48, "excluded subtree violation", SAYING_peer_constraints },
	{ 62, "hostname mismatch", SAYING_peer_name },
	{ 62, "Hostname mismatch", SAYING_peer_name },
	{ 63, "email address mismatch", SAYING_peer_name },
	{ 64, "IP address mismatch", SAYING_peer_name },
	{ 66, "EE certificate key too weak", SAYING_peer_weak_key },
	{ 67, "CA certificate key too weak", SAYING_peer_weak_key },
	{ 68, "CA signature digest algorithm too weak", SAYING_peer_weak_hash },
	{ 79, "invalid CA certificate", SAYING_peer_issuer_not_ca },
};

static bool set(struct said *out, enum saying saying)
{
	*out = said_nothing();
	out->saying = saying;
	out->program = "OpenSSL";
	return true;
}

bool openssl_verify_read(int64_t number, struct bytes words, struct said *out)
{
	words = text_trim(words);
	for (size_t i = 0; i < COUNT(verdicts); i++)
		if (number > 0 ? verdicts[i].number == number
			       : text_begins(words, verdicts[i].words))
			return set(out, verdicts[i].saying);
	if (number == 0 || text_begins(words, "ok") || text_begins(words, "OK"))
		return false;
	return number > 0 && set(out, SAYING_peer_refused);
}

bool openssl_verify_find(struct bytes text, struct said *out)
{
	static const char *const before[] = { "certificate verify failed: ",
		"certificate verify failed (", "SSL certificate problem: ",
		"certificate verify error: ", "certificate verify result: ",
		"Pre-verification error: ", ", error=", " at depth 0: ", " at depth 1: ",
		" at depth 2: ", "Certificate Verification: Error " };

	for (size_t i = 0; i < COUNT(before); i++) {
		struct scan s = scan_of(text);
		struct bytes skipped;
		uint64_t number = 0;

		if (!scan_until(&s, before[i], &skipped))
			continue;
		if (scan_char(&s, '(') && (!scan_decimal(&s, &number) || number > INT32_MAX))
			number = 0;
		(void)scan_char(&s, ')');
		(void)scan_char(&s, ':');
		if (openssl_verify_read(number != 0 ? (int64_t)number : -1, scan_rest(&s), out))
			return true;
	}
	return false;
}
