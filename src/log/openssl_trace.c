/* A record's listing: its heading, its message, and what of it goes to the connection. */
#include "log/openssl_trace.h"

#include "base/array.h"
#include "log/openssl_fields.h"
#include "log/openssl_state.h"
#include "log/scan.h"

enum { TYPE_CCS = 20, TYPE_ALERT = 21, TYPE_HANDSHAKE = 22, TYPE_APPLICATION = 23, HEARTBEAT = 24 };
enum { RECORD_HEADER = 5, MESSAGE_HEADER = 4, CERTIFICATE = 11, CLIENT_HELLO = 1 };

/* In the record's own bytes where it held this message alone, in the clear. */
static void give_whole(struct openssl_trace *t, struct log_conn *c, bool keys)
{
	uint8_t bytes[RECORD_HEADER + MESSAGE_HEADER + OPENSSL_TRACE_MAX];
	enum side from = openssl_side(c, t->whose);
	size_t len = MESSAGE_HEADER + t->want, missing = t->want - t->len;

	bytes[0] = TYPE_HANDSHAKE;
	bytes[1] = (uint8_t)(t->record_version >> 8);
	bytes[2] = (uint8_t)t->record_version;
	bytes[3] = (uint8_t)(len >> 8);
	bytes[4] = (uint8_t)len;
	bytes[5] = t->type;
	bytes[6] = (uint8_t)(t->want >> 16);
	bytes[7] = (uint8_t)(t->want >> 8);
	bytes[8] = (uint8_t)t->want;
	memcpy(bytes + RECORD_HEADER + MESSAGE_HEADER, t->body, t->len);
	if (c != NULL)
		c->facts.rebuilt = true;
	if (!keys && t->record_len == len)
		conn_wire(c, from, bytes_of(bytes, RECORD_HEADER + len - missing), missing, t->at);
	else
		conn_message(c, from, bytes_of(bytes + RECORD_HEADER, len - missing), missing, keys,
			t->at);
}

static void close_message(struct openssl_state *s, struct log_conn *c)
{
	struct openssl_trace *t = &s->trace;
	bool keys = t->record_type == TYPE_APPLICATION ||
		    (t->keys[t->whose] && t->record_len != MESSAGE_HEADER + t->want);

	if (!t->message)
		return;
	t->message = false;
	if (t->type < 32)
		t->seen[t->whose] |= (uint32_t)1 << t->type;
	if (s->bytes.any || c == NULL)
		return;
	if (t->type == CLIENT_HELLO)
		said_role(c, t->whose == OPENSSL_OWN ? SIDE_CLIENT : SIDE_SERVER);
	if (t->spoilt || t->len > t->want || (t->len != t->want && !t->cut)) {
		conn_seen(c, openssl_side(c, t->whose), t->type, keys, t->at);
		return;
	}
	if (t->type == CERTIFICATE)
		t->certificates[t->whose] = true;
	give_whole(t, c, keys);
}

static void begin_record(
	struct openssl_state *s, struct log_conn *c, enum openssl_whose whose, struct log_at at)
{
	struct openssl_trace *t = &s->trace;

	close_message(s, c);
	t->open = true;
	t->any = true;
	t->whose = whose;
	t->at = at;
	t->record_type = 0;
	t->inner_type = 0;
	t->pem.open = false;
}

static void on_content_type(struct openssl_state *s, struct log_conn *c, uint8_t type)
{
	struct openssl_trace *t = &s->trace;

	t->record_type = type;
	if (type != TYPE_CCS)
		return;
	if (!t->keys[t->whose] && !s->bytes.any)
		conn_note(c,
			&(struct log_note){
				.kind = LOG_CCS, .from = openssl_side(c, t->whose), .at = t->at });
	t->keys[t->whose] = true;
}

/* "Level=fatal(2), description=handshake failure(40)" */
static void on_alert(struct openssl_state *s, struct log_conn *c, struct scan line)
{
	struct openssl_trace *t = &s->trace;
	struct bytes skipped;
	uint64_t level, code;

	if (!scan_until(&line, "(", &skipped) || !scan_decimal(&line, &level) ||
		!scan_until(&line, "description=", &skipped) || !scan_until(&line, "(", &skipped) ||
		!scan_decimal(&line, &code) || level > 255 || code > 255)
		return;
	s->failed = s->failed || level == 2;
	s->alert_seen = s->alert_seen || t->whose == OPENSSL_PEERS;
	if (t->whose == OPENSSL_OWN)
		s->bytes.own_alert = t->at;
	if (!s->bytes.any)
		conn_alert(c, openssl_side(c, t->whose), (uint8_t)level, (uint8_t)code,
			t->record_type == TYPE_APPLICATION ||
				(t->keys[t->whose] && t->record_len != 2),
			t->at);
}

