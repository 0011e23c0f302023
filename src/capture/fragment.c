/* Which bytes of a datagram are there is kept in units of eight, as the header counts them. */
#include "capture/fragment.h"

#include "base/memory.h"
#include "base/moment.h"

#include <stdlib.h>

enum {
	DATAGRAMS_MAX = 32,
	DATAGRAM_MAX = 65535,
	UNIT = 8, /* offsets count in these */
	UNITS_MAX = (DATAGRAM_MAX + UNIT) / UNIT,
};

static const int64_t TIMEOUT_NS = 60 * 1000000000ll; /* RFC 8200 4.5 */

struct datagram {
	bool used;
	uint8_t family, protocol;
	uint8_t src[16], dst[16];
	uint32_t id;
	int64_t time; /* of the first fragment */
	uint64_t age;
	uint32_t total; /* bytes, 0 until the last fragment came */
	uint32_t units_seen;
	uint8_t seen[(UNITS_MAX + 7) / 8]; /* a bit per unit */
	uint8_t bytes[UNITS_MAX * UNIT];
};

struct fragments {
	struct datagram *datagrams[DATAGRAMS_MAX]; /* allocated when first needed */
	uint64_t added;
};

struct fragments *fragments_open(void)
{
	return memory_new(sizeof(struct fragments));
}

void fragments_close(struct fragments *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < DATAGRAMS_MAX; i++)
		free(f->datagrams[i]);
	free(f);
}

void fragments_forget(struct fragments *f)
{
	for (size_t i = 0; i < DATAGRAMS_MAX; i++)
		if (f->datagrams[i] != NULL)
			f->datagrams[i]->used = false;
}

static bool is_part_of(const struct datagram *d, const struct fragment *part)
{
	return d->used && d->id == part->id && d->family == part->family &&
	       d->protocol == part->protocol && moment_apart(part->time, d->time) < TIMEOUT_NS &&
	       memcmp(d->src, part->src.data, part->src.len) == 0 &&
	       memcmp(d->dst, part->dst.data, part->dst.len) == 0;
}

static struct datagram *begin(struct fragments *f, const struct fragment *part)
{
	struct datagram **oldest = &f->datagrams[0];
	struct datagram *d;

	for (size_t i = 0; i < DATAGRAMS_MAX; i++) {
		if (f->datagrams[i] == NULL || !f->datagrams[i]->used) {
			oldest = &f->datagrams[i];
			break;
		}
		if (f->datagrams[i]->age < (*oldest)->age)
			oldest = &f->datagrams[i];
	}
	if (*oldest == NULL && (*oldest = memory_get(sizeof **oldest)) == NULL)
		return NULL;
	d = *oldest;
	d->used = true;
	d->family = part->family;
	d->protocol = part->protocol;
	memcpy(d->src, part->src.data, part->src.len);
	memcpy(d->dst, part->dst.data, part->dst.len);
	d->id = part->id;
	d->time = part->time;
	d->age = ++f->added;
	d->total = 0;
	d->units_seen = 0;
	memset(d->seen, 0, sizeof d->seen);
	return d;
}

static void add_units(struct datagram *d, const struct fragment *part)
{
	for (size_t done = 0; done < part->payload.len; done += UNIT) {
		size_t unit = (part->offset + done) / UNIT;
		struct bytes piece = bytes_slice(part->payload, done, UNIT);
		uint8_t bit = (uint8_t)(1u << unit % 8);

		if ((d->seen[unit / 8] & bit) != 0)
			continue;
		d->seen[unit / 8] |= bit;
		d->units_seen++;
		memset(d->bytes + unit * UNIT, 0, UNIT);
		memcpy(d->bytes + unit * UNIT, piece.data, piece.len);
	}
}

/* Units past the end may have been seen too, so their number alone proves nothing. */
static bool is_whole(const struct datagram *d)
{
	size_t units = (d->total + UNIT - 1) / UNIT;

	if (d->total == 0 || d->units_seen < units)
		return false;
	for (size_t unit = 0; unit < units; unit++)
		if ((d->seen[unit / 8] & 1u << unit % 8) == 0)
			return false;
	return true;
}

bool fragments_add(struct fragments *f, const struct fragment *part, struct bytes *whole)
{
	struct datagram *d = NULL;
	size_t end = part->offset + part->payload.len;

	if (end > DATAGRAM_MAX || part->payload.len == 0 ||
		(part->more && part->payload.len % UNIT != 0))
		return false;
	for (size_t i = 0; i < DATAGRAMS_MAX && d == NULL; i++)
		if (f->datagrams[i] != NULL && is_part_of(f->datagrams[i], part))
			d = f->datagrams[i];
	if (d == NULL && (d = begin(f, part)) == NULL)
		return false;
	add_units(d, part);
	if (!part->more && d->total == 0)
		d->total = (uint32_t)end;
	if (!is_whole(d))
		return false;
	d->used = false;
	*whole = bytes_of(d->bytes, d->total);
	return true;
}
