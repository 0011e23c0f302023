#!/usr/bin/env bats
# The workflows of docs/examples: read as CI systems read them, and bench.sh on a bench of loopback.

load helpers

setup() {
	out=$BATS_TEST_TMPDIR
}

@test "every workflow is one, keeps its reports, and its scripts are sound" {
	for file in docs/examples/*.yml; do
		python3 tests/examples.py "$file" >"$out/script.sh"
		grep -q '[^[:space:]]' "$out/script.sh"
		shellcheck -s bash "$out/script.sh"
	done
	shellcheck docs/examples/*.sh
}

# commands: the command lines of tlsdiag in the examples, each on one line.
commands() {
	{
		python3 tests/examples.py docs/examples/*.yml
		cat docs/examples/*.sh
	} | sed -e ':more' -e '/\\$/{N;s/\\\n//;b more' -e '}' | grep -o '^[[:space:]]*tlsdiag .*'
}

@test "every option that an example gives is one" {
	n=0
	while read -r _ command line; do
		# an example may be ahead of this build, but not of what it can do
		"$TLSDIAG" --help | grep -q "^  $command " || continue
		while read -r option; do
			"$TLSDIAG" "$command" --help | grep -qE -- "$option( |$)" || {
				echo "$command has no $option"
				return 1
			}
			n=$((n + 1))
		done < <(grep -oE -- '--[a-z-]+' <<<"$line")
	done < <(commands)
	[ "$n" -ge 5 ]
}

# start_bench: a console and a device on loopback; the device serves once the console was told to
# reset it. Sets CONSOLE, DEVICE and $bench.
start_bench() {
	python3 - "$out/ports" <<-'END' 3>&- &
		import pathlib, socket, sys
		console = socket.create_server(("127.0.0.1", 0))
		device = socket.create_server(("127.0.0.1", 0))
		number = device.getsockname()[1]
		device.close()
		ports = pathlib.Path(sys.argv[1])
		ports.with_suffix(".new").write_text(f"{console.getsockname()[1]} {number}\n")
		ports.with_suffix(".new").rename(ports)
		line, _ = console.accept()
		told = line.makefile("rb").readline()
		line.sendall(b"booting after " + told)
		device = socket.create_server(("127.0.0.1", number))
		line.sendall(b"TLS server ready\r\n")
		device.settimeout(20)
		while True: device.accept()[0].close()
	END
	bench=$!
	for _ in {1..200}; do
		[ ! -e "$out/ports" ] || break
		sleep 0.1
	done
	read -r console device <"$out/ports"
	export CONSOLE=127.0.0.1:$console DEVICE=127.0.0.1:$device
}

# stand_in STATUS: a tlsdiag that notes its arguments and ends with STATUS.
stand_in() {
	mkdir -p "$out/bin"
	printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"%s"\necho "{}"\nexit %s\n' "$out/arguments" "$1" \
		>"$out/bin/tlsdiag"
	chmod +x "$out/bin/tlsdiag"
}

@test "bench.sh resets the device, waits for it, and ends as tlsdiag does" {
	for ready in '' 'TLS server ready'; do
		rm -f "$out/ports"
		start_bench
		stand_in 1
		run env PATH="$out/bin:$PATH" READY="$ready" BOOT_SECONDS=20 \
			timeout 60 docs/examples/bench.sh "$out/reports" --ca ca.pem
		kill "$bench"
		wait "$bench" || true
		expect_status 1
		grep -q 'booting after reset' "$out/reports/console.log"
		[ "$(head -n 2 "$out/arguments" | tr '\n' ' ')" = "probe $DEVICE " ]
		[ "$(tail -n 2 "$out/arguments" | tr '\n' ' ')" = "--ca ca.pem " ]
		[ "$(cat "$out/reports/probe.json")" = '{}' ]
	done
}

@test "bench.sh says when the device does not come up" {
	start_bench
	stand_in 0
	run env PATH="$out/bin:$PATH" READY='never said' BOOT_SECONDS=2 \
		timeout 60 docs/examples/bench.sh "$out/reports"
	kill "$bench"
	wait "$bench" || true
	expect_status 3
	expect_output 'not up after 2 seconds; its last words: booting after reset'
	[ ! -e "$out/arguments" ]
}

@test "bench.sh says when there is no console" {
	stand_in 0
	CONSOLE=127.0.0.1:1 DEVICE=127.0.0.1:1 PATH="$out/bin:$PATH" \
		run timeout 60 docs/examples/bench.sh "$out/reports"
	expect_status 3
	expect_output 'bench: no console at 127.0.0.1:1'
}
