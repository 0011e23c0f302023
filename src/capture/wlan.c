/* IEEE 802.11 data frames and the radiotap header before them. All numbers are little-endian. */
#include "capture/layers.h"
#include "capture/packet_fields.h"

enum {
	FRAME_TYPE = 0x0c, /* first byte of the frame control */
	TYPE_DATA = 0x08,
	SUBTYPE_NO_DATA = 0x40,
	SUBTYPE_QOS = 0x80,

	TO_DS = 0x01, /* second byte */
	FROM_DS = 0x02,
	PROTECTED = 0x40,
	ORDER = 0x80,

	QOS_AGGREGATE = 0x80, /* an A-MSDU */

	RADIOTAP_TSFT = 0x01,
	RADIOTAP_FLAGS = 0x02,
	RADIOTAP_MORE_PRESENT = 0x80, /* top byte of a present word */
	FLAG_DATA_PAD = 0x20,
};

/* Some drivers pad the header to a multiple of four; radiotap says so. */
static struct step data_frame(struct layers *l, bool padded)
{
	struct bytes control = cur_bytes(&l->at, 2, "802.11 frame control");
	size_t header = 24;

	if (!cur_ok(&l->at))
		return step_to(LAYER_BAD, 0);
	if ((field8(control, 0) & FRAME_TYPE) != TYPE_DATA ||
		(field8(control, 0) & SUBTYPE_NO_DATA) != 0 ||
		(field8(control, 1) & PROTECTED) != 0)
		return step_to(LAYER_NONE, 0);
	(void)cur_bytes(&l->at, header - control.len, "802.11 header");
	if ((field8(control, 1) & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS)) {
		(void)cur_bytes(&l->at, 6, "address 4");
		header += 6;
	}
	if ((field8(control, 0) & SUBTYPE_QOS) != 0) {
		uint16_t qos = cur_u16(&l->at, "QoS control");

		header += 2;
		if ((qos >> 8 & QOS_AGGREGATE) != 0)
			return step_to(LAYER_NONE, 0);
		if ((field8(control, 1) & ORDER) != 0) {
			(void)cur_u32(&l->at, "HT control");
			header += 4;
		}
	}
	if (padded && header % 4 != 0)
		(void)cur_bytes(&l->at, 4 - header % 4, "padding");
	return step_to(LAYER_LLC, 0);
}

struct step wlan_decode(struct layers *l)
{
	return data_frame(l, false);
}

/* Fields stand in the order of the present bits, each at its own alignment: TSFT before flags. */
struct step radiotap_decode(struct layers *l)
{
	struct bytes fixed = cur_bytes(&l->at, 8, "radiotap header");
	size_t length = (size_t)field8(fixed, 3) << 8 | field8(fixed, 2);
	uint8_t present = field8(fixed, 4), more = field8(fixed, 7);
	struct bytes fields;
	size_t at = 0;

	if (!cur_ok(&l->at) || length < 8)
		return step_to(LAYER_BAD, 0);
	fields = cur_bytes(&l->at, length - 8, "radiotap fields");
	while ((more & RADIOTAP_MORE_PRESENT) != 0 && at < fields.len) {
		more = field8(fields, at + 3);
		at += 4;
	}
	if ((present & RADIOTAP_TSFT) != 0)
		at = ((at + 7) & ~(size_t)7) + 8;
	return data_frame(
		l, (present & RADIOTAP_FLAGS) != 0 && (field8(fields, at) & FLAG_DATA_PAD) != 0);
}
