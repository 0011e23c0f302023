/*
 * Structures are a sum over what is compiled in; the arithmetic is the costliest row of what the build may be asked
 * for. The premaster secret has a formula of its own: ssl.h gives it the size of the largest that there can be.
 */
#include "config/memory.h"

#include "base/array.h"
#include "names/names.h"

struct library_structure {
	unsigned major;
	const char *when;
	long bytes;
};

/* Beyond setup, at its peak. bits: of the curve; 0: RSA with 2048 bits. window: of curves, or of RSA's powers. */
struct library_peak {
	unsigned major;
	bool client;
	unsigned bits, window;
	bool fixed_point;
	long bytes;
};

#define BUILDS_MEMORY
#include "builds.inc"

static long larger(long a, long b)
{
	return a > b ? a : b;
}

/* ---- structures ---- */

/* Of the largest curve that is compiled in. */
static unsigned largest_curve(const struct build *b)
{
	unsigned bits = 0;

	for (size_t i = 0; i < b->n_groups; i++) {
		const struct group *g = group_find(b->groups[i]);

		if (g != NULL && g->kind != GROUP_FFDHE && g->bits > bits)
			bits = g->bits;
	}
	return bits;
}

#define KX(name) "defined(MBEDTLS_KEY_EXCHANGE_" name "_ENABLED)"

/* union mbedtls_ssl_premaster_secret */
static long premaster(const struct config *c, const struct build *b)
{
	long numbers = config_number(c, "MBEDTLS_MPI_MAX_SIZE", 1024);
	long psk = config_number(c, "MBEDTLS_PSK_MAX_LEN", 32);
	long curve = (largest_curve(b) + 7) / 8;
	long size = 48;

	if (config_holds(c, KX("DHE_RSA")))
		size = larger(size, numbers);
	if (config_holds(c, KX("PSK")))
		size = larger(size, 4 + 2 * psk);
	if (config_holds(c, KX("DHE_PSK")))
		size = larger(size, 4 + numbers + psk);
	if (config_holds(c, KX("RSA_PSK")))
		size = larger(size, 52 + psk);
	if (config_holds(c, KX("ECDHE_PSK")))
		size = larger(size, 4 + curve + psk);
	return larger(size, curve);
}

static long structures(const struct config *c, const struct build *b)
{
	long bytes = premaster(c, b);

	for (size_t i = 0; i < COUNT(structure_rows); i++)
		if (structure_rows[i].major == b->major && config_holds(c, structure_rows[i].when))
			bytes += structure_rows[i].bytes;
	return bytes;
}

/* ---- arithmetic ---- */

struct arithmetic {
	unsigned major;
	bool client;
	long window, mpi_window, fixed_point;
};

/* The row for at least so many bits, with the window that counts. */
static long peak_of(const struct arithmetic *a, unsigned bits)
{
	long window = bits != 0 ? a->window : a->mpi_window;
	unsigned measured = bits == 0 ? 0 : bits <= 256 ? 256 : bits <= 384 ? 384 : 521;

	for (size_t i = 0; i < COUNT(peak_rows); i++) {
		const struct library_peak *r = &peak_rows[i];

		if (r->major == a->major && r->client == a->client && r->bits == measured &&
			r->window == window && (bits == 0 || r->fixed_point == a->fixed_point))
			return r->bytes;
	}
	return 0;
}

static long within(long v, long least, long most)
{
	return v < least ? least : v > most ? most : v;
}

static struct arithmetic arithmetic_of(const struct config *c, const struct build *b)
{
	return (struct arithmetic){
		.major = b->major,
		.window = within(config_number(c, "MBEDTLS_ECP_WINDOW_SIZE", 4), 2, 6),
		.mpi_window = within(
			config_number(c, "MBEDTLS_MPI_WINDOW_SIZE", b->major >= 3 ? 3 : 2), 1, 6),
		.fixed_point = config_number(c, "MBEDTLS_ECP_FIXED_POINT_OPTIM", 1) != 0,
	};
}

static bool has_certificates(const struct build *b)
{
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct suite *s = suite_find(b->suites[i].value);

		if (s != NULL && s->auth != AUTH_NONE)
			return true;
	}
	return false;
}

/*
 * TLS 1.3 (3.6.6) asks for more on top of the same arithmetic; and while a key share is written PSA copies all the
 * room that is left in the record, unless it may rely on its caller's buffers.
 */
enum { TLS13_MORE = 850, TLS13_BESIDE_RECORD = 1375 };

static long with_tls13(const struct config *c, const struct build *b, long peak)
{
	if (b->n_versions == 0 || b->versions[0] != 0x0304 || peak == 0)
		return peak;
	peak += TLS13_MORE;
	if (config_has(c, "MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS"))
		return peak;
	return larger(peak, b->out.content + TLS13_BESIDE_RECORD);
}

/* Rows of clients hold the server's certificate, parsed: without KEEP_PEER_CERTIFICATE it is freed before the worst
 * moment, which saved 768 to 1,103 bytes. */
enum { PEER_CERTIFICATE = 800 };

static void take_role(
	const struct config *c, const struct build *b, bool client, struct build_memory *m)
{
	struct arithmetic a = arithmetic_of(c, b);
	long freed = client && !config_has(c, "MBEDTLS_SSL_KEEP_PEER_CERTIFICATE")
			     ? PEER_CERTIFICATE
			     : 0;
	long curve, rsa, peak;

	a.client = client;
	curve = m->curve_bits != 0 ? peak_of(&a, m->curve_bits) : 0;
	rsa = b->rsa_keys ? peak_of(&a, 0) : 0;
	peak = larger(curve, rsa);
	peak = with_tls13(c, b, peak > freed ? peak - freed : peak);
	if (peak <= m->peak)
		return;
	m->client = client;
	m->by_rsa = rsa > curve;
	m->peak = peak;
}

/* A build without certificates was not measured. */
void memory_of(const struct config *c, struct build *b)
{
	struct build_memory *m = &b->memory;

	if (!has_certificates(b) || (!b->rsa_keys && !b->ec_keys))
		return;
	m->curve_bits = largest_curve(b);
	m->buffers = b->in.buffer + b->out.buffer;
	m->structures = structures(c, b);
	if (b->server)
		take_role(c, b, false, m);
	if (b->client)
		take_role(c, b, true, m);
	m->total = m->peak != 0 ? m->buffers + m->structures + m->peak : 0;
}
