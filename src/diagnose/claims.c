/* Rows of claims.def held against what was said, and what the checks know better. */
#include "diagnose/claims.h"

#include "base/array.h"
#include "diagnose/word.h"

enum claim_when { UNLESS, DID };

enum { BY_CLIENT = 1 << SIDE_CLIENT, BY_SERVER = 1 << SIDE_SERVER, BY_ANY = BY_CLIENT | BY_SERVER };

struct claim_row {
	enum saying saying;
	unsigned by; /* bits 1 << enum side */
	enum cause_id cause;
	enum confidence confidence;
	enum check_id judge; /* N_CHECKS: none */
	enum claim_when when;
};

static const struct claim_row rows[] = {
#define CLAIM(saying, by, cause, confidence, judge, when)                                          \
	{ SAYING_##saying, BY_##by, CAUSE_##cause, CONFIDENCE_##confidence, judge, when },
#include "diagnose/claims.def"
#undef CLAIM
};

/* ---- what was said ---- */

static bool uses_psk(const struct handshake *hs)
{
	const struct suite *s = hs->suite;

	return (s != NULL && (s->kx == KX_PSK || s->kx == KX_DHE_PSK || s->kx == KX_ECDHE_PSK ||
				     s->kx == KX_RSA_PSK)) ||
	       (hs->client_hello.seen && hs->client_hello.ext.has_pre_shared_key && !hs->resumed);
}

/*
 * Nothing but a binder can be wrong before the ServerHello (RFC 8446 4.2.11.2), where there is one: of a hello whose
 * bytes are not there it is not known.
 */
static enum saying of_the_hello(const struct handshake *hs)
{
	if (hs->server_hello.seen || handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO))
		return SAYING_decrypt_error;
	if (hs->client_hello.seen)
		return hs->client_hello.ext.has_pre_shared_key ? SAYING_psk_mismatch
							       : SAYING_decrypt_error;
	return handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO) ? SAYING_hello_refused
								 : SAYING_decrypt_error;
}

static bool is_mbedtls(const struct library_word *w)
{
	return w->release != NULL && strncmp(w->release, "mbedTLS", 7) == 0;
}

/* Nothing tells the version, and the library of the server does not rule TLS 1.3 out. */
static bool may_be_tls13(const struct handshake *hs)
{
	const struct library_word *w = &hs->side[SIDE_SERVER].word;
	const char *release;

	return hs->logged && is_mbedtls(w) && !hs->server_hello.seen && hs->suite == NULL &&
	       hs->n_events == 0 && !word_lacks_tls13(w, &release);
}

/* The client's random, or as much of it as there is of a hello that breaks off. */
static struct bytes begun_random(const struct handshake *hs)
{
	enum { RANDOM_AT = 4 + 2, RANDOM_LEN = 32 }; /* RFC 8446 4, 4.1.2 */
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);

	if (hs->client_hello.has_random)
		return bytes_of(hs->client_hello.random, RANDOM_LEN);
	return ev != NULL ? bytes_slice(ev->raw, RANDOM_AT, RANDOM_LEN) : bytes_of(NULL, 0);
}

/* mbedTLS 2 begins its random with the time (RFC 5246 7.4.1.2): neither of a clock that was never set, nor of
 * a number drawn at random. */
static bool clock_seems_right(const struct handshake *hs)
{
	static const int64_t from = 1420070400, to = 2208988800; /* 2015, 2040 */
	const char *release = hs->side[SIDE_CLIENT].word.release;
	struct bytes r = begun_random(hs);
	int64_t t;

	if (r.len < 4 || release == NULL || strncmp(release, "mbedTLS", 7) != 0 ||
		strncmp(release, "mbedTLS 3", 9) == 0)
		return false;
	t = (int64_t)r.data[0] << 24 | r.data[1] << 16 | r.data[2] << 8 | r.data[3];
	return t >= from && t < to;
}

