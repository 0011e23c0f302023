# What tests of `tlsdiag probe` and `replay` have in common. For bats files, after servers.bash and
# tests/cli/helpers.bash.
# shellcheck shell=bash
# shellcheck disable=SC2034 # status and output are for expect_status and expect_output

# has_tls13: does the program's library speak it? mbedTLS 2.28 does not.
has_tls13() {
	[[ $("$TLSDIAG" --version) != *'mbedTLS 2.'* ]]
}

# live NAME [OPTION]...: a probe of that server as JSON, as $output and in $report.
live() {
	local target
	target=localhost:$(live_port "$1")
	shift
	live_run probe --ca "$CERTS/root.pem" "$@" "$target"
}

# live_run COMMAND ARGUMENT...: the same with targets of your own, and all steps bounded.
live_run() {
	local command=$1
	shift
	told "$command" --json --connect-timeout 5 --timeout 5 "$@"
}

# told COMMAND ARGUMENT...: the report in $report; $output also has what went to standard error.
told() {
	report=$BATS_TEST_TMPDIR/report.json
	status=0
	tlsdiag "$@" >"$report" 2>"$report.err" || status=$?
	output=$(cat "$report" "$report.err")
}

# of_report FILTER: what jq finds in the report.
of_report() {
	jq -r "$1" "$report"
}

# expect_of FILTER WANTED
expect_of() {
	local got
	got=$(of_report "$1")
	[ "$got" = "$2" ] || {
		printf '%s is %s, expected %s; exit status %s\n' "$1" "$got" "$2" "$status"
		printf '%s\n' "$output" | head -n 200
		return 1
	}
}

# expect_well: every handshake got through, and nothing is wrong.
expect_well() {
	expect_status 0
	expect_of '.summary.failed + .summary.errors' 0
	expect_of '.summary.completed > 0' true
	expect_of '[.handshakes[].outcome] | unique | join(" ")' completed
}

# expect_cause ID: an error, and the first explanation of it.
expect_cause() {
	expect_of '.diagnoses[0].id' "$1"
	expect_of '.diagnoses[0].severity' error
	expect_status 1
}

# fits_schema KIND: see tests/schema/validate.py.
fits_schema() {
	python3 tests/schema/validate.py "$1" <"$report"
}
