# Shared by the tests of the command line. TLSDIAG names the program under test.
# shellcheck shell=bash

# tlsdiag ARGUMENT...: the program under test, with a bound on its time: for what never ends, not for what is slow
# on a busy machine under a sanitizer.
tlsdiag() {
	timeout "${TLSDIAG_TIMEOUT:-300}" "$TLSDIAG" "$@"
}

# one_line FILE: the text with every run of white space as one blank.
one_line() {
	tr -s '[:space:]' ' ' <"$1"
}

# look_for ITEM OUT ERR: does what was written hold what an item of cases.tsv asks for?
look_for() {
	local item=$1 file=$2 text where='standard output' wanted=1

	case $item in
	err:* | err!* | err=)
		file=$3
		where='standard error'
		item=${item#err}
		item=${item#:}
		;;
	out=) item='=' ;;
	esac
	if [ "$item" = '=' ]; then
		[ ! -s "$file" ] && return 0
		echo "# something was written to $where"
		return 1
	fi
	case $item in
	!*)
		wanted=0
		item=${item#!}
		;;
	esac
	text=$(one_line "$file")
	case $text in
	*"$item"*) [ $wanted = 1 ] && return 0 ;;
	*) [ $wanted = 0 ] && return 0 ;;
	esac
	[ $wanted = 1 ] && echo "# $where lacks: $item" || echo "# $where must not hold: $item"
	return 1
}

# For bats: these judge $output and $status as `run` leaves them.
# shellcheck disable=SC2154
expect_status() {
	[ "$status" -eq "$1" ] && return 0
	printf 'exit status %s, expected %s\n%s\n' "$status" "$1" "$output"
	return 1
}

# shellcheck disable=SC2154
expect_output() {
	local text
	text=$(printf '%s' "$output" | tr -s '[:space:]' ' ')
	case $text in
	*"$1"*) return 0 ;;
	esac
	printf 'output lacks: %s\n%s\n' "$1" "$output"
	return 1
}
