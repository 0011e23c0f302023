#!/bin/sh
# Fetches mbedTLS 3.6 as Debian 13 packages it, without touching the system's packages.
#
#   tools/fetch-mbedtls.sh 3.6 FOLDER
#
# Afterwards FOLDER/sdk/include and FOLDER/sdk/lib hold its headers and static libraries; all that
# was fetched is kept in FOLDER alone.
set -eu
# shellcheck source=tools/private-apt.sh
. "$(dirname "$0")/private-apt.sh"

suite=trixie
dev_package=libmbedtls-dev

die() {
	echo "fetch-mbedtls: $*" >&2
	exit 1
}

[ $# -eq 2 ] || die "usage: tools/fetch-mbedtls.sh 3.6 FOLDER"
[ "$1" = 3.6 ] || die "only 3.6 can be fetched, not '$1'"
for tool in apt-get apt-config dpkg-deb; do
	command -v "$tool" >/dev/null 2>&1 ||
		die "no $tool here; build mbedTLS 3.6 yourself and use MBEDTLS_DIR="
done
mkdir -p "$2"
folder=$(cd "$2" && pwd)
apt=$folder/apt

private_sources deb "$suite" main | private_apt_open
[ -s "$apt/sources.list" ] ||
	die "no Debian mirror in this system's apt sources; build mbedTLS 3.6 yourself and use MBEDTLS_DIR="
echo "fetch-mbedtls: fetching $dev_package of Debian 13 ($suite) into $2"
# A source that is not Debian's own has no such suite, and fails here; that is no harm.
private_apt apt-get update >"$apt/log" 2>&1 || true
version=$(private_apt apt-cache show --no-all-versions "$dev_package" 2>/dev/null |
	sed -n 's/^Version: //p')
case $version in
3.6.*) ;;
'')
	cat "$apt/log" >&2
	die "cannot read the package lists of Debian 13; is the network there?"
	;;
*) die "Debian 13 has mbedTLS '$version' where 3.6 was expected" ;;
esac
(cd "$apt/packages" && private_apt apt-get download "$dev_package") >"$apt/log" 2>&1 || {
	cat "$apt/log" >&2
	die "cannot download $dev_package $version; is the network there?"
}
rm -rf "$folder/root" "$folder/sdk"
mkdir -p "$folder/root" "$folder/sdk"
dpkg-deb -x "$apt/packages/$dev_package"_*.deb "$folder/root"

# The folder of the machine type has another name on each; show the one there is under a fixed name.
archive=$(find "$folder/root/usr/lib" -name libmbedcrypto.a)
[ -n "$archive" ] || die "$dev_package $version holds no static libraries"
ln -s ../root/usr/include "$folder/sdk/include"
ln -s "../root/usr/lib/$(basename "$(dirname "$archive")")" "$folder/sdk/lib"
rm -rf "$apt"
echo "fetch-mbedtls: mbedTLS $version is ready in $2/sdk"
