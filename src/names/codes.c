/* Error codes: the search. What a text can mean as a number is code_reading.c's to say. */
#include "names/codes.h"

#include "base/array.h"
#include "names/code_reading.h"

#include <stdlib.h>
#include <strings.h>

#define NAMES_CODES
#include "names.inc"

struct search {
	struct code_match *out;
	size_t max, n;
	unsigned libraries; /* 0: all */
};

static void add(struct search *s, const struct code *code, enum code_part part, int64_t value)
{
	if (s->libraries != 0 && (s->libraries >> code->library & 1) == 0)
		return;
	if (s->n < s->max)
		s->out[s->n] = (struct code_match){ code, part, value };
	s->n++;
}

static void add_plain(struct search *s, enum code_library library, int64_t value)
{
	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *code = &code_table[i];

		if (code->library == library && code->numbered && code->value == value)
			add(s, code, CODE_WHOLE, value);
	}
}

/* Names that are aliases of a PSA code are left out: the PSA name stands for them all. */
static void add_mbedtls(struct search *s, int64_t number, enum code_part part, int64_t whole)
{
	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *code = &code_table[i];

		if (code->library == CODE_MBEDTLS && code->kind != CODE_PSA_ALIAS &&
			code->value == number)
			add(s, code, part, whole);
	}
}

/*
 * The sum of a high code (a multiple of 0x80, from 0x1080 on) and a low one (below 0x80), which says
 * what went wrong inside. mbedTLS 4 makes no sums any more.
 */
static void find_sum(struct search *s, const struct code_reading *reading)
{
	int64_t number = reading->value < 0 ? reading->value : -reading->value;
	int64_t low = -number & 0x7f;
	size_t before = s->n;

	if (number > -0x1080 || number < -0x8000 || low == 0)
		return;
	add_mbedtls(s, number + low, CODE_HIGH_PART, number);
	if (s->n != before)
		add_mbedtls(s, -low, CODE_LOW_PART, number);
}

static bool add_openssl(struct search *s, unsigned number, uint32_t reason, int64_t packed)
{
	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *code = &code_table[i];

		if (code->library == CODE_OPENSSL && code->number == number &&
			(uint32_t)code->value == reason) {
			add(s, code, CODE_WHOLE, packed);
			return true;
		}
	}
	return false;
}

enum { SYS_1X = 2 }; /* "system library" of OpenSSL 1.x: the reason is an errno */

/*
 * Packed codes. OpenSSL 3: library << 23 | flags and reason, where flag 0x80000 marks a reason
 * common to all libraries, and bit 31 an errno. OpenSSL 1.x: library << 24 | function << 12 |
 * reason. They do not overlap for the libraries in the table.
 */
static void find_openssl(struct search *s, uint32_t packed)
{
	uint32_t reason = packed & 0x7fffff;

	if (packed & 0x80000000) {
		add_plain(s, CODE_ERRNO, packed & 0x7fffffff);
		return;
	}
	if (add_openssl(s, packed >> 23, reason, packed))
		return;
	if ((reason & 0x80000) != 0 && add_openssl(s, 0, reason & 0x3ffff, packed))
		return;
	if (!add_openssl(s, packed >> 24, packed & 0xfff, packed) && packed >> 24 == SYS_1X)
		add_plain(s, CODE_ERRNO, packed & 0xfff);
}

/* Codes of 32 bits, which print as they are, as a number without a sign or as a negative one. */
static void find_windows(struct search *s, const struct code_reading *reading)
{
	int64_t value = reading->value;

	if (value < 0 && value >= INT32_MIN)
		value += (int64_t)UINT32_MAX + 1;
	if (value >= 0x90000 && value <= UINT32_MAX)
		add_plain(s, CODE_SCHANNEL, value);
	/* numbers of events lie where 16 bits would wrap */
	if (value < 0 && reading->raw > 0x8000 && reading->raw <= UINT16_MAX)
		add_plain(s, CODE_SCHANNEL, (int64_t)reading->raw);
}

/* esp_err_t of esp-tls: above 0x8000, where 16 bits would wrap. */
static void find_esp(struct search *s, const struct code_reading *reading)
{
	bool minus = reading->value == -(int64_t)reading->raw;

	if (!minus && reading->raw > 0x8000 && reading->raw < 0x9000)
		add_plain(s, CODE_ESP, (int64_t)reading->raw);
}

/* BearSSL adds the number of an alert to 256 (received) or 512 (sent): only where it is its code. */
static void find_bearssl(struct search *s, int64_t value)
{
	if (value > 0xff && value < 0x300 && s->libraries == 1u << CODE_BEARSSL)
		value &= ~(int64_t)0xff;
	add_plain(s, CODE_BEARSSL, value);
}

