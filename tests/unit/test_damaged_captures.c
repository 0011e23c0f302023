/*
 * What becomes of the captures of the fixtures when they are damaged: packets are missing, or come again, the
 * capture begins late or ends early, and any of the bytes that were sent is another one. Against
 * tests/unit/facts/damaged.txt (support/listing.h):
 *
 *   > fixtures/.../capture.pcap              the capture, with the ca.pem, keys.log and key.pem that lie
 *   > fixtures/.../capture.pcap name=x at=n  beside it; a host name, a time to judge dates by
 *
 * Signatures are verified of one damage of every fourth capture only, since that takes most of the time.
 *
 * Below it stands how many of its damages come to which outcomes, what is then said to be wrong how often,
 * and a sum of all that is told of them but for the words: every fact of each handshake, its certificates,
 * each answer with its evidence, each diagnosis with what shows it. Where a sum has changed,
 * `test_damaged_captures --tell LINE` tells all of it, to be held against what it told before.
 */
#define _GNU_SOURCE

#include "base/array.h"
#include "support/run_text.h"

#include "support/listing.h"

#include <sys/mman.h>

#define LISTING "tests/unit/facts/damaged.txt"

enum { FILE_HEADER = 24, PACKET_HEADER = 16, PACKETS_MAX = 64, CAPTURE_MAX = 64 * 1024 };
enum { BYTES_CHANGED = 6, PACKETS_LOST = 1, VERIFIED_EACH = 4 };

/* A capture as packets: classic pcap, written by a machine like this one. */
struct packets {
	uint8_t bytes[CAPTURE_MAX];
	struct bytes header, packet[PACKETS_MAX]; /* each with its header */
	size_t payload[PACKETS_MAX];              /* of so many bytes at the end of the packet */
	size_t n;
};

static size_t be16_at(struct bytes b, size_t at)
{
	return at + 1 < b.len ? (size_t)b.data[at] << 8 | b.data[at + 1] : 0;
}

/* Bytes of a TCP segment behind all headers, by those of Ethernet or of plain IPv4; 0: something else. */
static size_t payload_of(struct bytes packet)
{
	struct bytes b = bytes_slice(packet, PACKET_HEADER, packet.len);
	size_t ip = be16_at(b, 12) == 0x0800 ? 14 : 0, tcp, total, headers;

	if (b.len < ip + 20 || b.data[ip] >> 4 != 4 || b.data[ip + 9] != 6)
		return 0;
	tcp = ip + (size_t)(b.data[ip] & 15) * 4;
	if (tcp + 20 > b.len)
		return 0;
	headers = tcp + (size_t)(b.data[tcp + 12] >> 4) * 4;
	total = ip + be16_at(b, ip + 2);
	return total == b.len && headers < total ? total - headers : 0;
}

static bool packets_read(struct packets *p, const char *path)
{
	static const uint8_t classic[] = { 0xd4, 0xc3, 0xb2, 0xa1 };
	FILE *f = fopen(path, "rb");
	struct bytes left;

	assert_non_null(f);
	left = bytes_of(p->bytes, fread(p->bytes, 1, sizeof p->bytes, f));
	assert_int_equal(fclose(f), 0);
	if (left.len < FILE_HEADER || memcmp(left.data, classic, sizeof classic) != 0)
		return false;
	p->header = bytes_slice(left, 0, FILE_HEADER);
	left = bytes_slice(left, FILE_HEADER, left.len);
	for (p->n = 0; left.len > PACKET_HEADER && p->n < PACKETS_MAX; p->n++) {
		size_t len = PACKET_HEADER + ((size_t)left.data[8] | (size_t)left.data[9] << 8);

		p->packet[p->n] = bytes_slice(left, 0, len);
		p->payload[p->n] = payload_of(p->packet[p->n]);
		left = bytes_slice(left, len, left.len);
	}
	return true;
}

/* ---- damages ---- */

struct harm {
	size_t from, to;    /* packets that the capture has: [from, to) */
	size_t lost, again; /* one that is missing, one that comes twice; SIZE_MAX: none */
	size_t packet,
		at; /* of that packet the byte so far from the end is changed; at 0: none is */
	uint8_t add, mask;
};

static const struct harm none = { .to = SIZE_MAX, .lost = SIZE_MAX, .again = SIZE_MAX };

static void put_packet(FILE *f, const struct packets *p, size_t i, const struct harm *h)
{
	uint8_t copy[CAPTURE_MAX];
	struct bytes b = p->packet[i];

	memcpy(copy, b.data, b.len);
	if (h->at != 0 && h->packet == i)
		copy[b.len - h->at] = (uint8_t)((copy[b.len - h->at] + h->add) ^ h->mask);
	assert_int_equal(fwrite(copy, 1, b.len, f), b.len);
}

