/* Each kind of evidence decides some causes; the kind is asked for that decides most of those that remain. */
#include "diagnose/ask.h"

#include "base/array.h"
#include "diagnose/story.h"
#include "session/handshake.h"

enum ask {
	ASK_STATE,   /* where the handshake stood */
	ASK_FLAGS,   /* the verify flags of mbedTLS */
	ASK_ALERT,   /* the number of the alert that came */
	ASK_HEAP,    /* the lowest free heap */
	ASK_LINE,    /* what the library says of itself */
	ASK_HEADER,  /* type and length of the record that was refused */
	ASK_CLOCK,   /* what the device takes for the time */
	ASK_FILES,   /* the chain, the key and the CA file, on the host */
	ASK_RECORDS, /* the bytes: a capture, or a log of level 4 */
	ASK_PEER,    /* the other side's own log */
	N_ASKS
};

enum {
	STATE = 1 << ASK_STATE,
	FLAGS = 1 << ASK_FLAGS,
	LINE = 1 << ASK_LINE,
	HEADER = 1 << ASK_HEADER,
	HEAP = 1 << ASK_HEAP,
	CLOCK = 1 << ASK_CLOCK,
	FILES = 1 << ASK_FILES,
	RECORDS = 1 << ASK_RECORDS,
	PEER = 1 << ASK_PEER,
};

/* Nothing does: the code has one meaning. */
enum { SETTLED = 1 << N_ASKS };

/* What settles a cause one way or the other. */
static const struct {
	enum cause_id cause;
	unsigned settled_by;
} settled[] = {
	{ CAUSE_ca_not_trusted, FLAGS | FILES | PEER },
	{ CAUSE_intermediate_missing, FLAGS | FILES },
	{ CAUSE_no_trust_anchor, FLAGS | FILES },
	{ CAUSE_certificate_expired, FLAGS | FILES | CLOCK },
	{ CAUSE_certificate_not_yet_valid, FLAGS | FILES | CLOCK },
	{ CAUSE_clock_wrong, FLAGS | CLOCK },
	{ CAUSE_name_mismatch, FLAGS | FILES },
	{ CAUSE_weak_key, FLAGS | FILES },
	{ CAUSE_weak_signature, FLAGS | FILES },
	{ CAUSE_key_usage_forbids, FLAGS | FILES },
	{ CAUSE_ext_key_usage_forbids, FLAGS | FILES },
	{ CAUSE_client_certificate_untrusted, FLAGS | PEER },
	{ CAUSE_client_certificate_missing, RECORDS | PEER },
	{ CAUSE_heap_exhausted, HEAP },
	{ CAUSE_wrong_private_key, RECORDS | FILES | PEER },
	{ CAUSE_ec_arithmetic_broken, RECORDS },
	{ CAUSE_signature_hash_mismatch, RECORDS },
	{ CAUSE_signature_transcript_mismatch, RECORDS },
	{ CAUSE_signature_encoding, RECORDS },
	{ CAUSE_message_corrupted, RECORDS },
	{ CAUSE_point_encoding, RECORDS },
	{ CAUSE_verifier_broken, RECORDS },
	{ CAUSE_client_key_mismatch, RECORDS | FILES },
	{ CAUSE_finished_mismatch, RECORDS | PEER },
	{ CAUSE_record_cipher_broken, RECORDS | PEER },
	{ CAUSE_no_common_version, RECORDS },
	{ CAUSE_no_common_cipher_suite, RECORDS | PEER },
	{ CAUSE_no_common_group, RECORDS | PEER },
	{ CAUSE_no_common_signature_scheme, RECORDS | PEER },
	{ CAUSE_certificate_type_unusable, RECORDS | FILES },
	{ CAUSE_parameter_not_offered, RECORDS },
	{ CAUSE_psk_mismatch, PEER },
	{ CAUSE_psk_unknown_identity, PEER },
	{ CAUSE_message_malformed, RECORDS },
	{ CAUSE_unexpected_message, RECORDS },
	{ CAUSE_record_too_large, HEADER | RECORDS },
	{ CAUSE_message_fragmented, LINE | RECORDS },
	{ CAUSE_not_tls, HEADER | RECORDS },
	{ CAUSE_plain_http, HEADER | RECORDS },
	{ CAUSE_peer_closed, STATE | PEER | RECORDS },
	{ CAUSE_connection_reset, PEER | RECORDS },
	{ CAUSE_server_silent, RECORDS },
	{ CAUSE_hostname_not_set, SETTLED },
	{ CAUSE_psa_not_initialised, LINE },
	{ CAUSE_pem_not_terminated, FILES },
	{ CAUSE_certificate_malformed, FILES },
	{ CAUSE_file_of_another_kind, FILES },
	{ CAUSE_key_file_unusable, FILES },
	{ CAUSE_certificate_curve_unsupported, FILES },
};

