#!/usr/bin/env bash
# Runs the command lines that the documentation shows, one TAP line for each block.
#
#   TLSDIAG=/path/to/tlsdiag tests/docs.sh [FILE...]
#
# A fenced block marked `console` is run, at the top of the sources, with tlsdiag on the path: each
# line that begins with "$ " is a command, the lines after it are the output it must give (both
# streams), in which "..." stands for any text, and on a line of its own for one or more lines. A
# command shown without output may print what it likes, but has to end with 0, 1 or 4. The status
# shows up as `$ echo $?`. What cannot be run here (a device, a download) goes into a block marked
# `sh`, which is not run.
set -u
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$TLSDIAG" "$scratch/bin/tlsdiag"
PATH=$scratch/bin:$PATH
export COLUMNS=80

# like EXPECTED ACTUAL: are they the same, where "..." stands for any text?
like() {
	local rest=$1 actual=$2 piece

	piece=${rest%%...*}
	[[ $actual == "$piece"* ]] || return 1
	while [ "$piece" != "$rest" ]; do
		rest=${rest#"$piece..."}
		actual=${actual#*"$piece"}
		piece=${rest%%...*}
		[[ $actual == *"$piece"* ]] || return 1
	done
	[[ $actual == *"$piece" ]]
}

# run_command COMMAND EXPECTED: prints what is wrong; $last is the status for a later `echo $?`.
run_command() {
	local command=$1 expected=$2 actual
	actual=$(
		(exit "$last")
		eval "$command" 2>&1 </dev/null
	)
	last=$?
	if [ -n "$expected" ]; then
		like "$expected" "$actual" || {
			echo "\$ $command"
			diff <(echo "$expected") <(echo "$actual")
		}
	elif [ $last -ne 0 ] && [ $last -ne 1 ] && [ $last -ne 4 ]; then
		echo "\$ $command"
		echo "ends with status $last: $actual"
	fi
}

# run_block FILE: one block, as its lines.
run_block() {
	local line command='' expected='' last=0
	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			[ -z "$command" ] || run_command "$command" "${expected%$'\n'}"
			command=${line#'$ '}
			expected=
		elif [[ $command == *\\ && -z $expected ]]; then
			command=${command%\\}$line
		else
			expected+=$line$'\n'
		fi
	done <"$1"
	[ -z "$command" ] || run_command "$command" "${expected%$'\n'}"
}

files=("$@")
if [ $# -eq 0 ]; then
	mapfile -t files < <(find README.md docs -name '*.md' 2>/dev/null | sort)
fi
n=0
failed=0
for file in "${files[@]}"; do
	rm -f "$scratch"/block.*
	awk -v to="$scratch/block." '
		/^```console[ \t]*$/ { inside = 1; out = to sprintf("%06d", NR); printf "" >out; next }
		/^```/ { inside = 0 }
		inside { print >out }' "$file"
	for block in "$scratch"/block.*; do
		[ -e "$block" ] || continue
		n=$((n + 1))
		line=${block##*.}
		wrong=$(run_block "$block" 2>&1)
		if [ -z "$wrong" ]; then
			echo "ok $n - $file:$((10#$line))"
		else
			failed=1
			echo "not ok $n - $file:$((10#$line))"
			echo "# ${wrong//$'\n'/$'\n'# }"
		fi
	done
done
echo "1..$n"
exit $failed
