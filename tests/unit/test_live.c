/* From a tape, and what its source tells besides, to a diagnosis: the way that a live probe goes. */
#include "capture/capture.h"
#include "door/pipeline.h"
#include "drive/tape.h"
#include "support/certs.h"
#include "support/tls_talk.h"

static const int64_t YEAR = 365 * (int64_t)86400;

/* A live handshake of TLS 1.3 that the client breaks off over what the server sent. */
struct live {
	struct tape *tape;
	struct tape_flow flow;
	struct cert_store *store;
	const struct cert *leaf;
	struct evidence evidence;
	struct pipeline *pipeline;
};

static void send_words(struct live *l, unsigned dir, uint8_t type, const char *word, size_t noise)
{
	struct wire *w = calloc(1, sizeof *w), *fragment = calloc(1, sizeof *fragment);

	if (word != NULL)
		assert_true(put_message(fragment, word));
	else
		put_noise(fragment, 7, noise);
	put_record(w, type, fragment->b, fragment->n);
	tape_data(&l->flow, dir, bytes_of(w->b, w->n), FIXTURE_TIME * (int64_t)1000000000);
	free(fragment);
	free(w);
}

static void record_handshake(struct live *l)
{
	struct endpoint client = { 4, { 192, 0, 2, 10 }, 50000 };
	struct endpoint server = { 4, { 192, 0, 2, 1 }, 443 };
	int64_t now = FIXTURE_TIME * (int64_t)1000000000;

	l->tape = tape_open();
	l->flow = tape_flow(l->tape, &client, &server);
	tape_syn(&l->flow, now);
	tape_accepted(&l->flow, now);
	send_words(l, 0, CONTENT_HANDSHAKE, "CH13", 0);
	send_words(l, 1, CONTENT_HANDSHAKE, "SH13", 0);
	send_words(l, 1, CONTENT_APPLICATION_DATA, NULL, 800);
	send_words(l, 0, CONTENT_APPLICATION_DATA, NULL, 19);
	tape_fin(&l->flow, 0, now);
	tape_fin(&l->flow, 1, now);
	tape_ack(&l->flow, 0, now);
}

/* Dates are judged so many years after the certificate's end. */
static void begin(struct live *l, int years)
{
	struct pipeline_options o = { .diagnose = { .quiet = true } };
	struct err e = { 0 };

	*l = (struct live){ .store = cert_store_open(1 << 20) };
	l->leaf = fixture_cert(l->store, "leaf");
	l->evidence.has_at = true;
	l->evidence.at = l->leaf->not_after + years * YEAR;
	o.evidence = &l->evidence;
	o.store = l->store;
	l->pipeline = pipeline_open(&o, &e);
	assert_non_null(l->pipeline);
	record_handshake(l);
}

static void tell(struct live *l, int code, const char *at)
{
	struct told told = { .client = l->flow.end[0],
		.server = l->flow.end[1],
		.word[SIDE_CLIENT] = { .release = "mbedTLS 3.6.2",
			.code = code,
			.state = at,
			.verify_flags = 0x01 },
		.chain = { [SIDE_SERVER] = &l->leaf->der },
		.n_chain = { [SIDE_SERVER] = 1 } };

	pipeline_tell(l->pipeline, &told);
}

/* What is found about the only server, by the id of its cause; NULL: not that. */
static const struct finding *found(const struct live *l, const char *id)
{
	const struct server_result *r = desk_server(pipeline_desk(l->pipeline), 0);

	for (size_t i = 0; i < r->n_findings; i++)
		if (strcmp(r->findings[i].cause->id, id) == 0)
			return &r->findings[i];
	return NULL;
}

static void conclude(struct live *l)
{
	struct err e = { 0 };
	struct capture *c = capture_open(pipeline_sink(l->pipeline), NULL, &e);

	assert_non_null(c);
	assert_true(capture_read_bytes(c, "live", tape_file(l->tape), &e));
	pipeline_conclude(l->pipeline);
	capture_close(c);
	assert_int_equal(desk_n_servers(pipeline_desk(l->pipeline)), 1);
}

static void end(struct live *l)
{
	tape_close(l->tape);
	pipeline_close(l->pipeline);
	cert_release(l->store, l->leaf);
	cert_store_close(l->store);
}

static void test_live__what_the_client_tells_opens_what_tls13_hides(void **state)
{
	const struct finding *f;
	struct live l;

	(void)state;
	begin(&l, 1);
	tell(&l, -0x2700, "SERVER_CERTIFICATE");
	conclude(&l);
	f = found(&l, "certificate-expired");
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_ERROR);
	assert_int_equal(f->confidence, CONFIDENCE_CERTAIN);
	assert_null(found(&l, "hidden-by-encryption"));
	end(&l);
}

static void test_live__without_it_the_alert_stays_unexplained(void **state)
{
	struct live l;

	(void)state;
	begin(&l, 1);
	conclude(&l);
	assert_non_null(found(&l, "hidden-by-encryption"));
	assert_null(found(&l, "certificate-expired"));
	end(&l);
}

static void test_live__a_bad_proof_of_the_key_is_told_too(void **state)
{
	const struct finding *f;
	struct live l;

	(void)state;
	begin(&l, -1);
	tell(&l, -0x6e00, "CERTIFICATE_VERIFY");
	conclude(&l);
	f = found(&l, "wrong-private-key");
	assert_non_null(f);
	assert_int_equal(f->confidence, CONFIDENCE_POSSIBLE);
	assert_null(found(&l, "hidden-by-encryption"));
	end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live__what_the_client_tells_opens_what_tls13_hides),
		cmocka_unit_test(test_live__without_it_the_alert_stays_unexplained),
		cmocka_unit_test(test_live__a_bad_proof_of_the_key_is_told_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
