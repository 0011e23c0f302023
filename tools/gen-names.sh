#!/bin/sh
# Prints the tables of src/names as C, from the tab-separated files in a folder.
#
#   tools/gen-names.sh DATA_DIR > names.inc
#
# Each table stands between #ifdef NAMES_<SUBJECT> and #endif, so that the one source file that
# defines the row's type takes that table alone. Plain POSIX sh and awk.
# shellcheck disable=SC2016  # the dollar signs belong to awk
set -eu

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "usage: $0 DATA_DIR" >&2
	exit 2
fi
data=$1
LC_ALL=C
export LC_ALL

# A pipeline hides that its first command failed, so look before.
for file in iana/alerts iana/cipher-suites iana/extensions iana/groups iana/handshake-types \
	iana/signature-schemes mbedtls-errors mbedtls-meanings mbedtls-strerror openssl-reasons other-codes \
	code-causes extension-notes alerts alert-reasons alert-atlas stacks stack-order verifiers verifier-properties \
	verifier-atlas sayings; do
	if [ ! -r "$data/$file.tsv" ]; then
		echo "$0: cannot read $data/$file.tsv" >&2
		exit 1
	fi
done

# rows FILE: the lines of a table without its heading.
rows() {
	tail -n +2 "$data/$1"
}

# table TYPE NAME AWK_PROGRAM: the lines of standard input as one array of C.
table() {
	printf 'static const %s %s[] = {\n' "$1" "$2"
	awk -F '\t' "$awk_library $3"
	printf '};\n'
}

# What the programs below share: C string literals and names of enumerators.
awk_library='
function quote(s) {
	gsub(/\\/, "&&", s)
	gsub(/"/, "\\\\&", s)
	gsub(/\?/, "\\\\&", s)
	return "\"" s "\""
}
function quote_or_null(s) { return s == "" ? "NULL" : quote(s) }
function number(s) { return s == "" ? 0 : s }
# An alert column: a number, "none", "varies", or nothing; "<" says that the peer sent it.
function alert(s) {
	sub(/^</, "", s)
	if (s == "none" || s == "varies")
		return "CODE_ALERT_" toupper(s)
	return s ~ /^[0-9]+$/ ? s : "CODE_ALERT_UNKNOWN"
}
function stack(s) { gsub(/-/, "_", s); return "STACK_" toupper(s) }
function truth(b) { return b ? "true" : "false" }
function received(s) { return truth(s ~ /^</) }
'

echo "/* Made by tools/gen-names.sh from the files in data; change those instead. */"

echo '#ifdef NAMES_REGISTRIES'
rows iana/alerts.tsv | sort | table 'struct named' alert_table '{
	printf "\t{ %s, %s },\n", $1, quote($2)
}'
rows iana/extensions.tsv | sort | table 'struct named' extension_table '{
	printf "\t{ %s, %s },\n", $1, quote($2)
}'
rows iana/handshake-types.tsv | sort | table 'struct handshake_name' handshake_table '{
	printf "\t{ %s, %s, %s },\n", $1, quote($2), quote($3)
}'
rows iana/signature-schemes.tsv | sort | table 'struct scheme_row' scheme_table '{
	printf "\t{ { %s, HASH_%s, SIG_%s, %s, %s }, %s },\n", $1, toupper($3), signature[$4],
		number($5), truth($6 == "pss"), quote($2)
}
BEGIN {
	signature["rsa"] = "RSA_PKCS1"; signature["dsa"] = "DSA"; signature["ecdsa"] = "ECDSA"
	signature["rsa_pss"] = "RSA_PSS"; signature["ed25519"] = "ED25519"
	signature["ed448"] = "ED448"; signature["other"] = "OTHER"
}'
rows iana/groups.tsv | sort | table 'struct group' group_table '{
	coordinate = $3 == "ec" || $3 == "montgomery" ? int(($4 + 7) / 8) : 0
	public = 0
	if ($3 == "ec")
		public = 1 + 2 * coordinate
	else if ($3 == "montgomery")
		public = coordinate
	else if ($3 == "ffdhe")
		public = $4 / 8
	client = $5 == "" ? public : $5
	server = $6 == "" ? public : $6
	printf "\t{ %s, %s, GROUP_%s, %d, %d, %d, %d, %d },\n", $1, quote($2), toupper($3), $4,
		coordinate, client, client, server
}'
echo '#endif'

