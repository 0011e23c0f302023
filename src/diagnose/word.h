/* What a side's library said of the handshake, in words and as evidence. Pure. */
#ifndef TLSDIAG_DIAGNOSE_WORD_H
#define TLSDIAG_DIAGNOSE_WORD_H

#include "base/strbuf.h"
#include "session/source.h"

/* Is anything known, and did the handshake fail for it? */
/* Is it the word of an mbedTLS that knows no TLS 1.3? *release is its version, such as "2.28.3". */
bool word_lacks_tls13(const struct library_word *w, const char **release);
/* Did it wait in vain for the other side? Then it did not give up over what it had been sent. */
bool word_timed_out(const struct library_word *w);
bool word_failed(const struct library_word *w);

/* The name of its code: "MBEDTLS_ERR_ECP_VERIFY_FAILED", "A + B" of a sum. Nothing when unknown. */
void word_name(const struct library_word *w, struct strbuf *out);

/* "mbedtls_ssl_handshake returned -0x4E00, ECP_VERIFY_FAILED, in SERVER_KEY_EXCHANGE". */
void word_text(const struct library_word *w, struct strbuf *out);

/* Does the code speak of the peer's certificate, or of the signature that proves its key? */
bool word_blames_certificate(const struct library_word *w);
bool word_blames_signature(const struct library_word *w);

/* Did it find that the peer's Finished is not the one it computed itself? */
bool word_blames_finished(const struct library_word *w);
/* Could it not open the first record that the peer sent under the keys? */
bool word_blames_first_record(const struct library_word *w);
/* Is the peer's certificate no certificate at all: cut, or other bytes? */
bool word_breaks_certificate(const struct library_word *w);
/* Could it not read the peer's certificate, whatever that is worth: its form, or its kind of key? */
bool word_cannot_read_certificate(const struct library_word *w);

/* What it found wrong with a message that the keys hide from everyone else. */
enum word_fault {
	WORD_NO_FAULT, /* nothing of the kind: another code, or about a message in the clear */
	WORD_ORDER,    /* out of turn */
	WORD_FORM,     /* it does not read to its end */
	WORD_RECORD,   /* the record itself does not */
	WORD_CHOICE,   /* it answers what was not asked for, or in a way that is not allowed */
};
enum word_fault word_hidden_fault(const struct library_word *w, bool tls13);
/* The message that was due where it stopped: "EncryptedExtensions"; NULL: not known. */
const char *word_message(const struct library_word *w);

#endif
