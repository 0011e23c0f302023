/* One table: each protocol's name, its port and its script. */
#include "drive/starttls.h"

#include "drive/scripts.h"

/* Submission (587) speaks SMTP too; 25 is where every server does. */
static const struct protocol {
	const char *name;
	uint16_t port;
	const struct script *script;
} protocols[N_STARTTLS] = {
	[STARTTLS_NONE] = { "none", 443, NULL },
	[STARTTLS_SMTP] = { "smtp", 25, &script_smtp },
	[STARTTLS_IMAP] = { "imap", 143, &script_imap },
	[STARTTLS_POP3] = { "pop3", 110, &script_pop3 },
	[STARTTLS_FTP] = { "ftp", 21, &script_ftp },
	[STARTTLS_LDAP] = { "ldap", 389, &script_ldap },
	[STARTTLS_XMPP] = { "xmpp", 5222, &script_xmpp },
	[STARTTLS_POSTGRES] = { "postgres", 5432, &script_postgres },
	[STARTTLS_MYSQL] = { "mysql", 3306, &script_mysql },
};

enum starttls starttls_find(const char *name)
{
	for (int p = STARTTLS_NONE + 1; p < N_STARTTLS; p++)
		if (strcmp(protocols[p].name, name) == 0)
			return (enum starttls)p;
	return STARTTLS_NONE;
}

const char *starttls_name(enum starttls p)
{
	return protocols[p].name;
}

uint16_t starttls_port(enum starttls p)
{
	return protocols[p].port;
}

bool starttls_begin(struct line *l, enum starttls p, const char *name, int timeout_ms,
	struct dialogue_result *out)
{
	return dialogue_run(l, protocols[p].script, name, timeout_ms, out);
}
