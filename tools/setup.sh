#!/bin/sh
# Installs what a kind of work needs and this machine lacks, as Debian packages.
#
#   tools/setup.sh GROUP...            installs with apt; does nothing when all is there
#   tools/setup.sh --missing GROUP...  installs nothing: one line per missing thing, status 1
#
# Groups: build test lint coverage fuzz. What is there is found by use (does the header compile, is the
# command found), so other systems pass too when they have the same things under other names.
# CC and CPPFLAGS are honoured in the search for headers.
set -eu

# group | how to look | what to look for | Debian package | name to show
needs() {
	cat <<-'END'
		build|command|make|make|GNU make
		build|compiler|cc|gcc|a C compiler
		build|header|stdio.h|libc6-dev|the C library's headers
		build|header|mbedtls/ssl.h|libmbedtls-dev|mbedTLS
		build|header|pcap.h|libpcap-dev|libpcap
		build|header|uthash.h|uthash-dev|uthash
		build|header|zlib.h|zlib1g-dev|zlib
		build|linux|seccomp.h|libseccomp-dev|libseccomp
		test|cmocka|cmocka.h|libcmocka-dev|cmocka
		test|header|cjson/cJSON.h|libcjson-dev|cJSON
		test|command|bats|bats|bats
		test|command|tshark|tshark|tshark
		test|command|openssl|openssl|openssl
		test|command|gnutls-cli|gnutls-bin|GnuTLS's programs
		test|command|jq|jq|jq
		test|command|valgrind|valgrind|Valgrind
		test|command|python3|python3|Python 3
		test|python|jsonschema|python3-jsonschema|jsonschema of Python 3
		test|python|yaml|python3-yaml|PyYAML
		test|command|shellcheck|shellcheck|shellcheck
		lint|command|clang-tidy|clang-tidy|clang-tidy
		lint|command|clang-format|clang-format|clang-format
		lint|command|cppcheck|cppcheck|cppcheck
		lint|command|shellcheck|shellcheck|shellcheck
		lint|cmocka|cmocka.h|libcmocka-dev|cmocka
		lint|header|cjson/cJSON.h|libcjson-dev|cJSON
		coverage|command|gcovr|gcovr|gcovr
		fuzz|command|clang|clang|clang
		fuzz|fuzzer|clang|libclang-rt-dev|libFuzzer
	END
}

die() {
	echo "setup: $*" >&2
	exit 1
}

# compiles SOURCE: does the compiler accept it?
compiles() {
	# shellcheck disable=SC2086 # both are lists of words
	printf '%b' "$1" | ${CC:-cc} ${CPPFLAGS-} -fsyntax-only -x c - >/dev/null 2>&1
}

links_fuzzer() {
	object=$(mktemp) || return 1
	if printf '%s\n' '#include <stddef.h>' '#include <stdint.h>' \
		'int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; return n > 9; }' |
		clang -fsanitize=fuzzer,address,undefined -x c - -o "$object" >/dev/null 2>&1; then
		rm -f "$object"
		return 0
	fi
	rm -f "$object"
	return 1
}

is_there() {
	case $1 in
	command) command -v "$2" >/dev/null 2>&1 ;;
	compiler) compiles 'int x;\n' ;;
	header) compiles "#include <$2>\n" ;;
	linux) [ "$(uname -s)" != Linux ] || compiles "#include <$2>\n" ;; # a header that only Linux has
	# cmocka's header wants these before it
	cmocka) compiles "#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <$2>\n" ;;
	python) /usr/bin/python3 -c "import $2" >/dev/null 2>&1 ;;
	fuzzer) links_fuzzer ;;
	esac
}

# missing GROUP...: the table's rows of those groups that this machine lacks, one of each package.
missing() {
	needs | while IFS='|' read -r group how what package name; do
		case " $* " in
		*" $group "*) is_there "$how" "$what" || echo "$package|$name" ;;
		esac
	done | awk '!seen[$0]++'
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install --yes --no-install-recommends -qq "$@" </dev/null
}

# Fresh images know no packages yet, and old lists name files that are gone: then fetch the lists.
install_packages() {
	# shellcheck disable=SC2086 # a list of words
	if apt-cache show --no-all-versions $1 >/dev/null 2>&1 && apt_install $1; then
		return 0
	fi
	echo "setup: fetching the package lists (apt-get update)"
	as_root apt-get update -qq || return 1
	# shellcheck disable=SC2086 # a list of words
	apt_install $1
}

look_only=
if [ "${1-}" = --missing ]; then
	look_only=1
	shift
fi
[ $# -gt 0 ] || die "name a group: build test lint coverage fuzz"
for group in "$@"; do
	needs | grep -q "^$group|" || die "no group '$group'; there are: build test lint coverage fuzz"
done

rows=$(missing "$@")
[ -n "$rows" ] || exit 0

if [ -n "$look_only" ]; then
	echo "$rows" | while IFS='|' read -r package name; do
		echo "tlsdiag needs $name: install $package, or run 'make setup'" >&2
	done
	exit 1
fi

packages=$(echo "$rows" | cut -d '|' -f 1 | tr '\n' ' ')
command -v apt-get >/dev/null 2>&1 ||
	die "no apt-get here; install what Debian calls: $packages"
if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
	die "not root and no sudo; as root, run: apt-get install $packages"
fi
echo "setup: installing ${packages}with apt-get"
install_packages "$packages" || die "apt-get could not install: $packages"
rows=$(missing "$@")
[ -z "$rows" ] || die "installed, but still not usable: $(echo "$rows" | cut -d '|' -f 2 | tr '\n' ' ')"