/* 0: not listed. */
static unsigned listed_as(const struct cause *cause)
{
	for (size_t i = 0; i < COUNT(settled); i++)
		if (causes[settled[i].cause] == cause)
			return settled[i].settled_by;
	return 0;
}

static unsigned settled_by(const struct cause *cause)
{
	unsigned by = listed_as(cause);

	return by != 0 ? by : RECORDS;
}

/* How to get it: with mbedTLS on a device, and with anything else. NULL: there it is of no use. */
static const char *const how[N_ASKS][2] = {
	[ASK_STATE] = { "print where it stood when it failed, printf(\"%d\", "
			"ssl.MBEDTLS_PRIVATE(state)), of 2.x printf(\"%d\", ssl.state); then again "
			"with "
			"--state NUMBER",
		NULL },
	[ASK_FLAGS] = { "print one number after the failure, which parts these: printf(\"%08lx\", "
			"(unsigned "
			"long)mbedtls_ssl_get_verify_result(&ssl)); then tlsdiag strerror 0xNUMBER",
		NULL },
	[ASK_ALERT] = { "find the number of the alert, which is the whole of the matter: debug "
			"level 1 (mbedtls_debug_set_threshold(1), mbedtls_ssl_conf_dbg) prints "
			"\"is "
			"a fatal alert message (msg NN)\"; then tlsdiag alert NN",
		"find the number of the alert, which is the whole of the matter, in a capture or "
		"in the "
		"program's own log; then tlsdiag alert NN" },
	[ASK_HEAP] = { "print the lowest free heap right after the failure: "
		       "xPortGetMinimumEverFreeHeapSize(), heap_caps_get_minimum_free_size(), or "
		       "mbedtls_memory_buffer_alloc_status()",
		"look at the memory the process may use" },
	[ASK_LINE] = { "let the library say which line of it failed: debug level 1 "
		       "(mbedtls_debug_set_threshold(1), mbedtls_ssl_conf_dbg) names it, such as "
		       "\"TLS handshake fragmentation not supported\"; then tlsdiag log again",
		NULL },
	[ASK_HEADER] = { "look at the record that was refused: at debug level 3 "
			 "(mbedtls_debug_set_threshold(3), mbedtls_ssl_conf_dbg) \"input record: "
			 "msgtype = T, version = [..], msglen = N\" is printed before it is "
			 "judged. N "
			 "above MBEDTLS_SSL_IN_CONTENT_LEN: too large; T not 20 to 23, such as 72 "
			 "(H): "
			 "no TLS",
		NULL },
	[ASK_CLOCK] = { "print what the device takes for the time when it shakes hands: "
			"printf(\"%lld\", (long long)mbedtls_time(NULL))",
		"run date where the program runs" },
	[ASK_FILES] = { "hold the files against each other on the host: tlsdiag check --cert "
			"chain.pem "
			"--ca ca.pem --name NAME",
		"hold the files against each other: tlsdiag check --cert chain.pem --ca ca.pem "
		"--name "
		"NAME" },
	[ASK_RECORDS] = { "get the bytes: tcpdump -s 0 -w fail.pcap on the way, then tlsdiag pcap "
			  "fail.pcap "
			  "--ca ca.pem; or debug level 4 on the device "
			  "(mbedtls_debug_set_threshold(4), "
			  "mbedtls_ssl_conf_dbg; a UART of 921600 baud takes it) and tlsdiag log "
			  "again",
		"get the bytes: tcpdump -s 0 -w fail.pcap on the way, then tlsdiag pcap fail.pcap "
		"--ca "
		"ca.pem" },
	[ASK_PEER] = { "get the other side's own log of the same moment, and give both: tlsdiag "
		       "log "
		       "here.log there.log",
		"get the other side's own log of the same moment, and give both: tlsdiag log "
		"here.log "
		"there.log" },
};