static void find_decimal(struct search *s, int64_t value)
{
	static const enum code_library negative[] = { CODE_WOLFSSL, CODE_GNUTLS, CODE_CHROME,
		CODE_NSS, CODE_APPLE };

	for (size_t i = 0; i < COUNT(negative) && value < 0; i++)
		add_plain(s, negative[i], value);
	if (value < 0) {
		add_plain(s, CODE_ERRNO, -value);
		add_plain(s, CODE_LWIP, value);
		add_plain(s, CODE_LWIP, -value); /* of getaddrinfo(), as MicroPython raises it */
		return;
	}
	add_plain(s, CODE_CURL, value);
	add_plain(s, CODE_OPENSSL_VERIFY, value);
	add_plain(s, CODE_LWIP, value);
	find_bearssl(s, value);
	add_plain(s, CODE_WINDOWS, value);
	add_plain(s, CODE_SCHANNEL, value < 0x90000 ? value : -1);
}

static void find_number(struct search *s, const struct code_reading *reading)
{
	int64_t value = reading->value;

	/* A bare positive number is an errno before anything else. */
	if (reading->decimal && value > 0)
		add_plain(s, CODE_ERRNO, value);
	/* The sign of a code of mbedTLS is often lost on the way to a log. */
	if (value >= -0x8000 && value <= 0x8000)
		add_mbedtls(s, value < 0 ? value : -value, CODE_WHOLE, value < 0 ? value : -value);
	if (value >= 0x1000000 && value <= UINT32_MAX)
		find_openssl(s, (uint32_t)value);
	find_windows(s, reading);
	find_esp(s, reading);
	if (reading->decimal)
		find_decimal(s, value);
}

/* "flags 0x0c": bits of mbedtls_ssl_get_verify_result(). */
static bool find_flags(struct search *s, const char *text)
{
	struct code_reading readings[2];

	if (strncasecmp(text, "flags", 5) != 0)
		return false;
	text += 5;
	text += strspn(text, " =:");
	if (code_readings(text, readings) == 0 || readings[0].value <= 0)
		return false;
	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *code = &code_table[i];

		if (code->library == CODE_MBEDTLS_FLAG && (readings[0].value & code->value) != 0)
			add(s, code, CODE_WHOLE, readings[0].value);
	}
	return true;
}

static int fold(char c)
{
	if (c == '-' || c == ' ')
		return '_';
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* How well a part of a name fits: 3 the whole name, 2 its last words, 1 somewhere, 0 not. */
static int name_fit(const char *name, const char *part, size_t len)
{
	size_t name_len = strlen(name);
	int best = 0;

	for (size_t at = 0; at + len <= name_len; at++) {
		size_t same = 0;
		bool ends = at + len == name_len;

		while (same < len && fold(name[at + same]) == fold(part[same]))
			same++;
		if (same < len)
			continue;
		if (ends && at == 0)
			return 3;
		best = ends && name[at - 1] == '_' ? 2 : best != 0 ? best : 1;
	}
	return best;
}

static void find_name(struct search *s, const char *part)
{
	size_t len = strlen(part);

	if (len < 3)
		return;
	for (int fit = 3; fit > 0; fit--) {
		for (size_t i = 0; i < COUNT(code_table); i++) {
			const struct code *code = &code_table[i];

			if (code->kind != CODE_PSA_ALIAS && name_fit(code->name, part, len) == fit)
				add(s, code, CODE_WHOLE, code->value);
		}
	}
}

size_t codes_find_in(const char *text, unsigned libraries, struct code_match *out, size_t max)
{
	struct search s = { .out = out, .max = max, .libraries = libraries };
	struct code_reading readings[2];
	size_t n;

	text += strspn(text, " \t");
	if (find_flags(&s, text))
		return s.n;
	n = code_readings(text, readings);
	for (size_t i = 0; i < n && s.n == 0; i++)
		find_number(&s, &readings[i]);
	for (size_t i = 0; i < n && s.n == 0; i++)
		find_sum(&s, &readings[i]);
	if (s.n == 0)
		find_name(&s, text);
	return s.n;
}

size_t codes_find(const char *text, struct code_match *out, size_t max)
{
	return codes_find_in(text, 0, out, max);
}

const struct code *code_at(size_t i)
{
	return i < COUNT(code_table) ? &code_table[i] : NULL;
}

const char *code_version(size_t i)
{
	return i < COUNT(code_versions) ? code_versions[i] : NULL;
}

const char *code_library_name(const struct code *code)
{
	static const char *const names[] = {
		[CODE_MBEDTLS] = "mbedTLS",
		[CODE_MBEDTLS_FLAG] = "mbedTLS verify flags",
		[CODE_OPENSSL] = "OpenSSL",
		[CODE_OPENSSL_VERIFY] = "OpenSSL verify",
		[CODE_WOLFSSL] = "wolfSSL",
		[CODE_GNUTLS] = "GnuTLS",
		[CODE_ERRNO] = "errno",
		[CODE_LWIP] = "lwIP",
		[CODE_ESP] = "ESP-IDF",
		[CODE_CURL] = "curl",
		[CODE_CHROME] = "Chrome",
		[CODE_NSS] = "NSS (Firefox)",
		[CODE_SCHANNEL] = "Windows (Schannel)",
		[CODE_APPLE] = "Apple",
		[CODE_BEARSSL] = "BearSSL",
		[CODE_RUSTLS] = "rustls",
		[CODE_GO] = "Go",
		[CODE_JAVA] = "Java",
		[CODE_WINDOWS] = "Windows sockets",
	};

	return code->kind == CODE_PSA ? "PSA" : names[code->library];
}

/* Orders releases such as "2.28.10" and "3.0.0" by their numbers. */
static int compare_releases(const char *a, const char *b)
{
	for (;;) {
		char *a_end, *b_end;
		unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);

		if (x != y)
			return x < y ? -1 : 1;
		if (*a_end == '\0' || *b_end == '\0')
			return 0;
		a = a_end + 1;
		b = b_end + 1;
	}
}