/* A certificate that is for another name and another use at once is another's: a CA's, sent first. */
static bool other_leaf(const struct library_word *w, enum saying saying)
{
	enum { NAME = 0x04, USAGES = 0x0800 | 0x1000 | 0x2000 }; /* x509.h of mbedTLS */

	return (saying == SAYING_peer_name || saying == SAYING_peer_usage) && is_mbedtls(w) &&
	       (w->verify_flags & NAME) != 0 && (w->verify_flags & USAGES) != 0;
}

/*
 * The same words mean more or less, by who says them about what: of mbedTLS "not trusted" is also what comes
 * of a heap that ran out; and keys that differ come of the PSK, where there is one.
 */
static enum saying in_context(const struct handshake *hs, enum side by, enum saying saying)
{
	if ((saying == SAYING_peer_untrusted || saying == SAYING_peer_unknown_ca) &&
		is_mbedtls(&hs->side[by].word))
		return SAYING_peer_unverified;
	if (other_leaf(&hs->side[by].word, saying))
		return SAYING_peer_other_leaf;
	/* a decode_error over a message that was out of its turn, as words beside it say */
	if (saying == SAYING_malformed && party_says(&hs->side[by], SAYING_unexpected))
		return SAYING_unexpected;
	if (saying == SAYING_peer_not_yet_valid && by == SIDE_CLIENT && clock_seems_right(hs))
		return SAYING_peer_of_the_future;
	if (saying == SAYING_decrypt_error && by == SIDE_SERVER &&
		of_the_hello(hs) != SAYING_decrypt_error)
		return of_the_hello(hs);
	/* nothing was decrypted: it was too short for that */
	if (saying == SAYING_bad_record && party_says(&hs->side[by], SAYING_record_short))
		return SAYING_record_short;
	/* A client that refuses the chain may say so in the clear, or under other keys than are listened with. */
	if (saying == SAYING_bad_record && by == SIDE_SERVER && hs->tls13 && !uses_psk(hs))
		return SAYING_refusal_unread;
	if (saying == SAYING_bad_record && by == SIDE_SERVER && may_be_tls13(hs) && !uses_psk(hs))
		return SAYING_refusal_or_keys;
	if ((saying == SAYING_bad_record || saying == SAYING_finished ||
		    saying == SAYING_decrypt_error) &&
		uses_psk(hs))
		return SAYING_psk_mismatch;
	return saying;
}

static void add(const struct handshake *hs, struct claim *out, size_t *n, struct claim s)
{
	s.saying = in_context(hs, s.by, s.saying);
	for (size_t i = 0; i < *n; i++)
		if (out[i].saying == s.saying && out[i].by == s.by)
			return;
	if (s.saying != SAYING_NONE && *n < CLAIMS_MAX)
		out[(*n)++] = s;
}

size_t claims_of(const struct handshake *hs, struct claim out[static CLAIMS_MAX])
{
	struct claim more[16];
	size_t n = 0, k;

	for (unsigned side = 0; side < 2; side++) {
		const struct party *p = &hs->side[side];

		for (size_t i = 0; i < p->n_remarks; i++)
			add(hs, out, &n,
				(struct claim){ p->remarks[i].saying, side, p->remarks[i].line,
					p->remarks[i].words });
	}
	for (unsigned side = 0; side < 2; side++) {
		k = claims_by_word(hs, side, more, COUNT(more));
		for (size_t i = 0; i < k; i++)
			add(hs, out, &n, more[i]);
	}
	k = claims_by_alert(hs, more, COUNT(more));
	for (size_t i = 0; i < k; i++)
		add(hs, out, &n, more[i]);
	for (unsigned side = 0; side < 2; side++) {
		k = claims_by_printed(hs, side, out, n, more);
		for (size_t i = 0; i < k; i++)
			add(hs, out, &n, more[i]);
	}
	for (unsigned side = 0; side < 2; side++)
		if (claims_by_heap(hs, side, out, n, more))
			add(hs, out, &n, more[0]);
	return n;
}

