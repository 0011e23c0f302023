/* The SYN is answered by an ICMP error: the packets do not reach the server. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

#include "names/icmp.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly, N_CHECKS };

/* What each kind of error means, and what to look at first. */
static const struct {
	const char *summary, *step;
} words[] = {
	[ICMP_OTHER] = { NULL, "trace the way of the packets (traceroute -T -p PORT HOST)" },
	[ICMP_NET_UNREACHABLE] = { "There is no way to the server's network",
		"compare the client's address, netmask and default gateway with the network's" },
	[ICMP_HOST_UNREACHABLE] = { "The server's host is not there: nothing answers for its "
				    "address",
		"is the device powered, its link up, and does it have that address (ARP, DHCP)?" },
	[ICMP_PORT_UNREACHABLE] = { "The server's host does not take connections to that port",
		"an ICMP error in place of a RST is what a firewall's rule writes: look at its "
		"rules" },
	[ICMP_PROHIBITED] = { "A firewall or filter on the way forbids the connection",
		"look for the rule at the host that sent the error; it names itself as its "
		"sender" },
	[ICMP_EXPIRED] = { "Packets to the server go in circles, and never reach it",
		"trace the way (traceroute -T -p PORT HOST): two routers that repeat point at each "
		"other" },
};

static enum icmp_meaning meaning(const struct unreachable *u)
{
	return icmp_meaning(u->by.family, u->type, u->code);
}

static bool same_host(struct endpoint a, const struct endpoint *b)
{
	a.port = b->port;
	return endpoint_equal(&a, b);
}

/* Linux tells itself so when nothing answers for an address of its own network. */
static void prove_sender(const struct handshake_view *v, struct finding *f)
{
	const struct unreachable *u = &v->hs->unreachable;
	char by[ENDPOINT_TEXT];

	endpoint_address_text(&u->by, by);
	if (same_host(v->hs->side[SIDE_CLIENT].address, &u->by))
		finding_prove(
			f, v->cf, 0, "the client's own system says so, before any router does");
	else if (same_host(v->hs->side[SIDE_SERVER].address, &u->by))
		finding_prove(f, v->cf, 0, "the server's own host says so: it is there");
	else
		finding_prove(f, v->cf, 0, "%s says so, a host on the way", by);
}

static bool shows(const struct handshake_view *v)
{
	return v->hs->ending == ENDING_UNREACHABLE;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct unreachable *u = &v->hs->unreachable;

	if (words[meaning(u)].summary != NULL)
		finding_say(f, v->cf, "%s", words[meaning(u)].summary);
	finding_prove(f, v->cf, u->packet, "the SYN is answered by %s type %u, code %u: %s",
		u->by.family == 6 ? "ICMPv6" : "ICMP", u->type, u->code,
		icmp_text(u->by.family, u->type, u->code));
	prove_sender(v, f);
	if (v->cf->n_completed != 0)
		finding_prove(f, v->cf, 0,
			"other connections to the same port succeed: the way is open at times");
	finding_step(f, v->cf, "%s", words[meaning(u)].step);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.conclude = quiet_beside_others,
};

static const char *const steps[] = {
	"is it the right address? Ask the resolver the device uses, and look for IPv4 against IPv6",
	"does the same connection go through from a host in the server's own network?",
	NULL,
};

const struct cause cause_host_unreachable = {
	.id = "host-unreachable",
	.origin = ORIGIN_NETWORK,
	.summary = "The network says that the server cannot be reached",
	.handshake = &rule,
	.next_steps = steps,
};
