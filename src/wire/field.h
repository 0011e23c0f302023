/*
 * Fields that stand in more than one message. Internal to wire.
 */
#ifndef TLSDIAG_WIRE_FIELD_H
#define TLSDIAG_WIRE_FIELD_H

#include "wire/extension.h"

/*
 * The rest of `list` as 16-bit numbers. An odd byte at the end is a failure, and the numbers
 * before it are kept.
 */
struct u16s field_u16s(struct cur *list, const char *field);

/* `Random random;` copied to out. False when the bytes are not all there. */
bool field_random(struct cur *c, uint8_t out[static 32]);

/* `opaque SessionID<0..32>` */
struct bytes field_session_id(struct cur *c, const char *field);

/* An `opaque x<min..2^8-1>` or `<min..2^16-1>`, as the window on its bytes. */
struct bytes field_opaque8(struct cur *c, const char *field, size_t min);
struct bytes field_opaque16(struct cur *c, const char *field, size_t min);

/*
 * The lists that can be long (extensions, certificates) are also read when their length points past
 * the end, as far as there are bytes: a message that was cut still has its first items. So inside
 * the list failures go to *inside; field_list_close() gives them to c when c has none, which comes
 * first, and *inside may be replaced by what failed earlier inside an item.
 */
struct cur field_list16(struct cur *c, const char *field, struct parse_err *inside);
struct cur field_list24(struct cur *c, const char *field, struct parse_err *inside);
void field_list_close(struct cur *c, const struct parse_err *inside);

/* What was read between `from` (a copy of the cursor, taken earlier) and `to`. */
struct bytes field_between(struct cur from, const struct cur *to);

/*
 * ECJPAKEKeyKP (draft-cragie-tls-ecjpake 7.2.4): a public key and the proof of knowing its secret.
 * Gives the public key, and where it stands.
 */
struct bytes field_ecjpake_key(struct cur *c, size_t *at);

/* TLS 1.3, or a draft of it (0x7f00 + draft). */
static inline bool version_is_tls13(uint16_t version)
{
	return version == 0x0304 || version >> 8 == 0x7f;
}

/* From TLS 1.2 on a signature says with which algorithms it was made (RFC 5246 4.7). */
static inline bool version_has_scheme(uint16_t version)
{
	return version >= 0x0303;
}

#endif
