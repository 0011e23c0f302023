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

	swap_bytes(
		&hs->side[0].certificate, &hs->side[1].certificate, sizeof hs->side[0].certificate);
	swap_bytes(&hs->side[0].certs, &hs->side[1].certs, sizeof hs->side[0].certs);
	swap_bytes(&hs->side[0].empty, &hs->side[1].empty, sizeof hs->side[0].empty);
	swap_bytes(&hs->side[0].begun, &hs->side[1].begun, sizeof hs->side[0].begun);
	swap_bytes(&hs->side[0].n_certs, &hs->side[1].n_certs, sizeof hs->side[0].n_certs);
	swap_bytes(&hs->side[0].ccs, &hs->side[1].ccs, sizeof hs->side[0].ccs);
	swap_bytes(&hs->side[0].protected_records, &hs->side[1].protected_records,
		sizeof hs->side[0].protected_records);
	swap_bytes(&hs->side[0].largest_record, &hs->side[1].largest_record,
		sizeof hs->side[0].largest_record);
	swap_bytes(&hs->side[0].record_oversized, &hs->side[1].record_oversized,
		sizeof hs->side[0].record_oversized);
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
	struct endpoint client = hs->side[SIDE_CLIENT].address;

	c->client_dir = !c->client_dir;
	hs->side[SIDE_CLIENT].address = hs->side[SIDE_SERVER].address;
	hs->side[SIDE_SERVER].address = client;
	for (size_t i = 0; i < hs->n_events; i++)
		hs->events[i].from = side_other(hs->events[i].from);
	for (size_t i = 0; i < hs->n_alerts; i++)
		hs->alerts[i].from = side_other(hs->alerts[i].from);
	for (size_t i = 0; i < hs->n_gaps; i++)
		hs->gaps[i].from = side_other(hs->gaps[i].from);
	swap_sides(c);
}
