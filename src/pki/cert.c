/*
 * The walk over Certificate and TBSCertificate (RFC 5280 4.1). Every element is read through a
 * window of its own, so a flaw in one does not hide the next; the first flaw is kept. A
 * certificate that breaks off keeps what stands before the break.
 */
#include "pki/cert_walk.h"

#include "pki/oid.h"

void cert_note(struct cert *c, const struct parse_err *flaw)
{
	if (c->broken.code == PARSE_OK)
		c->broken = *flaw;
}

void cert_note_value(struct cert *c, const char *field, size_t at)
{
	cert_note(c, &(struct parse_err){ .code = PARSE_VALUE, .field = field, .at = at });
}

static void read_version(struct cert *c, struct cur *tbs)
{
	struct parse_err err;
	struct der outer, number;
	struct cur in;
	int32_t v;

	c->version = 1;
	if (!der_ahead(tbs, DER_CONTEXT_CONSTRUCTED) ||
		!der_take(tbs, DER_CONTEXT_CONSTRUCTED, "version", &outer))
		return;
	in = der_open(&outer, &err);
	if (!der_take(&in, DER_INTEGER, "version", &number)) {
		cert_note(c, &err);
		return;
	}
	v = der_small(&number);
	if (v < 0 || v > 2)
		cert_note_value(c, "version", number.at);
	c->version = v >= 0 && v < 100 ? v + 1 : 0;
	(void)cur_end(&in, "version");
	cert_note(c, &err);
}

static void read_names(struct cert *c, const struct der *issuer, const struct der *subject)
{
	struct parse_err err;

	if (issuer->whole.len != 0) {
		c->issuer_der = issuer->whole;
		cert_read_name(issuer, c->issuer, NULL, &err);
		cert_note(c, &err);
	}
	if (subject->whole.len != 0) {
		c->subject_der = subject->whole;
		cert_read_name(subject, c->subject, c->common_name, &err);
		cert_note(c, &err);
	}
	c->self_issued = c->subject_der.len != 0 && cert_names_equal(c->subject_der, c->issuer_der);
}

/* The unique identifiers of v2, which nobody uses, and the extensions of v3. */
static void read_tail(struct cert *c, struct cur *in)
{
	struct der el;

	for (unsigned n = 1; n <= 2; n++)
		if (der_ahead(in, DER_CONTEXT + n))
			(void)der_take(in, DER_CONTEXT + n, "uniqueID", &el);
	c->bare = c->version == 3 && cur_ok(in) && !der_ahead(in, DER_CONTEXT_CONSTRUCTED + 3);
	if (der_ahead(in, DER_CONTEXT_CONSTRUCTED + 3) &&
		der_take(in, DER_CONTEXT_CONSTRUCTED + 3, "extensions", &el)) {
		if (c->version != 3)
			cert_note_value(c, "extensions", el.at);
		cert_read_extensions(c, &el);
	}
	(void)cur_end(in, "TBSCertificate");
}

/* Returns the AlgorithmIdentifier inside, which must be that of the outside. */
static struct der read_tbs(struct cert *c, const struct der *tbs)
{
	struct parse_err err;
	struct cur in = der_open(tbs, &err);
	struct der algorithm, issuer, validity, subject, spki, serial;

	read_version(c, &in);
	if (der_take(&in, DER_INTEGER, "serialNumber", &serial)) {
		c->serial = serial.body;
		if (serial.body.len == 0)
			cert_note_value(c, "serialNumber", serial.at);
	}
	(void)der_take(&in, DER_SEQUENCE, "TBSCertificate.signature", &algorithm);
	(void)der_take(&in, DER_SEQUENCE, "issuer", &issuer);
	if (der_take(&in, DER_SEQUENCE, "validity", &validity))
		cert_read_validity(c, &validity);
	(void)der_take(&in, DER_SEQUENCE, "subject", &subject);
	read_names(c, &issuer, &subject);
	if (der_take(&in, DER_SEQUENCE, "subjectPublicKeyInfo", &spki)) {
		c->spki = spki.whole;
		cert_read_key(c, &spki);
	}
	read_tail(c, &in);
	cert_note(c, &err);
	return algorithm;
}

static void read_signature(struct cert *c, struct cur *in, const struct der *inner)
{
	struct der algorithm, value;

	if (!der_take(in, DER_SEQUENCE, "signatureAlgorithm", &algorithm)) {
		if (inner->whole.len != 0) /* cut off: what was signed still names it */
			cert_read_signature_algorithm(c, inner);
		return;
	}
	cert_read_signature_algorithm(c, &algorithm);
	c->algorithms_differ = inner->whole.len != 0 && !bytes_equal(algorithm.whole, inner->whole);
	if (c->algorithms_differ)
		cert_note_value(c, "signatureAlgorithm", algorithm.at);
	if (!der_take(in, DER_BIT_STRING, "signatureValue", &value))
		return;
	if (value.body.len == 0 || value.body.data[0] != 0)
		cert_note_value(c, "signatureValue", value.at);
	c->signature = der_bits(&value);
}

static void read_certificate(struct cert *c)
{
	struct parse_err outer_err, err;
	struct cur outer = cur_init(c->der, &outer_err), in;
	struct der certificate, tbs, algorithm = { 0 };
	bool cut;

	if (!der_take_cut(&outer, DER_SEQUENCE, "Certificate", &certificate, &cut)) {
		cert_note(c, &outer_err);
		return;
	}
	if (cut) {
		struct der again;
		struct cur whole = cur_init(c->der, &outer_err);

		(void)der_take(&whole, DER_SEQUENCE, "Certificate", &again);
	}
	cert_note(c, &outer_err);
	in = der_open(&certificate, &err);
	if (der_take_cut(&in, DER_SEQUENCE, "tbsCertificate", &tbs, &cut)) {
		if (!cut)
			c->tbs = tbs.whole;
		algorithm = read_tbs(c, &tbs);
	}
	read_signature(c, &in, &algorithm);
	(void)cur_end(&in, "Certificate");
	cert_note(c, &err);
	(void)cur_end(&outer, "Certificate");
	cert_note(c, &outer_err);
}

void cert_parse(struct bytes der, struct cert *out)
{
	struct digest digest;

	*out = (struct cert){ .der = der, .path_length = -1 };
	if (crypto_hash(HASH_SHA256, &der, 1, &digest) && digest.len == sizeof out->sha256)
		memcpy(out->sha256, digest.data, sizeof out->sha256);
	read_certificate(out);
	out->parsed = out->broken.code == PARSE_OK;
}
