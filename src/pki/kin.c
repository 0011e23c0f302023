/*
 * Families are told by the words of their names: organisation, common name, and the roles these
 * speak of.
 */
#include "pki/kin.h"

#include "base/array.h"
#include "base/der.h"

#include <ctype.h>
#include <strings.h>

/* RFC 5280 4.2.1.1: authorityCertIssuer is the issuer's own issuer. It counts only when it is not
 * the issuer's name again, which is what a root's would be. */
bool kin_issued_issuer(const struct cert *c, const struct cert *ca)
{
	struct parse_err err;
	struct cur in = cur_init(c->authority_issuer, &err);
	struct der name;

	while (der_next(&in, "authorityCertIssuer", &name))
		if (name.tag == DER_CONTEXT_CONSTRUCTED + 4 && /* directoryName */
			!cert_names_equal(name.body, c->issuer_der) &&
			cert_names_equal(name.body, ca->subject_der))
			return true;
	return false;
}

/* The value of the first component of that type ("O="); empty: none. */
static struct bytes component(const char *name, const char *type)
{
	size_t skip = strlen(type);

	for (const char *p = name; *p != '\0';) {
		size_t len = strcspn(p, ",+\\");

		while (p[len] == '\\' && p[len + 1] != '\0') /* an escaped character is no end */
			len += 2 + strcspn(p + len + 2, ",+\\");
		if (strncmp(p, type, skip) == 0 && len > skip)
			return bytes_of(p + skip, len - skip);
		p += len;
		p += *p != '\0';
	}
	return bytes_of(NULL, 0);
}

static bool same_words(struct bytes a, struct bytes b)
{
	return a.len != 0 && a.len == b.len &&
	       strncasecmp((const char *)a.data, (const char *)b.data, a.len) == 0;
}

static struct bytes first_word(struct bytes text)
{
	size_t n = 0;

	while (n < text.len && text.data[n] != ' ' && text.data[n] != '-' && text.data[n] != '_')
		n++;
	return bytes_slice(text, 0, n);
}

/* Words that a CA's name begins with whoever runs it. */
static bool is_common(struct bytes word)
{
	static const char *const common[] = { "ca", "the", "my", "our", "root", "test", "testing",
		"demo", "dev", "new", "old", "some", "other", "sub", "subca", "intermediate",
		"issuing", "signing", "server", "client", "device", "certificate", "certification",
		"global", "public", "private", "internal", "local", "tls", "ssl", "iot", "rsa",
		"ec", "ecc", "ecdsa" };

	for (size_t i = 0; i < COUNT(common); i++)
		if (same_words(word, bytes_of(common[i], strlen(common[i]))))
			return true;
	return word.len < 3;
}

bool kin_related(const char *name_a, const char *name_b)
{
	struct bytes a = first_word(component(name_a, "CN="));
	struct bytes b = first_word(component(name_b, "CN="));

	if (same_words(component(name_a, "O="), component(name_b, "O=")) ||
		same_words(component(name_a, "DC="), component(name_b, "DC=")))
		return true;
	return same_words(a, b) && !is_common(a);
}

static bool has_word_like(struct bytes text, const char *start)
{
	size_t n = strlen(start);

	for (size_t i = 0; i + n <= text.len; i++)
		if (strncasecmp((const char *)text.data + i, start, n) == 0 &&
			(i == 0 || !isalnum(text.data[i - 1])))
			return true;
	return false;
}

static bool has_word(struct bytes text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.len; i++)
		if (strncasecmp((const char *)text.data + i, word, n) == 0 &&
			(i == 0 || !isalnum(text.data[i - 1])) &&
			(i + n == text.len || !isalnum(text.data[i + n])))
			return true;
	return false;
}

static bool is_called_intermediate(const char *name)
{
	static const char *const words[] = { "intermediate", "issuing", "subordinate", "sub",
		"subca" };
	struct bytes cn = component(name, "CN=");

	for (size_t i = 0; i < COUNT(words); i++)
		if (has_word(cn, words[i]))
			return true;
	return false;
}

bool kin_is_called_root(const char *name)
{
	static const char *const below[] = { "intermediate", "sub", "issuing", "signing" };
	struct bytes cn = component(name, "CN=");

	for (size_t i = 0; i < COUNT(below); i++)
		if (has_word_like(cn, below[i]))
			return false;
	return has_word_like(cn, "root");
}

static bool tells_whose(const char *name)
{
	return component(name, "O=").len != 0 || component(name, "DC=").len != 0 ||
	       !is_common(first_word(component(name, "CN=")));
}

bool kin_by_role(const char *intermediate, const char *root)
{
	return is_called_intermediate(intermediate) && root[0] != '\0' &&
	       !is_called_intermediate(root) && !tells_whose(intermediate) && !tells_whose(root);
}
