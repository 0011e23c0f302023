/* What both forms of a code's look-up say alike. */
#include "report/lookups/code_lookup.h"

#include "names/pages.h"

#include <inttypes.h>
#include <stdio.h>

enum { PACKED_FROM = 0x1000000 }; /* OpenSSL: below it stands a bare reason */

static void openssl_number(const struct code_match *m, char out[static CODE_NUMBER])
{
	uint64_t packed = (uint64_t)m->code->number << 23 | (uint32_t)m->code->value;

	if (m->value >= PACKED_FROM)
		packed = (uint64_t)m->value;
	if (packed >= PACKED_FROM)
		(void)snprintf(out, CODE_NUMBER, "%08" PRIX64, packed);
	else
		(void)snprintf(out, CODE_NUMBER, "%" PRIu64, packed);
}

const char *code_number(const struct code_match *m, char out[static CODE_NUMBER])
{
	const struct code *code = m->code;

	if (code->library == CODE_MBEDTLS)
		(void)snprintf(out, CODE_NUMBER, "-0x%04X", (unsigned)-code->value);
	else if (!code->numbered)
		out[0] = '\0';
	else if (code->library == CODE_ESP ||
		 (code->library == CODE_SCHANNEL && code->value >= 0x90000))
		(void)snprintf(out, CODE_NUMBER, "0x%04" PRIX64, (uint64_t)code->value);
	else if (code->library == CODE_MBEDTLS_FLAG)
		(void)snprintf(out, CODE_NUMBER, "0x%02X", (unsigned)code->value);
	else if (code->library == CODE_OPENSSL)
		openssl_number(m, out);
	else
		(void)snprintf(out, CODE_NUMBER, "%" PRId64, code->value);
	return out;
}

/* Once each, while there is room. */
static void add(struct next_commands *out, const char *command)
{
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->list[i], command) == 0)
			return;
	if (command[0] != '\0' && out->n < NEXT_COMMANDS)
		(void)snprintf(out->list[out->n++], NEXT_COMMAND, "%s", command);
}

/* The page of the likeliest cause. */
static void add_page(struct next_commands *out, const char *ids)
{
	struct strbuf id = { 0 };
	char command[NEXT_COMMAND];

	lookup_put_first_id(&id, ids);
	(void)snprintf(command, sizeof command, "tlsdiag explain %s", strbuf_text(&id));
	if (rule_page_find(strbuf_text(&id)) != NULL)
		add(out, command);
	strbuf_free(&id);
}

void code_next(const struct code *code, struct next_commands *out)
{
	char command[NEXT_COMMAND];
	size_t n;
	const struct code_cause *causes = code_causes(code, &n);

	*out = (struct next_commands){ 0 };
	for (size_t i = 0; i < n && out->n + 2 < NEXT_COMMANDS; i++)
		add(out, causes[i].command);
	if (code->alert >= 0) {
		(void)snprintf(command, sizeof command, "tlsdiag alert %d", code->alert);
		add(out, command);
	}
	if (n != 0)
		add_page(out, causes[0].causes);
	else
		add_page(out, code->see);
	/* Whatever the code, the handshake that ended with it says more. */
	if (out->n == 0)
		add(out, "tlsdiag pcap FILE");
}
