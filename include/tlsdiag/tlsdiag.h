/*
 * tlsdiag as a library: why did these TLS handshakes fail, whose fault is it, what is to be done?
 *
 *	struct tlsdiag_options o;
 *	struct tlsdiag_error e;
 *	struct tlsdiag *run;
 *
 *	tlsdiag_options_init(&o);
 *	o.ca = "ca.pem";
 *	run = tlsdiag_open(&o, &e);
 *	tlsdiag_read_capture(run, "device.pcapng", &e);
 *	tlsdiag_finish(run, &e);
 *	for (size_t i = 0; i < tlsdiag_n_findings(run); i++) {
 *		struct tlsdiag_finding f = tlsdiag_finding_at(run, i);
 *		...
 *	}
 *	tlsdiag_close(run);
 *
 * A run belongs to one thread; several runs may go on at once. Strings that a function returns
 * belong to the run and live until tlsdiag_close(), unless the text says otherwise. Ids of checks
 * and causes never change their meaning. Texts may hold what a peer chose to send (names, mostly)
 * with controls escaped as \xHH where they are findings, and raw where `raw` is said.
 */
#ifndef TLSDIAG_TLSDIAG_H
#define TLSDIAG_TLSDIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum tlsdiag_error_kind {
	TLSDIAG_NO_ERROR,
	TLSDIAG_BAD_OPTION, /* an option cannot be as it is */
	TLSDIAG_BAD_INPUT,  /* a file cannot be opened, or is not what it should be */
	TLSDIAG_BAD_OUTPUT, /* a report cannot be written; system_error is errno */
	TLSDIAG_FAILURE,    /* memory or a library gave out */
};

struct tlsdiag_error {
	enum tlsdiag_error_kind kind;
	int system_error;  /* errno, where one is behind it; else 0 */
	char message[256]; /* one line, lower case, no full stop */
};

enum tlsdiag_report {
	TLSDIAG_NO_REPORT,
	TLSDIAG_TEXT,
	TLSDIAG_JSON,
	TLSDIAG_NDJSON,
	TLSDIAG_JUNIT, /* XML; a suite for each server, a case for each check and each error */
	TLSDIAG_SARIF, /* OASIS SARIF 2.1.0; a result for each finding */
};

/* One more report of the same run. */
struct tlsdiag_output {
	enum tlsdiag_report form;
	FILE *out; /* stays the caller's; may hold nothing before tlsdiag_finish() */
};
enum { TLSDIAG_OUTPUTS_MAX = 4 };

/* Which handshakes a report lists. What is diagnosed and counted does not depend on it. */
enum tlsdiag_list {
	TLSDIAG_LIST_TELLING, /* text: those that show what is wrong; JSON: all */
	TLSDIAG_LIST_FAILED,
	TLSDIAG_LIST_COMPLETED,
	TLSDIAG_LIST_ALL,
};

enum tlsdiag_verify {
	TLSDIAG_VERIFY_AUTO, /* all that did not complete, and the first completed of each server key */
	TLSDIAG_VERIFY_ALL,
	TLSDIAG_VERIFY_NONE,
};

/* One answer about one handshake. */
struct tlsdiag_check {
	const char *id;      /* "ske-signature" */
	const char *status;  /* "pass", "fail", "warn", "unknown", "n/a" */
	const char *message; /* NULL when there is nothing to say */
	uint64_t packet;     /* of the first evidence; 0 none */
};

/* A handshake as it settles; everything lives until the callback returns. */
struct tlsdiag_handshake {
	uint64_t id;
	const char *client, *server; /* "192.0.2.1:443" */
	int64_t start, end;          /* ns since 1970 */
	uint64_t first_packet;
	const char *outcome;      /* "completed", "failed", "incomplete" */
	const char *version;      /* "TLS1.2"; NULL unknown */
	const char *cipher_suite; /* NULL unknown */
	const char *sni;          /* raw; NULL when none was sent. May hold NUL: see sni_len */
	size_t sni_len;
	const struct tlsdiag_check *checks;
	size_t n_checks;
};

/* The input so far. */
struct tlsdiag_progress {
	uint64_t bytes, total_bytes; /* of the file being read; total 0: unknown */
	uint64_t packets, handshakes;
};