# The name of a cipher suite says all that decides a handshake: TLS_<key exchange and
# authentication>_WITH_<cipher>_<hash>. A name without _WITH_ is a suite of TLS 1.3 or an SCSV.
echo '#ifdef NAMES_SUITES'
rows iana/cipher-suites.tsv | sort | table 'struct suite' suite_table '
function key_exchange(s) {
	if (s == "NULL") return "NULL"
	if (s ~ /^RSA_PSK$/) return "RSA_PSK"
	if (s ~ /^(DHE_PSK|PSK_DHE)$/) return "DHE_PSK"
	if (s ~ /^ECDHE_PSK$/) return "ECDHE_PSK"
	if (s ~ /^(ECDHE_|ECDH_anon)/) return "ECDHE"
	if (s ~ /^ECDH_/) return "ECDH"
	if (s ~ /^(DHE_|DH_anon)/) return "DHE"
	if (s ~ /^DH_/) return "DH"
	if (s ~ /^GOST/) return "GOST"
	sub(/_.*/, "", s)
	return s ~ /^(RSA|PSK|SRP|ECJPAKE|KRB5|ECCPWD)$/ ? s : "UNKNOWN"
}
function authentication(s) {
	if (s ~ /^GOST/) return "GOST"
	if (s ~ /_ECDSA/) return "ECDSA"
	if (s ~ /_DSS/) return "DSS"
	if (s ~ /^RSA/ || s ~ /_RSA/) return "RSA"
	return "NONE"
}
function cipher_kind(s) {
	if (s ~ /^NULL/) return "NULL"
	if (s ~ /(GCM|CCM|POLY1305|MGM)/) return "AEAD"
	if (s ~ /(RC4|SALSA20)/) return "STREAM"
	if (s ~ /_CBC/) return "CBC"
	return "OTHER"
}
function prf_hash(s) {
	if (s ~ /(GOST|KUZNYECHIK|MAGMA|28147|SM3)/) return "NONE"
	return s ~ /SHA384$/ ? "SHA384" : "SHA256"
}
{
	rest = substr($2, 5)
	at = index(rest, "_WITH_")
	scsv = rest ~ /_SCSV$/
	tls13 = (at == 0 && !scsv) || rest ~ /_MGM_[LS]$/
	before = substr(rest, 1, at - 1)
	cipher = at == 0 ? rest : substr(rest, at + 6)
	kx = tls13 ? "TLS13" : scsv ? "UNKNOWN" : key_exchange(before)
	auth = tls13 ? "TLS13" : scsv ? "UNKNOWN" : authentication(before)
	kind = scsv ? "OTHER" : cipher ~ /^SHA[0-9]+_SHA/ ? "NULL" : cipher_kind(cipher)
	hash = scsv ? "NONE" : prf_hash(rest)
	export_grade = before ~ /EXPORT/
	weak = !scsv && (export_grade || kind == "NULL" || cipher ~ /^(RC2|RC4|DES|3DES|IDEA)/ ||
		cipher ~ /MD5$/)
	printf "\t{ %s, %s, KX_%s, AUTH_%s, CIPHER_%s, HASH_%s, %s, %s, %s, %s },\n", $1, quote($2),
		kx, auth, kind, hash, truth(tls13), truth(scsv), truth(export_grade), truth(weak)
}'
echo '#endif'

echo '#ifdef NAMES_NOTES'
rows extension-notes.tsv | table 'struct extension_note' note_table '{
	printf "\t{ %s, %s, %s },\n", quote($1), quote($2), quote($3)
}'
echo '#endif'

