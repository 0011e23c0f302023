/* Files that are read whole: each kind has a size that none of its kind reaches. */
#ifndef TLSDIAG_BASE_FILE_H
#define TLSDIAG_BASE_FILE_H

#include "base/err.h"
#include "base/secret.h"

struct file_kind {
	const char *name; /* what the file should be: "a configuration header" */
	size_t max;       /* bytes */
	/* The path is not quoted: who misreads the option may have typed the secret itself. */
	bool unquoted;
};

extern const struct file_kind file_kind_certs;    /* certificates, in any form: 16 MiB */
extern const struct file_kind file_kind_key;      /* a private key: 1 MiB */
extern const struct file_kind file_kind_config;   /* a configuration header: 1 MiB */
extern const struct file_kind file_kind_targets;  /* a list of targets: 1 MiB */
extern const struct file_kind file_kind_hello;    /* a ClientHello as bytes or text: 1 MiB */
extern const struct file_kind file_kind_password; /* a password: 64 KiB, unquoted */
extern const struct file_kind file_kind_psk;      /* a pre-shared key: 64 KiB, unquoted */

/*
 * Reads all of a file of any type (a pipe, a device, one of /proc) into memory that is wiped as it
 * grows. A NUL follows the bytes and is not counted. Release with secret_wipe(). False with ERR_OS, ERR_MEMORY, or with ERR_LIMIT when there is more than the kind
 * allows: what a file says its size is decides nothing but that.
 */
bool file_read(const char *path, const struct file_kind *kind, struct secret *out, struct err *e);
bool file_read_stdin(const struct file_kind *kind, struct secret *out, struct err *e);

/* What stands between a file and its bytes (unpack/unpack_file.h): read() fills `out`, *got 0 at the end. */
struct file_through {
	size_t room_least; /* bytes that read() needs room for */
	void *(*open)(int fd, struct err *e);
	bool (*read)(void *state, uint8_t *out, size_t room, size_t *got, struct err *e);
	void (*close)(void *state); /* accepts NULL */
};
/* The same through that; path NULL: standard input. The kind's size is that of what comes out. */
bool file_read_through(const char *path, const struct file_kind *kind,
	const struct file_through *through, struct secret *out, struct err *e);

/*
 * The names in a folder, sorted, but for those that begin with a dot; at most `max`, else ERR_LIMIT.
 * Release with folder_free().
 */
struct folder {
	char **names;
	size_t n;
};
bool folder_list(const char *path, size_t max, struct folder *out, struct err *e);
void folder_free(struct folder *f);

#endif
