/* CONNECT (RFC 9110 9.3.6) as a dialogue: what the proxy says instead is quoted. */
#include "drive/proxy.h"

#include "drive/scripts.h"

bool proxy_connect(
	struct line *l, const struct target *t, int timeout_ms, struct dialogue_result *out)
{
	char authority[TARGET_TEXT];

	target_text(t, authority);
	return dialogue_run(l, &script_proxy, authority, timeout_ms, out);
}
