/*
 * Fields of printed certificates, by what their lines begin with: one table for all programs. A certificate ends where
 * another begins.
 */
#include "log/printed.h"

#include "base/array.h"
#include "log/named.h"
#include "log/scan.h"
#include "names/names.h"

enum { DEPTH_MAX = 100, BITS_MAX = 1 << 20 };

/* ---- a certificate ---- */

static void keep(char out[static PRINTED_TEXT], struct bytes b)
{
	size_t n = b.len < PRINTED_TEXT - 1 ? b.len : PRINTED_TEXT - 1;

	while (n != 0 && n < b.len && (b.data[n] & 0xc0) == 0x80)
		n--; /* no half of a character */
	if (n != 0)
		memcpy(out, b.data, n);
	out[n] = '\0';
}

static void begin(struct printed *p, const struct log_line *line)
{
	p->cert = (struct printed_cert){ .line = line->at.line,
		.depth = p->headed ? p->depth
			 : p->open ? p->cert.depth + 1
				   : 0,
		.own = p->headed && p->own,
		.not_before = PRINTED_NO_DATE,
		.not_after = PRINTED_NO_DATE,
		.hash = HASH_NONE };
	p->open = true;
	p->headed = false;
	p->wait = PRINTED_WAITS_NOT;
}

/* What one certificate has once: another of it is of another. */
static void begin_unless(struct printed *p, const struct log_line *line, bool free)
{
	if (!p->open || p->headed || !free)
		begin(p, line);
}

/* ---- values ---- */

static bool has_nocase(struct bytes text, const char *small)
{
	for (size_t at = 0; at < text.len; at++) {
		struct scan s = scan_of(bytes_slice(text, at, text.len));

		if (scan_word_nocase(&s, small))
			return true;
	}
	return false;
}

/* "ECDSA with SHA256", "sha256WithRSAEncryption", "RSA-SHA1", "SHA1withRSA, OID = 1.2.840" */
static enum hash hash_in(struct bytes text)
{
	static const struct {
		const char *word;
		enum hash hash;
	} words[] = { { "sha256", HASH_SHA256 }, { "sha-256", HASH_SHA256 },
		{ "sha384", HASH_SHA384 }, { "sha-384", HASH_SHA384 }, { "sha512", HASH_SHA512 },
		{ "sha-512", HASH_SHA512 }, { "sha224", HASH_SHA224 }, { "sha-224", HASH_SHA224 },
		{ "sha1", HASH_SHA1 }, { "sha-1", HASH_SHA1 }, { "md5", HASH_MD5 } };

	for (size_t i = 0; i < COUNT(words); i++)
		if (has_nocase(text, words[i].word))
			return words[i].hash;
	return HASH_NONE;
}

/* "RSA key 2048 bits", "id-ecPublicKey, 256 (bit)", "Sun RSA public key, 2048 bits" */
static void take_key(struct printed_cert *c, struct bytes text)
{
	struct scan s = scan_of(text);
	uint64_t bits;

	if (has_nocase(text, "rsa"))
		c->key = KEY_RSA;
	else if (text_has(text, "EC") || text_has(text, "id-ec"))
		c->key = KEY_EC;
	while (!scan_is_at_end(&s)) {
		if (scan_decimal(&s, &bits) && (scan_word(&s, " bit") || scan_word(&s, " (bit"))) {
			c->key_bits = bits < BITS_MAX ? (unsigned)bits : 0;
			return;
		}
		s.at += !scan_is_at_end(&s);
	}
}

static void add_name(struct printed_cert *c, struct bytes name)
{
	size_t n = strlen(c->names);

	c->has_names = true;
	if (name.len == 0)
		return;
	if (memchr(name.data, ' ', name.len) != NULL || name.len + (n != 0) >= PRINTED_NAMES - n) {
		c->names_cut = true;
		return;
	}
	if (n != 0)
		c->names[n++] = ' ';
	memcpy(c->names + n, name.data, name.len);
	c->names[n + name.len] = '\0';
}

/* "DNS:x.example, IP Address:192.0.2.1", "dNSName : x.example", "DNSName: x.example"; mbedTLS 2.16: "x.example, y" */
static bool take_names(struct printed_cert *c, struct bytes text, bool bare)
{
	static const char *const kinds[] = { "DNS:", "IP Address:", "dNSName : ", "iPAddress : ",
		"DNSName: ", "DNSname: ", "IPAddress: " };
	bool any = false;

	while (text.len != 0) {
		const uint8_t *comma = memchr(text.data, ',', text.len);
		size_t n = comma != NULL ? (size_t)(comma - text.data) : text.len;
		struct bytes one = text_trim(bytes_slice(text, 0, n));
		bool named = false;

		for (size_t i = 0; i < COUNT(kinds) && !named; i++)
			if (text_begins(one, kinds[i])) {
				one = bytes_slice(one, strlen(kinds[i]), one.len);
				named = true;
			}
		if (named || (bare && one.len != 0))
			add_name(c, text_trim(one));
		any |= named;
		text = bytes_slice(text, n + (comma != NULL), text.len);
	}
	return any;
}

