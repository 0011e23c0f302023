# Servers for the live tests: real ones and misbehaving ones, all on loopback. For bats files.
# shellcheck shell=bash
#
#   setup_file() { live_open; live_openssl good good; ...; }
#   teardown_file() { live_close; }
#
# Everything is kept in $LIVE, a folder of the bats file: certs/ (see make_certs.sh), and for each
# server NAME.log and NAME.port. A server is known by its process, and ends with live_close; should
# nobody call that, it ends by itself after LIVE_SECONDS.

LIVE_SECONDS=600

# live_open: makes the folder and the certificates.
live_open() {
	export LIVE=$BATS_FILE_TMPDIR/live
	export CERTS=$LIVE/certs
	mkdir -p "$LIVE"
	: >"$LIVE/pids"
	sh tests/live/make_certs.sh "$CERTS"
}

# live_close: ends every server that was started, and waits until it has ended.
live_close() {
	local pid
	[ -f "${LIVE-}/pids" ] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null || :
	done <"$LIVE/pids"
	while read -r pid; do
		live_wait ended "$pid" || kill -KILL "$pid" 2>/dev/null || :
	done <"$LIVE/pids"
	: >"$LIVE/pids"
}

# live_wait CONDITION ARGUMENT...: until the condition holds, for five seconds at most.
live_wait() {
	local tries=250
	until "$@"; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.02
	done
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# listener PORT: the inodes of the sockets that listen on it (0A is LISTEN).
listener() {
	awk -v port="$(printf ':%04X' "$1")" '
		$4 == "0A" && substr($2, length($2) - 4) == port { print "socket:[" $10 "]" }' \
		/proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# listens PID PORT: does that process, or a child of its, listen on the port?
listens() {
	local process socket sockets
	sockets=$(listener "$2")
	for process in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		for socket in $sockets; do
			readlink "/proc/$process/fd/"* 2>/dev/null | grep -qxF "$socket" && return 0
		done
	done
	return 1
}

# up_or_dead PID PORT: is there no more to wait for?
up_or_dead() {
	ended "$1" || listens "$1" "$2"
}

# live_spawn NAME COMMAND...: in the background, remembered; its process is $spawned.
# The descriptors of bats must not stay open in it.
live_spawn() {
	local name=$1
	shift
	timeout -k 2 "$LIVE_SECONDS" "$@" >"$LIVE/$name.log" 2>&1 </dev/null 3>&- &
	spawned=$!
	echo "$spawned" >>"$LIVE/pids"
}

# live_serve NAME COMMAND...: starts a server on a free port, which stands for @PORT@ in the command.
# A port that somebody else takes in between makes the server end: another one is tried.
live_serve() {
	local name=$1 port spawned
	shift
	for _ in 1 2 3 4 5; do
		port=$(free_port)
		live_spawn "$name" "${@//@PORT@/$port}"
		if live_wait up_or_dead "$spawned" "$port" && ! ended "$spawned"; then
			echo "$port" >"$LIVE/$name.port"
			return 0
		fi
	done
	echo "server '$name' does not start: $*"
	tail -n 5 "$LIVE/$name.log"
	return 1
}

# live_openssl NAME CERT [OPTION]...: openssl's server with that chain of certs/.
live_openssl() {
	local name=$1 cert=$CERTS/$2
	shift 2
	live_serve "$name" openssl s_server -accept 127.0.0.1:@PORT@ -quiet -rev \
		-cert "$cert.pem" -key "$cert.key" -cert_chain "$CERTS/sub.pem" "$@"
}

# live_gnutls NAME CERT [OPTION]...: GnuTLS's server; it cannot be told to listen on loopback alone.
live_gnutls() {
	local name=$1 cert=$CERTS/$2
	shift 2
	live_serve "$name" gnutls-serv --echo --port @PORT@ \
		--x509certfile "$cert-chain.pem" --x509keyfile "$cert.key" "$@"
}

# live_mbedtls NAME CERT [OPTION]...: mbedTLS's server; see have_mbedtls_server.
live_mbedtls() {
	local name=$1 cert=$CERTS/$2
	shift 2
	live_serve "$name" "$(mbedtls_server)" server_addr=127.0.0.1 server_port=@PORT@ \
		crt_file="$cert-chain.pem" key_file="$cert.key" ca_file="$CERTS/root.pem" "$@"
}

# The server lies beside the program under test, built with the same library.
mbedtls_server() {
	echo "$(dirname "$TLSDIAG")/ssl_server2"
}

have_mbedtls_server() {
	[ -x "$(mbedtls_server)" ]
}

# live_misbehave MODE[:NAME]...: see misbehave.py; NAME is a server that was started before.
live_misbehave() {
	local mode port target spawned
	local -a modes
	for mode; do
		target=
		[[ $mode != *:* ]] || target=:$(live_port "${mode#*:}")
		modes+=("${mode%%:*}$target")
	done
	live_spawn misbehave python3 tests/live/misbehave.py "${modes[@]}"
	live_wait told_ports $# || {
		echo 'misbehave.py does not start'
		cat "$LIVE/misbehave.log"
		return 1
	}
	while read -r mode port; do
		echo "$port" >"$LIVE/$mode.port"
	done <"$LIVE/misbehave.log"
}

told_ports() {
	[ "$(wc -l <"$LIVE/misbehave.log")" -eq "$1" ]
}

# live_port NAME
live_port() {
	cat "$LIVE/$1.port"
}

# A port on which nothing listens, from below those that the system gives to clients.
free_port() {
	local port=0
	until [ "$port" -ne 0 ] && [ -z "$(listener "$port")" ]; do
		port=$((16384 + RANDOM % 16384))
	done
	echo "$port"
}
