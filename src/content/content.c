/* What is found first counts: magic numbers before texts, what is rare in a text before what is common. */
#include "content/content.h"

#include "base/array.h"
#include "content/lines.h"

struct info {
	const char *name, *command;
	/* of help: '@' stands for the path */
	const char *help, *help_pem;
};

#define OPENSSL(what, options)                                                                     \
	"openssl " what " -inform DER -in @ " options, "openssl " what " -in @ " options

static const struct info infos[N_CONTENT_KINDS] = {
	[CONTENT_UNKNOWN] = { "nothing that is known", NULL, NULL, NULL },
	[CONTENT_EMPTY] = { "nothing", NULL, NULL, NULL },
	[CONTENT_PCAP] = { "a capture", "pcap", "tlsdiag pcap @", NULL },
	[CONTENT_PCAPNG] = { "a capture", "pcap", "tlsdiag pcap @", NULL },
	[CONTENT_OTHER_CAPTURE] = { "a capture in another format", NULL,
		"editcap -F pcapng @ OUT.pcapng", NULL },
	[CONTENT_GZIP] = { "compressed data (gzip)", NULL, "gunzip -c @ >OUT", NULL },
	[CONTENT_XZ] = { "compressed data (xz)", NULL, "xz -dc @ >OUT", NULL },
	[CONTENT_ZSTD] = { "compressed data (zstd)", NULL, "zstd -dc @ >OUT", NULL },
	[CONTENT_BZIP2] = { "compressed data (bzip2)", NULL, "bunzip2 -c @ >OUT", NULL },
	[CONTENT_LZ4] = { "compressed data (lz4)", NULL, "lz4 -dc @ >OUT", NULL },
	[CONTENT_ZIP] = { "a zip archive", NULL, "unzip @", NULL },
	[CONTENT_CERTIFICATE] = { "a certificate", "check", "tlsdiag check @", NULL },
	[CONTENT_KEY] = { "a private key", "check", "tlsdiag check @", NULL },
	[CONTENT_LOCKED_KEY] = { "an encrypted private key", "check", "tlsdiag check @", NULL },
	[CONTENT_PUBLIC_KEY] = { "a public key", "check", "tlsdiag check @", NULL },
	[CONTENT_REQUEST] = { "a certificate request", NULL,
		OPENSSL("req", "-noout -text -verify") },
	[CONTENT_CRL] = { "a certificate revocation list", NULL, OPENSSL("crl", "-noout -text") },
	[CONTENT_PKCS7] = { "a PKCS #7 bundle", NULL,
		OPENSSL("pkcs7", "-print_certs -out OUT.pem") },
	[CONTENT_PKCS12] = { "a PKCS #12 bundle", NULL, "openssl pkcs12 -in @ -nodes -out OUT.pem",
		NULL },
	[CONTENT_DH_PARAMETERS] = { "Diffie-Hellman parameters", NULL,
		OPENSSL("dhparam", "-noout -text") },
	[CONTENT_OTHER_PEM] = { "PEM of another kind", NULL, NULL, NULL },
	[CONTENT_CUT_DER] = { "DER that breaks off", NULL, NULL, NULL },
	[CONTENT_EMPTY_DER] = { "an empty DER element", NULL, NULL, NULL },
	[CONTENT_OTHER_DER] = { "DER of another kind", NULL, "openssl asn1parse -inform DER -in @",
		NULL },
	[CONTENT_JKS] = { "a Java key store (JKS)", NULL,
		"keytool -importkeystore -srckeystore @ -destkeystore OUT.p12 -deststoretype "
		"PKCS12, then openssl pkcs12 -in OUT.p12 -nodes -out OUT.pem",
		NULL },
	[CONTENT_JCEKS] = { "a Java key store (JCEKS)", NULL,
		"keytool -importkeystore -srckeystore @ -srcstoretype JCEKS -destkeystore OUT.p12 "
		"-deststoretype PKCS12, then openssl pkcs12 -in OUT.p12 -nodes -out OUT.pem",
		NULL },
	[CONTENT_BKS] = { "a key store of Bouncy Castle (BKS)", NULL,
		"keytool -importkeystore -srckeystore @ -srcstoretype BKS -destkeystore OUT.p12 "
		"-deststoretype PKCS12 -provider "
		"org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar",
		NULL },
	[CONTENT_OPENSSH_KEY] = { "a private key in OpenSSH's own format", NULL,
		"ssh-keygen -p -m PEM -f COPY, with a copy of @", NULL },
	[CONTENT_SSH_PUBLIC_KEY] = { "a public key of SSH", NULL,
		"ssh-keygen -e -m PKCS8 -f @ >OUT.pem", NULL },
	[CONTENT_PUTTY_KEY] = { "a private key of PuTTY", NULL,
		"puttygen @ -O private-openssh -o OUT, then ssh-keygen -p -m PEM -f OUT", NULL },
	[CONTENT_KEYLOG] = { "a key log (SSLKEYLOGFILE)", NULL, "tlsdiag pcap CAPTURE --keylog @",
		NULL },
	[CONTENT_CONFIG] = { "an mbedTLS configuration header", NULL,
		"tlsdiag pcap CAPTURE --config @", NULL },
	[CONTENT_REPORT] = { "a saved report of tlsdiag", NULL, "jq .diagnoses @", NULL },
	[CONTENT_OTHER_REPORT] = { "a saved report of tlsdiag (JUnit or SARIF)", NULL, NULL, NULL },
	[CONTENT_PGP] = { "data of OpenPGP", NULL, "gpg --decrypt @ >OUT", NULL },
	[CONTENT_CERTIFICATE_TEXT] = { "a certificate printed as text", "log", "tlsdiag log @",
		NULL },
	[CONTENT_WEB_KEY] = { "a JSON Web Key", NULL, NULL, NULL },
	[CONTENT_HTML] = { "an HTML page", "log", NULL, NULL },
	[CONTENT_IMAGE] = { "a picture", NULL, NULL, NULL },
	[CONTENT_PDF] = { "a PDF document", NULL, NULL, NULL },
	[CONTENT_EXECUTABLE] = { "an executable program", NULL, "strings -n 20 @", NULL },
	[CONTENT_TSHARK_TEXT] = { "a dissection as text (tshark -V)", "log", "tlsdiag log @",
		NULL },
	[CONTENT_TSHARK_JSON] = { "a dissection as JSON (tshark -T json)", "log", "tlsdiag log @",
		NULL },
	[CONTENT_PDML] = { "a dissection as XML (PDML)", "log", "tlsdiag log @", NULL },
	[CONTENT_LOG] = { "a debug log", "log", "tlsdiag log @", NULL },
	[CONTENT_HEX] = { "bytes in hexadecimal", "log", "tlsdiag log @", NULL },
	[CONTENT_TLS_BYTES] = { "TLS records without a capture around them", NULL,
		"xxd @ | tlsdiag log -, or tlsdiag replay @ HOST:PORT if they are a ClientHello",
		NULL },
	[CONTENT_UTF16] = { "text in UTF-16", "log", "tlsdiag log @", NULL },
	[CONTENT_TEXT] = { "text", "log", "tlsdiag log @", NULL },
};

