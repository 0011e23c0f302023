/* Base64 between "-----BEGIN CERTIFICATE-----" and its end. */
#include "log/pem_block.h"

#include "log/scan.h"

static int digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool add(struct pem_block *p, uint8_t c)
{
	int v = digit(c);

	if (c == '=')
		return true;
	if (v < 0 || p->len == PEM_BLOCK_MAX)
		return false;
	p->bits = p->bits << 6 | (uint32_t)v;
	p->n_bits += 6;
	if (p->n_bits < 8)
		return true;
	p->n_bits -= 8;
	p->der[p->len++] = (uint8_t)(p->bits >> p->n_bits);
	return true;
}

enum pem_line pem_block_take(struct pem_block *p, struct bytes text)
{
	text = text_trim(text);
	if (text_is(text, "-----BEGIN CERTIFICATE-----")) {
		p->open = true;
		p->len = 0;
		p->bits = 0;
		p->n_bits = 0;
		return PEM_PART;
	}
	if (!p->open)
		return PEM_NO_LINE;
	if (text_is(text, "-----END CERTIFICATE-----")) {
		p->open = false;
		return p->len != 0 ? PEM_COMPLETE : PEM_PART;
	}
	for (size_t i = 0; i < text.len; i++)
		if (!add(p, text.data[i])) {
			p->open = false;
			return PEM_NO_LINE;
		}
	return PEM_PART;
}
