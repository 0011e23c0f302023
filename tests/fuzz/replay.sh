#!/usr/bin/env bash
# Replays the seeds of every fuzz target, one TAP line for each target.
#
#   tests/fuzz/replay.sh BUILD
#
# The seeds of tests/fuzz/fuzz_<target>.c are the files of fixtures/fuzz/<target>/.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
shopt -s nullglob
targets=(tests/fuzz/fuzz_*.c)
folders=(fixtures/fuzz/*/)
n=0
status=0

for source in "${targets[@]}"; do
	target=$(basename "$source" .c)
	seeds=("fixtures/fuzz/${target#fuzz_}"/*)
	n=$((n + 1))
	ended=0
	output=$(timeout 300 "$build/tests/fuzz/$target" "${seeds[@]}" 2>&1) || ended=$?
	if [ $ended -eq 0 ]; then
		echo "ok $n - $target: ${#seeds[@]} seeds"
	else
		status=1
		echo "not ok $n - $target: exit status $ended, at the last seed named"
		tail -n 30 <<<"$output"
	fi
done

for folder in "${folders[@]}"; do
	target=fuzz_$(basename "$folder")
	[ ! -e "tests/fuzz/$target.c" ] || continue
	n=$((n + 1))
	status=1
	echo "not ok $n - $folder has seeds, but there is no tests/fuzz/$target.c"
done
echo "1..$n"
exit $status
