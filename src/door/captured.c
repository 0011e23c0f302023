/* A run without evidence and without reports, of which each handshake is looked at. */
#include "door/captured.h"

#include "door/run.h"

bool captured_read(const char *path, const struct captured_reader *r, uint64_t *dtls, struct err *e)
{
	struct tlsdiag_error why = { .kind = TLSDIAG_NO_ERROR };
	struct tlsdiag_options o;
	struct tlsdiag *run;
	bool ok;

	tlsdiag_options_init(&o);
	o.verify = TLSDIAG_VERIFY_NONE;
	o.deep_seconds = 0;
	o.stop = r->stop;
	run = tlsdiag_open(&o, &why);
	if (run == NULL)
		return err_set(e, ERR_LIBRARY, 0, "%s", why.message);
	run->spy = r->see;
	run->spy_ctx = r->ctx;
	ok = tlsdiag_read_capture(run, path, &why);
	pipeline_flush(run->pipeline);
	*dtls = pipeline_totals(run->pipeline).dtls_flows;
	tlsdiag_close(run);
	return ok || err_set(e, ERR_INPUT, 0, "%s", why.message);
}
