/* Which file a path leads to, whatever it is called: to tell that two paths mean the same one. */
#ifndef TLSDIAG_BASE_FILE_ID_H
#define TLSDIAG_BASE_FILE_ID_H

#include "base/bytes.h"

#include <sys/types.h>

enum { FILE_ID_NAME = 256 };

struct file_id {
	bool known; /* else it is like no other: its folder is not there either */
	bool exists; /* then device and inode are the file's; else its folder's, and `name` is its own */
	bool regular, folder;
	bool device_file; /* a character device, which outlives what is written to it */
	dev_t device;
	ino_t inode;
	char name[FILE_ID_NAME];
};

/*
 * Follows links, of /proc/self/fd too, and a link to nowhere to where it would lead. Says what is so
 * now: a path may mean another file later.
 */
struct file_id file_id_of(const char *path);
struct file_id file_id_of_descriptor(int fd);

/* Do both mean one file that writing would change? Never so of folders and character devices. */
bool file_id_same(const struct file_id *a, const struct file_id *b);

#endif
