/*
 * Certificates: the walk, the names, and a chain of what is cut out of the input. The first byte
 * says at how many places the rest is cut.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "pki/form.h"
#include "pki/properties.h"

enum { PIECES_MAX = 8 };

static void check_text(const char *text, size_t room)
{
	size_t len = strnlen(text, room);

	must(len < room);
	for (size_t i = 0; i < len; i++)
		must((uint8_t)text[i] >= 0x20 && text[i] != 0x7f);
}

static void check_form(struct bytes der)
{
	struct form f;

	form_read(der, &f);
	must(f.n_extensions <= FORM_EXTENSIONS_MAX && f.trailing <= der.len);
	must_be_inside(der, f.serial);
	must_be_inside(der, f.issuer);
	must_be_inside(der, f.subject);
	must_be_inside(der, f.spki);
	must_be_inside(der, f.signature);
	must_be_inside(der, f.not_after.body);
	for (size_t i = 0; i < f.n_extensions; i++)
		must_be_inside(der, f.extension[i].value);
}

static void check_cert(const struct cert *c)
{
	struct bytes names = c->san_der;
	char usage[160];
	struct san san;

	must(c->parsed == (c->broken.code == PARSE_OK));
	must(c->broken.at <= c->der.len);
	check_text(c->subject, sizeof c->subject);
	check_text(c->issuer, sizeof c->issuer);
	check_text(c->common_name, sizeof c->common_name);
	check_text(c->key_name, sizeof c->key_name);
	check_text(c->signature_name, sizeof c->signature_name);
	must_be_inside(c->der, c->tbs);
	must_be_inside(c->der, c->spki);
	must_be_inside(c->der, c->signature);
	must_be_inside(c->der, c->san_der);
	check_form(c->der);
	while (cert_san_next(&names, &san))
		must_be_inside(c->der, san.value);
	(void)cert_key_usage_text(c->key_usage, usage);
	(void)cert_name_match(c, "device.example");
	(void)cert_name_match(c, "192.0.2.10");
	must(cert_names_equal(c->subject_der, c->subject_der));
}

/* Each at most once, and all of them properties that there are. */
static void check_properties(
	const struct cert *const *sent, size_t n, const struct chain_judgement *j)
{
	static const char *const names[] = { NULL, "device.example", "192.0.2.10" };

	for (size_t k = 0; k < 3; k++) {
		struct property_question q = { .sent = sent,
			.n_sent = n,
			.chain = j,
			.at = 1798761600,
			.name = names[k],
			.rsa_exchange = k == 1 };
		struct properties p;

		properties_find(&q, &p);
		must(p.n <= PROPERTIES_MAX);
		for (size_t i = 0; i < p.n; i++) {
			must(p.list[i] < N_PROPERTIES);
			for (size_t l = 0; l < i; l++)
				must(p.list[l] != p.list[i]);
		}
	}
}

static void check_chain(const struct cert *const *sent, size_t n)
{
	struct chain_question q = {
		.sent = sent,
		.n_sent = n,
		.at = 1798761600,
		.name = "device.example",
		.key_usage = KU_DIGITAL_SIGNATURE,
	};
	struct chain_judgement j;

	chain_judge(&q, NULL, &j);
	must(j.n_steps <= PATH_MAX_CERTS && j.n_unrelated <= n);
	must((j.n_steps == 0) == (j.end == PATH_EMPTY));
	q.verify_signatures = true;
	chain_judge(&q, NULL, &j);
	check_properties(sent, n, &j);
	for (size_t i = 0; i < j.n_steps; i++)
		must(j.step[i].sent_index < (int)n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cert_store *store = cert_store_open(0);
	const struct cert *cert[PIECES_MAX];
	size_t n = 0, pieces = size != 0 ? 1 + data[0] % PIECES_MAX : 1;
	struct bytes left = bytes_slice(bytes_of(data, size), 1, size);

	if (store == NULL)
		return 0;
	for (size_t i = 0; i < pieces; i++) {
		size_t len = left.len / (pieces - i);

		cert[n] = cert_store_get(store, bytes_slice(left, 0, len));
		if (cert[n] != NULL)
			check_cert(cert[n++]);
		left = bytes_slice(left, len, left.len);
	}
	check_chain(cert, n);
	for (size_t i = 0; i < n; i++)
		cert_release(store, cert[i]);
	cert_store_close(store);
	return 0;
}
