/* The kinds of DER file differ in their first elements, those of PEM in their labels. */
#include "content/content.h"

#include "base/array.h"
#include "base/der.h"

/*
 * What is signed: a certificate is [version], serial number, algorithm, issuer, validity; a request is
 * version 0, a name, a key; a CRL is [version], algorithm, issuer, a date.
 */
static enum content_kind tell_signed(struct cur tbs)
{
	struct der el[4];
	size_t n = 0, at = 0;

	while (n < COUNT(el) && cur_ok(&tbs) && cur_left(&tbs) != 0 &&
		der_next(&tbs, "file", &el[n]))
		n++;
	if (n == COUNT(el) && el[0].tag == DER_INTEGER)
		at = 1;
	if (n == COUNT(el) && el[at].tag == DER_SEQUENCE && el[at + 1].tag == DER_SEQUENCE &&
		(el[at + 2].tag == DER_UTC_TIME || el[at + 2].tag == DER_GENERALIZED_TIME))
		return CONTENT_CRL;
	if (n >= 3 && el[0].tag == DER_INTEGER && der_small(&el[0]) == 0 &&
		el[1].tag == DER_SEQUENCE && el[2].tag == DER_SEQUENCE) {
		struct parse_err err;
		struct cur name = der_open(&el[1], &err), key = der_open(&el[2], &err);

		/* in a certificate the algorithm stands second, and begins with an OID */
		if (!der_ahead(&name, DER_OID) && der_ahead(&key, DER_SEQUENCE))
			return CONTENT_REQUEST;
	}
	return CONTENT_CERTIFICATE;
}

enum content_kind content_tell_der(struct bytes text)
{
	struct parse_err err, inside;
	struct cur in = cur_init(text, &err), inner;
	struct der outer, first, second = { 0 };

	if (!der_take(&in, DER_SEQUENCE, "file", &outer))
		return CONTENT_CUT_DER;
	in = der_open(&outer, &err);
	if (!der_next(&in, "file", &first))
		return CONTENT_EMPTY_DER;
	if (cur_left(&in) != 0)
		(void)der_next(&in, "file", &second);
	if (first.tag == DER_OID)
		return CONTENT_PKCS7;
	if (first.tag == DER_INTEGER && second.tag == DER_SEQUENCE && der_small(&first) == 3)
		return CONTENT_PKCS12;
	if (first.tag == DER_INTEGER) /* a version; an ECDSA signature begins with a number too */
		return der_small(&first) == 0 || der_small(&first) == 1 ? CONTENT_KEY
									: CONTENT_OTHER_DER;
	inner = der_open(&first, &inside);
	if (first.tag != DER_SEQUENCE)
		return CONTENT_OTHER_DER;
	if (!der_ahead(&inner, DER_OID))
		return tell_signed(inner);
	return second.tag == DER_BIT_STRING ? CONTENT_PUBLIC_KEY : CONTENT_LOCKED_KEY;
}

enum content_kind content_tell_label(const char *label)
{
	static const struct {
		const char *end;
		enum content_kind kind;
	} endings[] = {
		{ "OPENSSH PRIVATE KEY", CONTENT_OPENSSH_KEY },
		{ "ENCRYPTED PRIVATE KEY", CONTENT_LOCKED_KEY },
		{ "PRIVATE KEY", CONTENT_KEY },
		{ "PUBLIC KEY", CONTENT_PUBLIC_KEY },
		{ "CERTIFICATE REQUEST", CONTENT_REQUEST },
		{ "CERTIFICATE", CONTENT_CERTIFICATE },
		{ "X509 CRL", CONTENT_CRL },
		{ "DH PARAMETERS", CONTENT_DH_PARAMETERS },
		{ "PKCS7", CONTENT_PKCS7 },
		{ "CMS", CONTENT_PKCS7 },
		{ "PGP MESSAGE", CONTENT_PGP },
		{ "PGP SIGNATURE", CONTENT_PGP },
		{ "PGP PUBLIC KEY BLOCK", CONTENT_PGP },
		{ "PGP PRIVATE KEY BLOCK", CONTENT_PGP },
	};
	size_t len = strlen(label);

	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t n = strlen(endings[i].end);

		if (len >= n && strcmp(label + len - n, endings[i].end) == 0)
			return endings[i].kind;
	}
	return CONTENT_OTHER_PEM;
}
