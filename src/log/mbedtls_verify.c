/* Verify flags: as a number (level 3), and in the words of mbedtls_x509_crt_verify_info(). */
#include "log/mbedtls.h"

#include "base/array.h"

static const struct {
	uint32_t bit; /* MBEDTLS_X509_BADCERT_..., BADCRL_... */
	const char *words;
} infos[] = {
	{ 0x000001, "The certificate validity has expired" },
	{ 0x000002, "The certificate has been revoked (is on a CRL)" },
	{ 0x000004, "The certificate Common Name (CN) does not match" },
	{ 0x000008, "The certificate is not correctly signed by the trusted CA" },
	{ 0x000010, "The CRL is not correctly signed by the trusted CA" },
	{ 0x000020, "The CRL is expired" },
	{ 0x000040, "Certificate was missing" },
	{ 0x000080, "Certificate verification was skipped" },
	{ 0x000100, "Other reason (can be used by verify callback)" },
	{ 0x000200, "The certificate validity starts in the future" },
	{ 0x000400, "The CRL is from the future" },
	{ 0x000800, "Usage does not match the keyUsage extension" },
	{ 0x001000, "Usage does not match the extendedKeyUsage extension" },
	{ 0x002000, "Usage does not match the nsCertType extension" },
	{ 0x004000, "The certificate is signed with an unacceptable hash" },
	{ 0x008000, "The certificate is signed with an unacceptable PK alg" },
	{ 0x010000, "The certificate is signed with an unacceptable key" },
	{ 0x020000, "The CRL is signed with an unacceptable hash" },
	{ 0x040000, "The CRL is signed with an unacceptable PK alg" },
	{ 0x080000, "The CRL is signed with an unacceptable key" },
	/* before 2.1 */
	{ 0x000001, "server certificate has expired" },
	{ 0x000004, "CN mismatch" },
	{ 0x000008, "self-signed or not signed by a trusted CA" },
};

enum { ALL_FLAGS = 0xfffff, SKIPPED = 0x80 };

static void note_flags(struct mbed *m, struct mbed_context *c, uint32_t flags, struct log_at at)
{
	static const char all[] = "every flag of the verification is set";
	struct log_conn *conn = mbed_conn(m, c, at);

	if (c->flags_noted == flags && c->has_flags)
		return;
	mbed_steps_settle(m, c);
	conn_note(conn,
		&(struct log_note){
			.kind = LOG_FLAGS, .from = c->role, .at = at, .value = (int64_t)flags });
	/* As it leaves them where the verification itself failed. */
	if ((flags & ALL_FLAGS) == ALL_FLAGS)
		conn_remark(conn, c->role, SAYING_all_flags, bytes_of(all, sizeof all - 1), at);
	c->flags_noted = flags;
	c->has_flags = true;
}

/* What is collected of several certificates is noted when the verification is over. */
void mbed_verify_flush(struct mbed *m, struct mbed_context *c)
{
	if (c->flags == 0)
		return;
	if (c->flags != SKIPPED) /* there was nothing to verify */
		note_flags(m, c, c->flags, c->flags_at);
	c->flags = 0;
}

/* "  ! The certificate validity has expired", also behind other words */
bool mbed_verify_line(struct mbed *m, struct bytes text, struct log_at at)
{
	struct scan s = scan_of(text);
	struct bytes before;

	if (text_begins(text_trim(text), "Verify requested for (Depth ") ||
		text_begins(text_trim(text), "This certificate has no flags"))
		return true;
	if (!scan_until(&s, "! ", &before) && !scan_until(&s, "VERIFY ERROR: ", &before))
		return false;
	for (size_t i = 0; i < COUNT(infos); i++) {
		struct mbed_context *c;

		if (!text_has(scan_rest(&s), infos[i].words))
			continue;
		c = mbed_current(m);
		(void)mbed_conn(m, c, at);
		if (c->flags == 0)
			c->flags_at = at;
		c->flags |= infos[i].bit;
		return true;
	}
	return false;
}

/* "! Certificate verification flags 00000008", "Certificate verification flags clear" */
bool mbed_verify_flags_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct scan s = scan_of(l->body);
	uint64_t flags;

	(void)scan_word(&s, "! ");
	if (!scan_word(&s, "Certificate verification flags ") &&
		!scan_word(&s, "Certificate verification flags: "))
		return false;
	c->flags = 0;
	if (scan_word(&s, "clear"))
		note_flags(m, c, 0, l->at);
	else if (text_trim(scan_rest(&s)).len == 8 && scan_hex(&s, &flags))
		note_flags(m, c, (uint32_t)flags, l->at);
	return true;
}
