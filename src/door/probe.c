/*
 * Live handshakes as inputs of a run: targets are probed side by side (crew.c), and read in their
 * order, each as the capture of what was said.
 */
#include "base/memory.h"
#include "door/crew.h"
#include "door/run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
	CONNECT_MS = 5000,
	ANSWER_MS = 10000,
	DEADLINE_MS = 30000,
	ATTEMPTS = 3,
	JOBS = 8,
	HTTPS_PORT = 443,
	PROXY_PORT = 3128,
};

void tlsdiag_probe_options_init(struct tlsdiag_probe_options *o)
{
	*o = (struct tlsdiag_probe_options){ .connect_ms = CONNECT_MS,
		.timeout_ms = ANSWER_MS,
		.deadline_ms = DEADLINE_MS,
		.attempts = ATTEMPTS,
		.jobs = JOBS };
}

bool tlsdiag_target_valid(const char *target, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	struct target ignored;

	return target_parse(target, HTTPS_PORT, &ignored, &err) ||
	       run_tell(e, &err, TLSDIAG_BAD_OPTION);
}

/* ---- what becomes of a probe ---- */

/* What of this machine's own ended an attempt, in one line; NULL: nothing. No word about the target. */
static const char *own_failure(const struct probe *p, struct arena *a)
{
	char where[TARGET_TEXT];

	target_text(&p->target, where);
	for (size_t i = 0; i < p->n_attempts; i++) {
		const struct client_result *r = &p->attempt[i].result;

		if (p->attempt[i].handshaken && r->self_failed)
			return arena_printf(a,
				"%s: attempt %zu ended by a failure of this machine's own (%s, "
				"-0x%04X): nothing is said of the server",
				where, i + 1,
				memory_failures() != 0 ? "out of memory" : "its TLS library",
				(unsigned)(r->code < 0 ? -r->code : r->code));
	}
	return NULL;
}

/* What keeps a target from being reached, in one line; NULL when it was. */
static const char *not_reached(const struct probe *p, bool by_proxy, struct arena *a)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;
	char where[TARGET_TEXT];

	if (probe_reached(p) && !p->starved)
		return NULL;
	target_text(&p->target, where);
	if (last == NULL || p->starved)
		return arena_printf(a,
			"%s was not tried: this system has no more of what it takes: %s", where,
			last != NULL && last->error[0] != '\0' ? last->error : strerror(ENOMEM));
	if (last->line == LINE_NO_NAME)
		return arena_printf(a, "the name of %s cannot be resolved: %s (after %.0f ms)",
			by_proxy ? "the proxy" : where, last->error, last->connect_ms);
	if (last->talked) {
		char text[320];

		dialogue_result_text(&last->before, text, sizeof text);
		return arena_printf(a, "%s: no TLS: %s", where, text);
	}
	return arena_printf(a, "%s cannot be reached%s: %s (after %.0f ms)", where,
		by_proxy ? " through the proxy" : "", last->error, last->connect_ms);
}

/* Refused, unreachable, unanswered: the packets say so, and the diagnosis says it better. */
static bool shown_by_packets(const struct probe *p)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;

	return last != NULL && (last->line == LINE_REFUSED || last->line == LINE_UNREACHABLE ||
				       last->line == LINE_UNANSWERED);
}

static enum client_auth auth_of(const struct client_result *r)
{
	if (!r->asked_known)
		return CLIENT_AUTH_UNKNOWN;
	if (!r->asked)
		return CLIENT_AUTH_NOT_ASKED;
	return r->sent_certificate ? CLIENT_AUTH_SENT : CLIENT_AUTH_NONE;
}

