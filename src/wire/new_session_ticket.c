/* NewSessionTicket up to TLS 1.2: RFC 5077 3.3. */
#include "wire/field.h"
#include "wire/handshake.h"

bool parse_new_session_ticket(struct cur *body, struct new_session_ticket *out)
{
	*out = (struct new_session_ticket){ .seen = true };
	out->lifetime = cur_u32(body, "ticket_lifetime_hint");
	out->ticket = field_opaque16(body, "ticket", 0);
	return cur_end(body, "NewSessionTicket");
}
