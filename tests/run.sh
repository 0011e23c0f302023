#!/usr/bin/env bash
# Runs suites of tests on a finished build and sums what they say.
#
#   BUILD=build tests/run.sh SUITE...     suites: unit rules fuzz cli fixtures docs
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
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
mkdir -p "$log"
shopt -s nullglob

# run_tap NAME COMMAND...: runs a program that speaks TAP and adds its counts to the suite's.
run_tap() {
	local name=$1 status=0 counts
	shift
	timeout 600 "$@" >"$log/$name.tap" 2>&1 </dev/null || status=$?
	counts=$(awk -v name="$name" -v status="$status" -f tests/tap.awk "$log/$name.tap")
	[[ $counts == *$'\n'* ]] && printf '%s\n' "${counts%$'\n'*}"
	read -r p f s <<<"${counts##*$'\n'}"
	suite_passed=$((suite_passed + p))
	suite_failed=$((suite_failed + f))
	suite_skipped=$((suite_skipped + s))
}

suite_unit() {
	local test
	for test in tests/unit/test_*.c; do
		test=$(basename "$test" .c)
		run_tap "$test" "$build/tests/unit/$test"
	done
}

suite_rules() {
	local test
	for test in tests/rules/test_*.c; do
		test=$(basename "$test" .c)
		run_tap "$test" "$build/tests/rules/$test"
	done
}

suite_fuzz() {
	[ -z "$(echo tests/fuzz/fuzz_*.c)" ] || run_tap fuzz-seeds bash tests/fuzz/replay.sh "$build"
}

suite_cli() {
	local file
	[ -x "$TLSDIAG" ] || return 0
	if grep -qv '^#' tests/cli/cases.tsv; then
		run_tap cli-cases bash tests/cli/cases.sh tests/cli/cases.tsv
	fi
	for file in tests/cli/*.bats; do
		run_tap "cli-$(basename "$file" .bats)" bats --tap "$file"
	done
}

suite_fixtures() {
	[ ! -x "$TLSDIAG" ] || run_tap fixtures bash tests/fixtures.sh
}

suite_docs() {
	[ ! -x "$TLSDIAG" ] || run_tap docs bash tests/docs.sh
}

for suite in "$@"; do
	declare -F "suite_$suite" >/dev/null || {
		echo "no suite '$suite'; there are: unit rules fuzz cli fixtures docs" >&2
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
