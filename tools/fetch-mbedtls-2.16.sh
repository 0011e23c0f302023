#!/bin/sh
# Fetches the headers of mbedTLS 2.16 as Debian 11 packages them, for `make config-truth`.
#
#   tools/fetch-mbedtls-2.16.sh FOLDER
#
# They end up in FOLDER/usr/include/mbedtls, and nothing is installed. Where they cannot be had, one line says why and
# the status is 1.
set -eu
# shellcheck source=tools/private-apt.sh
. "$(dirname "$0")/private-apt.sh"

die() {
	echo "fetch-mbedtls-2.16: $*" >&2
	exit 1
}

[ $# -eq 1 ] || die "usage: tools/fetch-mbedtls-2.16.sh FOLDER"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
apt=$folder.apt

# security_sources: what this system takes its security updates from, as a line for Debian 11.
security_sources() {
	system_sources | awk -F '\t' '$2 ~ /-security$/ && !seen[$1]++ {
		print "deb " ($3 != "" ? "[signed-by=" $3 "] " : "") $1 " bullseye-security main"
	}'
}

{
	private_sources deb bullseye main
	security_sources
} | private_apt_open
[ -s "$apt/sources.list" ] || die "no mirror in this system's apt sources"
private_apt apt-get update >"$apt/log" 2>&1 || true
(cd "$apt/packages" && private_apt apt-get download libmbedtls-dev) >>"$apt/log" 2>&1 ||
	die "libmbedtls-dev of Debian 11 is not to be had (is the network there?)"
dpkg-deb -x "$apt"/packages/libmbedtls-dev_*.deb "$folder"
rm -rf "$apt"
grep -q 'MBEDTLS_VERSION_STRING  *"2\.16\.' "$folder/usr/include/mbedtls/version.h" ||
	die "libmbedtls-dev of Debian 11 is not 2.16"
