/* What several checks and causes ask of a handshake's facts. Pure; no arithmetic. */
#ifndef TLSDIAG_DIAGNOSE_RULE_H
#define TLSDIAG_DIAGNOSE_RULE_H

#include "diagnose/check.h"
#include "session/handshake.h"

/* "the server", "the client". */
const char *side_name(enum side s);
/* Where it was read from: "capture", "log". */
const char *source_name(const struct handshake *hs);
/* "TLS 1.2" from a wire version; "an unknown version". */
const char *version_title(uint16_t version);

/* The highest version a ClientHello offers: of supported_versions, else client_version. */
uint16_t client_hello_highest(const struct client_hello *hello);

/* Printable names that fall back on the number. One call per expression: the buffer is the caller's. */
struct code_text {
	char text[48];
};
struct code_text group_text(uint16_t group);
struct code_text scheme_text12(uint16_t scheme); /* "SHA-512 with ECDSA" as TLS 1.2 reads it */
struct code_text scheme_text13(uint16_t scheme); /* "ecdsa_secp521r1_sha512" */
struct code_text extension_text(uint16_t type);

/* The leaf certificate a side sent; NULL none or unreadable. */
const struct cert *leaf(const struct handshake *hs, enum side s);

/* Both randoms are those of one earlier handshake: it was captured twice (two interfaces, a merge),
 * and all of it repeats. */
bool captured_twice(const struct handshake *hs);

/* The first extension of a hello, or of EncryptedExtensions, that stands there for the second time; NULL none. */
const struct extension *extensions_repeated(const struct extensions *ext);
const struct extension *encrypted_repeated(const struct encrypted_extensions *ext);
/* The first of EncryptedExtensions that belongs into another message; NULL none. */
const struct extension *encrypted_misplaced(const struct encrypted_extensions *ext);

/* A share of the server: its group and whether there is one (ServerKeyExchange or key_share). */
bool server_group(const struct handshake *hs, uint16_t *group, struct place *at);

/* The gap that swallowed the message of that type (or the room it should stand in); NULL none. */
const struct gap_fact *gap_hides(const struct handshake *hs, enum side s, uint8_t type);

/* Why a message of that type is not there: "the capture lost ...", "the message was not seen". */
const char *why_unseen(const struct handshake *hs, enum side s, uint8_t type);

/* Was that message begun and not read whole? Nothing in it is then known. */
bool message_cut(const struct handshake *hs, enum side s, uint8_t type);
/* The same, or malformed: what stands after the wrong byte is not known. */
bool message_partial(const struct handshake *hs, enum side s, uint8_t type);

/* "ServerHello", "a message of unknown type". */
const char *message_title(uint8_t type);
/* "ServerHello", "a protected record": what the event is, where it is out of turn or malformed. */
const char *event_title(const struct event *ev);
/* How it closed that sent no fatal alert: "without an alert", or that there was but a warning. Static. */
const char *without_alert(const struct handshake *hs, enum side by);

/*
 * A message, an alert, a ChangeCipherSpec or a record in the clear that breaks its own structure: by its bytes; by a length that its kind cannot have; or
 * one that its receiver refused as malformed before it had all of it. NULL: none.
 */
const struct event *malformed_message(const struct handshake *hs);
/* "byte 4: ...", "says it has 99 bytes, of which 12 were sent". */
void wrong_text(const struct event *ev, char *out, size_t size);

/* Bytes of the ServerHello or of the HelloRetryRequest: whichever of hs's two `hello` is. */
struct place server_hello_place(
	const struct handshake *hs, const struct server_hello *hello, size_t offset, size_t length);

/* The place of the message's whole body. */
struct place message_place(const struct handshake *hs, enum side s, uint8_t type);

/* "2024-05-31 12:00:00 UTC" of seconds since 1970. */
void date_text(int64_t seconds, char out[static 32]);

/* Keeps the worse of two statuses: FAIL, WARN, UNKNOWN, PASS, NOT_APPLICABLE. */
enum status status_worse(enum status a, enum status b);

#endif
