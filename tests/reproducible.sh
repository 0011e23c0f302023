#!/usr/bin/env bash
# Builds in two folders and compares the bytes of what comes out.
#
#   tests/reproducible.sh          library and program (two builds: minutes)
#   tests/reproducible.sh --some   a library of a few files from different rooms (seconds)
#
# CC and the mbedTLS are those of the caller; all else is as a plain `make` has it. The last line is
# "N passed, M failed".
set -eu
cd "$(dirname "$0")/.."

some=(src/base/err.c src/names/pages.c src/wire/field.c src/capture/tcp.c src/crypto/group.c
	src/door/limits.c)
if [ "${1-}" = --some ]; then
	products=(libtlsdiag.a obj/src/cli/main.o)
	options=("lib_src=${some[*]}")
else
	products=(libtlsdiag.a tlsdiag)
	options=()
fi
if [ "${MBEDTLS-}" = 3.6 ]; then
	options+=("MBEDTLS_DIR=$PWD/build/mbedtls-3.6/sdk")
elif [ -n "${MBEDTLS_DIR-}" ]; then
	options+=("MBEDTLS_DIR=$(realpath "$MBEDTLS_DIR")")
fi
unset MAKEFLAGS MFLAGS MAKELEVEL MBEDTLS SAN TSAN FUZZ COVERAGE SHARED CFLAGS CPPFLAGS LDFLAGS BUILD GEN

# The names differ in length, too: what is written of them would move the rest.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
places=("$folder/here" "$folder/somewhere/else")
for place in "${places[@]}"; do
	mkdir -p "$place/docs"
	cp -r Makefile VERSION mk include src tools data "$place/"
	cp -r docs/rules "$place/docs/"
done
for place in "${places[@]}"; do
	make -C "$place" -s -j "$(nproc)" BUILD=build "${options[@]}" "${products[@]/#/build/}" >&2
done

passed=0
failed=0
for product in "${products[@]}"; do
	if cmp "${places[0]}/build/$product" "${places[1]}/build/$product"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		diff <(strings -a "${places[0]}/build/$product") \
			<(strings -a "${places[1]}/build/$product") | head -n 20
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
