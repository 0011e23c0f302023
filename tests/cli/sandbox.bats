#!/usr/bin/env bats
# The sandbox of the program as it is: a fault is preloaded into it (tests/sandbox/forbidden.c), which
# makes a call that no parser makes. It must fail, end the reading, and leave a report.

load helpers
load ../live/servers
load ../live/probing

setup_file() {
	force=$("$TLSDIAG" --version | sed -n 's/^sandbox: //p')
	export force fault="${TLSDIAG%/*}/tests/forbidden.so"
	live_open
	live_openssl openssl good
	live_misbehave proxy:openssl starttls-smtp:openssl
}

setup() {
	forum=fixtures/forum/forum.pcap
	export FORBIDDEN_FILE=$BATS_TEST_TMPDIR/precious
	echo precious >"$FORBIDDEN_FILE"
	report=$BATS_TEST_TMPDIR/report
}

teardown_file() {
	live_close
}

needs_seccomp() {
	[[ $force == *seccomp* ]] || skip "no seccomp here: $force"
	[ -e "$fault" ] || skip 'the library with the fault was not built'
}

# faulty DEED FUNCTION[:N] ARGUMENT...: tlsdiag with that fault in the Nth call; $report and $output
# (standard error).
faulty() {
	local deed=$1 function=${2%:*} at=1
	[[ $2 != *:* ]] || at=${2#*:}
	shift 2
	status=0
	timeout 60 env FORBIDDEN="$deed" FORBIDDEN_IN="$function" FORBIDDEN_AT="$at" \
		LD_PRELOAD="$fault" "$TLSDIAG" "$@" >"$report" 2>"$report.err" || status=$?
	output=$(<"$report.err")
}

# expect_harmless DEED: nothing came of it.
expect_harmless() {
	expect_output "$1: " || return 1
	case $output in
	*"$1: done"*)
		echo "$1 was done"
		return 1
		;;
	esac
	[ "$(<"$FORBIDDEN_FILE")" = precious ] || return 1
	[ "$(stat -c %a "$FORBIDDEN_FILE")" != 0 ] || return 1
	[ ! -e "$FORBIDDEN_FILE.new" ] || return 1
}

# Those that no command needs, with the name of the call that is told.
deeds='open-to-write openat
create openat
cut truncate
take-away unlink
move rename
change-mode
make-folder mkdir
execute execve
make-process clone
signal kill
trace ptrace
run-memory mprotect'

@test "the fault is one where there is no sandbox" {
	[ -e "$fault" ] || skip 'the library with the fault was not built'
	! grep -q __asan_init "$TLSDIAG" || skip 'sanitizers do not like to be preloaded'
	for deed in open-to-read open-to-write create make-process signal run-memory socket \
		take-port change-mode move; do
		faulty "$deed" read pcap --deep 0 --no-sandbox "$forum"
		expect_status 1
		expect_output "$deed: done"
	done
}

@test "pcap: a call that is forbidden fails, ends the reading, and a report is written" {
	needs_seccomp
	while read -r deed call; do
		faulty "$deed" read pcap --deep 0 --json "$forum"
		expect_status 3
		expect_harmless "$deed"
		expect_output "the sandbox refused the system call '$call"
		python3 tests/schema/validate.py document <"$report"
		jq -e '.input.problems[0].text | test("reading was stopped after 0 packets: the sandbox refused")' "$report"
		faulty "$deed" read pcap --deep 0 "$forum"
		expect_status 3
		grep -q 'reading was stopped after 0 packets' "$report"
	done <<-END
		$deeds
		open-to-read openat
		socket socket
		take-port socket
	END
}

@test "pcap: what was read before is diagnosed, in every form of report" {
	needs_seccomp
	{
		head -c 2000 "$forum"
		sleep 1
		tail -c +2001 "$forum"
	} | {
		faulty execute read:2 pcap --deep 0 --json --junit "$report.xml" --sarif "$report.sarif" -
		expect_status 3
		expect_harmless execute
		of_report '.diagnoses[0].id' | grep -qx ec-arithmetic-broken
		expect_of .input.packets 13
		grep -q 'reading was stopped' "$report.xml"
		python3 tests/schema/validate.py document <"$report"
		jq -e '.runs[0].invocations[0].executionSuccessful == false' "$report.sarif"
	}
}

@test "pcap: of several captures those before are diagnosed, and none after is read" {
	needs_seccomp
	faulty socket read:3 pcap --deep 0 --json "$forum" "$forum" "$forum"
	expect_status 3
	expect_of '.summary.handshakes' 2
	expect_of '.input.problems | length' 2
}

