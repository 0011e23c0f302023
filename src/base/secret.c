/*
 * explicit_bzero() and not memset(), which a compiler leaves out where nothing is read afterwards.
 */
#include "base/secret.h"

#include "base/memory.h"

#include <stdlib.h>

void wipe(void *p, size_t len)
{
	if (p != NULL)
		explicit_bzero(p, len);
}

bool secret_new(struct secret *s, size_t len)
{
	s->data = memory_new(len != 0 ? len : 1);
	s->len = s->data != NULL ? len : 0;
	return s->data != NULL;
}

void secret_wipe(struct secret *s)
{
	wipe(s->data, s->len);
	free(s->data);
	*s = (struct secret){ 0 };
}
