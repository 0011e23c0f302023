#!/bin/sh
# Makes one of mbedTLS's test programs, ssl_server2 or ssl_client2, for the mbedTLS that is built against:
# no package has them.
#
#   CC=gcc CPPFLAGS='-isystem DIR/include' LIBS='...' tools/fetch-mbedtls-programs.sh CACHE PROGRAM
#
# CPPFLAGS and LIBS say which mbedTLS that is. Its sources are fetched as Debian or Ubuntu package
# them, and kept in CACHE/VERSION; PROGRAM is compiled from the source of its name in programs/ssl. Where that
# cannot be done, one line says why and the status is 1: tests that need it are skipped then.
set -eu
# shellcheck source=tools/private-apt.sh
. "$(dirname "$0")/private-apt.sh"

die() {
	echo "fetch-mbedtls-programs: no ${program##*/}, and no tests with it: $*" >&2
	exit 1
}

program=${2:-program}
[ $# -eq 2 ] || die "usage: tools/fetch-mbedtls-programs.sh CACHE PROGRAM"
cc=${CC:-cc}
cppflags=${CPPFLAGS-}
libs=${LIBS:--lmbedtls -lmbedx509 -lmbedcrypto}

# The version that the headers state, such as 2.28.3.
library_version() {
	# shellcheck disable=SC2086 # a list of words
	printf '#include <mbedtls/version.h>\nversion MBEDTLS_VERSION_STRING\n' |
		$cc $cppflags -E -P -x c - 2>/dev/null | sed -n 's/^version "\(.*\)"$/\1/p'
}

# fetch VERSION FOLDER: its sources as FOLDER, which appears only when it is whole.
fetch() {
	apt=$2.apt
	for tool in apt-get apt-config tar; do
		command -v "$tool" >/dev/null 2>&1 || die "no $tool here to fetch the sources of mbedTLS with"
	done
	own=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	for suite in $own trixie; do
		private_sources deb-src "$suite" main universe
	done | sort -u | private_apt_open
	[ -s "$apt/sources.list" ] || die "no mirror in this system's apt sources"
	# A source that is not the distribution's own has no such suite, and fails here; no harm.
	private_apt apt-get update >"$apt/log" 2>&1 || true
	package=$(private_apt apt-cache showsrc --only-source mbedtls 2>/dev/null |
		sed -n "s/^Version: \($(echo "$1" | sed 's/\./\\./g')-.*\)/\1/p" | head -n 1)
	[ -n "$package" ] || die "the sources of mbedTLS $1 are not to be had (is the network there?)"
	(cd "$apt/packages" && private_apt apt-get source --download-only "mbedtls=$package") \
		>>"$apt/log" 2>&1 || die "cannot download the sources of mbedTLS $package"
	mkdir "$apt/tree"
	tar -xf "$apt/packages/mbedtls_$1.orig.tar."* -C "$apt/tree" --strip-components=1 \
		--exclude='*/data_files' --exclude='*/suites' --exclude='*/ChangeLog*' ||
		die "cannot unpack the sources of mbedTLS $package"
	rm -rf "$2"
	mv "$apt/tree" "$2"
	rm -rf "$apt"
}

# compile SOURCES: what the program shares with the library's tests lies elsewhere in each series, and
# the parts of it that nothing needs go, with all that they would need.
compile() {
	set -- "$1/programs/ssl/${program##*/}.c" "$1"/programs/ssl/ssl_test_lib.c "$1"/programs/test/query_config.c \
		"$1"/tests/src/*.c "$1"/framework/tests/src/*.c -I"$1"/programs/ssl -I"$1"/programs/test \
		-I"$1"/tests/include -I"$1"/framework/tests/include -I"$1"/framework/tests/programs -I"$1"/library
	for word; do
		shift
		case $word in
		*'*.c') ;; # a folder that this series lacks
		*) set -- "$@" "$word" ;;
		esac
	done
	# shellcheck disable=SC2086 # lists of words
	$cc -O1 -w -ffunction-sections -Wl,--gc-sections $cppflags "$@" $libs -o "$program.new"
}

version=$(library_version)
[ -n "$version" ] || die "the compiler finds no mbedTLS"
mkdir -p "$1" "$(dirname "$program")"
sources=$(cd "$1" && pwd)/$version
if [ ! -d "$sources" ]; then
	echo "fetch-mbedtls-programs: fetching the sources of mbedTLS $version into $1"
	fetch "$version" "$sources"
fi
log=$program.log
compile "$sources" >"$log" 2>&1 || die "it does not compile here, see $log"
rm -f "$log"
mv "$program.new" "$program"