/* Of our own client's attempts mbedTLS has a word on the chain alone. */
static struct library_word word_of(const struct client_result *r, const char *library)
{
	if (r->own && r->verify_flags == 0)
		return (struct library_word){ .release = NULL };
	if (r->own)
		return (struct library_word){ .release = library,
			.code = r->code,
			.function = "mbedtls_x509_crt_verify",
			.state = "SERVER_CERTIFICATE",
			.verify_flags = r->verify_flags };
	return (struct library_word){ .release = library,
		.code = r->code,
		.state = r->state,
		.got_alert = r->got_alert,
		.alert = r->alert,
		.verify_flags = r->verify_flags,
		.went_round = r->went_round };
}

/* What only the client itself knows: what it made of the server, or that it heard enough. */
static void tell_words(struct tlsdiag *run, const struct probe *p)
{
	char library[48];
	const char *name = run->given.evidence.name;

	(void)snprintf(library, sizeof library, "mbedTLS %s", crypto_library_version());
	if (name == NULL && !target_is_address(&p->target))
		name = p->target.host;
	for (size_t i = 0; i < p->n_attempts; i++) {
		const struct probe_attempt *a = &p->attempt[i];
		const struct client_result *r = &a->result;
		struct library_word word = word_of(r, library);
		struct told told = { .client = a->client,
			.server = a->server,
			.heard = r->heard,
			.otherwise = a->otherwise,
			.verified = r->verified,
			.beyond = r->beyond,
			.dropped = r->dropped,
			.self_failed = r->self_failed };

		if (p->by_client) {
			told.client_auth = auth_of(r);
			told.word[SIDE_CLIENT] = word;
			told.chain[SIDE_SERVER] = r->chain;
			told.n_chain[SIDE_SERVER] = r->n_chain;
			told.alpn = r->alpn;
			told.name = name;
		}
		if (a->handshaken && (p->by_client || r->heard.cut != CUT_NONE))
			pipeline_tell(run->pipeline, &told);
		for (size_t k = 0; k < r->n_links; k++)
			pipeline_know_link(run->pipeline, r->links[k].child, r->links[k].issuer);
	}
}

/* A handshake that failed for want of memory of ours would be diagnosed as if the server had failed. */
static bool read_nothing(
	struct tlsdiag *run, const char *kind, const char *name, const char *problem, struct err *e)
{
	struct tape *empty = tape_open();
	bool ok = empty != NULL ? run_read_bytes(run, kind, name, tape_file(empty), problem, e)
				: err_set(e, ERR_MEMORY, 0, "out of memory");

	tape_close(empty);
	return ok;
}

/* What does not keep it from being reached, and the user should know of; NULL: nothing. */
static const char *oddity(const struct probe *p, struct arena *a)
{
	const struct probe_attempt *first = p->n_attempts != 0 ? &p->attempt[0] : NULL;

	if (first != NULL && first->passed[0] != '\0')
		return arena_printf(
			a, "the name has other addresses that do not answer: %s", first->passed);
	if (first != NULL && first->before.surplus != 0 && first->before.script != NULL)
		return arena_printf(a,
			"%zu bytes in the clear came behind the last reply of the %s, before TLS "
			"began: they were dropped",
			first->before.surplus, first->before.script->peer);
	if (tape_failed(p->tape))
		return "more was said than is recorded: the rest of it is not diagnosed";
	return NULL;
}

/* Of our own client, which what it saw is read under. */
static void hear_keys(struct tlsdiag *run, const struct probe *p)
{
	if (p->keys.len != 0)
		keys_hear(run, bytes_of(strbuf_text(&p->keys), p->keys.len));
}

bool run_read_probe(struct tlsdiag *run, const char *kind, const struct probe *p, bool by_proxy,
	size_t *unreached, struct err *e)
{
	char name[TARGET_TEXT];
	const char *own = p->by_client ? own_failure(p, run->given.arena) : NULL;
	const char *problem = own != NULL ? own : not_reached(p, by_proxy, run->given.arena);
	bool ok;

	*unreached += problem != NULL;
	run->inputs.n_unread += problem != NULL;
	if (own == NULL && shown_by_packets(p))
		problem = NULL;
	run->given.evidence.asked = true;
	target_text(&p->target, name);
	if (problem == NULL)
		problem = oddity(p, run->given.arena);
	if (p->starved)
		return read_nothing(run, kind, name, problem, e);
	tell_words(run, p);
	hear_keys(run, p);
	pipeline_target(run->pipeline, name);
	ok = run_read_bytes(run, kind, name, tape_file(p->tape), problem, e);
	pipeline_target(run->pipeline, NULL);
	return ok;
}