# Codes of mbedTLS: the facts of each release joined with the meaning of each name.
echo '#ifdef NAMES_CODES'
{
	printf 'static const char *const code_versions[] = { '
	head -n 1 "$data/mbedtls-errors.tsv" | tr '\t' '\n' | sed -n 's/^in_\(.*\)/"\1",/p' | tr '\n' ' '
	printf '};\n'
}
{
	rows mbedtls-meanings.tsv | sed 's/^/meaning	/'
	rows mbedtls-strerror.tsv | sed 's/^/says	/'
	rows mbedtls-errors.tsv | sed 's/^/code	/'
	rows openssl-reasons.tsv | sed 's/^/openssl	/'
	rows other-codes.tsv | sed 's/^/other	/'
} | table 'struct code' code_table '
BEGIN {
	part[0] = "NULL"; part[4] = "\"RSA\""; part[6] = "\"EVP\""; part[9] = "\"PEM\""
	part[11] = "\"X509\""; part[13] = "\"ASN1\""; part[16] = "\"EC\""; part[20] = "\"SSL\""; part[57] = "\"Provider\""
	library["wolfssl"] = "WOLFSSL"; library["gnutls"] = "GNUTLS"; library["errno"] = "ERRNO"
	library["openssl-verify"] = "OPENSSL_VERIFY"; library["mbedtls-verify"] = "MBEDTLS_FLAG"
	library["lwip"] = "LWIP"; library["esp-tls"] = "ESP"; library["curl"] = "CURL"
	library["chrome"] = "CHROME"; library["nss"] = "NSS"; library["schannel"] = "SCHANNEL"
	library["apple"] = "APPLE"; library["bearssl"] = "BEARSSL"; library["rustls"] = "RUSTLS"
	library["go"] = "GO"; library["java"] = "JAVA"; library["windows"] = "WINDOWS"
	class["low"] = "LOW"; class["high"] = "HIGH"; class["psa"] = "PSA"
	class["psa-valued"] = "PSA_ALIAS"
}
function row(lib, kind, value, group, name, module, first, last, versions, a, meaning, alias,
		causes, says) {
	printf "\t{ CODE_%s, CODE_%s, %s, %s, %s, %s, %s, %s, 0x%02x, %s, %s, %s, %s, %s, %s, %s },\n",
		lib, kind, number(value), group, quote(name), module, quote_or_null(first),
		quote_or_null(last), versions, alert(a), received(a), quote(meaning),
		quote_or_null(alias), truth(value != ""), quote(causes), quote(says)
}
$1 == "meaning" { alert_of[$2] = $3; meaning_of[$2] = $4 }
$1 == "says" { says_of[$2] = $3 }
$1 == "code" {
	mask = 0
	for (i = 13; i >= 8; i--)
		mask = 2 * mask + $i
	row("MBEDTLS", class[$4], $3, 0, $2, quote($5), $6, $7, mask, alert_of[$2],
		meaning_of[$2], $14, "", class[$4] == "PSA" || class[$4] == "PSA_ALIAS" ? "" : says_of[$2])
}
$1 == "openssl" { row("OPENSSL", "PLAIN", $3, $2, $4, part[$2], "", "", 0, $5, $6, "", "", "") }
$1 == "other" { row(library[$2], "PLAIN", $3, 0, $4, "NULL", "", "", 0, $5, $6, "", $7, $8) }'
# In the order of the file: the causes of one code stand together, likeliest first.
rows code-causes.tsv | table 'struct code_cause' cause_table '{
	printf "\t{ %s, %s, %s, %s },\n", quote($1), quote($2), quote($3), quote($4)
}'
echo '#endif'

echo '#ifdef NAMES_ALERTS'
rows alerts.tsv | sort -n | table 'struct alert_info' alert_table '{
	printf "\t{ %s, %s, %s, %s },\n", $1, quote($2), quote($3), quote($4)
}'
# In the order of the file: the reasons of one alert stand together, likeliest first.
rows alert-reasons.tsv | table 'struct alert_reason' reason_table '{
	printf "\t{ %s, %s, %s, %s, %s },\n", $1, quote($2), quote($3), quote($4), quote($5)
}'
echo '#endif'