/* Strings are copied by tlsdiag_open() where they are needed longer. NULL and 0 mean: not given. */
struct tlsdiag_options {
	const char *ca;    /* file or folder of trusted certificates */
	const char *cert;  /* certificate file to hold against what was sent */
	const char *key;   /* private key file; of any but RSA only its public half is kept */
	bool key_may_fail; /* a key that cannot be read is no bad option: it may be what is wrong */
	const char *config; /* mbedTLS configuration header of the device */
	/* Key log (SSLKEYLOGFILE): a file, or a pipe. Read on as it grows: protected records of the
	 * connections that it has secrets of are opened. Secrets inside captures are used without it. */
	const char *keylog;
	const char *name; /* host name or address the certificate must have */
	bool has_at;
	int64_t at;            /* judge dates at this time (seconds since 1970), not the packet's */
	unsigned expires_soon; /* warn of certificates with fewer days left; 0: never */
	enum tlsdiag_verify verify;
	double deep_seconds; /* CPU budget of forensics, for the run; 0 none */
	/* It holds whatever the size of the input. Else large logs, which are read in a few seconds, have less
	 * of it, and what was not taken apart for that is told. */
	bool deep_whole;
	const char *server; /* only handshakes with this "ADDRESS[:PORT]" */
	const char *client;
	const char *filter; /* BPF; only packets that pass are read */
	/* What each server must be like: "version=TLS1.2", "days-left>=30", ... */
	const char *const *expect;
	size_t n_expect;

	enum tlsdiag_report report;
	FILE *out; /* of the report; written as the work goes */
	enum tlsdiag_list list;
	bool color, utf8;                  /* of text reports */
	unsigned width;                    /* columns of text reports */
	const struct tlsdiag_output *also; /* copied; plain where they are text */
	size_t n_also;                     /* up to TLSDIAG_OUTPUTS_MAX */
	FILE *redacted;  /* gets the lines of logs as UTF-8, without the secrets in them */
	bool anonymised; /* ... and without names and addresses: by tlsdiag_write_copy() */
	/* More than one log is to be read: a connection of one that comes through a pipe waits for its other side, too. */
	bool several_logs;
	bool warnings_fail; /* in JUnit reports, findings that are warnings are failures too */

	void (*on_handshake)(void *ctx, const struct tlsdiag_handshake *hs);
	void (*on_progress)(void *ctx, const struct tlsdiag_progress *progress);
	/*
	 * Asked before each packet. NULL: go on. A text (one line, why) ends the reading: what was
	 * read before is reported, with that text as a problem of the input.
	 */
	const char *(*stop)(void *ctx);
	void *ctx;
};

/* Defaults: no evidence, automatic verification, ten seconds of forensics, no report. */
void tlsdiag_options_init(struct tlsdiag_options *o);

struct tlsdiag;

/* NULL when *e says why. */
struct tlsdiag *tlsdiag_open(const struct tlsdiag_options *o, struct tlsdiag_error *e);
void tlsdiag_close(struct tlsdiag *run); /* accepts NULL */

/*
 * Reads a pcap or pcapng file ("-": standard input) to its end; call it for each of several files.
 * False when it is not a capture or breaks off: what came before that counts all the same, and the
 * run can go on.
 */
bool tlsdiag_read_capture(struct tlsdiag *run, const char *path, struct tlsdiag_error *e);
/* The same from a descriptor, which is closed; `name` is what reports call the file. */
bool tlsdiag_read_open_capture(
	struct tlsdiag *run, int fd, const char *name, struct tlsdiag_error *e);

/*
 * Reads a log, a paste or a dump ("-": standard input) to its end: debug output of TLS libraries and
 * tools, hex, dissections, in any mixture. format: what it is ("mbedtls", "openssl", ...: see
 * tlsdiag_log_format()); NULL: that is found out. Where a handshake has a packet, one of a log has a line.
 */
bool tlsdiag_read_log(
	struct tlsdiag *run, const char *path, const char *format, struct tlsdiag_error *e);
/* The same from a descriptor, which is closed; `name` is what reports call the file. */
bool tlsdiag_read_open_log(
	struct tlsdiag *run, int fd, const char *name, const char *format, struct tlsdiag_error *e);
/*
 * Reads a log of the same handshakes that the captures read after it hold: what a side's own program says
 * of a handshake goes to the one with the same randoms, or to the next one where the log has none.
 */
