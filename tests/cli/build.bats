#!/usr/bin/env bats
# What the build promises whoever builds it in another way: the same bytes, and no softer a program.

load helpers

setup() {
	[ "${BUILD:-build}" = build ] || skip 'it builds for itself, the same beside any build'
	unset MAKEFLAGS MFLAGS MAKELEVEL SAN TSAN FUZZ COVERAGE SHARED CFLAGS CPPFLAGS LDFLAGS BUILD GEN
	out=$BATS_TEST_TMPDIR/build
}

# commands VARIABLE=value...: every command that would compile or link, with nothing made yet.
commands() {
	make -n V=1 WERROR= BUILD="$out" GEN="$out/gen" "$@" all | grep -E ' (-c|-o) '
}

# knows FLAG: does the compiler?
knows() {
	"${CC:-gcc}" -Werror "$1" -x c -c /dev/null -o /dev/null 2>/dev/null
}

@test "a build in another folder gives the same bytes" {
	bash tests/reproducible.sh --some
}

@test "flags of one's own leave the hardening as it is" {
	for cflags in -O1 -Os '-O2 -march=x86-64' -g '-O0 -g'; do
		commands CFLAGS="$cflags" >"$out.commands"
		[ "$(wc -l <"$out.commands")" -gt 100 ]
		for flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE; do
			! knows "$flag" || [ "$(grep -vcF -e " $flag " "$out.commands")" -eq 0 ]
		done
		case $cflags in
		-g | -O0*) ;; # the C library checks sizes only in optimised code
		*) [ "$(grep -vcF -e ' -D_FORTIFY_SOURCE=2 ' "$out.commands")" -eq 0 ] ;;
		esac
		grep -F -e "-o $out/tlsdiag" "$out.commands" >"$out.link"
		grep -qF -e ' -pie ' "$out.link"
		grep -qF -e ' -Wl,-z,relro,-z,now ' "$out.link"
	done
}

@test "link flags of one's own leave it as it is, too" {
	commands LDFLAGS=-Wl,--as-needed | grep -F -e "-o $out/tlsdiag" >"$out.link"
	grep -qE -e ' -pie .* -Wl,-z,relro,-z,now .* -Wl,--as-needed ' "$out.link"
}

@test "what the flags ask for is in the objects" {
	make -s BUILD="$out" GEN="$out/gen" CFLAGS=-O1 "$out/obj/src/base/err.o" >&2
	nm -u "$out/obj/src/base/err.o" >"$out.undefined"
	grep -q '__vsnprintf_chk' "$out.undefined"
	make -s BUILD="$out" GEN="$out/gen" CFLAGS=-O1 "$out/obj/src/sandbox/landlock.o" >&2
	nm -u "$out/obj/src/sandbox/landlock.o" | grep -q '__stack_chk_fail'
}

@test "the program is built to be loaded anywhere, and its tables are sealed" {
	readelf -Whld "$TLSDIAG" >"$out.elf"
	grep -qE 'Type: +DYN' "$out.elf"
	grep -q GNU_RELRO "$out.elf"
	grep -qE 'BIND_NOW|FLAGS.* NOW' "$out.elf"
	grep -qE 'GNU_STACK .* RW +0x' "$out.elf"
}
