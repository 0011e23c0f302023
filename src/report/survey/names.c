/* What both forms of the report on a survey call things. */
#include "report/survey/report.h"

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
