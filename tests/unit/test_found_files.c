/*
 * What is found in files and made of it, of files that were found (support/found.h). A byte says how many there are,
 * one what is asked of them; then of each how it is given, which fixture it begins as, and how many changes there
 * are: what is done, where (two bytes), and what with.
 */
#include "base/array.h"
#include "base/file.h"
#include "pki/pem.h"
#include "support/certs.h"
#include "support/found.h"
#include "support/found_words.h"
#include "support/material_text.h"

#include <stdlib.h>

#define EC_PARAMETERS                                                                              \
	"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
#define CRL "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"

enum { FILES_MOST = 4, CHANGES_MOST = 8, TEXT_ROOM = 60000 };

static const char *const bases[] = { "", "check/pair/server.pem", "check/pair/sub.pem",
	"check/pair/root.pem", "check/pair/server.key", "check/chain.pem", "check/reversed.pem",
	"check/other.key", "check/rsa.key", "check/no-end.pem", "check/digit.pem",
	"check/firmware.c", "certs/leaf.crt", "certs/sub.crt", "certs/root.crt", "certs/cross.crt",
	"certs/leaf-cut.der", "certs/leaf-loop.crt", "certs/loop-a.crt", "certs/loop-b.crt",
	"certs/rsa.crt", "certs/leaf-client.crt", "certs/leaf-v1.crt", "certs/leaf-explicit.crt",
	"certs/self.crt", "certs/ed25519.crt", "certs/sub-expired.crt",
	"certs/kinds/ed25519-key.pem", "certs/leaf-no-aki.crt", "certs/root-again.crt" };

struct text {
	uint8_t b[TEXT_ROOM];
	size_t n;
};

static void text_begin(struct text *t, unsigned which)
{
	const char *name = bases[which % COUNT(bases)];
	char path[100];
	struct secret file;
	struct err e = { 0 };

	t->n = 0;
	if (name[0] == '\0')
		return;
	(void)snprintf(path, sizeof path, "fixtures/%s", name);
	assert_true(file_read(path, &file_kind_certs, &file, &e));
	assert_true(file.len < TEXT_ROOM / 2);
	t->n = file.len;
	memcpy(t->b, file.data, file.len);
	secret_wipe(&file);
}

static void text_insert(struct text *t, size_t at, struct bytes what)
{
	if (what.len > sizeof t->b - t->n)
		return;
	memmove(t->b + at + what.len, t->b + at, t->n - at);
	memcpy(t->b + at, what.data, what.len);
	t->n += what.len;
}

static void text_remove(struct text *t, size_t at, size_t n)
{
	if (n > t->n - at)
		n = t->n - at;
	memmove(t->b + at, t->b + at + n, t->n - at - n);
	t->n -= n;
}

static void insert_literal(struct text *t, size_t at, struct found_script *s)
{
	unsigned n = found_byte(s);
	struct bytes what = bytes_slice(s->rest, 0, n);

	s->rest = bytes_slice(s->rest, what.len, s->rest.len);
	text_insert(t, at, what);
}

static void insert_line(struct text *t, size_t at, unsigned which)
{
	static const char *const lines[] = { "\n", "\r\n", "-----BEGIN CERTIFICATE-----\n",
		"-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n",
		"-----END PRIVATE KEY-----\n", EC_PARAMETERS, CRL,
		"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", "\xef\xbb\xbf", "/* ",
		" */", "// ", "const char cert[] = \"", "\\n\"\n\"",
		"const unsigned char der[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };\n", "\";\n", "{ ",
		" };\n", "#if 0\n", "#endif\n", "subject=/CN=x\n", "    ", "=", "==", "\t" };
	const char *line = lines[which % COUNT(lines)];

	text_insert(t, at, bytes_of(line, strlen(line)));
}

static void text_change(struct text *t, struct found_script *s)
{
	unsigned what = found_byte(s), high = found_byte(s);
	size_t at = high * 256 + found_byte(s);

	at = what % 16 >= 8 ? t->n - at % (t->n + 1) : at % (t->n + 1);
	switch (what % 8) {
	case 0:
		if (at < t->n)
			t->b[at] ^= (uint8_t)found_byte(s);
		break;
	case 1:
		insert_literal(t, at, s);
		break;
	case 2:
		text_remove(t, at, found_byte(s));
		break;
	case 3:
		t->n = at;
		break;
	case 4:
		insert_line(t, at, found_byte(s));
		break;
	case 5:
		text_insert(t, t->n, bytes_slice(bytes_of(t->b, t->n), at, t->n));
		break;
	case 6:
		text_remove(t, 0, at);
		break;
	default:
		if (at < t->n)
			t->b[at] = (uint8_t)(t->b[at] + 1);
		break;
	}
}

static void take_file(struct material *m, struct found_script *s, const char *password,
	struct text *t, struct strbuf *out)
{
	static const enum given_as roles[] = { FOR_ANY, FOR_CERT, FOR_CHAIN, FOR_KEY, FOR_CA };
	unsigned role = found_byte(s), changes;
	struct err e = { 0 };

	text_begin(t, found_byte(s));
	changes = found_byte(s) % CHANGES_MOST;
	for (unsigned i = 0; i < changes; i++)
		text_change(t, s);
	if (!material_take(
		    m, "file", roles[role % COUNT(roles)], bytes_of(t->b, t->n), password, &e))
		strbuf_printf(out, "  failed: %d\n", (int)e.code);
}

static void play(struct bytes input, struct strbuf *out)
{
	static const char *const names[] = { NULL, "device.example", "192.0.2.10" };
	struct found_script s = { .rest = input };
	unsigned n = 1 + found_byte(&s) % FILES_MOST, asked = found_byte(&s);
	struct text *t = malloc(FILES_MOST * sizeof *t);
	struct trust *trust = NULL;
	struct credential_question q = { .at = FIXTURE_TIME,
		.name = names[asked % COUNT(names)],
		.purpose = asked / 4 % 2 != 0 ? PURPOSE_CLIENT : PURPOSE_SERVER };
	struct material m;
	struct err e = { 0 };

	assert_non_null(t);
	if (asked / 8 % 4 == 1)
		q.trust = trust = trust_open("fixtures/certs/root.crt", &e);
	assert_true(material_open(&m, &e));
	for (unsigned i = 0; i < n; i++)
		take_file(&m, &s, asked >= 128 ? "tlsdiag" : NULL, &t[i], out);
	tell_material(out, &m);
	tell_judgement(out, &m, &q);
	for (size_t i = 0; i < m.n_items; i++)
		if (m.items[i].cert != NULL)
			tell_cert(out, m.items[i].cert);
	trust_close(trust);
	material_close(&m);
	free(t);
}

FOUND_PROGRAM("tests/unit/facts/found/files.txt")
