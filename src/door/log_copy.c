/*
 * The bytes of certificates are signed and stay. So does a name that one of them is held against: the hello's, or
 * that which a log says is expected. A hello that a CertificateVerify signs (RFC 5246 7.4.8, RFC 8446 4.4.3) stays
 * with its name. Everything else has a pseudonym, in words and in bytes.
 */
#include "door/log_copy.h"

#include "base/memory.h"
#include "log/anonymise.h"
#include "log/dump_names.h"
#include "pki/chain.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, KEPT_MAX = 64 };

struct file {
	int fd;
	off_t from;
	char *name;
};

struct log_copy {
	struct pseudonyms *names;
	struct file files[LOG_COPIES_MAX];
	size_t n_files;
	struct bytes certificates[LOG_COPY_CERTIFICATES_MAX]; /* copies of those that were seen */
	size_t n_certificates;
	bool more_certificates;
	const char *kept[KEPT_MAX + 1];
	size_t n_kept;
	struct arena *arena;
	uint8_t *line; /* LOG_LINE_MAX */
	struct dump_names *dump;
	FILE *out;
	bool failed; /* for want of memory */
};

struct log_copy *log_copy_open(void)
{
	struct log_copy *c = memory_new(sizeof *c);

	if (c == NULL)
		return NULL;
	c->names = pseudonyms_open();
	c->arena = arena_new(SIZE_MAX);
	c->line = memory_get(LOG_LINE_MAX);
	if (c->names != NULL && c->arena != NULL && c->line != NULL)
		return c;
	log_copy_close(c);
	return NULL;
}

void log_copy_close(struct log_copy *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_files; i++)
		(void)close(c->files[i].fd);
	dump_names_close(c->dump);
	pseudonyms_close(c->names);
	arena_free(c->arena);
	free(c->line);
	free(c);
}

bool log_copy_add(struct log_copy *c, int fd, const char *name, struct err *e)
{
	struct file f = { .from = lseek(fd, 0, SEEK_CUR) };

	if (f.from < 0)
		return err_set(e, ERR_INPUT, 0,
			"--anonymise reads a log twice, which cannot be done of '%.80s': put it "
			"into a file",
			name);
	if (c->n_files == LOG_COPIES_MAX)
		return err_set(e, ERR_LIMIT, 0, "--anonymise takes no more than '%d' logs",
			LOG_COPIES_MAX);
	f.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	f.name = arena_str(c->arena, name);
	if (f.fd < 0)
		return err_set(e, ERR_OS, errno, "cannot keep '%.80s' open", name);
	if (f.name == NULL) {
		(void)close(f.fd);
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	}
	c->files[c->n_files++] = f;
	return true;
}

/* ---- what is known after the first reading ---- */

static struct bytes without_names(struct log_copy *c, struct bytes line)
{
	if (line.len != 0)
		memcpy(c->line, line.data, line.len);
	anonymise_line(c->names, line, c->line);
	return bytes_of(c->line, line.len);
}

void log_copy_line(void *copy, struct bytes line)
{
	(void)without_names(copy, line);
}

/* NULL: no memory, or it is no text. */
static const char *text_of(struct log_copy *c, struct bytes name)
{
	if (name.len == 0 || memchr(name.data, 0, name.len) != NULL)
		return NULL;
	return arena_printf(c->arena, "%.*s", (int)name.len, (const char *)name.data);
}

static void keep(struct log_copy *c, struct bytes name)
{
	const char *text = text_of(c, name);

	pseudonyms_keep(c->names, name);
	for (size_t i = 0; i < c->n_kept; i++)
		if (text == NULL || strcmp(c->kept[i], text) == 0)
			return;
	if (text != NULL && c->n_kept < KEPT_MAX)
		c->kept[c->n_kept++] = text;
}

void log_copy_keep(struct log_copy *c, const char *name)
{
	if (name != NULL)
		keep(c, bytes_of(name, strlen(name)));
}

static void see_certificate(struct log_copy *c, struct bytes der)
{
	for (size_t i = 0; i < c->n_certificates; i++)
		if (bytes_equal(c->certificates[i], der))
			return;
	if (c->n_certificates < LOG_COPY_CERTIFICATES_MAX)
		c->certificates[c->n_certificates++] = arena_copy(c->arena, der);
	else
		c->more_certificates = true;
}

static uint8_t lower(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;
}

static bool has_name(struct bytes der, struct bytes name)
{
	for (size_t at = 0; at + name.len <= der.len; at++) {
		size_t k = 0;

		while (k < name.len && lower(der.data[at + k]) == lower(name.data[k]))
			k++;
		if (k == name.len)
			return true;
	}
	return false;
}

