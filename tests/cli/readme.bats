#!/usr/bin/env bats
# What the README shows of live servers: each block marked `sh` that starts one, followed by a block
# marked `text`, is run, on a free port in place of 4433, and has to say what stands there; "..." is
# any text. (Blocks marked `console` are run by tests/docs.sh.)

load helpers
load ../live/servers

setup() {
	export LIVE=$BATS_TEST_TMPDIR
	: >"$LIVE/pids"
	eval "$(sed -n '/^like()/,/^}/p' tests/docs.sh)"
}

teardown() {
	live_close
}

# examples: the blocks as files, N.sh and N.text.
examples() {
	awk -v to="$LIVE/" '
		/^```sh$/ { block = ""; inside = 1; next }
		/^```text$/ && live { n++; out = to n ".text"; printf "%s", block >(to n ".sh"); next }
		/^```$/ && inside { inside = 0; live = block ~ /s_server/; next }
		/^```$/ { out = "" }
		inside { block = block $0 "\n" }
		out != "" { print >out }' README.md
}

# run_example N: as it stands there, but for the port.
run_example() {
	local line
	local -a server
	while read -r line; do
		case $line in
		openssl*)
			read -r -a server <<<"${line%&}"
			live_serve "example-$1" "${server[@]/#4433/127.0.0.1:@PORT@}"
			;;
		tlsdiag*) eval "${line//4433/$(live_port "example-$1")}" >"$LIVE/said" || [ $? -eq 1 ] ;;
		*) eval "$line" ;;
		esac
	done <"$LIVE/$1.sh"
	sed "s/:$(live_port "example-$1")/:4433/g" "$LIVE/said"
}

@test "live servers are answered as the README shows" {
	export COLUMNS=80
	examples
	[ -s "$LIVE/2.text" ]
	for text in "$LIVE"/*.text; do
		n=$(basename "$text" .text)
		said=$(run_example "$n")
		like "$(<"$text")" "$said" || {
			diff "$text" <(echo "$said")
			return 1
		}
	done
}
