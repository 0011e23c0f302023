/* Rows of hex as Java prints them: "  0010: 29 03 03 A6 14 A5 A7 EF   18 B9 ...  )......." */
#ifndef TLSDIAG_LOG_JAVA_ROWS_H
#define TLSDIAG_LOG_JAVA_ROWS_H

#include "base/bytes.h"

enum { JAVA_ROWS_MAX = 20 * 1024 }; /* a record */

struct java_rows {
	size_t len;
	bool holes; /* rows are missing */
	uint8_t bytes[JAVA_ROWS_MAX];
};

bool java_rows_take(struct java_rows *r, struct bytes text);

#endif