/* ---- which one ---- */

static const struct handshake *first_of(const struct case_file *cf, const struct finding *f)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (f->n_handshakes != 0 && cf->kept[i]->hs->id == f->handshakes[0])
			return cf->kept[i]->hs;
	return NULL;
}

static bool says_mbedtls(const struct handshake *hs)
{
	for (unsigned side = 0; side < 2; side++)
		if (hs->side[side].word.release != NULL &&
			strncmp(hs->side[side].word.release, "mbedTLS", 7) == 0)
			return true;
	return false;
}

/* Its library says that an alert came, and no number is known. */
static bool lacks_alert(const struct handshake *hs)
{
	enum { FATAL_ALERT_MESSAGE = -0x7780 };

	for (unsigned side = 0; side < 2; side++)
		if (hs->side[side].word.code == FATAL_ALERT_MESSAGE &&
			!hs->side[side].word.got_alert)
			return hs->n_alerts == 0;
	return false;
}

static bool has_messages(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE)
			return true;
	return false;
}

/* A bit 1 << enum ask for each piece of evidence that is there already. */
static unsigned asked_already(const struct handshake *hs)
{
	const struct library_word *client = &hs->side[SIDE_CLIENT].word;
	const struct library_word *server = &hs->side[SIDE_SERVER].word;
	unsigned known = 0;

	if (client->heap.moment == HEAP_LOWEST || server->heap.moment == HEAP_LOWEST)
		known |= 1u << ASK_HEAP;
	if (client->verify_flags != 0 || server->verify_flags != 0)
		known |= 1u << ASK_FLAGS;
	if (client->state != NULL || server->state != NULL || has_messages(hs))
		known |= 1u << ASK_STATE;
	if (client->code != 0 && server->code != 0)
		known |= 1u << ASK_PEER;
	return known;
}

/* Of the causes that remain, how many does it settle? The kinds stand in the order of their cheapness. */
static enum ask best_of(const struct finding *f, size_t n, bool mbedtls, unsigned known)
{
	enum ask best = ASK_RECORDS;
	size_t most = 0;

	for (unsigned ask = 0; ask < N_ASKS; ask++) {
		size_t settles = 0;

		if ((known >> ask & 1) != 0)
			continue;
		for (size_t i = 0; i < n && f[i].severity == SEVERITY_ERROR; i++)
			settles += settled_by(f[i].cause) >> ask & 1;
		if (settles > most && how[ask][!mbedtls] != NULL) {
			most = settles;
			best = (enum ask)ask;
		}
	}
	return best;
}

/* Before all other steps; the last gives way where there is no more room. */
static void step_first(struct finding *f, const struct case_file *cf, const char *text)
{
	if (f->n_steps == STEPS_MAX)
		f->n_steps--;
	memmove(&f->next_steps[1], &f->next_steps[0], f->n_steps * sizeof *f->next_steps);
	f->next_steps[0] = f->asks = case_text(cf, "%s", text);
	f->n_steps++;
}

/* A likely one needs no choice of evidence; but where bytes that nobody has seen would prove it, they are
 * worth the getting. */
static bool bytes_would_prove(const struct finding *f, const struct handshake *hs)
{
	return f->confidence == CONFIDENCE_LIKELY && listed_as(f->cause) == RECORDS &&
	       !hs->client_hello.seen && !hs->server_hello.seen && !hs->ske.seen;
}

const char *ask_unexplained(const struct handshake *hs)
{
	return hs->logged && lacks_alert(hs) ? how[ASK_ALERT][!says_mbedtls(hs)] : NULL;
}

void ask_for_more(const struct case_file *cf, struct finding *f, size_t n)
{
	const struct handshake *hs = n != 0 ? first_of(cf, &f[0]) : NULL;
	enum ask ask = ASK_RECORDS;
	bool mbedtls;

	if (hs == NULL || !hs->logged)
		return;
	mbedtls = says_mbedtls(hs);
	if (listed_as(f[0].cause) == SETTLED)
		return;
	if (f[0].confidence == CONFIDENCE_POSSIBLE)
		ask = lacks_alert(hs) ? ASK_ALERT : best_of(f, n, mbedtls, asked_already(hs));
	else if (!bytes_would_prove(&f[0], hs))
		return;
	step_first(&f[0], cf, how[ask][!mbedtls]);
}
