/* The parts of a text report, put together in text.c. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_TEXT_PARTS_H
#define TLSDIAG_REPORT_HANDSHAKES_TEXT_PARTS_H

#include "report/finding_text.h"
#include "report/handshakes/form.h"

/* "192.0.2.254:4433 (forum.example)": with the name the clients asked for, where they agree. */
void server_title(const struct server_result *s, bool utf8, struct strbuf *out);
/* "2 handshakes, both failed after ServerKeyExchange". */
void server_story(const struct server_result *s, struct strbuf *out);

/* Does it meet all that is expected of it? */
bool expectations_met(const struct server_result *s);
/* A line for each expectation. */
void expectations_put(struct page *p, const struct server_result *s);

/* The ladders that show what went wrong with this server; those alike are folded into one. */
void ladders_put(struct page *p, const struct server_result *s);

/* What the code that a library returned may stand for, and what to do next; 0: nothing is known of it. */
size_t code_causes_put(struct page *p, const struct library_word *w);

/* "forum.pcap", "a.pcap (1), b.pcap (2)". */
void input_title(const struct input_info *in, struct strbuf *out);
/* What was there when there is nothing to judge. */
void nothing_put(struct page *p, const struct input_info *in);
/* A probe that came nowhere: no packet was sent, or none could be. */
void unreached_put(struct page *p, const struct input_info *in);
/* The verdict of a replay, and the answers side by side. */
void replay_put(struct page *p, const struct replay *r);
/* What was verified, what was not looked at, and what is wrong with the input. */
void trailer_put(struct page *p, const struct input_info *in, uint64_t handshakes);

#endif
