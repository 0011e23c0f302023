/*
 * Made-up facts for the tests of the rules: a healthy handshake that every check passes and in
 * which no cause shows. A test changes what its claim is about, and nothing else.
 *
 * The client is 192.0.2.10, the server 192.0.2.1:443. TLS 1.2, ECDHE with an ECDSA certificate on
 * secp256r1 that is issued by a root of the CA file.
 */
#ifndef TLSDIAG_TESTS_RULES_FACTS_H
#define TLSDIAG_TESTS_RULES_FACTS_H

#include "config/reading.h"
#include "diagnose/story.h"
#include "support/unit.h"

enum { FACTS_MAX = 8, FACTS_EVENTS = 16 };

/* In the first handshake; in the next ones 100 more each. */
enum {
	PACKET_CLIENT_HELLO = 4,
	PACKET_SERVER_HELLO = 6,
	PACKET_CERTIFICATE = 7,
	PACKET_KEY_EXCHANGE = 8,
	PACKET_CLIENT_FLIGHT = 10,
	PACKET_FINISHED = 12,
	PACKET_END = 20,
};

/* 2024-05-31 12:00:00 UTC, when it all takes place, and a year in seconds. */
enum { NOW = 1717156800, YEAR = 365 * 86400 };

struct facts {
	struct handshake hs[FACTS_MAX];
	struct event events[FACTS_MAX][FACTS_EVENTS];
	struct examined examined[FACTS_MAX];
	struct examined *kept[FACTS_MAX];
	struct cert leaf, middle, root, client_leaf;
	struct evidence evidence;
	struct config *config; /* NULL: none */
	struct config_reading reading;
	struct case_file file;
	struct finding finding; /* what the cause asked last says */
	const char *because;    /* and why it is innocent */
	struct arena *arena;
};

/* Setup and teardown of each test: *state is a struct facts with one healthy handshake. */
int facts_setup(void **state);
int facts_teardown(void **state);
#define RULE_TEST(function) cmocka_unit_test_setup_teardown(function, facts_setup, facts_teardown)

static inline struct handshake *first(void **state)
{
	return ((struct facts *)*state)->hs;
}

/* --config of that text; it is closed with the facts. */
void facts_configure(struct facts *f, const char *text);

/* One more healthy handshake with the same server. */
struct handshake *facts_add(struct facts *f);

/* ---- changing a handshake ---- */

/* Ends it at that stage: what comes later was never sent. The first by a fatal alert, the second
 * by FIN, RST or silence of that side. */
void end_with_alert(struct handshake *hs, enum stage stage, enum side by, uint8_t alert);
void end_with(struct handshake *hs, enum stage stage, enum side by, enum ending ending);

/* Makes it TLS 1.3: a key share, and everything after the ServerHello protected. */
void make_tls13(struct handshake *hs);
/* The same, but the client, which is there to be asked, refuses under the keys what the server sent
 * and says why; and which certificate it received. */
void refuse_in_tls13(struct facts *f, struct handshake *hs, int code, const char *at);
/* Puts a HelloRetryRequest for x25519 and a second ClientHello before its ServerHello. */
void make_retry(struct handshake *hs);
/* The server asks for a certificate and the client sends its own, with proof. */
void make_mutual(struct facts *f, struct handshake *hs);
/* The same, but the client has none. */
void make_mutual_empty(struct handshake *hs);
/* The server's chain is leaf, middle, root: the middle is sent too. */
void make_long_chain(struct facts *f, struct handshake *hs);

/* A list of 16-bit numbers that lives as long as the handshake. */
struct u16s list_of(const struct handshake *hs, size_t n, const uint16_t *values);
#define LIST(hs, ...)                                                                              \
	list_of((hs), sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t),                \
		(const uint16_t[]){ __VA_ARGS__ })
void add_extension(struct extensions *ext, uint16_t type);
struct bytes text_bytes(const char *text);

/* Fills names of a certificate: "CN=..." both. */
void name_cert(struct cert *c, const char *subject, const char *issuer);

/* The event of the first message of that type from that side, to be changed. */
struct event *event_of(struct handshake *hs, enum side from, uint8_t type);

/* ---- asking the rules ---- */

/* Runs one check and compares its answer; text is in its message. */
void expect_answer(
	const struct handshake *hs, enum check_id id, const char *status, const char *text);
#define assert_answer(hs, name, status, text) expect_answer(hs, CHECK_##name, status, text)

/* Runs all checks of all handshakes and counts, as the desk does before the causes are asked. */
void facts_examine(struct facts *f);
/* The same without a word of it for said.h; and its parts. */
void facts_examine_quietly(struct facts *f);
void facts_examine_one(struct facts *f, size_t i);
void facts_count(struct facts *f);
/* Asks one cause of what was examined. */
bool facts_ask(struct facts *f, enum cause_id id, struct finding *out);
/* From now on texts go there. */
void facts_use_arena(struct facts *f, struct arena *arena);
/* Examines and asks one cause; the finding is f->finding. */
bool facts_show(struct facts *f, enum cause_id id);
bool facts_innocent(struct facts *f, enum cause_id id);

#define assert_shown(f, name, how_bad, how_sure)                                                   \
	do {                                                                                       \
		assert_true(facts_show((f), CAUSE_##name));                                        \
		assert_string_equal(severity_name((f)->finding.severity), how_bad);                \
		assert_string_equal(confidence_name((f)->finding.confidence), how_sure);           \
	} while (0)
#define assert_not_shown(f, name) assert_false(facts_show((f), CAUSE_##name))

/* Of the cause asked last. */
bool explains_check(const struct finding *f, enum check_id id);
bool proves(const struct finding *f, const char *text);
uint64_t proof_packet(const struct finding *f, const char *text);
bool advises(const struct finding *f, const char *text);
#define assert_explains(f, name) assert_true(explains_check(&(f)->finding, CHECK_##name))
#define assert_proves(f, text)   assert_true(proves(&(f)->finding, text))

#define assert_innocent(f, name, why)                                                              \
	do {                                                                                       \
		assert_true(facts_innocent((f), CAUSE_##name));                                    \
		assert_string_equal((f)->because, why);                                            \
	} while (0)
#define assert_not_innocent(f, name) assert_false(facts_innocent((f), CAUSE_##name))

#endif
