/* Rules over one file, and over one certificate or key in it: does it read, with what? */
#include "base/array.h"
#include "content/content.h"
#include "diagnose/files_rules.h"

static const struct item_file *file_of(const struct file_rule_context *x, const struct item *it)
{
	return &x->q->material->files[it->file];
}

const char *item_name(const struct file_rule_context *x, const struct item *it)
{
	const struct item_file *file = file_of(x, it);

	if (it->variable != NULL)
		return case_text(x->cf, "'%s' (%s%sline %zu)", file->path, it->variable,
			it->variable[0] != '\0' ? ", " : "", it->line);
	if (file->n_items < 2)
		return case_text(x->cf, "'%s'", file->path);
	if (it->line != 0)
		return case_text(x->cf, "'%s' (line %zu)", file->path, it->line);
	return case_text(x->cf, "'%s' (byte %zu)", file->path, it->at);
}

/* ---- does it read? ---- */

static const char *const certificate_steps[] = {
	"compare the file with the one that was issued: its length, its last bytes",
	"an editor, a mail or a shell that joins lines are the usual ways to break PEM; for DER, "
	"strlen() and text mode",
	NULL,
};

/* Any DER begins so: no label says that it is one, and no field of one was read. */
static bool shows_nothing(const struct file_rule_context *x, const struct item *it)
{
	return file_of(x, it)->form == FORM_DER && it->cert != NULL && it->cert->serial.len == 0;
}

static bool certificate_broken(
	const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	if (it->kind != ITEM_CERT || it->broken == NULL)
		return false;
	if (shows_nothing(x, it)) {
		f->confidence = CONFIDENCE_POSSIBLE;
		finding_say(f, x->cf,
			"The DER in %s cannot be read, before it shows whether it is a certificate",
			item_name(x, it));
	} else {
		finding_say(f, x->cf, "The certificate in %s cannot be read", item_name(x, it));
	}
	finding_prove(f, x->cf, 0, "%s%s", it->cert != NULL ? "its DER, " : "", it->broken);
	if (it->cert != NULL && it->cert->subject[0] != '\0')
		finding_prove(f, x->cf, 0, "up to there it is '%s'", it->cert->subject);
	return true;
}

/* How to come from what it is to what is read here. */
static void help(const struct file_rule_context *x, const struct item_file *file, const char *what,
	struct finding *f)
{
	enum content_kind kind = content_by_name(what);
	const char *command = content_command(kind);
	struct strbuf line = { 0 };

	if (command == NULL || strcmp(command, "check") != 0)
		content_help(kind, file->path, file->form == FORM_PEM, &line);
	if (line.len != 0)
		finding_step(f, x->cf, "%s", strbuf_text(&line));
	strbuf_free(&line);
}

static const char *key_trouble(const struct file_rule_context *x, const struct item *it)
{
	const struct key_facts *k = &it->key;

	if (it->broken != NULL)
		return it->broken;
	switch (k->state) {
	case KEY_WRONG_PASSWORD:
		return "the password given does not open it";
	case KEY_TYPE_LACKING:
		return case_text(x->cf, "mbedTLS %s has no keys of this kind: %s (-0x%04X)",
			crypto_library_version(), k->name[0] != '\0' ? k->name : "unknown",
			(unsigned)-k->code);
	case KEY_BROKEN:
		return case_text(x->cf, "mbedtls_pk_parse_key says -0x%04X of its bytes",
			(unsigned)-k->code);
	case KEY_READ:
	case KEY_LOCKED:
	case KEY_CIPHER_LACKING:
		break;
	}
	return NULL;
}

static bool key_broken(const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	const char *why = it->kind == ITEM_KEY ? key_trouble(x, it) : NULL;

	if (why == NULL)
		return false;
	finding_say(f, x->cf, "The key in %s cannot be used", item_name(x, it));
	finding_prove(f, x->cf, 0, "%s", why);
	if (it->key.state == KEY_TYPE_LACKING) { /* the file is whole, and others use it */
		finding_say(f, x->cf, "The key in %s is of a kind that mbedTLS does not have",
			item_name(x, it));
		finding_step(f, x->cf,
			"a device with mbedTLS needs an EC or RSA key: openssl genpkey -algorithm "
			"EC "
			"-pkeyopt ec_paramgen_curve:P-256, and a certificate for it");
		finding_step(f, x->cf, "OpenSSL, GnuTLS and others use the key as it is");
		f->steps_done = true;
	}
	help(x, file_of(x, it), it->what, f);
	if (it->key.encrypted && it->key.cipher.text[0] != '\0')
		finding_prove(f, x->cf, 0, "it is encrypted: %s", it->key.cipher.text);
	return true;
}

static bool halves_differ(
	const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	if (it->kind != ITEM_KEY || !it->key.halves_differ)
		return false;
	finding_say(f, x->cf, "The two halves of the key in %s do not belong together",
		item_name(x, it));
	finding_prove(f, x->cf, 0,
		"the public key in the file is not the one that its private key gives");
	return true;
}

