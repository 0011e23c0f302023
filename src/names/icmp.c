/* One table for both protocols: the family is part of what is looked for. */
#include "names/icmp.h"

#include "base/array.h"

#include <stddef.h>

struct error {
	uint8_t family, type, code;
	enum icmp_meaning meaning;
	const char *text;
};

static const struct error errors[] = {
	{ 4, 3, 0, ICMP_NET_UNREACHABLE, "network unreachable" },
	{ 4, 3, 1, ICMP_HOST_UNREACHABLE, "host unreachable" },
	{ 4, 3, 2, ICMP_PORT_UNREACHABLE, "protocol unreachable" },
	{ 4, 3, 3, ICMP_PORT_UNREACHABLE, "port unreachable" },
	{ 4, 3, 5, ICMP_NET_UNREACHABLE, "source route failed" },
	{ 4, 3, 6, ICMP_NET_UNREACHABLE, "destination network unknown" },
	{ 4, 3, 7, ICMP_HOST_UNREACHABLE, "destination host unknown" },
	{ 4, 3, 8, ICMP_NET_UNREACHABLE, "source host isolated" },
	{ 4, 3, 9, ICMP_PROHIBITED, "network administratively prohibited" },
	{ 4, 3, 10, ICMP_PROHIBITED, "host administratively prohibited" },
	{ 4, 3, 11, ICMP_NET_UNREACHABLE, "network unreachable for this type of service" },
	{ 4, 3, 12, ICMP_HOST_UNREACHABLE, "host unreachable for this type of service" },
	{ 4, 3, 13, ICMP_PROHIBITED, "communication administratively prohibited" },
	{ 4, 3, 14, ICMP_PROHIBITED, "host precedence violation" },
	{ 4, 3, 15, ICMP_PROHIBITED, "precedence cutoff in effect" },
	{ 4, 11, 0, ICMP_EXPIRED, "time to live exceeded in transit" },
	{ 6, 1, 0, ICMP_NET_UNREACHABLE, "no route to destination" },
	{ 6, 1, 1, ICMP_PROHIBITED, "communication administratively prohibited" },
	{ 6, 1, 2, ICMP_NET_UNREACHABLE, "beyond scope of source address" },
	{ 6, 1, 3, ICMP_HOST_UNREACHABLE, "address unreachable" },
	{ 6, 1, 4, ICMP_PORT_UNREACHABLE, "port unreachable" },
	{ 6, 1, 5, ICMP_PROHIBITED, "source address failed ingress/egress policy" },
	{ 6, 1, 6, ICMP_PROHIBITED, "reject route to destination" },
	{ 6, 3, 0, ICMP_EXPIRED, "hop limit exceeded in transit" },
};

static const struct error *find(uint8_t family, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < COUNT(errors); i++)
		if (errors[i].family == family && errors[i].type == type && errors[i].code == code)
			return &errors[i];
	return NULL;
}

enum icmp_meaning icmp_meaning(uint8_t family, uint8_t type, uint8_t code)
{
	const struct error *e = find(family, type, code);

	return e != NULL ? e->meaning : ICMP_OTHER;
}

const char *icmp_text(uint8_t family, uint8_t type, uint8_t code)
{
	const struct error *e = find(family, type, code);

	return e != NULL ? e->text : "unreachable";
}