static bool take_usage(struct printed_cert *c, struct bytes text)
{
	static const struct {
		const char *words;
		unsigned usage;
	} rows[] = { { "Server Auth", PRINTED_FOR_SERVERS }, { "Client Auth", PRINTED_FOR_CLIENTS },
		{ "serverAuth", PRINTED_FOR_SERVERS }, { "clientAuth", PRINTED_FOR_CLIENTS },
		{ "WWW Server", PRINTED_FOR_SERVERS }, { "WWW Client", PRINTED_FOR_CLIENTS },
		{ "Any Extended", PRINTED_FOR_ANY }, { "anyExtended", PRINTED_FOR_ANY },
		{ "Any purpose", PRINTED_FOR_ANY }, { "Signing", PRINTED_FOR_OTHERS },
		{ "Protection", PRINTED_FOR_OTHERS }, { "Stamping", PRINTED_FOR_OTHERS },
		{ "codeSigning", PRINTED_FOR_OTHERS }, { "emailProtection", PRINTED_FOR_OTHERS },
		{ "timeStamping", PRINTED_FOR_OTHERS }, { "OCSP", PRINTED_FOR_OTHERS } };
	unsigned before = c->usage;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_has(text, rows[i].words))
			c->usage |= rows[i].usage;
	c->has_usage |= c->usage != before;
	return c->usage != before;
}

/* ---- lines ---- */

enum field {
	F_BEGIN,
	F_SUBJECT,
	F_ISSUER,
	F_FROM,
	F_UNTIL,
	F_SIGNED,
	F_KEY,
	F_RSA, /* its bits */
	F_EC,
	F_CURVE,
	F_NAMES,
	F_USAGE,
	F_WHOLE, /* what follows is of no extension, or of the last one */
};

/* A date may be that of anything: it counts where a certificate is being printed. */
static void on_date(struct printed_cert *c, struct bytes value, bool until)
{
	bool far;
	int64_t t = printed_date(value, &far);

	if (t == PRINTED_NO_DATE)
		return;
	c->far |= far;
	if (until) {
		c->not_after = t;
		keep(c->until, value);
	} else {
		c->not_before = t;
	}
}

static void on_curve(struct printed_cert *c, struct bytes value)
{
	int group = named_group(value);

	c->key = KEY_EC;
	if (group > 0)
		c->key_group = (uint16_t)group;
}

static bool is_date(struct bytes value)
{
	bool far;

	return printed_date(value, &far) != PRINTED_NO_DATE;
}

/* What says whose it is, and its own first words, begin one. */
static bool on_field(
	struct printed *p, enum field field, struct bytes value, const struct log_line *line)
{
	struct printed_cert *c = &p->cert;

	if (field == F_BEGIN) {
		begin(p, line);
		return false;
	}
	if (field == F_SUBJECT)
		begin_unless(p, line, c->subject[0] == '\0');
	if (field == F_ISSUER)
		begin_unless(p, line, c->issuer[0] == '\0');
	if (!p->open && (field == F_FROM || field == F_UNTIL) && is_date(value))
		begin(p, line); /* of a few lines that somebody has picked out */
	if (!p->open)
		return false;
	p->wait = PRINTED_WAITS_NOT;
	switch (field) {
	case F_BEGIN:
		break;
	case F_SUBJECT:
		keep(c->subject, value);
		break;
	case F_ISSUER:
		keep(c->issuer, value);
		break;
	case F_FROM:
	case F_UNTIL:
		on_date(c, value, field == F_UNTIL);
		break;
	case F_SIGNED:
		c->whole |=
			c->hash != HASH_NONE; /* OpenSSL says it once more behind the extensions */
		c->hash = hash_in(value);
		break;
	case F_KEY:
		take_key(c, value);
		break;
	case F_RSA:
	case F_EC:
		take_key(c, value);
		c->key = field == F_RSA ? KEY_RSA : KEY_EC;
		break;
	case F_CURVE:
		on_curve(c, value);
		break;
	case F_NAMES:
		c->has_names = true;
		(void)take_names(c, value, true);
		p->wait = PRINTED_WAITS_NAMES;
		break;
	case F_USAGE:
		p->wait = take_usage(c, value) ? PRINTED_WAITS_NOT : PRINTED_WAITS_USAGE;
		break;
	case F_WHOLE:
		c->whole = true;
		break;
	}
	return true;
}

