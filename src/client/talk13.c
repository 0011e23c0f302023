/* TLS 1.3 after its ServerHello (RFC 8446 4.3 to 4.6, 7.1). */
#include "client/talk_inside.h"

#include "base/secret.h"

enum { OURS, THEIRS };

static struct schedule schedule(const struct talk *t)
{
	return schedule_of(t->version, (enum hash)t->suite->prf_hash);
}

/* ---- secrets ---- */

static bool change_reads(struct talk *t, const struct key_secret *traffic)
{
	struct schedule s = schedule(t);

	record_keys_close(t->reads);
	t->reads = record_keys_open13(&t->protection, &s, traffic, t->version);
	return t->reads != NULL;
}

static bool change_writes(struct talk *t, const struct key_secret *traffic)
{
	struct schedule s = schedule(t);

	record_keys_close(t->writes);
	t->writes = record_keys_seal13(&t->protection, &s, traffic, t->version);
	return t->writes != NULL;
}

static bool derive_handshake(struct talk *t, struct bytes shared)
{
	struct schedule s = schedule(t);
	struct bytes none = bytes_of(NULL, 0);
	struct key_secret early;
	struct digest hellos;
	struct bytes psk = t->resumes ? t->psk : none;
	bool ok = talk_hash(t, &hellos) && schedule_extract(&s, none, psk, &early) &&
		  schedule_step(&s, &early, shared, &t->handshake_secret) &&
		  schedule_derive(
			  &s, &t->handshake_secret, "c hs traffic", &hellos, &t->traffic[OURS]) &&
		  schedule_derive(
			  &s, &t->handshake_secret, "s hs traffic", &hellos, &t->traffic[THEIRS]);

	wipe(&early, sizeof early);
	if (!ok)
		return false;
	talk_log_key(t, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", &t->traffic[OURS]);
	talk_log_key(t, "SERVER_HANDSHAKE_TRAFFIC_SECRET", &t->traffic[THEIRS]);
	return true;
}

/* Over everything up to the server's Finished. */
static bool derive_application(struct talk *t)
{
	struct schedule s = schedule(t);
	const struct key_secret *master = &t->main_secret;
	struct digest flight;

	if (!talk_hash(t, &flight) ||
		!schedule_step(&s, &t->handshake_secret, bytes_of(NULL, 0), &t->main_secret) ||
		!schedule_derive(&s, master, "c ap traffic", &flight, &t->application[OURS]) ||
		!schedule_derive(&s, master, "s ap traffic", &flight, &t->application[THEIRS]))
		return false;
	talk_log_key(t, "CLIENT_TRAFFIC_SECRET_0", &t->application[OURS]);
	talk_log_key(t, "SERVER_TRAFFIC_SECRET_0", &t->application[THEIRS]);
	return true;
}

/* Over everything, our Finished too: what tickets are made of. */
static bool derive_resumption(struct talk *t)
{
	struct schedule s = schedule(t);
	struct digest all;

	return talk_hash(t, &all) &&
	       schedule_derive(&s, &t->main_secret, "res master", &all, &t->resumption);
}

static struct exchange *share_of(const struct talk *t, uint16_t group)
{
	for (size_t i = 0; i < t->parts.n_shares; i++)
		if (t->parts.share_group[i] == group)
			return t->shares[i];
	return NULL;
}

void talk13_begin(struct talk *t, const struct server_hello *hello)
{
	const struct key_share *share = &hello->ext.shares[0];
	struct exchange *own = share_of(t, share->group);
	struct exchange_secret shared;

	if (own == NULL) { /* a filler was taken: the server does its part, and here it ends */
		t->state = TALK_BEYOND;
		return;
	}
	if (!exchange_agree(own, share->key, &shared)) {
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
		return;
	}
	if (!t->can_protect)
		t->state = TALK_BEYOND;
	else if (!derive_handshake(t, bytes_of(shared.data, shared.len)) ||
		 !change_reads(t, &t->traffic[THEIRS]) || !change_writes(t, &t->traffic[OURS]))
		talk_fail(t);
	wipe(&shared, sizeof shared);
}

/* ---- the server's flight ---- */

/* These belong into the hellos (RFC 8446 4.2). */
static bool is_of_hellos(uint16_t type)
{
	return type == EXT_KEY_SHARE || type == EXT_SUPPORTED_VERSIONS || type == EXT_COOKIE ||
	       type == EXT_PRE_SHARED_KEY;
}

static void take_extensions(struct talk *t, struct bytes message)
{
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);
	struct extensions ext = { 0 };

	if (!parse_extensions(&body, IN_OTHER, &ext))
		talk_refuse(t, ALERT_DECODE_ERROR);
	for (size_t i = 0; i < ext.n; i++) {
		if (!offer_has_extension(t->options->offer, ext.list[i].type))
			talk_refuse(t, ALERT_UNSUPPORTED_EXTENSION);
		if (is_of_hellos(ext.list[i].type))
			talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
		for (size_t k = 0; k < i; k++)
			if (ext.list[k].type == ext.list[i].type)
				talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	}
}

