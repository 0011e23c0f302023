/* Client and server change places, when a message tells that the guess was wrong. */
#include "session/conn.h"

/* Two values indexed by side change places; the types are the same by construction. */
static void swap_bytes(void *a, void *b, size_t size)
{
	uint8_t *x = a, *y = b;

	for (size_t i = 0; i < size; i++) {
		uint8_t t = x[i];

		x[i] = y[i];
		y[i] = t;
	}
}

static void swap_sides(struct conn *c)
{
	struct handshake *hs = c->hs;
	struct progress *p = &c->progress;

	swap_bytes(&hs->certificate[0], &hs->certificate[1], sizeof hs->certificate[0]);
	swap_bytes(&hs->certs[0], &hs->certs[1], sizeof hs->certs[0]);
	swap_bytes(&hs->empty[0], &hs->empty[1], sizeof hs->empty[0]);
	swap_bytes(&hs->begun[0], &hs->begun[1], sizeof hs->begun[0]);
	swap_bytes(&hs->n_certs[0], &hs->n_certs[1], sizeof hs->n_certs[0]);
	swap_bytes(&hs->ccs[0], &hs->ccs[1], sizeof hs->ccs[0]);
	swap_bytes(&hs->protected_records[0], &hs->protected_records[1],
		sizeof hs->protected_records[0]);
	swap_bytes(&hs->largest_record[0], &hs->largest_record[1], sizeof hs->largest_record[0]);
	swap_bytes(
		&hs->record_oversized[0], &hs->record_oversized[1], sizeof hs->record_oversized[0]);
	swap_bytes(&c->last_type[0], &c->last_type[1], sizeof c->last_type[0]);
	swap_bytes(&c->unread[0], &c->unread[1], sizeof c->unread[0]);
	swap_bytes(&c->last_rank[0], &c->last_rank[1], sizeof c->last_rank[0]);
	swap_bytes(&p->finished[0], &p->finished[1], sizeof p->finished[0]);
	swap_bytes(&p->data_records[0], &p->data_records[1], sizeof p->data_records[0]);
	swap_bytes(&p->protected_alert[0], &p->protected_alert[1], sizeof p->protected_alert[0]);
	swap_bytes(&p->alert_packet[0], &p->alert_packet[1], sizeof p->alert_packet[0]);
	swap_bytes(&p->alert_time[0], &p->alert_time[1], sizeof p->alert_time[0]);
	swap_bytes(&p->spoke[0], &p->spoke[1], sizeof p->spoke[0]);
	p->last_spoke = side_other(p->last_spoke);
	p->last_finished = side_other(p->last_finished);
}

void conn_swap_roles(struct conn *c)
{
	struct handshake *hs = c->hs;
	struct endpoint client = hs->client;

	c->client_dir = !c->client_dir;
	hs->client = hs->server;
	hs->server = client;
	for (size_t i = 0; i < hs->n_events; i++)
		hs->events[i].from = side_other(hs->events[i].from);
	for (size_t i = 0; i < hs->n_alerts; i++)
		hs->alerts[i].from = side_other(hs->alerts[i].from);
	for (size_t i = 0; i < hs->n_gaps; i++)
		hs->gaps[i].from = side_other(hs->gaps[i].from);
	swap_sides(c);
}
