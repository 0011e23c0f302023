/* What both forms of the report on a survey call things. */
#include "report/survey/report.h"

#include "names/names.h"

const char *survey_feature_name(enum survey_feature f)
{
	static const char *const names[N_SURVEY_FEATURES] = {
		[SURVEY_EXTENDED_MASTER_SECRET] = "extended_master_secret",
		[SURVEY_ENCRYPT_THEN_MAC] = "encrypt_then_mac",
		[SURVEY_RENEGOTIATION_INFO] = "renegotiation_info",
		[SURVEY_SESSION_TICKET] = "session_ticket",
		[SURVEY_STATUS_REQUEST] = "status_request",
		[SURVEY_MAX_FRAGMENT_LENGTH] = "max_fragment_length",
		[SURVEY_HELLO_IN_RECORDS] = "hello_in_records",
	};

	return names[f];
}

const char *survey_outcome_name(enum survey_outcome o)
{
	static const char *const names[] = { [SURVEY_CHOSE] = "chose",
		[SURVEY_ALERT] = "alert",
		[SURVEY_CLOSED] = "closed",
		[SURVEY_RESET] = "reset",
		[SURVEY_SILENT] = "silent",
		[SURVEY_NO_TLS] = "no-tls" };

	return names[o];
}

void survey_refusal(struct strbuf *out, enum survey_outcome o, uint8_t alert)
{
	static const char *const words[] = { [SURVEY_CHOSE] = "the handshake does not complete",
		[SURVEY_ALERT] = "alert",
		[SURVEY_CLOSED] = "it closes without an alert",
		[SURVEY_RESET] = "it resets the connection",
		[SURVEY_SILENT] = "it does not answer",
		[SURVEY_NO_TLS] = "what it answers is no TLS" };
	char name[48];

	strbuf_puts(out, words[o]);
	if (o != SURVEY_ALERT)
		return;
	name_or_hex(name, name_alert(alert), alert);
	strbuf_printf(out, " %u %s", alert, name);
}
