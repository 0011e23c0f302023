/* What is asked of a run of bytes as a whole. */
#include "base/bytes.h"

bool bytes_printable(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] > 0x7e)
			return false;
	return b.len != 0;
}
