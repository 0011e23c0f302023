#!/usr/bin/env bash
# Runs suites of tests on a finished build and sums what they say.
#
#   BUILD=build tests/run.sh SUITE...     suites: unit rules fuzz cli fixtures docs alloc
#
# The last line is "N passed, M failed", of tests that were really run. The exit status is 0 only
# when at least one test ran and none failed. Logs are kept in BUILD/log.
set -u
cd "$(dirname "$0")/.." || exit 1

build=${BUILD:-build}
log=$build/log
passed=0
failed=0
export TLSDIAG="$PWD/$build/tlsdiag"
# Debian's own python3 is the one that has Debian's modules.
export PATH="/usr/bin:$PATH"
export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 NO_COLOR=1 TZ=UTC
# Whatever shell the user likes, and where there is none at all.
export SHELL=/bin/sh
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
# What reads memory before it was written, or after it was given back, does not find zeros there by luck.
export MALLOC_PERTURB_=165
# A request that is too large gets NULL, as from the system's allocator.
export TSAN_OPTIONS=${TSAN_OPTIONS:-allocator_may_return_null=1}
mkdir -p "$log"
shopt -s nullglob

# count_tap NAME COMMAND...: runs a program that speaks TAP; what failed, and last the counts, go to
# NAME.count.
count_tap() {
	local name=$1 status=0
	shift
	timeout "${TEST_SECONDS:-600}" "$@" >"$log/$name.tap" 2>&1 </dev/null || status=$?
	awk -v name="$name" -v status="$status" -f tests/tap.awk "$log/$name.tap" >"$log/$name.count"
}

# add_counts NAME: shows what failed, and adds the counts to the suite's.
add_counts() {
	local counts p=0 f=1 s=0
	counts=$(cat "$log/$1.count")
	[[ $counts == *$'\n'* ]] && printf '%s\n' "${counts%$'\n'*}"
	read -r p f s <<<"${counts##*$'\n'}"
	suite_passed=$((suite_passed + p))
	suite_failed=$((suite_failed + f))
	suite_skipped=$((suite_skipped + s))
}

run_tap() {
	count_tap "$@"
	add_counts "$1"
}

# Tests side by side, one for each processor: many of them wait for something. Their counts are added in
# the order in which they were begun.
names=()
beside() {
	[ "$(jobs -pr | wc -l)" -lt "$(nproc)" ] || wait -n
	names+=("$1")
	count_tap "$@" &
}

add_all() {
	local name
	wait
	for name in "${names[@]}"; do
		add_counts "$name"
	done
	names=()
}

suite_unit() {
	local test
	for test in ${TESTS:-tests/unit/test_*.c}; do
		test=$(basename "$test" .c)
		beside "$test" "$build/tests/unit/$test"
	done
	add_all
}

suite_rules() {
	local test
	for test in tests/rules/test_*.c; do
		test=$(basename "$test" .c)
		beside "$test" "$build/tests/rules/$test"
	done
	add_all
}

suite_fuzz() {
	[ -z "$(echo tests/fuzz/fuzz_*.c)" ] || run_tap fuzz-seeds bash tests/fuzz/replay.sh "$build"
}

suite_cli() {
	local file
	[ -x "$TLSDIAG" ] || return 0
	beside cli-cases bash tests/cli/cases.sh tests/cli/cases.tsv
	for file in tests/cli/*.bats; do
		beside "cli-$(basename "$file" .bats)" bats --tap "$file"
	done
	add_all
}

# All of tests/cli/alloc.bats; what is in the suite cli is a part of it.
suite_alloc() {
	[ ! -x "$TLSDIAG" ] || run_tap alloc-sweep bats --tap tests/cli/alloc.bats
}

suite_fixtures() {
	[ ! -x "$TLSDIAG" ] || run_tap fixtures bash tests/fixtures.sh
}

suite_docs() {
	[ ! -x "$TLSDIAG" ] || run_tap docs bash tests/docs.sh
}

for suite in "$@"; do
	declare -F "suite_$suite" >/dev/null || {
		echo "no suite '$suite'; there are: unit rules fuzz cli fixtures docs alloc" >&2
		exit 2
	}
	suite_passed=0
	suite_failed=0
	suite_skipped=0
	"suite_$suite"
	note=
	[ "$suite_skipped" -eq 0 ] || note=", $suite_skipped skipped"
	[ $((suite_passed + suite_failed)) -gt 0 ] || note=" (nothing to run)"
	printf '%-9s %d passed, %d failed%s\n' "$suite:" "$suite_passed" "$suite_failed" "$note"
	passed=$((passed + suite_passed))
	failed=$((failed + suite_failed))
done

[ $((passed + failed)) -gt 0 ] || echo "no test ran" >&2
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