bool claimed(const struct handshake *hs, enum side by, enum saying saying)
{
	struct claim all[CLAIMS_MAX];
	size_t n = claims_of(hs, all);

	for (size_t i = 0; i < n; i++)
		if (all[i].saying == saying && all[i].by == by)
			return true;
	return false;
}

static bool claimed_by_any(const struct handshake *hs, enum saying saying)
{
	return claimed(hs, SIDE_CLIENT, saying) || claimed(hs, SIDE_SERVER, saying);
}

/* ---- what it makes likely ---- */

/* Of the order of messages a log shows what was read: what was refused for its place may not be among it. */
static bool may_not_show(const struct claim_row *row, const struct examined *ex)
{
	return row->judge == CHECK_messages_in_order && ex->hs->logged;
}

/* Do the bytes leave the row standing? What passed was judged; what failed is what the words say. */
static bool stands(const struct claim_row *row, const struct examined *ex)
{
	bool passed =
		row->judge != N_CHECKS && passed_check(ex, row->judge) && !may_not_show(row, ex);

	return passed == (row->when == DID);
}

/* The row by which this saying speaks for the cause; NULL: none. *before: rows of the saying that stand before
 * it, for causes that are more plausible. */
static const struct claim_row *row_for(const struct claim *s, const struct cause *cause,
	const struct examined *ex, unsigned *before)
{
	*before = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].saying != s->saying || (rows[i].by >> s->by & 1) == 0 ||
			!stands(&rows[i], ex))
			continue;
		if (causes[rows[i].cause] == cause)
			return &rows[i];
		++*before;
	}
	return NULL;
}

bool claims_know(const struct cause *cause)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (causes[rows[i].cause] == cause)
			return true;
	return false;
}