static bool write_out(FILE *to, const char *what, const void *data, size_t len, struct err *e)
{
	if (to == NULL || fwrite(data, 1, len, to) == len)
		return true;
	return err_set(e, ERR_OS, errno, "cannot write %s: %s", what, strerror(errno));
}

/* Each is written out as it is read: what all of them said need not be kept. */
static bool take_in(struct tlsdiag *run, const struct tlsdiag_probe_options *o, struct crew_job *j,
	bool first, size_t *unreached, struct err *e)
{
	const struct probe *p = &j->probe;
	struct bytes packets;

	if (!j->ok) {
		*e = j->err;
		return false;
	}
	packets = first ? tape_file(p->tape) : tape_packets(p->tape);
	return run_read_probe(run, "probe", p, o->proxy != NULL, unreached, e) &&
	       write_out(o->keylog, "the key log", strbuf_text(&p->keys), p->keys.len, e) &&
	       write_out(o->pcap, "the capture", packets.data, packets.len, e);
}

static bool probe_all(struct tlsdiag *run, const struct tlsdiag_probe_options *o,
	const struct probe_options *driver, const struct target *targets, size_t n_targets,
	size_t *unreached, struct err *e)
{
	struct crew *c = crew_open(driver, targets, n_targets, o->jobs);
	bool ok = c != NULL || err_set(e, ERR_MEMORY, 0, "out of memory"), first = true;
	struct crew_job *j;

	while (ok && (j = crew_next(c)) != NULL) {
		ok = take_in(run, o, j, first, unreached, e);
		first = false;
	}
	crew_close(c);
	return ok;
}

/* ---- the door's words in the driver's ---- */

static enum probe_clients clients_of(
	const struct tlsdiag_probe_options *o, const struct build *build)
{
	switch (o->client) {
	case TLSDIAG_CLIENT_DIAG:
		return PROBE_OWN;
	case TLSDIAG_CLIENT_MBEDTLS:
		return PROBE_MBEDTLS;
	case TLSDIAG_CLIENT_BOTH:
		return PROBE_BOTH;
	case TLSDIAG_CLIENT_DEFAULT:
		break;
	}
	return o->hello != NULL || build != NULL ? PROBE_OWN : PROBE_OWN_FIRST;
}

/* The hello of the configuration's build is said where the user wants no other client, and it is one; NULL: it is
 * evidence alone. */
static const struct build *build_to_say(
	const struct tlsdiag *run, const struct tlsdiag_probe_options *o)
{
	const struct config_reading *r = run->given.evidence.config;

	return r != NULL && r->build.client && r->build.n_suites != 0 && o->hello == NULL &&
			       o->client == TLSDIAG_CLIENT_DEFAULT
		       ? &r->build
		       : NULL;
}

bool tlsdiag_hello_valid(const char *name, struct tlsdiag_error *e)
{
	struct strbuf stacks = { 0 };
	struct err err = { 0 };

	if (hello_profile_find(name) != NULL)
		return true;
	hello_profile_stacks(&stacks);
	(void)err_set(&err, ERR_USAGE, 0, "no ClientHello of '%.40s' is known, but of %s", name,
		strbuf_text(&stacks));
	strbuf_free(&stacks);
	return run_tell(e, &err, TLSDIAG_BAD_OPTION);
}

