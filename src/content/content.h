/*
 * What a file is, told by its content alone: by magic numbers, the shape of DER, the label of a PEM
 * block, the first lines of a text. Nothing is parsed further than that, and no name is looked at.
 */
#ifndef TLSDIAG_CONTENT_CONTENT_H
#define TLSDIAG_CONTENT_CONTENT_H

#include "base/bytes.h"
#include "base/strbuf.h"

enum content_kind {
	CONTENT_UNKNOWN,
	CONTENT_EMPTY,
	CONTENT_PCAP,
	CONTENT_PCAPNG,
	CONTENT_OTHER_CAPTURE, /* snoop, NetMon, ERF, ... */
	CONTENT_GZIP,
	CONTENT_XZ,
	CONTENT_ZSTD,
	CONTENT_BZIP2,
	CONTENT_LZ4,
	CONTENT_ZIP,
	CONTENT_CERTIFICATE,
	CONTENT_KEY,
	CONTENT_LOCKED_KEY,
	CONTENT_PUBLIC_KEY,
	CONTENT_REQUEST,
	CONTENT_CRL,
	CONTENT_PKCS7,
	CONTENT_PKCS12,
	CONTENT_DH_PARAMETERS,
	CONTENT_OTHER_PEM,
	CONTENT_CUT_DER,
	CONTENT_EMPTY_DER,
	CONTENT_OTHER_DER,
	CONTENT_JKS,
	CONTENT_JCEKS,
	CONTENT_BKS,
	CONTENT_OPENSSH_KEY,
	CONTENT_SSH_PUBLIC_KEY,
	CONTENT_PUTTY_KEY,
	CONTENT_KEYLOG,
	CONTENT_CONFIG,       /* an mbedTLS configuration header */
	CONTENT_REPORT,       /* JSON or NDJSON of ours */
	CONTENT_OTHER_REPORT, /* JUnit or SARIF of ours */
	CONTENT_PGP,
	CONTENT_CERTIFICATE_TEXT, /* as openssl x509 -text prints it */
	CONTENT_WEB_KEY,          /* RFC 7517 */
	CONTENT_HTML,
	CONTENT_IMAGE,
	CONTENT_PDF,
	CONTENT_EXECUTABLE,
	CONTENT_TSHARK_TEXT,
	CONTENT_TSHARK_JSON,
	CONTENT_PDML,
	CONTENT_LOG,       /* the debug output of a TLS library or program */
	CONTENT_HEX,       /* bytes shown in hexadecimal */
	CONTENT_TLS_BYTES, /* records as they are on the wire */
	CONTENT_UTF16,
	CONTENT_TEXT,
	N_CONTENT_KINDS
};

/* Bytes of a file's beginning that tell what there is to tell. */
enum { CONTENT_LOOK = 65536 };

/* first: the file, or its first CONTENT_LOOK bytes. */
enum content_kind content_tell(struct bytes first);
/* No byte that texts do not have. */
bool content_is_text(struct bytes first);
/* Of DER alone, which begins with a SEQUENCE. */
enum content_kind content_tell_der(struct bytes der);
/* Of a PEM block by its label; CONTENT_OTHER_PEM when it is none that is known. */
enum content_kind content_tell_label(const char *label);

/* "a certificate", "a PKCS #12 bundle", "a capture"; never NULL. */
const char *content_name(enum content_kind kind);
/* The kind that has this name; CONTENT_UNKNOWN when none has. */
enum content_kind content_by_name(const char *name);
/* The command of this program that reads such files: "pcap", "check"; NULL: none. */
const char *content_command(enum content_kind kind);

/*
 * The command line that helps someone who has such a file, with `path` in it; "" when there is none
 * to tell. pem: the file is text (it decides how openssl is to read it).
 */
void content_help(enum content_kind kind, const char *path, bool pem, struct strbuf *out);

#endif
