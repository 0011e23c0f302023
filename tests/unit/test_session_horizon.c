/* What each side had received when it ended, and whose turn it was. */
#include "support/tls_talk.h"

#define FLIGHT   "c:CH s:SH s:CERT s:SKE s:SHD "
#define FULL     FLIGHT "c:CKE c:CCS c:e22 s:CCS s:e22 "
#define FLIGHT13 "c:CH13 s:SH13 s:CCS s:d13 s:f13 "

/* The messages that were late, "SHD" or "" for none. */
static const char *late_of(const struct handshake *hs, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];
		char word[32];

		if (!ev->late || ev->kind == EVENT_FIN || ev->kind == EVENT_RST)
			continue;
		event_word(ev, word, sizeof word);
		(void)snprintf(out + strlen(out), size - strlen(out), "%s%s",
			out[0] != '\0' ? " " : "", word);
	}
	return out;
}

struct late_row {
	const char *script, *late;
};

static void assert_late(const struct late_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tls_talk t;
		char late[256];

		if (strcmp(late_of(talk_whole(&t, rows[i].script), late, sizeof late),
			    rows[i].late) != 0)
			fail_msg("%s: late is '%s'", rows[i].script, late);
		tls_talk_close(&t);
	}
}

/* Without acknowledgements what stands after a side's end in the capture came too late for it. */
static void test_horizon__the_order_tells_where_nothing_is_acknowledged(void **state)
{
	static const struct late_row rows[] = {
		{ FLIGHT "c:alert42 c:fin s:fin", "" },
		{ "c:CH s:SH c:alert47 s:CERT s:SKE c:fin", "Certificate ServerKeyExchange" },
		{ "c:CH s:SH s:CERT c:fin s:SKE s:SHD s:fin", "ServerKeyExchange ServerHelloDone" },
		{ "c:CH c:rst s:SH s:CERT", "ServerHello Certificate" },
		{ FLIGHT "s:alert80 c:CKE c:CCS c:e22 s:fin", "ClientKeyExchange CCS e22x1" },
		{ FLIGHT13 "c:a13 s:d13 c:fin", "e23x1" },
		/* EncryptedExtensions in a record of its own is as short as an alert */
		{ "c:CH13 s:SH13 s:CCS s:a13 s:d13 s:f13 c:CCS c:f13 s:a13 s:fin", "" },
		{ "c:CH13 s:SH13 s:CCS s:a13 c:CCS c:f13 s:fin", "CCS e23x1" },
		/* a warning ends nothing */
		{ "c:CH s:warn112 s:SH s:CERT s:SKE s:SHD c:alert48", "" },
		{ "c:CH s:SH c:warn0 s:CERT", "Certificate" },
	};

	(void)state;
	assert_late(rows, sizeof rows / sizeof *rows);
}

/* Who captures beside the server sees its answer before the end of a client that had not got it. */
static void test_horizon__acknowledgements_tell_what_had_arrived(void **state)
{
	static const struct late_row rows[] = {
		{ "c:CH c:ack s:SH s:CERT s:SKE s:SHD c:fin s:fin",
			"ServerHello Certificate ServerKeyExchange ServerHelloDone" },
		{ "c:CH s:SH s:CERT c:ack s:SKE s:SHD c:rst", "ServerKeyExchange ServerHelloDone" },
		{ "c:CH s:SH s:CERT c:ack s:SKE s:SHD c:alert42 c:ack c:fin",
			"ServerKeyExchange ServerHelloDone" },
		{ FLIGHT "c:ack c:fin s:fin", "" },
		/* it acknowledged before the capture shows that it left */
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:ack c:alert42", "" },
		/* what it acknowledges after its end it had not when it ended */
		{ "c:CH s:SH c:ack s:CERT c:fin c:ack s:SKE", "Certificate ServerKeyExchange" },
	};

	(void)state;
	assert_late(rows, sizeof rows / sizeof *rows);
}

static void test_horizon__a_hole_of_unknown_size_leaves_the_order(void **state)
{
	static const struct late_row rows[] = {
		{ "c:CH s:lost s:SH c:ack s:CERT s:SKE s:SHD c:fin", "" },
		{ "c:CH s:SH s:CERT c:ack s:gap4 s:SKE s:SHD c:fin",
			"gap ServerKeyExchange ServerHelloDone" },
	};

	(void)state;
	assert_late(rows, sizeof rows / sizeof *rows);
}

