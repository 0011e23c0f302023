/* A sink that holds a source to its contract (session/source.h), for the fuzz targets. */
#ifndef TLSDIAG_TESTS_FUZZ_FLOW_CHECK_H
#define TLSDIAG_TESTS_FUZZ_FLOW_CHECK_H

#include "base/table.h"
#include "fuzz/window.h"
#include "session/source.h"

#include <stdlib.h>

/* What the sink knows of a flow; hangs on flow->session. */
struct flow_seen {
	uint64_t bytes[2], lost[2], cut[2];
	bool begun[2], done;
};

struct flow_check {
	uint64_t begun, ended;
	uint64_t enough; /* bytes of a flow after which nothing more is wanted */
};

static inline void check_gap(struct flow_seen *seen, const struct chunk *c)
{
	must(c->gap != 0);
	switch (c->reason) {
	case GAP_LOST:
		seen->lost[c->dir] += c->gap;
		break;
	case GAP_CUT:
		seen->cut[c->dir] += c->gap;
		break;
	case GAP_MIDWAY:
		must(c->gap == GAP_UNKNOWN && !seen->begun[c->dir]);
		break;
	case GAP_UNLOGGED: /* of logs, which no packet comes from */
		must(false);
		break;
	}
}

static inline void check_end(struct flow_check *check, struct flow_seen *seen, struct flow *f)
{
	for (unsigned d = 0; d < 2 && !seen->done; d++) {
		must(f->dir[d].bytes == seen->bytes[d]);
		must(f->dir[d].lost == seen->lost[d]);
		must(f->dir[d].cut_bytes == seen->cut[d]);
	}
	free(seen);
	f->session = NULL;
	check->ended++;
}

static inline enum sink_answer check_take(void *ctx, const struct chunk *c)
{
	struct flow_check *check = ctx;
	struct flow_seen *seen = c->flow->session;

	must(c->dir < 2);
	if (seen == NULL) {
		seen = calloc(1, sizeof *seen);
		must(seen != NULL);
		c->flow->session = seen;
		check->begun++;
	}
	if (c->kind == CHUNK_END) {
		check_end(check, seen, c->flow);
		return SINK_MORE;
	}
	must(!seen->done);
	if (c->kind == CHUNK_DATA) {
		must(c->bytes.len != 0 && c->bytes.data != NULL);
		seen->bytes[c->dir] += c->bytes.len;
		must(c->flow->dir[c->dir].bytes == seen->bytes[c->dir]);
		/* Every byte must be there to be read. */
		must(table_hash(c->bytes) == table_hash(c->bytes));
	} else {
		check_gap(seen, c);
	}
	seen->begun[c->dir] = true;
	seen->done = seen->bytes[0] + seen->bytes[1] >= check->enough;
	return seen->done ? SINK_DONE : SINK_MORE;
}

#endif