/* "    ServerKeyExchange, Length=110" */
static bool on_message(struct openssl_state *s, struct log_conn *c, struct bytes text)
{
	static const struct {
		const char *title;
		uint8_t type;
	} titles[] = { { "ClientHello", 1 }, { "ServerHello", 2 }, { "HelloRequest", 0 },
		{ "NewSessionTicket", 4 }, { "EndOfEarlyData", 5 }, { "EncryptedExtensions", 8 },
		{ "Certificate", 11 }, { "ServerKeyExchange", 12 }, { "CertificateRequest", 13 },
		{ "ServerHelloDone", 14 }, { "CertificateVerify", 15 }, { "ClientKeyExchange", 16 },
		{ "Finished", 20 }, { "CertificateStatus", 22 }, { "KeyUpdate", 24 } };
	struct openssl_trace *t = &s->trace;
	struct scan line = scan_of(text);
	struct bytes title;
	uint64_t len;

	if (!scan_name(&line, "", &title) || !scan_word(&line, ", Length=") ||
		!scan_decimal(&line, &len))
		return false;
	close_message(s, c);
	for (size_t i = 0; i < COUNT(titles); i++)
		if (text_is(title, titles[i].title)) {
			t->message = true;
			t->spoilt = len > OPENSSL_TRACE_MAX;
			t->type = titles[i].type;
			t->want = (size_t)(len > OPENSSL_TRACE_MAX ? 0 : len);
			t->len = 0;
			t->cut = false;
			t->extension_end = 0;
			t->tls13_certificate = false;
			return true;
		}
	return true;
}

/* Its heading is all there is of what is no record of TLS: five bytes, read as one. */
static void on_no_record(struct openssl_state *s, struct log_conn *c)
{
	const struct openssl_trace *t = &s->trace;
	uint8_t bytes[RECORD_HEADER] = { t->record_type, (uint8_t)(t->record_version >> 8),
		(uint8_t)t->record_version, (uint8_t)(t->record_len >> 8), (uint8_t)t->record_len };

	if (c == NULL || s->bytes.any || t->keys[t->whose] || t->record_version >> 8 == 3 ||
		(t->record_type >= TYPE_CCS && t->record_type <= HEARTBEAT))
		return;
	conn_wire(c, openssl_side(c, t->whose), bytes_of(bytes, sizeof bytes), 0, t->at);
}

static uint64_t number_in_brackets(struct scan s)
{
	struct bytes skipped;
	uint64_t value = 0;

	if (!scan_until(&s, "(", &skipped))
		return 0;
	if (scan_word(&s, "0x"))
		return scan_hex(&s, &value) ? value : 0;
	return scan_decimal(&s, &value) ? value : 0;
}

static bool on_heading(struct openssl_state *s, struct log_conn *c, struct bytes text)
{
	struct openssl_trace *t = &s->trace;
	struct scan line = scan_of(text);
	uint64_t n;

	if (text_is(text, "Header:"))
		return true;
	if (scan_word(&line, "Version = "))
		t->record_version = (uint16_t)number_in_brackets(line);
	else if (scan_word(&line, "Content Type = "))
		on_content_type(s, c, (uint8_t)number_in_brackets(line));
	else if (scan_word(&line, "Length = ") && scan_decimal(&line, &n)) {
		t->record_len = (uint16_t)n;
		on_no_record(s, c);
	} else if (scan_word(&line, "Inner Content Type = "))
		t->inner_type = (uint8_t)number_in_brackets(line);
	else if (scan_word(&line, "Level="))
		on_alert(s, c, line);
	else
		return on_message(s, c, text);
	return true;
}

bool openssl_trace_begins(const struct openssl_state *s, struct bytes text)
{
	(void)s;
	text = text_trim(text);
	return text_is(text, "Sent Record") || text_is(text, "Received Record");
}

bool openssl_trace_take(struct openssl_state *s, struct log_conn *c, const struct log_line *line,
	struct bytes *rest)
{
	struct openssl_trace *t = &s->trace;
	struct bytes text = text_trim(line->text);
	size_t end;

	*rest = bytes_of(NULL, 0);
	if (openssl_trace_begins(s, text)) {
		begin_record(
			s, c, text_begins(text, "Sent") ? OPENSSL_OWN : OPENSSL_PEERS, line->at);
		return true;
	}
	if (!t->open)
		return false;
	end = openssl_interruption(line->text);
	if (end == 0)
		return false;
	*rest = bytes_slice(line->text, end, line->text.len);
	text = text_trim(bytes_slice(line->text, 0, end));
	if (text_is(text, "---")) {
		openssl_trace_end(s, c);
		return false;
	}
	if (on_heading(s, c, text) || openssl_field_take(t, text) || rest->len != 0)
		return true;
	return line->text.len == 0 || line->text.data[0] == ' ' || text_begins(text, "-----") ||
	       text_is(text, "Certificate:");
}

void openssl_trace_end(struct openssl_state *s, struct log_conn *c)
{
	close_message(s, c);
	s->trace.open = false;
}
