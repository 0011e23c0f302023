/* What the commands that talk share: how to come to the target, and the files of what was said. */
#ifndef TLSDIAG_CLI_NET_OPTIONS_H
#define TLSDIAG_CLI_NET_OPTIONS_H

#include "base/text_file.h"
#include "cli/file_guard.h"
#include "cli/run_options.h"

/* The first member of each such command's settings, so that the setters below find it. */
struct net_settings {
	struct run_settings run; /* first */
	/* of the client's own: files, and the password when it was read */
	const char *cert, *key, *password_file;
	struct text_file password;
	const char *starttls, *proxy, *pcap_file;
	int family;
	unsigned connect_ms, timeout_ms, deadline_ms;
};

void net_settings_init(struct net_settings *s);

bool net_set_starttls(void *settings, const char *value, struct err *e);
bool net_set_proxy(void *settings, const char *value, struct err *e);
bool net_set_ipv4(void *settings, const char *value, struct err *e);
bool net_set_ipv6(void *settings, const char *value, struct err *e);
bool net_set_connect_timeout(void *settings, const char *value, struct err *e);
bool net_set_timeout(void *settings, const char *value, struct err *e);
bool net_set_deadline(void *settings, const char *value, struct err *e);
bool net_set_write_pcap(void *settings, const char *value, struct err *e);
bool net_set_cert(void *settings, const char *value, struct err *e);
bool net_set_key(void *settings, const char *value, struct err *e);
bool net_set_password_file(void *settings, const char *value, struct err *e);

/* ---- the client's own certificate ---- */

/* False with ERR_USAGE: a part of it is named without the others that it goes with. */
bool net_credential_fits(const struct net_settings *s, struct err *e);
/* Its password; NULL when there is none. False: the file cannot be read. */
bool net_password_read(struct net_settings *s, const char **password, struct err *e);
void net_credential_guard(const struct net_settings *s, struct file_guard *g);
void net_settings_close(struct net_settings *s);

/* Rows of an option table. */
#define NET_OPTIONS_CREDENTIAL                                                                     \
	{ .name = "cert",                                                                          \
		.value = "FILE",                                                                   \
		.set = net_set_cert,                                                               \
		.help = "the client's own certificate, with its chain" },                          \
		{ .name = "key",                                                                   \
			.value = "FILE",                                                           \
			.set = net_set_key,                                                        \
			.help = "its private key (default: in the file of --cert)" },              \
	{                                                                                          \
		.name = "key-password-file", .value = "FILE", .set = net_set_password_file,        \
		.help = "the first line is the password of that key"                               \
	}
#define NET_OPTIONS                                                                                \
	{                                                                                          \
		.heading = "How to get there",                                                     \
		.name = "starttls",                                                                \
		.value = "PROTOCOL",                                                               \
		.set = net_set_starttls,                                                           \
		.help = "begin in the clear: smtp, imap, pop3, ftp, ldap, xmpp, postgres, mysql"   \
	},                                                                                         \
		{ .name = "proxy",                                                                 \
			.value = "HOST:PORT",                                                      \
			.set = net_set_proxy,                                                      \
			.help = "through an HTTP proxy that allows CONNECT" },                     \
		{ .name = "ipv4", .letter = '4', .set = net_set_ipv4, .help = "only IPv4" },       \
		{ .name = "ipv6", .letter = '6', .set = net_set_ipv6, .help = "only IPv6" },       \
		{ .name = "connect-timeout",                                                       \
			.value = "SECONDS",                                                        \
			.set = net_set_connect_timeout,                                            \
			.help = "longest to get a connection (default 5)" },                       \
		{ .name = "timeout",                                                               \
			.value = "SECONDS",                                                        \
			.set = net_set_timeout,                                                    \
			.help = "longest to wait for each answer (default 10)" },                  \
	{                                                                                          \
		.name = "deadline", .value = "SECONDS", .set = net_set_deadline,                   \
		.help = "longest for an attempt with all that belongs to it (default 30)"          \
	}
#define NET_OPTION_WRITE_PCAP                                                                      \
	{                                                                                          \
		.heading = "What is kept", .name = "write-pcap", .value = "FILE",                  \
		.set = net_set_write_pcap, .help = "keep what was said as a capture"               \
	}

/*
 * Are two arguments one target, "localhost" and "4433"? Writes it as one. Not where the first names a
 * port already, or is no target.
 */
enum { NET_TARGET_MAX = 320 };
bool net_target_pair(const char *host, const char *port, char out[static NET_TARGET_MAX]);

/* False with ERR_USAGE: the option takes a number from min to max. */
bool number_parse(
	const char *option, const char *value, long min, long max, unsigned *out, struct err *e);

#endif
