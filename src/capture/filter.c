/* A program of BPF is compiled for one link type: the last few are kept. */
#include "capture/filter.h"

#include "base/memory.h"
#include "capture/link.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

/* More kinds of interface than this in one run compile the program again and again. */
enum { PROGRAMS_MAX = 8 };

/* libpcap (1.10) may end the process where its compiler lacks memory: so first it is seen whether
 * there is any. */
enum { COMPILE_BYTES = 1 << 20 };

struct program {
	struct bpf_program code;
	uint32_t link;
	bool compiled, usable;
};

struct filter {
	struct program programs[PROGRAMS_MAX];
	unsigned next; /* to be replaced */
	char expression[];
};

/* File formats number raw IP apart from libpcap's own DLT_ values; the others we know agree. */
static int datalink_of(uint32_t link)
{
	if (link == LINK_RAW)
		return DLT_RAW;
	return (int)link;
}

static bool compile(struct program *p, uint32_t link, const char *expression, struct err *e)
{
	pcap_t *dead = memory_is_there(COMPILE_BYTES)
			       ? pcap_open_dead(datalink_of(link), PACKET_MAX)
			       : NULL;

	*p = (struct program){ .link = link, .compiled = true };
	errno = 0;
	if (dead == NULL)
		return err_set(e, ERR_MEMORY, 0, "no memory for the filter");
	p->usable = pcap_compile(dead, &p->code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!p->usable && errno == ENOMEM)
		(void)err_set(e, ERR_OS, ENOMEM, "no memory for the filter");
	else if (!p->usable)
		(void)err_set(
			e, ERR_USAGE, 0, "bad filter '%s': %s", expression, pcap_geterr(dead));
	pcap_close(dead);
	return p->usable;
}

bool filter_open(const char *expression, struct filter **out, struct err *e)
{
	struct filter *f = memory_new(sizeof *f + strlen(expression) + 1);

	*out = NULL;
	if (f == NULL)
		return err_set(e, ERR_MEMORY, 0, "no memory for the filter");
	memcpy(f->expression, expression, strlen(expression) + 1);
	if (!compile(&f->programs[f->next++], LINK_ETHERNET, expression, e)) {
		filter_close(f);
		return false;
	}
	*out = f;
	return true;
}

static void forget(struct program *p)
{
	if (p->usable)
		pcap_freecode(&p->code);
	*p = (struct program){ 0 };
}

void filter_close(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < PROGRAMS_MAX; i++)
		forget(&f->programs[i]);
	free(f);
}

static struct program *program_for(struct filter *f, uint32_t link)
{
	struct err ignored;
	struct program *p;

	for (size_t i = 0; i < PROGRAMS_MAX; i++)
		if (f->programs[i].compiled && f->programs[i].link == link)
			return &f->programs[i];
	p = &f->programs[f->next++ % PROGRAMS_MAX];
	forget(p);
	(void)compile(p, link, f->expression, &ignored);
	return p;
}

bool filter_passes(struct filter *f, const struct packet *p)
{
	struct program *program = program_for(f, p->link);
	struct pcap_pkthdr header = { .caplen = (bpf_u_int32)p->bytes.len, .len = p->length };

	return program->usable && pcap_offline_filter(&program->code, &header, p->bytes.data) != 0;
}