/* Is it in the list, parted by blanks? */
static bool has_id(const struct strbuf *list, const char *id)
{
	const char *text = strbuf_text(list);
	size_t len = strlen(id);

	for (const char *p = strstr(text, id); p != NULL; p = strstr(p + 1, id))
		if ((p == text || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

/* What words claim against the bytes (DID) is nothing that words alone speak for. */
static bool speaks_for(const struct claim_row *r, enum saying saying, unsigned by, int confidence)
{
	return r->saying == saying && (r->by & by) != 0 && r->when == UNLESS &&
	       (int)r->confidence == confidence;
}

void claims_causes(enum saying saying, unsigned by, struct strbuf *out)
{
	for (int sure = CONFIDENCE_CERTAIN; sure >= CONFIDENCE_POSSIBLE; sure--)
		for (size_t i = 0; i < COUNT(rows); i++)
			if (speaks_for(&rows[i], saying, by, sure) &&
				!has_id(out, causes[rows[i].cause]->id))
				strbuf_printf(out, "%s%s", out->len != 0 ? " " : "",
					causes[rows[i].cause]->id);
}

/* That little heap was left stands beside what the failure itself is told as. */
static bool is_of_heap(enum saying saying)
{
	return saying == SAYING_heap_low || saying == SAYING_heap_scarce;
}

enum { QUOTES_MAX = 6 };

/* A line of a log that goes with a capture is no place in the capture. */
static void prove_line(struct finding *f, const struct case_file *cf, const struct handshake *hs,
	uint64_t line, const char *what, const char *words)
{
	if (hs->has_log && line != 0)
		finding_prove(f, cf, 0, "%s, line %llu: %s", what, (unsigned long long)line, words);
	else
		finding_prove(f, cf, line, "%s: %s", what, words);
}

/* The words; else what its library returned, of which the claim comes. */
static void quote(struct finding *f, const struct case_file *cf, const struct handshake *hs,
	const struct claim *s)
{
	const struct library_word *w = &hs->side[s->by].word;
	const char *who = claims_own_files(s) ? "the program" : side_name(s->by);
	struct strbuf text = { 0 };

	if (f->n_proof >= QUOTES_MAX)
		return;
	if (is_of_heap(s->saying))
		heap_prove(cf, hs, s->by, f);
	if (claims_of_print(s->saying)) {
		printed_prove(cf, hs, s, f);
		return;
	}
	if (s->saying == SAYING_altered_on_way) {
		finding_prove(f, cf, s->line, "%s's log and the capture differ: %s", who, s->words);
		return;
	}
	if (s->words != NULL && s->words[0] != '\0') {
		prove_line(f, cf, hs, s->line, case_text(cf, "%s's log", who), s->words);
		return;
	}
	if (!word_failed(w) || s->words != NULL)
		return;
	word_text(w, &text);
	prove_line(f, cf, hs, w->line, case_text(cf, "%s's own library", who), strbuf_text(&text));
	strbuf_free(&text);
}

/* Checks that fail because the handshake failed, whatever it was over. */
static const enum check_id failing[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_hello_answered, CHECK_finished_accepted, N_CHECKS };

/* What comes of a message that was changed on its way. */
static const enum check_id spoilt[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_hello_answered, CHECK_finished_accepted, CHECK_messages_well_formed,
	CHECK_certificate_well_formed, CHECK_chain_signatures, CHECK_chain_trusted,
	CHECK_ske_point_on_curve, CHECK_ske_signature, CHECK_certificate_verify_signature,
	N_CHECKS };

/* What goes with many faults counts only where nothing more is said, and nothing is known to be wrong. */
static bool is_vague(enum saying saying)
{
	static const enum saying vague[] = { SAYING_peer_closed, SAYING_reset, SAYING_timeout,
		SAYING_peer_refused, SAYING_peer_unjudged, SAYING_nothing_in_common,
		SAYING_decrypt_error, SAYING_illegal_parameter, SAYING_failed,
		SAYING_peer_certificate_bad, SAYING_refusal_unread, SAYING_refusal_or_keys,
		SAYING_record_refused, SAYING_not_available, SAYING_internal_error };

	for (size_t i = 0; i < COUNT(vague); i++)
		if (vague[i] == saying)
			return true;
	return false;
}

/* Did a check fail that says more than that the handshake failed, and than what the log leaves out? */
static bool is_explained(const struct examined *ex)
{
	static const enum check_id idle[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
		CHECK_hello_answered, CHECK_finished_accepted, CHECK_capture_complete };

	for (enum check_id id = 0; id < N_CHECKS; id++) {
		bool says_nothing = false;

		for (size_t i = 0; i < COUNT(idle) && !says_nothing; i++)
			says_nothing = idle[i] == id;
		if (!says_nothing && failed_check(ex, id))
			return true;
	}
	return false;
}

static bool is_outdone(
	const struct claim *s, const struct claim *all, size_t n, const struct examined *ex)
{
	if (!is_vague(s->saying))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_vague(all[i].saying) && !is_of_heap(all[i].saying))
			return true;
	return is_explained(ex);
}

/* A code without a line of a log around it makes nothing more than possible. */
static bool is_bare(const struct handshake *hs)
{
	return hs->logged && hs->first_packet == 0;
}

/* A heap that never ran low has not run out, whatever may look so. */
static bool heap_acquits(
	const struct cause *cause, const struct handshake *hs, const struct claim *s)
{
	const struct library_word *w = &hs->side[s->by].word;

	if (cause != causes[CAUSE_heap_exhausted] || s->saying == SAYING_out_of_memory)
		return false;
	/* where it is told, what is low is said in a claim of its own */
	return heap_was_ample(w) ||
	       (s->saying == SAYING_peer_unjudged && w->heap.moment != HEAP_UNKNOWN);
}

/* That the program knew what it said, and what is likelier is not so. Two logs that differ are believed as they are. */
static unsigned believed_of(const struct claim_row *row, unsigned before)
{
	return before + (row->confidence != CONFIDENCE_CERTAIN) + claims_of_print(row->saying);
}

static enum confidence sure_of(
	const struct claim_row *row, const struct handshake *hs, const struct claim *s)
{
	enum confidence most = claims_of_print(s->saying) ? claims_print_sureness(hs, s->by)
			       : is_bare(hs)              ? CONFIDENCE_POSSIBLE
							  : CONFIDENCE_CERTAIN;

	return row->confidence < most ? row->confidence : most;
}

/* What one handshake has to say for the cause; false: nothing. */
static bool take(const struct cause *cause, const struct case_file *cf, const struct examined *ex,
	struct finding *f, unsigned *assumptions, bool accuse)
{
	struct claim all[CLAIMS_MAX];
	size_t n = claims_of(ex->hs, all);
	unsigned before, believed;
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		const struct claim_row *row = row_for(&all[i], cause, ex, &before);

		if (row == NULL || is_outdone(&all[i], all, n, ex) ||
			heap_acquits(cause, ex->hs, &all[i]))
			continue;
		if (f->confidence < sure_of(row, ex->hs, &all[i]))
			f->confidence = sure_of(row, ex->hs, &all[i]);
		quote(f, cf, ex->hs, &all[i]);
		if (accuse && !found)
			claims_accuse(&all[i], f);
		believed = believed_of(row, before);
		if (!found || believed < *assumptions)
			*assumptions = believed;
		found = true;
	}
	return found;
}

/* A finding of words alone. */
static void add_handshake(const struct examined *ex, struct finding *f, bool first)
{
	bool completed = ex->hs->outcome == OUTCOME_COMPLETED;

	if (first || !completed)
		f->severity = completed ? SEVERITY_WARNING : SEVERITY_ERROR;
	finding_add(f, ex,
		f->cause == causes[CAUSE_message_corrupted] &&
				claimed_by_any(ex->hs, SAYING_altered)
			? spoilt
			: failing);
}

/* Codes and alerts speak of logs alone. Of a capture most handshakes are silent, and each is asked for every
 * cause. */
static bool is_silent(const struct handshake *hs)
{
	return !hs->logged &&
	       hs->side[SIDE_CLIENT].n_remarks + hs->side[SIDE_SERVER].n_remarks == 0;
}

/* How sure one handshake makes of the cause; -1: it says nothing of it. */
static int sureness_in(const struct cause *cause, const struct examined *ex)
{
	struct claim all[CLAIMS_MAX];
	size_t n = claims_of(ex->hs, all);
	unsigned before;
	int most = -1;

	for (size_t i = 0; i < n; i++) {
		const struct claim_row *row = row_for(&all[i], cause, ex, &before);

		if (row == NULL || is_outdone(&all[i], all, n, ex) ||
			heap_acquits(cause, ex->hs, &all[i]))
			continue;
		if ((int)sure_of(row, ex->hs, &all[i]) > most)
			most = (int)sure_of(row, ex->hs, &all[i]);
	}
	return most;
}

/*
 * Of a certificate: where one handshake makes it likely, those in which it is one possibility of several are not counted
 * with it. They may be about the other side's, and have other causes beside it.
 */
static int most_sure(const struct cause *cause, const struct case_file *cf)
{
	int most = -1;

	for (size_t i = 0; i < cf->n_kept; i++) {
		int sure = is_silent(cf->kept[i]->hs) ? -1 : sureness_in(cause, cf->kept[i]);

		most = sure > most ? sure : most;
	}
	return most;
}

bool claims_show(
	const struct cause *cause, const struct case_file *cf, struct finding *f, bool shown)
{
	unsigned assumptions = 0;
	bool found = false;
	int most = shown || cause->chain == NULL ? -1 : most_sure(cause, cf);

	if (!shown)
		f->confidence = CONFIDENCE_POSSIBLE;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (is_silent(cf->kept[i]->hs) || sureness_in(cause, cf->kept[i]) < most ||
			!take(cause, cf, cf->kept[i], f, &assumptions, !shown && !found))
			continue;
		if (!shown)
			add_handshake(cf->kept[i], f, !found);
		found = true;
	}
	f->of_words = found && !shown;
	if (f->of_words)
		f->assumptions = assumptions;
	return shown || found;
}
