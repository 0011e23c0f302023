#!/usr/bin/env bash
# Runs every fuzz target with libFuzzer for a bounded time, as many at once as there are cores.
#
#   tests/fuzz/run.sh BUILD SECONDS
#
# Each works on a copy of its seeds in BUILD/corpus, which is kept, so that the next run goes on from
# there. An input that breaks a target is left in BUILD/crashes: fix, then add it to fixtures/fuzz.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
seconds=$2
shopt -s nullglob
targets=(tests/fuzz/fuzz_*.c)

if [ ${#targets[@]} -eq 0 ]; then
	echo "no fuzz target in tests/fuzz" >&2
	exit 1
fi

fuzz() {
	local target=$1 name=${1#fuzz_} log=$build/$1.log status=0
	local -a seeds=("fixtures/fuzz/$name"/*)

	mkdir -p "$build/corpus/$name" "$build/crashes"
	[ ${#seeds[@]} -eq 0 ] || cp -- "${seeds[@]}" "$build/corpus/$name/"
	timeout $((seconds + 120)) "$build/$target" "$build/corpus/$name" \
		-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -close_fd_mask=1 \
		-artifact_prefix="$build/crashes/$name-" >"$log" 2>&1 </dev/null || status=$?
	if [ $status -eq 0 ]; then
		printf 'ok    %-24s %s\n' "$target" "$(grep -a '^Done' "$log")"
	else
		printf 'FAIL  %-24s exit status %d\n' "$target" "$status"
		grep -aE 'ERROR|SUMMARY|runtime error|Test unit written' "$log" | head -n 8 | sed 's/^/      /'
	fi
	return $status
}

passed=0
failed=0
running=0
finish_one() {
	if wait -n; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	running=$((running - 1))
}
for source in "${targets[@]}"; do
	[ $running -lt "$(nproc)" ] || finish_one
	fuzz "$(basename "$source" .c)" &
	running=$((running + 1))
done
while [ $running -gt 0 ]; do
	finish_one
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
