#!/bin/sh
# Makes the keys and certificates of the live tests: good ones, and each way of being wrong.
#
#   tests/live/make_certs.sh FOLDER
#
# All are new on every run and worth nothing. Leaves are for localhost and 127.0.0.1, and are issued by
# an intermediate, unless their name says otherwise. NAME.pem is a certificate alone, NAME-chain.pem
# the leaf and the intermediate, as a server should send them, NAME.key its key:
#
#   root other-root     two authorities with nothing in common
#   sub                 the intermediate, under root
#   good rsa ed25519    leaves with a key on P-256, of RSA with 2048 bits, on Ed25519
#   agreeing            a leaf whose key on P-256 may agree on keys and sign nothing (static ECDH)
#   expired future      leaves of last year, and of next year
#   elsewhere           a leaf for other.example only
#   short sha1          a leaf with RSA of 1024 bits, and one that is signed with SHA-1
#   client foreign      a client's certificate under root, and one under other-root
#   stray               a key on P-256 that belongs to no certificate
set -eu

[ $# -eq 1 ] || {
	echo "usage: tests/live/make_certs.sh FOLDER" >&2
	exit 2
}
mkdir -p "$1"
cd "$1"

year=$(date -u +%Y)
mkdir -p copies
: >issued
: >issued.attr
cat >openssl.cnf <<'END'
[ca]
default_ca = any_ca
[any_ca]
database = issued
new_certs_dir = copies
policy = any
default_md = sha256
unique_subject = no
rand_serial = yes
[any]
organizationName = supplied
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[here]
subjectAltName = DNS:localhost, IP:127.0.0.1
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
[agreeing]
subjectAltName = DNS:localhost, IP:127.0.0.1
keyUsage = critical, keyAgreement
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
[elsewhere]
subjectAltName = DNS:other.example
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
[client]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
END

key() {
	case $2 in
	rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" ;;
	ed25519) openssl genpkey -algorithm ED25519 -out "$1.key" ;;
	*) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key" ;;
	esac
}

# issue NAME KEY ISSUER SECTION [OPTION]...: an issuer of the same name signs itself.
issue() {
	name=$1
	issuer=$3
	section=$4
	key "$1" "$2"
	shift 4
	how="-cert $issuer.pem -keyfile $issuer.key"
	[ "$name" != "$issuer" ] || how="-selfsign -keyfile $name.key"
	openssl req -new -config openssl.cnf -key "$name.key" -subj "$(subject "$name")" -out "$name.csr"
	# shellcheck disable=SC2086 # a list of words
	openssl ca -batch -notext -config openssl.cnf $how -extensions "$section" \
		-startdate "$((year - 1))0101000000Z" -enddate "$((year + 5))0101000000Z" "$@" \
		-in "$name.csr" -out "$name.pem"
	[ "$issuer" != sub ] || cat "$name.pem" sub.pem >"$name-chain.pem"
}

subject() {
	case $1 in
	root) echo '/O=Example Devices/CN=Example Devices Root' ;;
	sub) echo '/O=Example Devices/CN=Example Devices CA 1' ;;
	other-root) echo '/O=Another Authority/CN=Another Authority Root' ;;
	elsewhere) echo '/O=Example Devices/CN=other.example' ;;
	client | foreign) echo "/O=Example Devices/CN=device 7 ($1)" ;;
	*) echo '/O=Example Devices/CN=localhost' ;;
	esac
}

# openssl tells its progress where it tells its errors: show that only when it fails.
exec 3>&2 2>log
trap '[ $? -eq 0 ] || cat log >&3' EXIT

issue root P-256 root root
issue other-root P-256 other-root root
issue sub P-256 root sub
issue good P-256 sub here
issue rsa rsa2048 sub here
issue agreeing P-256 sub agreeing
issue ed25519 ed25519 sub here
issue expired P-256 sub here -startdate "$((year - 2))0101000000Z" -enddate "$((year - 1))0101000000Z"
issue future P-256 sub here -startdate "$((year + 1))0101000000Z"
issue soon P-256 root here -enddate "$(date -u -d '+9 days 12 hours' +%Y%m%d%H%M%SZ)"
issue elsewhere P-256 sub elsewhere
issue short rsa1024 sub here
issue sha1 P-256 sub here -md sha1
issue client P-256 root client
issue foreign P-256 other-root client
key stray P-256
rm -rf copies issued* openssl.cnf log ./*.csr
