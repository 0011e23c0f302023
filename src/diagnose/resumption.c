/* Where TLS 1.3 encrypts the request for a certificate, it is not known to have been made. */
#include "diagnose/resumption.h"

#include "diagnose/contrast.h"

bool offer_to_resume_refused(const struct handshake_view *v)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	const struct difference *d = contrast_find(c, FEATURE_RESUMPTION, 0);

	return d != NULL && d->failed_have && contrast_only(c, FEATURE_RESUMPTION, 0) &&
	       v->st.failed && v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO &&
	       (v->st.alert >= 0 || v->st.closed);
}

static bool asked(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED && v->hs->certificate_request.seen;
}

const struct examined *completed_and_asked(const struct case_file *cf)
{
	return find_handshake(cf, asked);
}

bool request_hidden(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->outcome == OUTCOME_COMPLETED &&
			(!hs->tls13 || hs->certificate_request.seen))
			return false;
	}
	return true;
}

bool session_context_missing(const struct handshake_view *v)
{
	return v->st.alert == 80 && offer_to_resume_refused(v) &&
	       (completed_and_asked(v->cf) != NULL || request_hidden(v->cf));
}
