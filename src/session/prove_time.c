/* The time of a handshake, and what it is worth: devices without a clock write captures and logs, too. */
#include "session/prove_time.h"

#include "base/calendar.h"
#include "base/moment.h"
#include "session/handshake.h"

enum { PATIENT_DAYS = 30 };

bool prove_may_be_now(int64_t at, int64_t today)
{
	return at >= OLDEST_CAPTURE && at <= today + DAY_SECONDS;
}

/* Does a side say that a certificate is out of date? */
static bool complains_of_dates(const struct handshake *hs)
{
	enum { EXPIRED = 0x1, FUTURE = 0x200, ALERT_EXPIRED = 45 };

	for (unsigned side = 0; side < 2; side++) {
		const struct party *p = &hs->side[side];

		if ((p->word.verify_flags & (EXPIRED | FUTURE)) != 0)
			return true;
		for (size_t i = 0; i < p->n_remarks; i++)
			if (p->remarks[i].saying == SAYING_peer_expired ||
				p->remarks[i].saying == SAYING_peer_not_yet_valid)
				return true;
	}
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].code == ALERT_EXPIRED)
			return true;
	return false;
}

/*
 * A log without dates: mbedTLS 2 puts its clock into its hello (RFC 5246 7.4.1.2), and where the time is
 * that of a set clock, it is taken. Else today's, where somebody minds a date: the log is not of tomorrow.
 * 0: nothing tells.
 */
static int64_t time_by_hello(const struct handshake *hs, int64_t today)
{
	const uint8_t *r = hs->client_hello.random;
	bool has = hs->client_hello.has_random && hs->looks.name != NULL &&
		   strncmp(hs->looks.name, "mbedTLS 2", strlen("mbedTLS 2")) == 0;
	int64_t t = (int64_t)r[0] << 24 | r[1] << 16 | r[2] << 8 | r[3];

	if (has && prove_may_be_now(t, today))
		return t;
	return complains_of_dates(hs) ? today : 0;
}

int64_t prove_time(
	const struct evidence *ev, int64_t today, const struct handshake *hs, enum side s)
{
	const struct event *message;

	if (ev->has_at)
		return ev->at;
	if (hs->undated)
		return time_by_hello(hs, today);
	message = handshake_message(hs, s, HS_CERTIFICATE);
	return moment_seconds(message != NULL ? message->time : hs->start);
}

/* Before every certificate of the chain was made, by more than any clock is off that was ever set? */
static bool before_all(const struct chain_judgement *j)
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (!j->step[i].not_yet ||
			j->step[i].cert->not_before - j->at < (int64_t)PATIENT_DAYS * DAY_SECONDS)
			return false;
	return j->n_steps != 0;
}

/* The times that a capture gives a handshake, where its clock was set in between; false: it was not. */
static bool times_jump(const struct handshake *hs, int64_t *from, int64_t *to)
{
	enum { JUMP = 3600 };
	bool jump = false;

	for (size_t i = 0; i < hs->n_events && !hs->undated && !hs->untimed; i++) {
		int64_t t = moment_seconds(hs->events[i].time);

		jump |= i != 0 && (t - *from > JUMP || *to - t > JUMP);
		*from = i == 0 || t < *from ? t : *from;
		*to = i == 0 || t > *to ? t : *to;
	}
	return jump;
}

/* Is a date of the path between the two: past by the one, and to come by the other? */
static bool between_times(const struct handshake *hs, const struct chain_judgement *j)
{
	int64_t from = 0, to = 0;

	if (!times_jump(hs, &from, &to))
		return false;
	for (size_t i = 0; i < j->n_steps; i++) {
		const struct cert *c = j->step[i].cert;

		if ((c->not_before > from && c->not_before <= to) ||
			(c->not_after >= from && c->not_after < to))
			return true;
	}
	return false;
}

void prove_doubt_dates(const struct evidence *ev, int64_t today, const struct handshake *hs,
	struct chain_judgement *j)
{
	if (ev->has_at)
		return;
	j->clock_set = between_times(hs, j);
	if (prove_may_be_now(j->at, today) && !before_all(j) && !j->clock_set)
		return;
	j->undated = true;
	j->expired_root = NULL;
	for (size_t i = 0; i < j->n_steps; i++)
		j->step[i].expired = j->step[i].not_yet = false;
}