bool tlsdiag_read_log_beside(struct tlsdiag *run, const char *path, struct tlsdiag_error *e);
/*
 * Writes what `redacted` is to get of the logs that were read, where it is `anonymised`: they are read again, so
 * they have to be files. Names and addresses have pseudonyms of their kind and length then, the same in all of
 * them. False when one cannot be read again.
 */
bool tlsdiag_write_copy(struct tlsdiag *run, struct tlsdiag_error *e);
/* What it leaves as it is: certificates as bytes, and names that have to agree with them (NULL past the last). */
size_t tlsdiag_copied_certificates(const struct tlsdiag *run);
const char *tlsdiag_copied_name(const struct tlsdiag *run, size_t i);
/* The formats by name, with what each is; NULL past the last. */
const char *tlsdiag_log_format(size_t i, const char **title);

/* All that is known is an error code of mbedTLS, and perhaps where it was returned. NULL: not known. */
struct tlsdiag_code {
	const char *code;    /* "-0x2700", "-9984", "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED" */
	const char *state;   /* of the handshake: "3" (as 2.x numbers them), "SERVER_CERTIFICATE" */
	const char *mbedtls; /* release: "3.6.3" */
	const char *role;    /* "client", "server": of the device that returned it */
	int alert_received;  /* number of the alert that came; -1: none is known */
};
/* Takes it in as a handshake of which nothing else is known: causes are possible, no more. */
bool tlsdiag_read_code(
	struct tlsdiag *run, const struct tlsdiag_code *code, struct tlsdiag_error *e);

/* A live handshake. NULL and 0 mean: not given, the library's own choice. Lists are numbers as on the
 * wire. Strings are borrowed for the call. */
/* Whose handshakes these are. */
enum tlsdiag_client {
	TLSDIAG_CLIENT_DEFAULT, /* tlsdiag's own; where it does not complete, mbedTLS's beside it */
	TLSDIAG_CLIENT_DIAG,    /* tlsdiag's own alone: TLS 1.0 to 1.3, reads on after a fault */
	TLSDIAG_CLIENT_MBEDTLS, /* the library's alone */
	TLSDIAG_CLIENT_BOTH,
};

struct tlsdiag_probe_options {
	enum tlsdiag_client client;
	const char *hello; /* says the ClientHello of a known stack: "openssl-3"; NULL: its own */
	const char *sni;   /* default: the target's host, when it is a name */
	bool no_sni;       /* no server_name extension at all */
	const char *cert, *key; /* the client's own credential: files, PEM or DER */
	const char *key_password;
	const char *const *alpn; /* ends with NULL */
	uint16_t min_version, max_version;
	const uint16_t *suites, *groups, *schemes;
	size_t n_suites, n_groups, n_schemes;
	unsigned max_fragment_length; /* 512, 1024, 2048, 4096 */
	const uint8_t *psk;
	size_t psk_len;
	const char *psk_identity;
	/* "smtp", "imap", "pop3", "ftp", "ldap", "xmpp", "postgres", "mysql" */
	const char *starttls;
	const char *proxy;               /* "HOST:PORT" of an HTTP proxy that is asked to CONNECT */
	int family;                      /* 4, 6, or 0: either */
	unsigned connect_ms, timeout_ms; /* longest to connect; longest wait for each answer */
	/* Longest for an attempt with all that belongs to it, from the resolver on; for repeated ones
	 * together, but with `insist` for each. 0: 30 seconds, which is the default. */
	unsigned deadline_ms;
	unsigned attempts; /* most in all, after failures */
	bool insist;       /* also when no answer came, which another attempt seldom changes */
	bool resume;   /* after a handshake that completed, a second one that offers its session */
	unsigned jobs; /* most targets at a time */

	FILE *pcap;   /* gets all packets as a capture */
	FILE *keylog; /* gets the secrets as a key log */
};
void tlsdiag_probe_options_init(struct tlsdiag_probe_options *o);

/*
 * One host name or address with a port: 443 (or that of starttls) where none is given. Also "HOST PORT"
 * and the address of a page, "https://HOST:PORT/path".
 */
bool tlsdiag_target_valid(const char *target, struct tlsdiag_error *e);