const char *content_name(enum content_kind kind)
{
	return infos[kind].name;
}

enum content_kind content_by_name(const char *name)
{
	for (size_t i = 0; i < N_CONTENT_KINDS; i++)
		if (strcmp(infos[i].name, name) == 0)
			return (enum content_kind)i;
	return CONTENT_UNKNOWN;
}

const char *content_command(enum content_kind kind)
{
	return infos[kind].command;
}

/* Quoted for a shell where it has to be. */
static void put_path(struct strbuf *out, const char *path)
{
	bool plain = *path != '\0' && *path != '-';

	for (const char *p = path; *p != '\0'; p++)
		plain = plain &&
			((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
				(*p >= '0' && *p <= '9') || strchr("._/+,:=@%-", *p) != NULL);
	if (plain) {
		strbuf_puts(out, path);
		return;
	}
	strbuf_puts(out, *path == '-' ? "'./" : "'");
	for (const char *p = path; *p != '\0'; p++)
		strbuf_printf(out, *p == '\'' ? "'\\%c'" : "%c", *p);
	strbuf_puts(out, "'");
}

void content_help(enum content_kind kind, const char *path, bool pem, struct strbuf *out)
{
	const char *text =
		pem && infos[kind].help_pem != NULL ? infos[kind].help_pem : infos[kind].help;

	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '@')
			put_path(out, path);
		else
			strbuf_add(out, text, 1);
	}
}