/* The damaged capture as a file without a name. */
static int write_harmed(const struct packets *p, const struct harm *h)
{
	int fd = memfd_create("damaged", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p->header.data, 1, p->header.len, f), p->header.len);
	for (size_t i = h->from; i < p->n && i < h->to; i++) {
		if (i == h->lost)
			continue;
		put_packet(f, p, i, h);
		if (i == h->again)
			put_packet(f, p, i, h);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Names of files beside the capture, where there are such. */
struct beside {
	char ca[200], keylog[200], key[200];
};

static const char *beside(char *out, size_t size, const char *capture, const char *name)
{
	(void)snprintf(out, size, "%.*s/%s", (int)(strrchr(capture, '/') - capture), capture, name);
	return access(out, R_OK) == 0 ? out : NULL;
}

struct asked {
	char path[200], name[64];
	struct beside files;
	struct tlsdiag_options o;
};

static void asked_read(struct asked *a, const char *line)
{
	const char *name = strstr(line, " name="), *at = strstr(line, " at=");

	(void)snprintf(a->path, sizeof a->path, "%.*s", (int)strcspn(line, " "), line);
	tlsdiag_options_init(&a->o);
	a->o.ca = beside(a->files.ca, sizeof a->files.ca, a->path, "ca.pem");
	a->o.keylog = beside(a->files.keylog, sizeof a->files.keylog, a->path, "keys.log");
	a->o.key = beside(a->files.key, sizeof a->files.key, a->path, "key.pem");
	a->o.deep_seconds = 0;
	if (name != NULL) {
		(void)snprintf(
			a->name, sizeof a->name, "%.*s", (int)strcspn(name + 6, " "), name + 6);
		a->o.name = a->name;
	}
	a->o.has_at = at != NULL;
	a->o.at = at != NULL ? strtoll(at + 4, NULL, 10) : 0;
}

static void tell_run(struct telling *t, const struct asked *a, int fd)
{
	struct tlsdiag_error e = { 0 };
	struct tlsdiag *run = run_open_telling(&a->o, t);

	(void)tlsdiag_read_open_capture(run, fd, "damaged", &e);
	run_end_telling(run, t, &e);
}

/* ---- a capture and its damages ---- */

static void take_harm(struct tally *y, const struct asked *a, const struct packets *p,
	const struct harm *h, const char *what)
{
	struct telling t = { { 0 }, { 0 } };
	char title[80];

	tell_run(&t, a, write_harmed(p, h));
	(void)snprintf(title, sizeof title, "%s packet %zu byte -%zu +%u ^%02x", what,
		h->packet + 1, h->at, h->add, h->mask);
	tally_take(y, &t, title);
}

/* Of the bytes that were sent, the one at that place of all of them. */
static bool find_byte(const struct packets *p, size_t place, struct harm *h)
{
	for (size_t i = 0; i < p->n; i++) {
		if (place < p->payload[i]) {
			h->packet = i;
			h->at = p->payload[i] - place;
			return true;
		}
		place -= p->payload[i];
	}
	return false;
}

static size_t sum_payload(const struct packets *p)
{
	size_t sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += p->payload[i];
	return sum;
}

/* One more, one less, the top bit, all bits. */
static void change_bytes(struct tally *y, struct asked *a, const struct packets *p, uint32_t *seed)
{
	static const struct harm changes[] = { { .add = 1 }, { .add = 0xff }, { .mask = 0x80 },
		{ .add = 1 }, { .add = 0xff }, { .mask = 0xff } };

	for (size_t i = 0; i < BYTES_CHANGED; i++) {
		struct harm h = none;

		h.add = changes[i % COUNT(changes)].add;
		h.mask = changes[i % COUNT(changes)].mask;
		a->o.verify = i == 0 && *seed % VERIFIED_EACH == 0 ? TLSDIAG_VERIFY_AUTO
								   : TLSDIAG_VERIFY_NONE;
		if (find_byte(p, draw(seed, sum_payload(p)), &h))
			take_harm(y, a, p, &h, "byte");
	}
}

static void lose_packets(
	struct tally *y, const struct asked *a, const struct packets *p, uint32_t *seed)
{
	for (size_t i = 0; i < PACKETS_LOST; i++) {
		struct harm lost = none, again = none, early = none;

		lost.lost = lost.packet = draw(seed, p->n);
		again.again = again.packet = draw(seed, p->n);
		early.to = early.packet = 1 + draw(seed, p->n);
		take_harm(y, a, p, &lost, "lost");
		take_harm(y, a, p, &again, "again");
		take_harm(y, a, p, &early, "until");
	}
}

static void take_all(struct tally *y, const char *line)
{
	struct packets *p = calloc(1, sizeof *p);
	struct asked a = { 0 };
	struct harm late = none;
	uint32_t seed = add_up(2166136261u, line);

	assert_non_null(p);
	asked_read(&a, line);
	if (!packets_read(p, a.path))
		fail_msg("%s is no classic pcap", a.path);
	change_bytes(y, &a, p, &seed);
	lose_packets(y, &a, p, &seed);
	late.from = late.packet = 1 + draw(&seed, p->n - 1);
	take_harm(y, &a, p, &late, "from");
	free(p);
}

static void say_damages(struct strbuf *now, const char *line)
{
	struct tally y = { .sum = 2166136261u };

	take_all(&y, line + 2);
	say_tally(now, &y);
}

static void test_damaged_captures__come_to_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_damages);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_captures__come_to_what_the_listing_says),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_damages);
	if (argc == 3 && strcmp(argv[1], "--tell") == 0) {
		struct tally y = { .whole = stdout };

		take_all(&y, argv[2]);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