/* The code of that value which the release has, else the one that lived on longest before it. */
static const struct code *code_in_release(int value, const char *release)
{
	const struct code *best = NULL;

	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *code = &code_table[i];

		if (code->library != CODE_MBEDTLS || code->kind == CODE_PSA_ALIAS ||
			code->value != value || compare_releases(release, code->first) < 0)
			continue;
		if (compare_releases(release, code->last) <= 0)
			return code;
		if (best == NULL || compare_releases(best->last, code->last) < 0)
			best = code;
	}
	return best;
}

size_t code_of_mbedtls(int value, const char *release, struct code_match out[static 2])
{
	const struct code *code, *inside;
	int low;

	if (value >= 0 || value < -0x8000)
		return 0;
	low = -value & 0x7f;
	if ((code = code_in_release(value, release)) != NULL) {
		out[0] = (struct code_match){ code, CODE_WHOLE, value };
		return 1;
	}
	if (low == 0 || (code = code_in_release(value + low, release)) == NULL)
		return 0;
	out[0] = (struct code_match){ code, CODE_HIGH_PART, value };
	if ((inside = code_in_release(-low, release)) == NULL)
		return 1;
	out[1] = (struct code_match){ inside, CODE_LOW_PART, value };
	return 2;
}

const char *code_flag_name(uint32_t bit)
{
	for (size_t i = 0; i < COUNT(code_table); i++)
		if (code_table[i].library == CODE_MBEDTLS_FLAG &&
			(uint32_t)code_table[i].value == bit)
			return code_table[i].name;
	return NULL;
}

static void write_range(const struct code *code, struct strbuf *out)
{
	if (strcmp(code->first, code->last) == 0)
		strbuf_puts(out, code->first);
	else
		strbuf_printf(out, "%s to %s", code->first, code->last);
}

void code_changes(const struct code *code, struct strbuf *out)
{
	if (code->library != CODE_MBEDTLS)
		return;
	for (size_t i = 0; i < COUNT(code_table); i++) {
		const struct code *other = &code_table[i];
		bool same_name, reused;

		if (other == code || other->library != CODE_MBEDTLS)
			continue;
		same_name = strcmp(code->name, other->name) == 0;
		reused = code->value == other->value && !same_name && code->kind != CODE_PSA &&
			 other->kind != CODE_PSA_ALIAS &&
			 (compare_releases(code->last, other->first) < 0 ||
				 compare_releases(other->last, code->first) < 0);
		if (!same_name && !reused)
			continue;
		strbuf_puts(out, out->len != 0 ? "; in " : "in ");
		write_range(other, out);
		if (reused)
			strbuf_printf(out, " the number means %s", other->name);
		else
			strbuf_printf(out, " the value is -0x%04X", (unsigned)-other->value);
		if (same_name && other->alias_of != NULL)
			strbuf_printf(out, " (%s)", other->alias_of);
	}
}

const struct code_cause *code_causes(const struct code *code, size_t *n)
{
	const struct code_cause *first = NULL;

	*n = 0;
	for (size_t i = 0; i < COUNT(cause_table); i++) {
		if (strcmp(cause_table[i].name, code->name) != 0)
			continue;
		if (first == NULL)
			first = &cause_table[i];
		(*n)++;
	}
	return first;
}