/* Does it name that host, or others of a domain of it? Who asks for one of these is told what differs. */
static bool is_about(const struct cert *leaf, const char *name)
{
	if (leaf->parsed && cert_name_match(leaf, name) != NAME_DIFFERS)
		return true;
	while (strchr(name, '.') != NULL) {
		if (has_name(leaf->der, bytes_of(name, strlen(name))))
			return true;
		name = strchr(name, '.') + 1;
	}
	return false;
}

/* Is it what the certificate says, so that hiding it would make it say something else? */
static void see_name(struct log_copy *c, const struct handshake *hs, struct bytes name)
{
	const struct party *server = &hs->side[SIDE_SERVER];
	const struct party *client = &hs->side[SIDE_CLIENT];
	const char *text = text_of(c, name);

	if (text == NULL)
		return;
	pseudonyms_learn(c->names, name);
	if (server->verify.seen || client->verify.seen ||
		(server->n_certs != 0 && is_about(server->certs[0], text)))
		keep(c, name);
}

void log_copy_see(struct log_copy *c, const struct handshake *hs)
{
	for (unsigned side = 0; side < 2; side++)
		for (size_t i = 0; i < hs->side[side].n_certs; i++)
			see_certificate(c, hs->side[side].certs[i]->der);
	see_name(c, hs, hs->client_hello.ext.server_name);
	if (hs->told_sni != NULL)
		see_name(c, hs, bytes_of(hs->told_sni, strlen(hs->told_sni)));
	if (hs->reference_name != NULL)
		see_name(c, hs, bytes_of(hs->reference_name, strlen(hs->reference_name)));
}

/* ---- the second reading ---- */

/* Where a certificate has a name, nobody can tell its bytes from those of a message. */
static bool is_in_certificate(void *ctx, struct bytes name)
{
	const struct log_copy *c = ctx;

	for (size_t i = 0; i < c->n_certificates; i++)
		if (has_name(c->certificates[i], name))
			return true;
	return c->more_certificates;
}

static void put_line(void *ctx, struct bytes line)
{
	const struct log_copy *c = ctx;

	(void)fwrite(line.data, 1, line.len, c->out);
	(void)putc('\n', c->out);
}

static void copy_line(void *ctx, struct bytes line)
{
	struct log_copy *c = ctx;

	c->failed |= !dump_names_take(c->dump, without_names(c, line));
}

static void pass_over(void *ctx, const struct log_conn *conn)
{
	(void)ctx;
	(void)conn;
}

static bool copy_pieces(struct unpack_reader *from, struct log *l, const char *name, struct err *e)
{
	uint8_t *piece = memory_get(PIECE);
	enum unpack_result result = UNPACK_OK;

	if (piece == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	while (result == UNPACK_OK) {
		size_t got = 0;

		result = unpack_read(from, piece, PIECE, &got, e);
		if (result == UNPACK_OK)
			log_feed(l, bytes_of(piece, got));
	}
	free(piece);
	return result == UNPACK_END || err_context(e, "cannot read '%s' again", name);
}

static bool copy_file(struct log_copy *c, const struct file *f, struct err *e)
{
	const struct log_options o = {
		.only_copied = true, .redacted = copy_line, .redacted_ctx = c
	};
	struct log *l = log_open((struct log_conn_sink){ pass_over, NULL }, &o);
	struct unpack_reader *from = NULL;
	bool ok = false;

	if (lseek(f->fd, f->from, SEEK_SET) < 0)
		err_set(e, ERR_OS, errno, "cannot read '%.80s' again", f->name);
	else if (l == NULL)
		err_set(e, ERR_MEMORY, 0, "out of memory");
	else
		from = unpack_open(f->fd, e);
	if (from != NULL) {
		ok = copy_pieces(from, l, f->name, e);
		log_end(l);
		dump_names_end(c->dump);
	}
	unpack_close(from);
	log_close(l);
	return ok;
}

bool log_copy_write(struct log_copy *c, FILE *out, struct err *e)
{
	bool ok = true;

	c->out = out;
	pseudonyms_spare(c->names, is_in_certificate, c);
	c->dump = dump_names_open(c->names, put_line, c);
	if (c->dump == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	for (size_t i = 0; i < c->n_files; i++)
		ok &= copy_file(c, &c->files[i], e);
	return !c->failed ? ok : err_set(e, ERR_MEMORY, 0, "out of memory");
}

size_t log_copy_certificates(const struct log_copy *c)
{
	return c->n_certificates;
}

const char *log_copy_name(const struct log_copy *c, size_t i)
{
	return i < c->n_kept ? c->kept[i] : NULL;
}
