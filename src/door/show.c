/* Findings and handshakes in the plain words and types of the public header. */
#include "base/memory.h"
#include "door/run.h"
#include "session/handshake.h"

#include <stdlib.h>

static void show(const struct ranked *r, struct shown *out)
{
	const struct finding *f = r->finding;

	endpoint_text(&r->server->file->server, out->server);
	for (size_t i = 0; i < f->n_proof; i++)
		out->proof[i] = f->proof[i].text;
	for (size_t i = 0; i < f->n_ruled_out; i++)
		out->ruled_out[i] =
			(struct tlsdiag_reason){ f->ruled_out[i].id, f->ruled_out[i].because };
	out->finding = (struct tlsdiag_finding){
		.id = f->cause->id,
		.severity = severity_name(f->severity),
		.confidence = confidence_name(f->confidence),
		.origin = origin_name(f->origin),
		.server = out->server,
		.target = r->server->file->target,
		.summary = f->summary,
		.handshakes = f->handshakes,
		.n_handshakes = f->n_handshakes,
		.proof = out->proof,
		.n_proof = f->n_proof,
		.ruled_out = out->ruled_out,
		.n_ruled_out = f->n_ruled_out,
		.next_steps = f->next_steps,
		.n_next_steps = f->n_steps,
	};
}

struct shown *shown_findings(const struct desk *d, size_t *n)
{
	struct ranked *ranked = ranked_findings(d, n);
	struct shown *list = *n != 0 ? memory_zeroed(*n, sizeof *list) : NULL;

	if (list == NULL)
		*n = 0;
	for (size_t i = 0; i < *n; i++)
		show(&ranked[i], &list[i]);
	free(ranked);
	return list;
}

static const char *outcome_name(enum outcome o)
{
	return o == OUTCOME_COMPLETED ? "completed" : o == OUTCOME_FAILED ? "failed" : "incomplete";
}

static void show_checks(const struct examined *ex, struct tlsdiag_check out[static N_CHECKS])
{
	for (size_t i = 0; i < N_CHECKS; i++) {
		const struct answer *a = &ex->answers[i];

		out[i] = (struct tlsdiag_check){
			.id = checks[i]->id,
			.status = status_name(a->status),
			.message = a->message,
			.packet = a->n_evidence != 0 ? a->evidence[0].place.packet : 0,
		};
	}
}

void show_handshake(const struct tlsdiag_options *o, const struct examined *ex)
{
	const struct handshake *hs = ex->hs;
	const struct extensions *ext = &hs->client_hello.ext;
	struct tlsdiag_check answers[N_CHECKS];
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
	struct tlsdiag_handshake view = {
		.id = hs->id,
		.client = client,
		.server = server,
		.start = hs->start,
		.end = hs->end,
		.first_packet = hs->first_packet,
		.outcome = outcome_name(hs->outcome),
		.version = hs->version != 0 ? name_version(hs->version) : NULL,
		.cipher_suite = hs->has_suite ? name_cipher_suite(hs->suite_value) : NULL,
		.sni = ext->has_server_name ? (const char *)ext->server_name.data : NULL,
		.sni_len = ext->has_server_name ? ext->server_name.len : 0,
		.checks = answers,
		.n_checks = N_CHECKS,
	};

	endpoint_text(&hs->side[SIDE_CLIENT].address, client);
	endpoint_text(&hs->side[SIDE_SERVER].address, server);
	show_checks(ex, answers);
	o->on_handshake(o->ctx, &view);
}
