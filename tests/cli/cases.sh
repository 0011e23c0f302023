#!/usr/bin/env bash
# Runs the rows of a table of command lines, one TAP line for each; the table says what its columns are.
#
#   TLSDIAG=/path/to/tlsdiag tests/cli/cases.sh TABLE [NAME-PATTERN]
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
table=$1
only=${2-*}
# shellcheck source=tests/cli/helpers.bash
. tests/cli/helpers.bash
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# run_row FOLDER ARGUMENTS EXIT EXPECTED: prints why the row fails, if it does.
run_row() {
	local folder=$1 arguments=$2 want=$3 expected=$4
	local where=$top status=0 ok=0 item

	[ "$folder" = - ] || where=$top/fixtures/$folder
	[ -d "$where" ] || {
		echo "# there is no folder fixtures/$folder"
		return 1
	}
	# shellcheck disable=SC2294 # the column is shell text
	(cd "$where" && eval "timeout 60 '$TLSDIAG' $arguments") \
		>"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
	[ "$status" = "$want" ] || {
		echo "# exit status $status, expected $want"
		ok=1
	}
	while [ -n "$expected" ]; do
		item=${expected%%" | "*}
		expected=${expected#"$item"}
		expected=${expected#" | "}
		look_for "$item" "$scratch/out" "$scratch/err" || ok=1
	done
	return $ok
}

n=0
failed=0
while IFS= read -r row; do
	case $row in '#'* | '') continue ;; esac
	# A tab is white space to read, which would join empty columns: use a character that is not.
	IFS=$'\037' read -r name folder arguments want expected <<<"${row//$'\t'/$'\037'}"
	# shellcheck disable=SC2053 # a pattern
	[[ $name == $only ]] || continue
	n=$((n + 1))
	if report=$(run_row "$folder" "$arguments" "$want" "$expected"); then
		echo "ok $n - $name"
	else
		failed=1
		echo "not ok $n - $name"
		echo "$report"
		echo "# in ${folder}: tlsdiag $arguments"
		head -n 20 "$scratch/err" 2>/dev/null | sed 's/^/# stderr: /'
	fi
done <"$table"
echo "1..$n"
exit $failed