struct key {
	const char *text;
	enum field field;
};

/* mbedTLS's: behind the place that it prints in front, filled up with blanks before the colon. */
static const struct key padded_keys[] = { { "cert. version", F_BEGIN },
	{ "subject name", F_SUBJECT }, { "issuer name", F_ISSUER }, { "issued  on", F_FROM },
	{ "expires on", F_UNTIL }, { "signed using", F_SIGNED }, { "RSA key size", F_RSA },
	{ "EC key size", F_EC }, { "subject alt name", F_NAMES }, { "key usage", F_WHOLE },
	{ "ext key usage", F_USAGE } };

/* With these a line begins, whatever stands in front of it taken away. */
static const struct key first_keys[] = {
	{ "Version: ", F_BEGIN }, /* openssl x509 -text, certtool, Java */
	{ "\"version\"            : ", F_BEGIN },
	{ "Subject: ", F_SUBJECT },
	{ "\"subject\"            : ", F_SUBJECT },
	{ "subject: ", F_SUBJECT }, /* curl */
	{ "Issuer: ", F_ISSUER },
	{ "\"issuer\"             : ", F_ISSUER },
	{ "issuer: ", F_ISSUER },
	{ "Not Before: ", F_FROM },
	{ "\"not before\"         : ", F_FROM },
	{ "start date: ", F_FROM },
	{ "Validity: [From: ", F_FROM },
	{ "Not After : ", F_UNTIL },
	{ "Not After: ", F_UNTIL },
	{ "\"not  after\"         : ", F_UNTIL },
	{ "expire date: ", F_UNTIL },
	{ "To: ", F_UNTIL },
	{ "Signature Algorithm: ", F_SIGNED },
	{ "\"signature algorithm\": ", F_SIGNED },
	{ "Public Key Algorithm: ", F_KEY },
	{ "Public-Key: (", F_KEY },
	{ "RSA Public-Key: (", F_KEY },
	{ "Key:  ", F_KEY },
	{ "\"subject public key\" : ", F_KEY },
	{ "ASN1 OID: ", F_CURVE },
	{ "X509v3 Subject Alternative Name:", F_NAMES },
	{ "SubjectAlternativeName [", F_NAMES },
	{ "Subject Alternative Name (", F_NAMES },
	{ "X509v3 Extended Key Usage:", F_USAGE },
	{ "ExtendedKeyUsages [", F_USAGE },
	{ "Key Purpose (", F_USAGE },
};

/* '"CN=x",': Java's are quoted; and its last date is in brackets */
static struct bytes bare(struct bytes value)
{
	value = text_trim(value);
	while (value.len != 0 && strchr("\",]", value.data[value.len - 1]) != NULL &&
		value.data[value.len - 1] != 0)
		value.len--;
	if (value.len != 0 && value.data[0] == '"')
		value = bytes_slice(value, 1, value.len);
	return value;
}

/* "subject name      : CN=x": two blanks at least before the colon. Colons are few in a line. */
static const struct key *padded_key(struct bytes text, struct bytes *value)
{
	for (size_t at = 2; at < text.len; at++) {
		const uint8_t *p = memchr(text.data + at, ':', text.len - at);
		struct bytes before;

		if (p == NULL)
			return NULL;
		at = (size_t)(p - text.data);
		if (p[-1] != ' ' || p[-2] != ' ')
			continue;
		before = text_trim(bytes_slice(text, 0, at));
		for (size_t i = COUNT(padded_keys); i-- != 0;) {
			size_t n = strlen(padded_keys[i].text);

			if (before.len < n ||
				memcmp(before.data + before.len - n, padded_keys[i].text, n) != 0)
				continue;
			*value = text_trim(bytes_slice(text, at + 1, text.len));
			return &padded_keys[i];
		}
	}
	return NULL;
}

static const struct key *first_key(struct bytes text, struct bytes *value)
{
	for (size_t i = 0; i < COUNT(first_keys); i++)
		if (text_begins(text, first_keys[i].text)) {
			*value = bare(bytes_slice(text, strlen(first_keys[i].text), text.len));
			return &first_keys[i];
		}
	return NULL;
}

/* ---- certificates of one line, and headings ---- */

static bool quoted(struct bytes text, const char *key, struct bytes *value)
{
	struct scan s = scan_of(text);
	struct bytes before;

	return scan_until(&s, key, &before) && scan_until(&s, "'", value);
}