/* The moment is that of the first sign. */
static void test_horizon__a_side_ends_by_its_first_sign(void **state)
{
	static const struct {
		const char *script;
		bool client, server;
		uint64_t client_packet, server_packet; /* from the ClientHello, which is 0 */
	} rows[] = {
		{ FLIGHT "c:alert42 c:fin c:rst s:fin", true, true, 5, 8 },
		{ FLIGHT "c:fin c:alert42 s:rst", true, true, 5, 7 },
		{ FLIGHT "c:CKE c:CCS c:e22 s:CCS c:e21 c:fin s:fin", true, true, 9, 11 },
		{ "c:CH s:fin", false, true, 0, 1 },
		{ FLIGHT13 "c:CCS c:a13 s:fin", true, true, 6, 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;
		const struct handshake *hs = talk_whole(&t, rows[i].script);
		const struct horizon *client = &hs->horizon[SIDE_CLIENT];
		const struct horizon *server = &hs->horizon[SIDE_SERVER];

		if (client->ended != rows[i].client || server->ended != rows[i].server ||
			(client->ended &&
				client->packet != hs->first_packet + rows[i].client_packet) ||
			(server->ended &&
				server->packet != hs->first_packet + rows[i].server_packet))
			fail_msg("%s: client %d at %llu, server %d at %llu", rows[i].script,
				client->ended, (unsigned long long)client->packet, server->ended,
				(unsigned long long)server->packet);
		tls_talk_close(&t);
	}
}

/* ---- whose turn it was ---- */

static void test_turn__is_of_who_owes_the_next_message(void **state)
{
	static const struct {
		const char *script;
		const char *turn; /* "server", "client midway", "unknown" */
	} rows[] = {
		{ "c:CH", "server" },
		{ "c:CH s:SH", "server midway" },
		{ "c:CH s:SH s:CERT s:SKE", "server midway" },
		{ FLIGHT, "client" },
		{ FLIGHT "c:CKE", "client midway" },
		{ FLIGHT "c:CKE c:CCS", "client midway" },
		{ FLIGHT "c:CKE c:CCS c:e22", "server" },
		{ FLIGHT "c:CKE c:CCS c:e22 s:NST", "server midway" },
		{ FLIGHT "c:CKE c:CCS c:e22 s:CCS", "server midway" },
		{ FULL, "unknown" },
		{ "c:CHS s:SHR s:CCS", "server midway" },
		{ "c:CHS s:SHR s:CCS s:e22", "client" },
		{ "c:CHS s:SHR s:CCS s:e22 c:CCS", "client midway" },
		{ "c:CH13 s:HRR", "client" },
		{ "c:CH13 s:HRR c:CH13", "server" },
		{ "c:CH13 s:SH13", "server midway" },
		/* whether that was all of the server's flight its sizes do not say */
		{ FLIGHT13, "unknown" },
		{ "c:CH s:gap9 s:SHD", "unknown" },
		/* what the client could not know is not said */
		{ "c:CH s:SH c:fin s:CERT s:SKE s:SHD", "server midway" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;
		const struct turn *turn;
		char said[32];

		turn = &talk_whole(&t, rows[i].script)->turn;
		(void)snprintf(said, sizeof said, "%s%s",
			!turn->known                ? "unknown"
			: turn->owes == SIDE_CLIENT ? "client"
						    : "server",
			turn->midway ? " midway" : "");
		if (strcmp(said, rows[i].turn) != 0)
			fail_msg("%s: %s", rows[i].script, said);
		tls_talk_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_horizon__the_order_tells_where_nothing_is_acknowledged),
		cmocka_unit_test(test_horizon__acknowledgements_tell_what_had_arrived),
		cmocka_unit_test(test_horizon__a_hole_of_unknown_size_leaves_the_order),
		cmocka_unit_test(test_horizon__a_side_ends_by_its_first_sign),
		cmocka_unit_test(test_turn__is_of_who_owes_the_next_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