# A cell of the atlas is "RESULT [CODE]": an alert number (with "s" when only read in the source,
# with "w" when a warning), "-", "enc", "accepted", "ok", "app", or nothing.
echo '#ifdef NAMES_ATLAS'
rows stacks.tsv | table 'struct stack_row' stack_table '{
	printf "\t[%s] = { %s, %s, %s },\n", stack($1), quote($2), quote($3), quote($4)
}'
rows stack-order.tsv | table 'struct stack_order' order_table '{
	order = $2
	gsub(/-/, "_", order)
	printf "\t[%s] = { SKE_%s, %s, %s, %s },\n", stack($1), toupper(order),
		truth($3 == "before"), quote($4), quote($5)
}'
{
	rows iana/handshake-types.tsv | sed 's/^/type	/'
	sed 's/^/atlas	/' "$data/alert-atlas.tsv"
} | table 'struct atlas_fault' fault_table '
BEGIN {
	result["-"] = "CLOSED"; result["enc"] = "ENCRYPTED"; result["accepted"] = "ACCEPTED"
	result["ok"] = "OK"; result["app"] = "APP"
}
function answer(cell,   at, word, code, source) {
	at = index(cell, " ")
	word = at == 0 ? cell : substr(cell, 1, at - 1)
	code = at == 0 ? "" : substr(cell, at + 1)
	source = truth(sub(/s$/, "", word))
	if (word ~ /^[0-9]+$/)
		return sprintf("{ ATLAS_ALERT, %s, %s, %s }", word, source, quote(code))
	if (word ~ /^w[0-9]+$/)
		return sprintf("{ ATLAS_WARNING, %s, %s, %s }", substr(word, 2), source, quote(code))
	return sprintf("{ ATLAS_%s, -1, %s, %s }", result[word], source, quote(code))
}
$1 == "type" { type[$3] = $2 }
$1 == "atlas" && $2 == "fault" {
	for (i = 7; i <= NF; i++)
		column[i] = stack($i)
}
$1 == "atlas" && $2 != "fault" {
	printf "\t{ %s, ATLAS_%s, %s, %s, %s, {\n", quote($2), toupper($3), type[$4], quote($5), quote($6)
	for (i = 7; i <= NF; i++)
		if ($i != "")
			printf "\t\t[%s] = %s,\n", column[i], answer($i)
	print "\t} },"
}'
echo '#endif'

# Who refuses which property of a chain. The rows of a property stand together, in the order of the
# properties, so that the table can be entered by property; codes are numbered as they come.
echo '#ifdef NAMES_VERIFIERS'
verifier_roles='
function roles(s,   n, list, i, out) {
	n = split(s, list, " ")
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? " | " : "") role[list[i]]
	return out
}
BEGIN { role["client"] = "ROLE_C"; role["client13"] = "ROLE_T"; role["server"] = "ROLE_S" }
'
rows verifiers.tsv | table 'struct verifier' verifier_table "$verifier_roles"'{
	printf "\t{ %s, %s, %s, %s, %s },\n", quote($1), quote($2), quote($3), quote($4), roles($5)
}'
rows verifier-properties.tsv | table 'struct property_info' property_table "$verifier_roles"'{
	printf "\t[PROPERTY_%s] = { %s, PROPERTY_OF_%s, %s, PROPERTY_%s, %s },\n", $1, quote($1),
		toupper($2), roles($3), $4 == "" ? $1 : $4, quote($5)
}'
rows verifier-atlas.tsv | awk -F '\t' '!seen[$3]++ { print $3 }' | table 'char *const' refusal_codes '{
	printf "\t%s,\n", quote($0)
}'
{
	rows verifiers.tsv | sed 's/^/verifier	/'
	rows verifier-atlas.tsv | sed 's/^/row	/'
} | table 'struct refusal_row' refusal_table '
BEGIN {
	result["close_notify"] = "RESULT_NOTIFY"; result["none"] = "RESULT_NONE"
	result["store"] = "RESULT_STORE"; result["n/a"] = "RESULT_UNJUDGED"
}
$1 == "verifier" { bit[$2] = 2 ^ verifiers++ }
$1 == "row" {
	if (!($4 in number_of))
		number_of[$4] = codes++
	client = client13 = server = 0
	n = split($5, who, " ")
	for (i = 1; i <= n; i++) {
		split(who[i], part, ":")
		if (part[2] ~ /c/) client += bit[part[1]]
		if (part[2] ~ /t/) client13 += bit[part[1]]
		if (part[2] ~ /s/) server += bit[part[1]]
	}
	printf "\t{ { %.0fu, %.0fu, %.0fu }, PROPERTY_%s, %d, %s },\n", client, client13, server, $2,
		number_of[$4], ($3 in result) ? result[$3] : $3
}'
{
	rows verifier-properties.tsv | sed 's/^/property	/'
	rows verifier-atlas.tsv | sed 's/^/row	/'
} | awk -F '\t' '
$1 == "property" { order[properties++] = $2 }
$1 == "row" { count[$2]++ }
END {
	printf "static const unsigned short first_refusal[] = {"
	for (i = 0; i <= properties; i++) {
		printf " %d,", at
		at += count[order[i]]
	}
	print " };"
}'
echo '#endif'