@test "pcap: what tries one forbidden call after another is ended at once, with nothing written" {
	needs_seccomp
	case $(uname -m) in
	x86_64 | aarch64) ;;
	*) skip 'refused calls are not counted on this processor' ;;
	esac
	faulty insist read pcap --deep 0 --json --junit "$BATS_TEST_TMPDIR/report.xml" "$forum"
	expect_status 3
	[ "$output" = 'tlsdiag: the sandbox refuses one system call after another: ended' ]
	[ ! -s "$report" ]
	[ ! -e "$BATS_TEST_TMPDIR/report.xml" ]
	[ "$(<"$FORBIDDEN_FILE")" = precious ]
}

@test "pcap: the folders of outputs are the only ones where names change" {
	needs_seccomp
	[[ $force == Landlock* ]] || skip "no Landlock here: $force"
	mkdir "$BATS_TEST_TMPDIR/out"
	for deed in take-away move; do
		faulty "$deed" read pcap --deep 0 --junit "$BATS_TEST_TMPDIR/out/report.xml" "$forum"
		expect_harmless "$deed"
		[ -s "$BATS_TEST_TMPDIR/out/report.xml" ]
	done
}

@test "check: a call that is forbidden fails, ends the reading, and a report is written" {
	needs_seccomp
	while read -r deed call; do
		faulty "$deed" read-file check --json fixtures/check/pair
		expect_status 3
		expect_harmless "$deed"
		expect_output "the sandbox refused the system call '$call"
		jq -e '.input.problems[0].text | test("the sandbox refused")' "$report"
	done <<-END
		$deeds
		socket socket
		take-port socket
	END
}

@test "check: no file is read but those named" {
	[[ $force == Landlock* ]] || skip "no Landlock here: $force"
	faulty open-to-read read-file check fixtures/check/pair
	expect_status 0
	expect_output 'open-to-read: Permission denied'
}

@test "check: of a folder of links, what they lead to is read" {
	mkdir "$BATS_TEST_TMPDIR/elsewhere" "$BATS_TEST_TMPDIR/cas"
	cp fixtures/check/pair/root.pem "$BATS_TEST_TMPDIR/elsewhere"
	ln -s ../elsewhere/root.pem "$BATS_TEST_TMPDIR/cas/first.pem"
	ln -s first.pem "$BATS_TEST_TMPDIR/cas/01234567.0"
	ln -s elsewhere "$BATS_TEST_TMPDIR/folder"
	mkdir "$BATS_TEST_TMPDIR/all"
	ln -s ../elsewhere "$BATS_TEST_TMPDIR/all/below"
	run tlsdiag check --cert fixtures/check/pair/server.pem --chain fixtures/check/pair/sub.pem \
		--ca "$BATS_TEST_TMPDIR/cas"
	expect_status 0
	expect_output 'chain-trusted: the chain ends'
	for folder in cas folder all; do
		run tlsdiag check "$BATS_TEST_TMPDIR/$folder"
		expect_status 0
		expect_output "'CN=Plant Root'"
	done
}

@test "pcap: captures come by links, pipes, descriptors and standard input" {
	ln -s "$PWD/$forum" "$BATS_TEST_TMPDIR/link"
	mkfifo "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	run tlsdiag pcap --deep 0 "$BATS_TEST_TMPDIR/link"
	expect_status 1
	# shellcheck disable=SC2002 # a pipe is meant
	cat "$forum" | "$TLSDIAG" pcap --deep 0 --ndjson - | grep -q ec-arithmetic-broken
	"$TLSDIAG" pcap --deep 0 --ndjson - <"$forum" | grep -q ec-arithmetic-broken
	"$TLSDIAG" pcap --deep 0 --ndjson /dev/stdin <"$forum" | grep -q ec-arithmetic-broken
	"$TLSDIAG" pcap --deep 0 --ndjson /dev/fd/7 7<"$forum" | grep -q ec-arithmetic-broken
	"$TLSDIAG" pcap --deep 0 --ndjson <(cat "$forum") | grep -q ec-arithmetic-broken
	# One writer fills both, one after the other: the second is not waited for before its turn.
	(cat "$forum" >"$BATS_TEST_TMPDIR/first" && cat "$forum" >"$BATS_TEST_TMPDIR/second") &
	run tlsdiag pcap --deep 0 --json "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	expect_status 1
	[ "$(jq .summary.handshakes <<<"$output")" = 4 ]
	wait
}