static struct probe_options driver_options(
	const struct tlsdiag *run, const struct tlsdiag_probe_options *o)
{
	const struct evidence *ev = &run->given.evidence;
	const struct build *build = build_to_say(run, o);

	return (struct probe_options){
		.client = { .profile = o->hello != NULL ? hello_profile_find(o->hello) : NULL,
			.build = build,
			.sni = o->sni,
			.name = ev->name,
			.trust = ev->trust,
			.has_at = ev->has_at,
			.at = ev->at,
			.min_version = o->min_version,
			.max_version = o->max_version,
			.suites = o->suites,
			.groups = o->groups,
			.schemes = o->schemes,
			.n_suites = o->n_suites,
			.n_groups = o->n_groups,
			.n_schemes = o->n_schemes,
			.alpn = o->alpn,
			.max_fragment_length = o->max_fragment_length,
			.cert = o->cert,
			.key = o->key != NULL ? o->key : o->cert,
			.key_password = o->key_password,
			.psk = bytes_of(o->psk, o->psk_len),
			.psk_identity = o->psk_identity,
			.resume = o->resume,
			.timeout_ms = (int)o->timeout_ms },
		.no_sni = o->no_sni,
		.way = { .connect_ms = (int)o->connect_ms,
			.deadline_ms = deadline_of(o->deadline_ms) },
		.attempts = o->attempts,
		.insist = o->insist,
		.clients = clients_of(o, build),
	};
}

static bool parse_targets(const struct tlsdiag_probe_options *o, const char *const *names,
	struct target *targets, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (!target_parse(names[i], ways_port(o->starttls), &targets[i], e))
			return false;
		targets[i].family = o->family;
	}
	return true;
}

bool ways_parse(const char *starttls, const char *proxy, enum starttls *protocol, struct target *by,
	struct err *e)
{
	char plain[TARGET_TEXT] = "";

	*protocol = starttls != NULL ? starttls_find(starttls) : STARTTLS_NONE;
	if (starttls != NULL && *protocol == STARTTLS_NONE)
		return err_set(e, ERR_USAGE, 0,
			"--starttls takes smtp, imap, pop3, ftp, ldap, xmpp, postgres or mysql, "
			"not '%s'",
			starttls);
	/* As in the variable https_proxy: that the proxy itself is asked in the clear. */
	if (proxy != NULL && strncasecmp(proxy, "http://", 7) == 0)
		(void)snprintf(
			plain, sizeof plain, "%.*s", (int)strcspn(proxy + 7, "/"), proxy + 7);
	if (proxy == NULL || target_parse(plain[0] != '\0' ? plain : proxy, PROXY_PORT, by, e))
		return true;
	return err_context(e, "--proxy");
}

int deadline_of(unsigned ms)
{
	return ms != 0 && ms <= INT_MAX ? (int)ms : DEADLINE_MS;
}

uint16_t ways_port(const char *starttls)
{
	enum starttls p = starttls != NULL ? starttls_find(starttls) : STARTTLS_NONE;

	return p != STARTTLS_NONE ? starttls_port(p) : HTTPS_PORT;
}

bool tlsdiag_probe(struct tlsdiag *run, const struct tlsdiag_probe_options *o,
	const char *const *targets, size_t n_targets, size_t *unreached, struct tlsdiag_error *e)
{
	struct probe_options driver = driver_options(run, o);
	struct target *list = memory_zeroed(n_targets + 1, sizeof *list), proxy;
	struct err err = { 0 };
	bool ok = false;

	*unreached = 0;
	run->given.evidence.config_said = driver.client.build != NULL;
	if (list == NULL) {
		(void)err_set(&err, ERR_MEMORY, 0, "out of memory");
	} else if (ways_parse(o->starttls, o->proxy, &driver.way.starttls, &proxy, &err) &&
		   parse_targets(o, targets, list, n_targets, &err)) {
		driver.way.proxy = o->proxy != NULL ? &proxy : NULL;
		ok = probe_all(run, o, &driver, list, n_targets, unreached, &err);
	}
	free(list);
	return ok || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}