/* The signature covers what was said before it. */
static void take_verify(struct talk *t, struct bytes message)
{
	static const char words[] = "TLS 1.3, server CertificateVerify"; /* and a zero */
	uint8_t spaces[64];
	struct certificate_verify verify;
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);
	struct digest transcript;

	memset(spaces, ' ', sizeof spaces);
	t->got_verify = true;
	if (!parse_certificate_verify(&body, t->version, &verify)) {
		talk_refuse(t, ALERT_DECODE_ERROR);
		return;
	}
	if (t->compressed)
		return;
	if (!talk_hash(t, &transcript)) {
		talk_fail(t);
		return;
	}
	const struct bytes parts[] = { bytes_of(spaces, sizeof spaces),
		bytes_of(words, sizeof words), bytes_of(transcript.data, transcript.len) };
	talk_judge_signature(t, verify.scheme, true, parts, 3, verify.signature);
}

/* ---- our flight ---- */

static void send_finished(struct talk *t)
{
	struct schedule s = schedule(t);
	struct strbuf out = { .text = NULL };
	struct digest transcript, verify_data;
	size_t message;

	if (!talk_hash(t, &transcript) ||
		!schedule_finished(&s, &t->traffic[OURS], &transcript, &verify_data)) {
		talk_fail(t);
		return;
	}
	put_u8(&out, HS_FINISHED);
	message = put_begin(&out, 3);
	put_bytes(&out, bytes_of(verify_data.data, verify_data.len));
	put_end(&out, message, 3);
	talk_send_message(t, &out);
	strbuf_free(&out);
}

/* D.4: before the first protected record, for middleboxes; in the clear. */
static void send_change_cipher_spec(struct talk *t)
{
	static const uint8_t one = 1;
	struct record_keys *keys = t->writes;

	if (t->retried)
		return;
	t->writes = NULL;
	talk_send_record(t, CONTENT_CHANGE_CIPHER_SPEC, bytes_of(&one, 1));
	t->writes = keys;
}

static void answer(struct talk *t)
{
	t->flight_done = true;
	talk_judge_chain(t);
	send_change_cipher_spec(t);
	if (t->refusal != TALK_NO_ALERT) {
		talk_end_refused(t, t->refusal);
		return;
	}
	if (!derive_application(t) || !change_reads(t, &t->application[THEIRS])) {
		talk_fail(t);
		return;
	}
	if (t->asked) {
		talk_send_certificate(t);
		talk_send_verify(t);
	}
	if (t->refusal != TALK_NO_ALERT) {
		talk_end_refused(t, t->refusal);
		return;
	}
	send_finished(t);
	if (t->state == TALK_READING &&
		(!derive_resumption(t) || !change_writes(t, &t->application[OURS])))
		talk_fail(t);
	if (t->state == TALK_READING)
		t->state = TALK_COMPLETED;
}

static void take_finished(struct talk *t, struct bytes message)
{
	struct schedule s = schedule(t);
	struct digest transcript, due;

	t->got_finished = true;
	if (!talk_hash(t, &transcript) ||
		!schedule_finished(&s, &t->traffic[THEIRS], &transcript, &due)) {
		talk_fail(t);
		return;
	}
	if (!bytes_equal(talk_body(message), bytes_of(due.data, due.len)))
		talk_refuse(t, ALERT_DECRYPT_ERROR);
	/* 4.4: who shows a certificate proves that it has the key; without a PSK there has to be one. */
	if (!t->resumes && (!t->got_certificate || !t->got_verify))
		talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
}

/* ---- after that ---- */

static void take_key_update(struct talk *t, struct bytes message)
{
	struct schedule s = schedule(t);

	struct bytes body = talk_body(message);

	if (body.len != 1)
		talk_end_refused(t, ALERT_DECODE_ERROR);
	else if (body.data[0] > 1)
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
	else if (!schedule_update(&s, &t->application[THEIRS]) ||
		 !change_reads(t, &t->application[THEIRS]))
		talk_fail(t);
}

/* RFC 8879 4: in place of a Certificate, where that was offered, as browsers do. */
static bool may_compress(const struct talk *t, uint8_t type)
{
	return type == HS_COMPRESSED_CERTIFICATE &&
	       offer_has_extension(t->options->offer, EXT_COMPRESS_CERTIFICATE);
}

static bool is_known(const struct talk *t, uint8_t type)
{
	return may_compress(t, type) || type == HS_ENCRYPTED_EXTENSIONS ||
	       type == HS_CERTIFICATE_REQUEST || type == HS_CERTIFICATE ||
	       type == HS_CERTIFICATE_VERIFY || type == HS_FINISHED;
}

static void take_known(struct talk *t, uint8_t type, struct bytes message)
{
	switch (type) {
	case HS_ENCRYPTED_EXTENSIONS:
		take_extensions(t, message);
		break;
	case HS_CERTIFICATE_REQUEST:
		talk_take_request(t, message);
		break;
	case HS_CERTIFICATE:
		talk_take_certificate(t, message);
		break;
	case HS_CERTIFICATE_VERIFY:
		take_verify(t, message);
		break;
	case HS_COMPRESSED_CERTIFICATE:
		talk_take_compressed(t, message);
		break;
	default:
		take_finished(t, message);
	}
}

bool talk13_message(struct talk *t, uint8_t type, struct bytes message)
{
	bool known = is_known(t, type);

	if (t->state == TALK_COMPLETED) {
		if (type == HS_KEY_UPDATE)
			take_key_update(t, message);
		if (type == HS_NEW_SESSION_TICKET)
			talk13_take_ticket(t, message);
		return true;
	}
	/* Nothing of it may stand in the clear, whatever it says. */
	if (t->reads == NULL)
		return false;
	if (known)
		take_known(t, type, message);
	if (!talk_keep(t, &t->transcript, message))
		return true;
	if (t->got_finished && !t->flight_done && t->state == TALK_READING)
		answer(t);
	return known;
}