/* ---- magic numbers ---- */

static const struct {
	uint8_t len;
	const char *magic;
	enum content_kind kind;
} magics[] = {
	{ 4, "\xd4\xc3\xb2\xa1", CONTENT_PCAP },
	{ 4, "\xa1\xb2\xc3\xd4", CONTENT_PCAP },
	{ 4, "\x4d\x3c\xb2\xa1", CONTENT_PCAP },
	{ 4, "\xa1\xb2\x3c\x4d", CONTENT_PCAP },
	{ 4, "\x34\xcd\xb2\xa1", CONTENT_PCAP },
	{ 4, "\xa1\xb2\xcd\x34", CONTENT_PCAP },
	{ 4, "\x0a\x0d\x0d\x0a", CONTENT_PCAPNG },
	{ 8, "snoop\0\0\0", CONTENT_OTHER_CAPTURE },
	{ 4, "GMBU", CONTENT_OTHER_CAPTURE },
	{ 4, "RTSS", CONTENT_OTHER_CAPTURE },
	{ 4, "TRSN", CONTENT_OTHER_CAPTURE },
	{ 4, "XCP\0", CONTENT_OTHER_CAPTURE },
	{ 2, "\x1f\x8b", CONTENT_GZIP },
	{ 6, "\xfd\x37zXZ\0", CONTENT_XZ },
	{ 4, "\x28\xb5\x2f\xfd", CONTENT_ZSTD },
	{ 3, "BZh", CONTENT_BZIP2 },
	{ 4, "\x04\x22\x4d\x18", CONTENT_LZ4 },
	{ 4, "PK\x03\x04", CONTENT_ZIP },
	{ 4, "\xfe\xed\xfe\xed", CONTENT_JKS },
	{ 4, "\xce\xce\xce\xce", CONTENT_JCEKS },
	{ 8, "\0\0\0\x01\0\0\0\x14", CONTENT_BKS }, /* version, and a salt of 20 bytes */
	{ 8, "\0\0\0\x02\0\0\0\x14", CONTENT_BKS },
	{ 8, "\x89PNG\r\n\x1a\n", CONTENT_IMAGE },
	{ 3, "\xff\xd8\xff", CONTENT_IMAGE },
	{ 4, "GIF8", CONTENT_IMAGE },
	{ 5, "%PDF-", CONTENT_PDF },
	{ 4,
		"\x7f"
		"ELF",
		CONTENT_EXECUTABLE },
	{ 2, "\xff\xfe", CONTENT_UTF16 },
	{ 2, "\xfe\xff", CONTENT_UTF16 },
};

static enum content_kind tell_magic(struct bytes first)
{
	for (size_t i = 0; i < COUNT(magics); i++)
		if (first.len >= magics[i].len &&
			memcmp(first.data, magics[i].magic, magics[i].len) == 0)
			return magics[i].kind;
	return CONTENT_UNKNOWN;
}

/* A record of the handshake or an alert, of SSL 3 to TLS 1.3 or DTLS. */
static bool is_record(struct bytes first)
{
	return first.len >= 5 && first.data[0] >= 0x14 && first.data[0] <= 0x17 &&
	       ((first.data[1] == 3 && first.data[2] <= 4) || first.data[1] == 0xfe);
}

static bool is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", (char)text.data[i]) == NULL || text.data[i] == '\0')
			return false;
	return true;
}

enum content_kind content_tell(struct bytes first)
{
	enum content_kind kind;

	first = bytes_slice(first, 0, CONTENT_LOOK);
	if (is_blank(first))
		return CONTENT_EMPTY;
	if ((kind = tell_magic(first)) != CONTENT_UNKNOWN)
		return kind;
	if ((kind = content_tell_lines(first)) != CONTENT_UNKNOWN)
		return kind;
	if (first.data[0] == 0x30 && !content_is_text(first))
		return content_tell_der(first);
	if (is_record(first))
		return CONTENT_TLS_BYTES;
	return content_is_text(first) ? CONTENT_TEXT : CONTENT_UNKNOWN;
}
