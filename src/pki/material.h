/*
 * What files hold: certificates, keys and what else stands in them, each with its place, and what
 * is odd about the file as a whole. Nothing is judged here, and nothing stops at the first flaw.
 */
#ifndef TLSDIAG_PKI_MATERIAL_H
#define TLSDIAG_PKI_MATERIAL_H

#include "base/err.h"
#include "pki/key_file.h"

/* What the user named a file for. */
enum given_as { FOR_CERT, FOR_CHAIN, FOR_KEY, FOR_CA, FOR_ANY };

enum file_form { FORM_PEM, FORM_DER, FORM_C, FORM_NEITHER };

enum item_kind { ITEM_CERT, ITEM_KEY, ITEM_OTHER };

struct item {
	size_t file; /* index */
	enum item_kind kind;
	const char *what;        /* "a certificate", "an encrypted private key", "a CRL" */
	size_t line;             /* of its BEGIN line, or of the value in a C source; 0: DER */
	size_t at;               /* offset in the file, of DER */
	size_t block_len;        /* bytes of the PEM block, or of the DER */
	const struct cert *cert; /* ITEM_CERT; NULL when not even its bytes could be had */
	struct key_facts key;    /* ITEM_KEY */
	const char *variable;    /* in a C source: its name, "" unknown; NULL: no C source */
	bool unterminated;       /* in a C source: PEM without a NUL behind it */
	const char *broken;      /* where it does not read, one line; NULL: it does */
};

struct item_file {
	const char *path;
	enum given_as role;
	enum file_form form;
	const char *holds; /* of FORM_NEITHER: "nothing", "neither PEM nor DER" */
	size_t bytes;
	size_t n_items;
	bool bom;          /* a byte order mark stands before a BEGIN line */
	bool crlf, lf;     /* line ends of either kind occur */
	size_t glued_line; /* an END line that goes on with BEGIN; 0 none */
	size_t nul_at;     /* PEM: 1 + offset of a NUL inside the text; 0 none */
	size_t after_der;  /* bytes after the last element */
};

struct material {
	struct arena *arena;
	struct cert_store *store;
	struct item_file *files;
	size_t n_files, files_size;
	struct item *items;
	size_t n_items, items_size;
	uint64_t looked_at; /* bytes of the files read so far */
	uint64_t stretched; /* iterations that passwords were stretched by so far */
	const char *(*stop)(
		void); /* asked before each file: why no more is to be read; may be NULL */
};

bool material_open(struct material *m, struct err *e);
void material_close(struct material *m);

/*
 * Reads a file, or every file of a folder and of those in it (FOR_ANY), of which those that hold
 * neither a certificate nor a key are passed over. password may be NULL. False with the reason when it cannot
 * be read, or a limit is reached; what was read before stays.
 */
bool material_read(struct material *m, const char *path, enum given_as role, const char *password,
	struct err *e);

/* The same for the bytes of one file; path is its name in what is said of it. */
bool material_take(struct material *m, const char *path, enum given_as role, struct bytes text,
	const char *password, struct err *e);

#endif
