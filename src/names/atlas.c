/*
 * Rows of data/alert-atlas.tsv by stack and fault. A stack that was not measured has no row, and no
 * guess.
 */
#include "names/atlas.h"

#include "base/array.h"

#include <string.h>
#include <strings.h>

struct stack_row {
	const char *family, *name, *measured;
};

#define NAMES_ATLAS
#include "names.inc"

const char *stack_name(enum stack stack)
{
	return stack != STACK_UNKNOWN ? stack_table[stack].name : "an unknown stack";
}

const char *stack_family(enum stack stack)
{
	return stack != STACK_UNKNOWN ? stack_table[stack].family : "an unknown stack";
}

const char *stack_measured(enum stack stack)
{
	return stack != STACK_UNKNOWN ? stack_table[stack].measured : "";
}

bool stack_matches(enum stack stack, const char *text)
{
	size_t len = strlen(text);

	if (stack == STACK_UNKNOWN || len == 0)
		return false;
	return strcasecmp(text, stack_table[stack].family) == 0 ||
	       strncasecmp(text, stack_table[stack].name, len) == 0;
}

size_t atlas_fault_count(void)
{
	return COUNT(fault_table);
}

const struct atlas_fault *atlas_fault_at(size_t i)
{
	return i < COUNT(fault_table) ? &fault_table[i] : NULL;
}

const struct atlas_fault *atlas_fault_find(enum atlas_side side, const char *id)
{
	for (size_t i = 0; i < COUNT(fault_table); i++) {
		if (fault_table[i].side == side && strcmp(fault_table[i].id, id) == 0)
			return &fault_table[i];
	}
	return NULL;
}

bool atlas_find(const char *fault_id, enum stack stack, struct atlas_answer *out)
{
	const struct atlas_fault *fault = atlas_fault_find(ATLAS_CLIENT, fault_id);

	*out = (struct atlas_answer){ .result = ATLAS_NOT_RUN, .alert = -1, .code = "" };
	if (fault == NULL || fault->answers[stack].result == ATLAS_NOT_RUN)
		return false;
	*out = fault->answers[stack];
	return true;
}

/*
 * The messages that each side can get, by flight and in order. In TLS 1.3 all of the server's is
 * one flight; in TLS 1.2 its Finished stands alone, and an alert after it is about nothing earlier.
 */
struct place {
	enum atlas_side receiver;
	unsigned message, flight, rank;
};

static const struct place places[] = {
	{ ATLAS_CLIENT, 1, 0, 0 },  /* its own ClientHello: no TLS came back */
	{ ATLAS_CLIENT, 2, 1, 1 },  /* ServerHello */
	{ ATLAS_CLIENT, 8, 1, 2 },  /* EncryptedExtensions */
	{ ATLAS_CLIENT, 11, 1, 3 }, /* Certificate */
	{ ATLAS_CLIENT, 12, 1, 4 }, /* ServerKeyExchange */
	{ ATLAS_CLIENT, 13, 1, 5 }, /* CertificateRequest */
	{ ATLAS_CLIENT, 15, 1, 6 }, /* CertificateVerify */
	{ ATLAS_CLIENT, 14, 1, 7 }, /* ServerHelloDone */
	{ ATLAS_CLIENT, 20, 2, 8 }, /* Finished */
	{ ATLAS_SERVER, 1, 0, 0 },  /* ClientHello */
	{ ATLAS_SERVER, 11, 1, 1 }, /* Certificate */
	{ ATLAS_SERVER, 16, 1, 2 }, /* ClientKeyExchange */
	{ ATLAS_SERVER, 15, 1, 3 }, /* CertificateVerify */
	{ ATLAS_SERVER, 20, 1, 4 }, /* Finished */
};

static const struct place *find_place(enum atlas_side receiver, unsigned message)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		if (places[i].receiver == receiver && places[i].message == message)
			return &places[i];
	}
	return NULL;
}

/* Can the fault be why its receiver stopped after the message that the query names? */
static bool fault_in_reach(const struct atlas_fault *fault, const struct atlas_query *query)
{
	const struct place *last, *at;

	if (query->after == ATLAS_ANY_MESSAGE)
		return true;
	last = find_place(query->sender, (unsigned)query->after);
	at = find_place(query->sender, fault->message);
	if (last == NULL || at == NULL || at->rank > last->rank)
		return false;
	return at->flight == last->flight || strncmp(fault->id, "t13_", 4) == 0;
}

static bool answer_fits(const struct atlas_answer *answer, int alert)
{
	if (alert == ATLAS_NO_ALERT)
		return answer->result == ATLAS_CLOSED;
	return (answer->result == ATLAS_ALERT || answer->result == ATLAS_WARNING) &&
	       answer->alert == alert;
}

/* 0 the last message, 1 one before it, 2 two faults at once. */
static int fault_tier(const struct atlas_fault *fault, const struct atlas_query *query)
{
	if (strchr(fault->id, '+') != NULL)
		return 2;
	return query->after != ATLAS_ANY_MESSAGE && fault->message != (unsigned)query->after;
}

size_t atlas_search(const struct atlas_query *query, struct atlas_hit *out, size_t max)
{
	size_t n = 0;

	for (int tier = 0; tier <= 2; tier++) {
		for (size_t i = 0; i < COUNT(fault_table); i++) {
			const struct atlas_fault *fault = &fault_table[i];

			if (fault->side != query->sender || fault_tier(fault, query) != tier ||
				!fault_in_reach(fault, query))
				continue;
			for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
				if ((query->stack != STACK_UNKNOWN && query->stack != s) ||
					!answer_fits(&fault->answers[s], query->alert))
					continue;
				if (n < max)
					out[n] = (struct atlas_hit){ s, fault, &fault->answers[s] };
				n++;
			}
		}
	}
	return n;
}

const struct stack_order *stack_order(enum stack stack)
{
	return stack != STACK_UNKNOWN ? &order_table[stack] : NULL;
}