static bool public_only(const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	if (it->kind != ITEM_KEY || it->key.has_private || file_of(x, it)->role != FOR_KEY ||
		it->key.state != KEY_READ)
		return false;
	finding_say(f, x->cf, "%s holds a public key, and a handshake needs the private one",
		item_name(x, it));
	return true;
}

static const char *const nul_steps[] = {
	"put 0x00 at the end of the array (xxd -i and bin2c do not), and pass its whole size: "
	"sizeof "
	"counts the NUL of a string literal",
	"mbedtls_x509_crt_parse and mbedtls_pk_parse_key answer -0x2180 and -0x3D00 without it",
	NULL,
};

/* The parsers tell PEM from DER by the NUL at the end. */
static bool unterminated(
	const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	if (!it->unterminated)
		return false;
	finding_say(f, x->cf, "The PEM in %s does not end in a NUL", item_name(x, it));
	finding_prove(
		f, x->cf, 0, "mbedTLS takes PEM for DER when the last byte it is given is not 0");
	return true;
}

/* ---- encryption ---- */

static const char *const locked_steps[] = {
	"give the password with --key-password-file, to have the key looked at",
	"a device needs the password too: mbedtls_pk_parse_key takes it, or store the key in the "
	"clear (openssl pkey -in key.pem -out plain.pem)",
	NULL,
};

static bool key_locked(const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	if (it->kind != ITEM_KEY || it->key.state != KEY_LOCKED)
		return false;
	finding_say(f, x->cf, "The key in %s is encrypted, and no password was given",
		item_name(x, it));
	if (it->key.cipher.text[0] != '\0')
		finding_prove(f, x->cf, 0, "encrypted with %s", it->key.cipher.text);
	return true;
}

static const char *const cipher_steps[] = {
	"store the key unencrypted: openssl pkey -in key.pem -out plain.pem",
	"or with what every version decrypts: openssl pkcs8 -topk8 -in plain.pem -v2 des3",
	"or build with mbedTLS 3.6, which knows AES there",
	NULL,
};

/* The library here may know more than the one on the device: both are told. */
static bool key_cipher(const struct file_rule_context *x, const struct item *it, struct finding *f)
{
	const struct key_cipher *c = &it->key.cipher;

	if (it->kind != ITEM_KEY || !it->key.encrypted ||
		(!c->aes_in_pbes2 && !c->unknown_to_mbedtls && it->key.state != KEY_CIPHER_LACKING))
		return false;
	finding_prove(f, x->cf, 0, "%s is encrypted with %s", item_name(x, it), c->text);
	if (c->unknown_to_mbedtls)
		finding_prove(f, x->cf, 0, "no version of mbedTLS decrypts that");
	else if (c->aes_in_pbes2)
		finding_prove(f, x->cf, 0,
			"mbedTLS decrypts AES in PBES2 from 3.6 on; before, only DES and 3DES "
			"(-0x2E80)");
	if (it->key.state == KEY_CIPHER_LACKING)
		finding_prove(f, x->cf, 0, "mbedTLS %s, which tlsdiag uses, does not decrypt it",
			crypto_library_version());
	if (c->unknown_to_mbedtls)
		f->severity = SEVERITY_ERROR;
	return true;
}

static const char *const key_steps[] = {
	"look at the file: openssl pkey -in key.pem -noout -check",
	"export it again from where it was made, as PKCS #8: openssl pkey -in old.pem -out key.pem",
	NULL,
};

const struct cause unusable_key_file = {
	.id = "key-file-unusable",
	.origin = ORIGIN_KEY,
	.summary = "A key file cannot be used",
	.next_steps = key_steps,
};

static const struct cause unsupported_key_encryption = {
	.id = "key-encryption-unsupported",
	.origin = ORIGIN_CONFIG,
	.summary = "The key is encrypted in a way that mbedTLS versions in use cannot decrypt",
	.next_steps = cipher_steps,
};

static const struct cause pem_not_terminated = {
	.id = "pem-not-terminated",
	.origin = ORIGIN_CONFIG,
	.summary = "PEM in a C array does not end in a NUL",
	.next_steps = nul_steps,
};

extern const struct cause cause_certificate_malformed;

const struct item_rule item_rules[] = {
	{ &cause_certificate_malformed, SEVERITY_ERROR, certificate_broken, certificate_steps },
	{ &unusable_key_file, SEVERITY_ERROR, key_broken, NULL },
	{ &unusable_key_file, SEVERITY_ERROR, halves_differ, NULL },
	{ &pem_not_terminated, SEVERITY_ERROR, unterminated, NULL },
	{ &unusable_key_file, SEVERITY_ERROR, public_only, NULL },
	{ &unsupported_key_encryption, SEVERITY_WARNING, key_cipher, NULL },
	{ &unusable_key_file, SEVERITY_WARNING, key_locked, locked_steps },
};
const size_t n_item_rules = COUNT(item_rules);

/* ---- the file as a whole ---- */

