/* What `tlsdiag probe` is given besides its options: targets, and the files that options name. */
#include "base/memory.h"
#include "cli/probe_settings.h"
#include "drive/target_list.h"

#include <stdlib.h>
#include <string.h>

static bool add_target(struct probe_settings *s, const char *target, struct err *e)
{
	struct tlsdiag_error bad;

	if (s->n_targets == TARGETS_MAX)
		return err_set(e, ERR_USAGE, 0, "more than '%d' targets are named", TARGETS_MAX);
	if (!tlsdiag_target_valid(target, &bad))
		return err_set(e, ERR_USAGE, 0, "%s", bad.message);
	s->targets[s->n_targets++] = target;
	return true;
}

/* "localhost 4433": a host and, as an argument of its own, its port. */
static bool add_pair(
	struct probe_settings *s, const char *host, const char *port, bool *is, struct err *e)
{
	char text[NET_TARGET_MAX];

	*is = net_target_pair(host, port, text);
	if (!*is)
		return true;
	s->pairs[s->n_pairs] = memory_text(text);
	if (s->pairs[s->n_pairs] == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	return add_target(s, s->pairs[s->n_pairs++], e);
}

bool probe_add_targets(struct probe_settings *s, char **args, int n, struct err *e)
{
	int first = s->isolate && !s->terms.always && s->terms.ends.one == NULL && n != 0 &&
		    isolate_ends_parse(args[0], &s->terms.ends);

	for (int i = first; i < n; i++) {
		bool pair = false;

		if (i + 1 < n && s->n_pairs < TARGETS_MAX &&
			!add_pair(s, args[i], args[i + 1], &pair, e))
			return false;
		if (pair)
			i++;
		else if (!add_target(s, args[i], e))
			return false;
	}
	return true;
}

/* Each is shorter than the line it stands on, so the text has room for all. */
static bool take_targets(struct probe_settings *s, struct bytes text, struct err *e)
{
	struct target_list list = { text, 0 };
	char one[TARGET_LINE_MAX];

	s->listed.text = memory_get(text.len + 1);
	if (s->listed.text == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	while (target_list_next(&list, one, e)) {
		char *kept = s->listed.text + s->listed.len;

		if (one[0] == '\0')
			return true;
		memcpy(kept, one, strlen(one) + 1);
		s->listed.len += strlen(one) + 1;
		if (!add_target(s, kept, e))
			return false;
	}
	return false;
}

static bool read_targets(struct probe_settings *s, struct err *e)
{
	struct secret text;
	bool ok;

	if (s->targets_file == NULL)
		return true;
	if (!file_read(s->targets_file, &file_kind_targets, &text, e))
		return err_context(e, "--targets");
	ok = take_targets(s, bytes_of(text.data, text.len), e);
	secret_wipe(&text);
	return ok || err_context(e, "--targets");
}

static bool read_credential(struct probe_settings *s, struct err *e)
{
	s->probe.cert = s->net.cert;
	s->probe.key = s->net.key;
	return net_password_read(&s->net, &s->probe.key_password, e);
}

static bool read_psk(struct probe_settings *s, struct err *e)
{
	if (s->psk_file == NULL)
		return true;
	if (!text_file_read(s->psk_file, &file_kind_psk, &s->psk_text, e))
		return err_context(e, "--psk");
	if (!text_file_hex(&s->psk_text, &s->psk))
		return err_set(e, ERR_INPUT, 0, "--psk: the file does not hold bytes in hex");
	s->probe.psk = s->psk.data;
	s->probe.psk_len = s->psk.len;
	if (s->probe.psk_identity == NULL)
		s->probe.psk_identity = "Client_identity";
	return true;
}

bool probe_read_files(struct probe_settings *s, struct err *e)
{
	return read_targets(s, e) && read_credential(s, e) && read_psk(s, e);
}

void probe_settings_close(struct probe_settings *s)
{
	free(s->alpn[0]);
	free(s->listed.text);
	while (s->n_pairs != 0)
		free(s->pairs[--s->n_pairs]);
	net_settings_close(&s->net);
	text_file_close(&s->psk_text);
	secret_wipe(&s->psk);
}