/* The name of a stack whose ClientHello is known, with as much of its version as says which: "openssl-3.0", "go". */
bool tlsdiag_hello_valid(const char *name, struct tlsdiag_error *e);

/*
 * Drives handshakes with each of the targets ("HOST", "HOST:PORT", "[IPV6]:PORT"), and takes them in
 * as so many inputs, in this order. *unreached is how many of them gave no connection (the report
 * says why). False when it could not be begun.
 */
bool tlsdiag_probe(struct tlsdiag *run, const struct tlsdiag_probe_options *o,
	const char *const *targets, size_t n_targets, size_t *unreached, struct tlsdiag_error *e);

/* How a hello is sent again. */
enum tlsdiag_replay_form {
	TLSDIAG_REPLAY_DEFAULT, /* re-keyed where it offers TLS 1.3, else as it is */
	TLSDIAG_REPLAY_AS_IS,   /* byte for byte: the first flight is read */
	TLSDIAG_REPLAY_REKEYED, /* with a random, a session id and shares of our own: it goes on */
};

/* A hello sent again. */
struct tlsdiag_replay_options {
	enum tlsdiag_replay_form form;
	const char *file;   /* a capture, or a ClientHello as bytes or hex */
	uint64_t handshake; /* which of a capture; 0: the first that failed */
	unsigned times;
	/* As in struct tlsdiag_probe_options; the credential is of a hello with keys of its own. */
	const char *cert, *key, *key_password, *starttls, *proxy;
	int family;
	unsigned connect_ms, timeout_ms, deadline_ms; /* as there; the deadline is of each time */
	FILE *pcap;
};
void tlsdiag_replay_options_init(struct tlsdiag_replay_options *o);

/*
 * Sends that hello, takes the server's answer in as an input, and holds it against the captured
 * one. *unreached is 1 when the target gave no connection.
 */
bool tlsdiag_replay(struct tlsdiag *run, const struct tlsdiag_replay_options *o, const char *target,
	size_t *unreached, struct tlsdiag_error *e);
/* Does the target answer that hello well now? */
bool tlsdiag_replay_well(const struct tlsdiag *run);
/* Can that not be told: TLS 1.3 hides it, or the client refused the same answer then? */
bool tlsdiag_replay_open(const struct tlsdiag *run);

/* Draws the conclusions and ends the reports. After it the results below can be read. */
bool tlsdiag_finish(struct tlsdiag *run, struct tlsdiag_error *e);

struct tlsdiag_summary {
	uint64_t handshakes, completed, failed, incomplete;
	uint64_t errors, warnings; /* findings */
	uint64_t unmet;            /* expectations that are not met */
	uint64_t verified, not_verified;
	uint64_t connections, connections_without_tls, dtls_flows;
	uint64_t packets, bytes;
};
struct tlsdiag_summary tlsdiag_summarize(const struct tlsdiag *run);

struct tlsdiag_reason {
	const char *id; /* a suspect: the id of a cause */
	const char *because;
};

struct tlsdiag_finding {
	const char *id;         /* "ec-arithmetic-broken" */
	const char *severity;   /* "error", "warning", "note" */
	const char *confidence; /* "certain", "likely", "possible" */
	const char *
		origin; /* whose fault: "device-crypto", "certificate", "config", ...; NULL: not known */
	const char *server; /* "192.0.2.254:4433" */
	const char *target; /* "device.example:4433", as it was asked for; NULL: a capture */
	const char *summary;
	const uint64_t *handshakes; /* ids; the first of them when there are very many */
	size_t n_handshakes;
	const char *const *proof;
	size_t n_proof;
	const struct tlsdiag_reason *ruled_out;
	size_t n_ruled_out;
	const char *const *next_steps;
	size_t n_next_steps;
};

/* The keys of expectations with their meaning; NULL past the last. */
const char *tlsdiag_expect_key(size_t i, const char **meaning);

/* Findings of all servers, most likely first: errors, then warnings, then notes. */
size_t tlsdiag_n_findings(const struct tlsdiag *run);
struct tlsdiag_finding tlsdiag_finding_at(const struct tlsdiag *run, size_t i);

const char *tlsdiag_version(void);        /* "0.1.0" */
const char *tlsdiag_crypto_version(void); /* of mbedTLS: "2.28.3" */

#ifdef __cplusplus
}
#endif

#endif