static bool holds_wanted(const struct material *m, const struct item_file *file)
{
	for (size_t i = 0; i < m->n_items; i++) {
		enum item_kind kind = m->items[i].kind;

		if (&m->files[m->items[i].file] != file)
			continue;
		if (file->role == FOR_ANY       ? kind != ITEM_OTHER
			: file->role == FOR_KEY ? kind == ITEM_KEY
						: kind == ITEM_CERT)
			return true;
	}
	return false;
}

static const char *held(const struct material *m, const struct item_file *file)
{
	for (size_t i = 0; i < m->n_items; i++)
		if (&m->files[m->items[i].file] == file)
			return m->items[i].what;
	return file->holds != NULL ? file->holds : "nothing";
}

/* What it is by its first words, but for its form: PEM whose lines were joined, or begin with something else. */
static bool is_misshapen(const char *what)
{
	const char *command = content_command(content_by_name(what));

	return command != NULL && strcmp(command, "check") == 0;
}

static void say_other(const struct file_rule_context *x, const struct item_file *file,
	const char *what, struct finding *f)
{
	const char *wanted = file->role == FOR_KEY ? "a private key" : "a certificate";

	if (file->n_items == 0 && is_misshapen(what)) {
		finding_say(f, x->cf,
			"'%s' holds %s in a form that nobody reads: its lines are joined, or cut "
			"otherwise",
			file->path, what);
		finding_step(f, x->cf,
			"BEGIN and END want lines of their own; where line ends are written as "
			"\\n: printf '%%b' \"$(cat FILE)\" >OUT.pem");
	} else if (file->role == FOR_ANY)
		finding_say(f, x->cf, "'%s' holds %s: no certificate, no key", file->path, what);
	else
		finding_say(f, x->cf, "'%s' holds %s, not %s", file->path, what, wanted);
}

static bool holds_other(
	const struct file_rule_context *x, const struct item_file *file, struct finding *f)
{
	const struct material *m = x->q->material;
	const char *what = held(m, file);

	if (holds_wanted(m, file))
		return false;
	help(x, file, what, f);
	if (file->role == FOR_ANY)
		f->severity = SEVERITY_WARNING;
	if (file->role != FOR_KEY && (file->n_items != 0 || !is_misshapen(what))) {
		f->cause = causes[CAUSE_file_of_another_kind];
		f->origin = f->cause->origin;
	}
	say_other(x, file, what, f);
	return true;
}

static bool glued(
	const struct file_rule_context *x, const struct item_file *file, struct finding *f)
{
	if (file->glued_line == 0)
		return false;
	finding_say(f, x->cf, "In '%s' two files were put together without a line end between",
		file->path);
	finding_prove(
		f, x->cf, 0, "line %zu goes on after END with another BEGIN", file->glued_line);
	finding_prove(f, x->cf, 0, "mbedTLS reads both; OpenSSL gives up at that line");
	return true;
}

static bool has_bom(
	const struct file_rule_context *x, const struct item_file *file, struct finding *f)
{
	if (!file->bom)
		return false;
	finding_say(f, x->cf, "A byte order mark stands before a BEGIN line of '%s'", file->path);
	finding_prove(f, x->cf, 0,
		"EF BB BF; mbedTLS and OpenSSL 3 pass over it, a reader that wants BEGIN at the "
		"beginning of a line does not");
	return true;
}

static bool nul_inside(
	const struct file_rule_context *x, const struct item_file *file, struct finding *f)
{
	if (file->form != FORM_PEM || file->nul_at == 0)
		return false;
	finding_say(f, x->cf, "The text of '%s' holds a NUL, at byte %zu", file->path,
		file->nul_at - 1);
	finding_prove(f, x->cf, 0, "mbedTLS reads PEM as a C string: what follows is not seen");
	return true;
}

static bool after_der(
	const struct file_rule_context *x, const struct item_file *file, struct finding *f)
{
	if (file->after_der == 0)
		return false;
	finding_say(f, x->cf, "'%s' goes on after the end of its DER", file->path);
	finding_prove(
		f, x->cf, 0, "%zu bytes of %zu belong to nothing", file->after_der, file->bytes);
	return true;
}

static const char *const other_steps[] = {
	"name the file that is meant, or put the files in the order of the options",
	NULL,
};
static const char *const join_steps[] = {
	"put a line end at the end of each file before joining them: awk 1 a.pem b.pem >both.pem",
	NULL,
};
static const char *const mark_steps[] = {
	"save the file as ASCII, or as UTF-8 without a byte order mark",
	NULL,
};
static const char *const bytes_steps[] = {
	"write the file again from where it came; look at how the bytes got there",
	NULL,
};

const struct form_rule form_rules[] = {
	{ SEVERITY_ERROR, holds_other, other_steps },
	{ SEVERITY_WARNING, glued, join_steps },
	{ SEVERITY_NOTE, has_bom, mark_steps },
	{ SEVERITY_WARNING, nul_inside, bytes_steps },
	{ SEVERITY_WARNING, after_der, bytes_steps },
};
const size_t n_form_rules = COUNT(form_rules);