# Sentences: the bytes of each that are rarest are its anchor; see src/names/sentences.c for the hash.
# Common letters, and bytes that several anchors share already, count as less rare.
echo '#ifdef NAMES_SENTENCES'
rows sayings.tsv | awk -F '\t' "$awk_library"'
BEGIN {
	for (i = 1; i < 256; i++)
		ord[sprintf("%c", i)] = i
	ending["closed"] = "CLOSED"; ending["reset"] = "RESET"; ending["timed-out"] = "TIMED_OUT"
	ending["refused"] = "REFUSED"; ending["unreachable"] = "UNREACHABLE"
	ending["unanswered"] = "UNANSWERED"; ending[""] = "GOES_ON"
	by["client"] = "CLIENT"; by["server"] = "SERVER"; by[""] = "EITHER"
}
function cost(c) {
	if (c == " " || c ~ /[aeionrst]/) return 6
	return c ~ /[a-z]/ ? 3 : c ~ /[A-Z0-9]/ ? 2 : 1
}
function bucket(s) {
	return (ord[substr(s, 1, 1)] + 31 * ord[substr(s, 2, 1)] + 961 * ord[substr(s, 3, 1)] + \
		29791 * ord[substr(s, 4, 1)]) % 4096
}
{
	best = -1
	for (i = 1; i + 3 <= length($1); i++) {
		four = substr($1, i, 4)
		if (four ~ /\*/)
			continue
		c = 4 * count[bucket(four)]
		for (k = 1; k <= 4; k++)
			c += cost(substr(four, k, 1))
		if (best < 0 || c < best) {
			best = c
			anchor = i - 1
		}
	}
	if (best < 0) {
		print "gen-names.sh: no four bytes in a row: " $1 >"/dev/stderr"
		exit 1
	}
	part = anchor
	while (part > 0 && substr($1, part, 1) != "*")
		part--
	b = bucket(substr($1, anchor + 1, 4))
	count[b]++
	order[b] = order[b] " " n + 0 ","
	n++
	body = body sprintf("\t{ %s, %s, SENTENCE_%s, SAYING_%s, %s, SENTENCE_%s, %d, %d },\n", quote($1),
		quote($2), by[$3], $4 == "none" ? "NONE" : $4, $5 == "" ? -1 : substr($5, 2), ending[$6], part, anchor)
}
END {
	printf "static const struct sentence sentence_table[] = {\n%s};\n", body
	printf "static const unsigned short sentence_order[] = {"
	for (b = 0; b < 4096; b++)
		printf "%s", order[b]
	printf " };\nstatic const unsigned short first_sentence[] = {"
	for (b = 0; b <= 4096; b++) {
		printf " %d,", at + 0
		at += count[b]
	}
	print " };"
}'
echo '#endif'
