#include "drive/proxy.h"

#include "drive/scripts.h"

#include <stdio.h>

void proxy_authority(const struct target *t, char out[static PROXY_AUTHORITY])
{
	bool ipv6 = strchr(t->host, ':') != NULL;

	(void)snprintf(out, PROXY_AUTHORITY, ipv6 ? "[%s]:%u" : "%s:%u", t->host, t->port);
}

bool proxy_connect(
	struct line *l, const struct target *t, int timeout_ms, struct dialogue_result *out)
{
	char authority[PROXY_AUTHORITY];

	proxy_authority(t, authority);
	return dialogue_run(l, &script_proxy, authority, timeout_ms, out);
}
