/* The columns of data/alert-reasons.tsv are written for readers; here they are read back. */
#include "names/alert_query.h"

#include "base/array.h"
#include "names/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { STACK_TEXT = 48, N_HANDSHAKE_TYPES = 256 };

int alert_query_sender(int after)
{
	static const char *const of_server[] = { "hello_request", "server_hello",
		"hello_verify_request", "new_session_ticket", "hello_retry_request",
		"encrypted_extensions", "server_key_exchange", "certificate_request",
		"server_hello_done", "certificate_status" };

	if (after == handshake_type_by_name("client_key_exchange"))
		return ATLAS_SERVER;
	for (size_t i = 0; i < COUNT(of_server); i++)
		if (after != ATLAS_ANY_MESSAGE && after == handshake_type_by_name(of_server[i]))
			return ATLAS_CLIENT;
	return ALERT_FROM_ANY;
}

bool alert_query_has_stack(const struct alert_query *q, enum stack stack)
{
	return q->stack == NULL || stack_matches(stack, q->stack);
}

/* "any", "OpenSSL, mbedTLS 3.6" or "any but Go". */
static bool list_has(const char *list, enum stack stack)
{
	char item[STACK_TEXT];

	if (strcmp(list, "any") == 0)
		return true;
	if (strncmp(list, "any but ", 8) == 0)
		return !list_has(list + 8, stack);
	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		(void)snprintf(item, sizeof item, "%.*s", (int)len, list);
		if (stack_matches(stack, item))
			return true;
		list += len;
		list += strspn(list, ", ");
	}
	return false;
}

static bool fits_stack(const struct alert_query *q, const struct alert_reason *reason)
{
	if (q->stack == NULL)
		return true;
	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++)
		if (alert_query_has_stack(q, s) && list_has(reason->stacks, s))
			return true;
	return false;
}

static bool fits_sender(const struct alert_query *q, const struct alert_reason *reason)
{
	if (q->from == ALERT_FROM_ANY || strcmp(reason->sender, "either") == 0)
		return true;
	return strcmp(reason->sender, q->from == ATLAS_CLIENT ? "client" : "server") == 0;
}

/* How much of the text says after which message it holds; 0 when it does not say. */
static size_t lead_length(const char *text)
{
	const char *rest = strncmp(text, "right ", 6) == 0 ? text + 6 : text;

	return strncmp(rest, "after the ", 10) == 0 ? strcspn(text, ":") : 0;
}

/* ServerHello is no part of ServerHelloDone. */
static bool has_word(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = 0; at + n <= len; at++) {
		bool begins = at == 0 || !isalnum((unsigned char)text[at - 1]);
		bool ends = at + n == len || !isalnum((unsigned char)text[at + n]);

		if (begins && ends && strncmp(text + at, word, n) == 0)
			return true;
	}
	return false;
}

static bool fits_message(const struct alert_query *q, const struct alert_reason *reason)
{
	size_t lead = lead_length(reason->text);
	bool names_one = false;

	if (q->after == ATLAS_ANY_MESSAGE || lead == 0)
		return true;
	for (unsigned type = 0; type < N_HANDSHAKE_TYPES; type++) {
		const char *title = name_handshake_title(type);

		if (title == NULL || !has_word(reason->text, lead, title))
			continue;
		if (type == (unsigned)q->after)
			return true;
		names_one = true;
	}
	return !names_one;
}

bool alert_query_fits(const struct alert_query *q, const struct alert_reason *reason)
{
	return fits_sender(q, reason) && fits_stack(q, reason) && fits_message(q, reason);
}
