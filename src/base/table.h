/*
 * Hash tables of what strangers chose: addresses and ports, certificates, names. The one place that
 * includes uthash, so that each table
 *   - hashes with SipHash under a key that each process draws anew: nobody can prepare values that
 *     all fall into one bucket. With such a hash uthash always finds that growing helps, so its
 *     tables grow as they should, and the longest chain stays near ten;
 *   - survives a request for memory that is not met: TABLE_ADD() says whether the entry is in.
 * The order of an iteration is that of adding, and does not depend on the key.
 */
#ifndef TLSDIAG_BASE_TABLE_H
#define TLSDIAG_BASE_TABLE_H

#include "base/bytes.h"
#include "base/memory.h"

/* The key of this process: two words. Any thread may ask. */
const uint64_t *table_key(void);
/* For tests: another key. Only before the first table, or between tables that have been closed. */
void table_set_key(const uint64_t key[static 2]);

/* 64 bits that differ from one process to the next. */
uint64_t table_hash(struct bytes b);

#define HASH_FUNCTION(keyptr, len, out) ((out) = (unsigned)table_hash(bytes_of(keyptr, len)))
#define HASH_NONFATAL_OOM               1
#define uthash_malloc(size)             memory_get(size)
#define uthash_free(p, size)            free(p)
#include <uthash.h>

/*
 * Add an entry with the key in its field, with a key that it points to, or under a hash made with
 * table_hash() before. False: memory is out, and the entry stays the caller's.
 */
#define TABLE_ADD(head, field, len, entry)                                                         \
	__extension__({                                                                            \
		HASH_ADD(hh, head, field, len, entry);                                             \
		(entry)->hh.tbl != NULL;                                                           \
	})
#define TABLE_ADD_POINTED(head, key, len, entry)                                                   \
	__extension__({                                                                            \
		HASH_ADD_KEYPTR(hh, head, key, len, entry);                                        \
		(entry)->hh.tbl != NULL;                                                           \
	})
#define TABLE_ADD_HASHED(head, field, len, hash, entry)                                            \
	__extension__({                                                                            \
		HASH_ADD_BYHASHVALUE(hh, head, field, len, (unsigned)(hash), entry);               \
		(entry)->hh.tbl != NULL;                                                           \
	})

#endif