/* "- subject `CN=x', issuer `CN=y', serial 0x09, RSA key 2048 bits, signed using RSA-SHA256, activated `...', ..." */
static bool gnutls_line(struct printed *p, struct bytes text, const struct log_line *line)
{
	struct bytes subject, value;
	size_t key, hash;

	if (!text_begins(text, "- subject `") || !quoted(text, "expires `", &value) ||
		!quoted(text, "subject `", &subject))
		return false;
	begin(p, line);
	keep(p->cert.subject, subject);
	on_date(&p->cert, value, true);
	if (quoted(text, "activated `", &value))
		on_date(&p->cert, value, false);
	if (quoted(text, "issuer `", &value))
		keep(p->cert.issuer, value);
	hash = text_find(text, "signed using ");
	key = text_find(text, " key ");
	if (key >= 8 && key < hash)
		take_key(&p->cert, bytes_slice(text, key - 8, hash - key + 8));
	p->cert.hash = hash_in(bytes_slice(text, hash, 40));
	return true;
}

/* " 0 s:CN = x", "   i:CN = y", "   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256", "   v:NotBefore: ...; NotAfter: ..." */
static bool chain_line(struct printed *p, struct bytes text, const struct log_line *line)
{
	struct scan s = scan_of(text);
	struct bytes first;
	uint64_t depth;

	if (scan_decimal(&s, &depth) && depth < DEPTH_MAX && scan_word(&s, " s:")) {
		p->depth = (unsigned)depth;
		p->headed = true;
		p->own = false;
		begin(p, line);
		keep(p->cert.subject, text_trim(scan_rest(&s)));
		return true;
	}
	s = scan_of(text);
	if (!p->open)
		return false;
	if (scan_word(&s, "a:PKEY: ") && scan_until(&s, "; sigalg: ", &first)) {
		take_key(&p->cert, first);
		p->cert.hash = hash_in(scan_rest(&s));
		return true;
	}
	if (scan_word(&s, "v:NotBefore: ") && scan_until(&s, "; NotAfter: ", &first)) {
		on_date(&p->cert, first, false);
		on_date(&p->cert, text_trim(scan_rest(&s)), true);
		return true;
	}
	return false;
}

/* "peer certificate #1:", "Verify requested for (Depth 1):", "- Certificate[0] info:": which one follows */
static bool heading(struct printed *p, struct bytes text)
{
	static const struct {
		const char *words;
		unsigned first;
		bool own;
	} headings[] = { { "peer certificate #", 1, false }, { "own certificate #", 1, true },
		{ "Verify requested for (Depth ", 0, false }, { "- Certificate[", 0, false } };

	for (size_t i = 0; i < COUNT(headings); i++) {
		size_t at = text_find(text, headings[i].words);
		struct scan s = scan_of(bytes_slice(text, at, text.len));
		uint64_t n;

		if (at == text.len || !scan_word(&s, headings[i].words) || !scan_decimal(&s, &n) ||
			n < headings[i].first || n > DEPTH_MAX)
			continue;
		p->depth = (unsigned)n - headings[i].first;
		p->own = headings[i].own;
		p->headed = true;
		return true;
	}
	return false;
}

/* The value of a field that stands on lines of its own. */
static bool waited_for(struct printed *p, struct bytes text)
{
	if (p->wait == PRINTED_WAITS_NAMES) {
		size_t at = text_find(text, "dNSName : "), ip = text_find(text, "iPAddress : ");

		at = at < ip ? at : ip; /* behind the place that mbedTLS prints in front */
		return take_names(
			&p->cert, at != text.len ? bytes_slice(text, at, text.len) : text, false);
	}
	if (p->wait == PRINTED_WAITS_USAGE && take_usage(&p->cert, text))
		return true;
	p->wait = PRINTED_WAITS_NOT;
	return false;
}

bool printed_take(struct printed *p, const struct log_line *line)
{
	struct bytes text = text_trim(line->text), value;
	const struct key *key;
	bool ends;

	if (text.len > 2 && text.data[0] == '*' && text.data[1] == ' ')
		text = text_trim(bytes_slice(text, 2, text.len)); /* curl */
	if (text.len == 0)
		return false;
	ends = text.data[text.len - 1] == ':'; /* few lines do, and headings always */
	if (ends && heading(p, text))
		return false;
	if (p->wait != PRINTED_WAITS_NOT && waited_for(p, text))
		return true;
	if (gnutls_line(p, text, line) || chain_line(p, text, line))
		return true;
	if (p->open && ends && text_has(text, "value of 'crt->")) {
		p->cert.whole = true; /* mbedTLS prints the key last */
		return true;
	}
	key = padded_key(text, &value);
	if (key == NULL)
		key = first_key(text, &value);
	return key != NULL && on_field(p, key->field, value, line);
}
