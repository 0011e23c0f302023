/*
 * What is said in the clear before TLS begins: a script of steps, each of which says something and
 * reads the reply. The state of one such dialogue is kept here, apart from any connection: bytes go
 * in, messages and a verdict come out. dialogue_run() is the loop that joins it to a line.
 */
#ifndef TLSDIAG_DRIVE_DIALOGUE_H
#define TLSDIAG_DRIVE_DIALOGUE_H

#include "base/strbuf.h"

enum { DIALOGUE_SAID = 160 };

/* What the bytes so far are to the step that waits for them. */
enum reply_kind {
	REPLY_MORE,        /* not decided: more bytes are needed */
	REPLY_OK,          /* the step is done */
	REPLY_REFUSED,     /* an answer of this protocol, and it is no */
	REPLY_CREDENTIALS, /* no, before the peer knows who asks */
	REPLY_STRANGE,     /* no answer of this protocol */
};

struct reply {
	size_t len;               /* bytes of the reply; 0 when REPLY_MORE or REPLY_STRANGE */
	char said[DIALOGUE_SAID]; /* what to quote of a refusal: printable ASCII */
};

struct step;
/* Reads the reply at the start of b, and never looks at a byte behind it. Pure. */
typedef enum reply_kind reply_reader(const struct step *step, struct bytes b, struct reply *out);
/* Writes a name into a message, so that nothing in it can be taken for the message's own text. */
typedef void name_writer(struct strbuf *out, const char *name);

/* How a line of a reply begins, and what it is then. */
struct reply_word {
	const char *text; /* NULL ends a table; case does not matter */
	enum reply_kind kind;
};

struct step {
	const char *what;               /* "STARTTLS": as it is called in a message */
	struct bytes say;               /* empty: the peer speaks first */
	name_writer *name;              /* what '%' in `say` stands for; NULL: nothing */
	reply_reader *read;             /* NULL: there is no reply */
	const char *code;               /* of a reply of numbered lines: the one that is good */
	bool free_lines;                /* ... only the first and the last line need a number */
	const struct reply_word *words; /* of a reply that a line's first word decides */
};

struct script {
	const char *peer; /* "SMTP server" */
	const struct step *steps;
	size_t n_steps;
	size_t max; /* bytes the peer may say in all */
};

enum dialogue_state {
	DIALOGUE_SEND, /* dialogue_message() is to be sent */
	DIALOGUE_WANT, /* waits for bytes of the peer */
	DIALOGUE_DONE, /* TLS may begin */
	DIALOGUE_REFUSED,
	DIALOGUE_CREDENTIALS, /* refused until the peer knows who asks */
	DIALOGUE_STRANGE,     /* the peer speaks another protocol */
	DIALOGUE_TOO_LONG,    /* the peer spoke on and on */
	DIALOGUE_TIMEOUT,
	DIALOGUE_CLOSED,
	DIALOGUE_RESET,
	DIALOGUE_FAILED, /* a failure of ours; line_error() */
};

struct dialogue {
	const struct script *script;
	const char *name; /* borrowed */
	enum dialogue_state state;
	size_t at;             /* the step */
	struct strbuf in, out; /* what the peer has said; what is to be sent */
	size_t read;           /* bytes of `in` that are replies understood */
	struct reply last_reply;
};

/* How a dialogue ended, and where. */
struct dialogue_result {
	enum dialogue_state state; /* DIALOGUE_DONE or a failure */
	const struct script *script;
	const char *what;         /* the step: "STARTTLS" */
	char said[DIALOGUE_SAID]; /* by the peer in this step: printable ASCII, "" nothing */
	size_t bytes;             /* of a reply that did not come to its end, */
	double ms;                /* and how long it was waited for */
	/* Bytes in the clear that came with the last reply and are no part of it. Who speaks TLS
	 * waits for a hello, so they are what somebody slipped in, or a fault; they are dropped. */
	size_t surplus;
};

/* The first step of a script begins; end it with dialogue_close(). */
void dialogue_open(struct dialogue *d, const struct script *script, const char *name);
void dialogue_close(struct dialogue *d);
/* What is to be sent now (DIALOGUE_SEND); borrowed until it was. */
struct bytes dialogue_message(const struct dialogue *d);
void dialogue_sent(struct dialogue *d);
/* Bytes of the peer (DIALOGUE_WANT). */
void dialogue_feed(struct dialogue *d, struct bytes b);
/* Ends it from outside: a timeout, a connection that ended, a failure. */
void dialogue_stop(struct dialogue *d, enum dialogue_state state);
void dialogue_read_result(const struct dialogue *d, struct dialogue_result *out);

/* "SMTP server refuses STARTTLS: '454 TLS not available'". */
void dialogue_result_text(const struct dialogue_result *r, char *out, size_t size);

struct line;
/*
 * Leads a dialogue on an open line. True when TLS may begin; *out is filled in any case. Each step,
 * from its message to the end of its reply, has timeout_ms. `name` is what the script makes of it.
 */
bool dialogue_run(struct line *l, const struct script *script, const char *name, int timeout_ms,
	struct dialogue_result *out);

#endif
