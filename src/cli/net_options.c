/* Times are given in seconds, fractions allowed, and kept in milliseconds. */
#include "cli/net_options.h"

#include "drive/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECONDS_MAX = 3600 };

void net_settings_init(struct net_settings *s)
{
	struct tlsdiag_probe_options p;

	tlsdiag_probe_options_init(&p);
	*s = (struct net_settings){
		.connect_ms = p.connect_ms, .timeout_ms = p.timeout_ms, .deadline_ms = p.deadline_ms
	};
	run_settings_init(&s->run);
}

#define SET(member)                                                                                \
	bool net_set_##member(void *settings, const char *value, struct err *e)                    \
	{                                                                                          \
		(void)e;                                                                           \
		((struct net_settings *)settings)->member = value;                                 \
		return true;                                                                       \
	}

SET(starttls)
SET(proxy)
SET(cert)
SET(key)
SET(password_file)

bool net_credential_fits(const struct net_settings *s, struct err *e)
{
	if (s->key != NULL && s->cert == NULL)
		return err_set(e, ERR_USAGE, 0, "--key goes with --cert, which is not given");
	if (s->password_file != NULL && s->cert == NULL)
		return err_set(e, ERR_USAGE, 0,
			"--key-password-file goes with --cert and --key, which are not given");
	return true;
}

bool net_password_read(struct net_settings *s, const char **password, struct err *e)
{
	*password = NULL;
	if (s->password_file == NULL)
		return true;
	if (!text_file_read(s->password_file, &file_kind_password, &s->password, e))
		return err_context(e, "--key-password-file");
	*password = text_file_line(&s->password);
	return true;
}

void net_credential_guard(const struct net_settings *s, struct file_guard *g)
{
	guard_reads(g, "--cert reads", s->cert);
	guard_reads(g, "--key reads", s->key);
	guard_reads(g, "--key-password-file reads", s->password_file);
}

void net_settings_close(struct net_settings *s)
{
	text_file_close(&s->password);
}

bool net_set_write_pcap(void *settings, const char *value, struct err *e)
{
	(void)e;
	((struct net_settings *)settings)->pcap_file = value;
	return true;
}

bool net_set_ipv4(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct net_settings *)settings)->family = 4;
	return true;
}

bool net_set_ipv6(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct net_settings *)settings)->family = 6;
	return true;
}

static bool seconds(const char *option, const char *value, unsigned *ms, struct err *e)
{
	char *end;
	double s;

	errno = 0;
	s = strtod(value, &end);
	if (errno != 0 || end == value || *end != '\0' || !(s > 0) || s > SECONDS_MAX)
		return err_set(e, ERR_USAGE, 0,
			"--%s takes seconds, more than 0 and up to %d, not '%s'", option,
			SECONDS_MAX, value);
	*ms = (unsigned)(s * 1000 + 0.999);
	return true;
}

bool net_set_connect_timeout(void *settings, const char *value, struct err *e)
{
	return seconds("connect-timeout", value, &((struct net_settings *)settings)->connect_ms, e);
}

bool net_set_timeout(void *settings, const char *value, struct err *e)
{
	return seconds("timeout", value, &((struct net_settings *)settings)->timeout_ms, e);
}

bool net_set_deadline(void *settings, const char *value, struct err *e)
{
	return seconds("deadline", value, &((struct net_settings *)settings)->deadline_ms, e);
}

bool number_parse(
	const char *option, const char *value, long min, long max, unsigned *out, struct err *e)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || n < min || n > max)
		return err_set(e, ERR_USAGE, 0, "--%s takes a number from %ld to %ld, not '%s'",
			option, min, max, value);
	*out = (unsigned)n;
	return true;
}

bool net_target_pair(const char *host, const char *port, char out[static NET_TARGET_MAX])
{
	struct err ignored = { 0 };
	struct target t;
	int len;

	if (!target_is_port(port) || !target_parse(host, 0, &t, &ignored) || t.port != 0)
		return false;
	len = snprintf(out, NET_TARGET_MAX, "%s %s", host, port);
	return len > 0 && len < NET_TARGET_MAX;
}