@test "pcap: more captures than may be open are read, and one that is missing is told" {
	local -a many=()
	for ((i = 0; i < 150; i++)); do
		cp "$forum" "$BATS_TEST_TMPDIR/$i.pcap"
		many+=("$BATS_TEST_TMPDIR/$i.pcap")
	done
	many[75]=$BATS_TEST_TMPDIR/missing.pcap
	many[149]=$BATS_TEST_TMPDIR/gone.pcap
	status=0
	(
		ulimit -n 24
		tlsdiag pcap --json --verify none --deep 0 "${many[@]}"
	) >"$report" 2>"$report.err" || status=$?
	expect_status 3
	[ "$(jq .summary.handshakes "$report")" = 296 ]
	[ "$(cat "$report.err")" = "tlsdiag: cannot open '${many[75]}': No such file or directory
tlsdiag: cannot open '${many[149]}': No such file or directory" ]
}

@test "pcap: a filter may name what the resolver knows" {
	run tlsdiag pcap --filter 'host localhost or tcp port https' "$forum"
	expect_status 4
	[[ $output != *sandbox* ]]
}

# --- the commands that talk

@test "probe and replay connect, by name, through a proxy and after STARTTLS" {
	for words in "localhost:$(live_port openssl)" "127.0.0.1:$(live_port openssl)" \
		"--proxy localhost:$(live_port proxy) localhost:$(live_port openssl)" \
		"--starttls smtp localhost:$(live_port starttls-smtp)"; do
		# shellcheck disable=SC2086 # words
		told probe --json --attempts 1 --ca "$CERTS/root.pem" \
			--write-pcap "$BATS_TEST_TMPDIR/talk.pcap" $words
		expect_status 0
		[ ! -s "$report.err" ]
		[ -s "$BATS_TEST_TMPDIR/talk.pcap" ]
	done
	told replay --json "$BATS_TEST_TMPDIR/talk.pcap" "localhost:$(live_port openssl)"
	[ "$status" -le 1 ]
	expect_of '.input.problems // [] | length' 0
}

@test "a name that nobody knows is no refused call" {
	told probe --json --attempts 1 nobody.invalid
	expect_status 3
	[[ $output != *sandbox* ]]
	expect_output 'cannot be resolved'
}

@test "probe: a call that is forbidden fails, ends the reading, and a report is written" {
	needs_seccomp
	while read -r deed call; do
		faulty "$deed" recv probe --json --attempts 1 --write-pcap "$report.pcap" \
			--keylog "$report.keys" "localhost:$(live_port openssl)"
		expect_status 3
		expect_harmless "$deed"
		expect_output "the sandbox refused the system call '$call"
		python3 tests/schema/validate.py document <"$report"
		jq -e '.input.problems[0].text | test("the sandbox refused")' "$report"
	done < <(grep -v -e take-away -e move <<<"$deeds"; echo 'take-port bind')
}

@test "replay: a call that is forbidden fails, and a report is written" {
	needs_seccomp
	faulty execute recv replay --deep 0 --json "$forum" "localhost:$(live_port openssl)"
	expect_status 3
	expect_harmless execute
	python3 tests/schema/validate.py document <"$report"
	jq -e '.input.problems[0].text | test("the sandbox refused")' "$report"
}

@test "replay: a capture that attacks ends the run before anything is sent" {
	needs_seccomp
	faulty execute read replay --deep 0 --json "$forum" "localhost:$(live_port openssl)"
	expect_status 3
	expect_harmless execute
	expect_output "the sandbox refused the system call 'execve'"
}

@test "probe: no file is read but those that options name" {
	[[ $force == Landlock* ]] || skip "no Landlock here: $force"
	faulty open-to-read recv probe --json --attempts 1 "localhost:$(live_port openssl)"
	expect_output 'open-to-read: Permission denied'
	[[ $output != *refused* ]]
	faulty open-to-read recv probe --json --attempts 1 --cert "$CERTS/good.pem" \
		--key "$CERTS/good.key" "localhost:$(live_port openssl)"
	expect_output 'open-to-read: Permission denied'
}

# --- what is said of it

# cpu OPTION...: milliseconds of CPU that 40 runs take.
cpu() {
	local user system i
	local TIMEFORMAT='%3U %3S'
	read -r user system < <({ time for ((i = 0; i < 40; i++)); do
		"$TLSDIAG" pcap --deep 0 --verify none "$@" "$BATS_TEST_TMPDIR/empty.pcap" >/dev/null 2>&1 || :
	done; } 2>&1)
	echo $((10#${user/./} + 10#${system/./}))
}

@test "it costs less than 2 ms of CPU a run" {
	head -c 24 "$forum" >"$BATS_TEST_TMPDIR/empty.pcap"
	costs=80
	for _ in 1 2 3 4 5; do
		[ "$costs" -ge 80 ] || break
		costs=$(($(cpu) - $(cpu --no-sandbox)))
	done
	echo "40 runs cost $costs ms"
	[ "$costs" -lt 80 ]
}

@test "--version says what is in force" {
	run "$TLSDIAG" --version
	expect_status 0
	[[ ${lines[1]} =~ ^sandbox:\ (Landlock\ [0-9]+(, seccomp)?|seccomp|none \(.*\)|off\ in\ this\ build\ \(sanitizers\))$ ]]
}

@test "the sandbox takes no privilege from what is started before and after" {
	needs_seccomp
	grep -q '^NoNewPrivs:.*0' /proc/self/status || skip 'privileges were given up by somebody else'
	"$TLSDIAG" pcap --deep 0 "$forum" >/dev/null || :
	grep -q '^NoNewPrivs:.*0' /proc/self/status
}
