/* Every difference, those that follow from others too. */
#include "report/handshakes/json_contrast.h"

#include "diagnose/contrast.h"
#include "session/handshake.h"

static void put_value(struct json *j, const struct difference *d)
{
	const struct feature *f = &d->feature;
	char address[ENDPOINT_TEXT];

	switch ((int)f->kind) {
	case FEATURE_EXTENSION:
	case FEATURE_VERSION:
	case FEATURE_GROUP:
	case FEATURE_SHARE:
	case FEATURE_SCHEME:
	case FEATURE_SUITE:
	case FEATURE_CHOSEN:
	case FEATURE_AGREED:
		json_code(j, "value", (uint16_t)f->value);
		break;
	case FEATURE_ORDER:
		json_code(j, "value", (uint16_t)(f->value >> 16));
		json_code(j, "before", (uint16_t)f->value);
		break;
	case FEATURE_NAME_IS:
	case FEATURE_PROTOCOL:
		json_text(j, "value", f->text);
		break;
	case FEATURE_COMPRESSION:
		json_uint(j, "value", f->value);
		break;
	case FEATURE_SEGMENTS:
	case FEATURE_SIZE:
	case FEATURE_SESSION_ID:
	case FEATURE_HOPS:
	case FEATURE_MSS:
		json_uint(j, "at_least", d->least);
		json_uint(j, "at_most", d->greatest);
		break;
	case FEATURE_ADDRESS:
		endpoint_address_text(&f->from->side[SIDE_CLIENT].address, address);
		json_string(j, "value", address);
		break;
	default:
		break;
	}
}

static void put_difference(struct json *j, const struct contrast *c, const struct difference *d)
{
	struct strbuf text = { 0 };

	json_object(j, NULL);
	json_string(j, "feature", feature_name(d->feature.kind));
	put_value(j, d);
	json_bool(j, "failed_have", d->failed_have);
	json_bool(j, "follows", d->follows);
	if (d->more != 0)
		json_uint(j, "more", d->more);
	difference_text(c, d, &text);
	json_string(j, "text", strbuf_text(&text));
	json_end_object(j);
	strbuf_free(&text);
}

static void put_contrast(struct json *j, const struct server_result *s, const struct contrast *c)
{
	struct strbuf text = { 0 };
	char server[ENDPOINT_TEXT];

	json_object(j, NULL);
	endpoint_text(&s->file->server, server);
	json_string(j, "server", server);
	json_uint(j, "handshake", c->failed->id);
	contrast_ended_text(c, &text);
	json_string(j, "ended", strbuf_text(&text));
	json_uint(j, "failed", c->n_failed);
	json_uint(j, "completed", c->n_completed);
	json_bool(j, "all_failed", !c->not_all_failed);
	json_bool(j, "all_completed", !c->not_all_completed);
	json_string(j, "confidence", confidence_name(c->confidence));
	json_bool(j, "differ_much", contrast_differs_much(c));
	strbuf_clear(&text);
	contrast_doubt_text(c, &text);
	if (text.len != 0)
		json_string(j, "doubt", strbuf_text(&text));
	json_array(j, "differences");
	for (size_t i = 0; i < c->n; i++)
		put_difference(j, c, &c->differences[i]);
	json_end_array(j);
	json_end_object(j);
	strbuf_free(&text);
}

void json_contrast(struct json *j, const struct desk *d)
{
	bool any = false;

	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);

		for (size_t k = 0; k < s->file->n_contrasts; k++) {
			if (!any)
				json_array(j, "contrast");
			any = true;
			put_contrast(j, s, &s->file->contrasts[k]);
		}
	}
	if (any)
		json_end_array(j);
}
