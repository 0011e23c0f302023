/* Finding a profile by as much of its name as says which, and making an offer of it. */
#include "client/profile.h"

#include "base/array.h"
#include "wire/record.h"

#include "hellos.inc"

const struct hello_profile *hello_profiles(size_t *n)
{
	*n = COUNT(profiles);
	return profiles;
}

/* The name as a whole, or up to a dot or a dash. */
static bool begins(const char *name, const char *with)
{
	size_t len = strlen(with);

	return len != 0 && strncmp(name, with, len) == 0 &&
	       (name[len] == '\0' || name[len] == '.' || name[len] == '-');
}

const struct hello_profile *hello_profile_find(const char *name)
{
	const struct hello_profile *found = NULL;

	for (size_t i = 0; i < COUNT(profiles); i++)
		if (begins(profiles[i].name, name))
			found = &profiles[i];
	return found;
}

static size_t stack_length(const struct hello_profile *p)
{
	return strcspn(p->name, "-");
}

bool hello_profile_is_newest(const struct hello_profile *p)
{
	const struct hello_profile *next = p + 1;

	return next == profiles + COUNT(profiles) || stack_length(next) != stack_length(p) ||
	       strncmp(next->name, p->name, stack_length(p)) != 0;
}

void hello_profile_stacks(struct strbuf *out)
{
	const char *before = "";

	for (size_t i = 0; i < COUNT(profiles); i++) {
		if (!hello_profile_is_newest(&profiles[i]))
			continue;
		strbuf_printf(
			out, "%s%.*s", before, (int)stack_length(&profiles[i]), profiles[i].name);
		before = ", ";
	}
}

/* None is longer than one record. */
bool hello_profile_offer(const struct hello_profile *p, struct offer *out)
{
	struct record_header h;

	if (!record_parse_header(p->records, &h) ||
		!offer_of_hello(bytes_slice(p->records, RECORD_HEADER, h.length), out))
		return false;
	out->record_version = h.version;
	return true;
}
