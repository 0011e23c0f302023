#!/usr/bin/env bash
# Resets a device on a bench, waits until it serves TLS, and lets tlsdiag say whether it does so well.
#
#   DEVICE=HOST:PORT CONSOLE=HOST:PORT docs/examples/bench.sh FOLDER [OPTION-OF-PROBE]...
#
#   DEVICE        where the device serves TLS
#   CONSOLE       its serial console as a raw TCP port: ser2net's "connection: accepter: tcp,4001"
#   RESET         what the console takes to restart the device (default: reset)
#   POWER_CYCLE   command that cuts the power instead, as in "uhubctl -l 1-1 -p 2 -a cycle"
#   READY         text on the console that says that the server runs; without it, the port is tried
#   BOOT_SECONDS  how long to wait for that (default: 60)
#   LOCK          file that one job at a time holds (default: FOLDER/../bench.lock)
#
# FOLDER gets console.log, probe.json, junit.xml, probe.sarif and probe.pcap. The exit status is that
# of `tlsdiag probe`; 3 when the device does not come up.
set -u

: "${DEVICE:?HOST:PORT where the device serves TLS}"
: "${CONSOLE:?HOST:PORT of its serial console}"
folder=${1:?the folder that gets the reports}
shift
boot_seconds=${BOOT_SECONDS:-60}

say() {
	echo "bench: $*" >&2
}

# open_console: descriptor 3 is the console, in both directions, and all it says goes to the log.
open_console() {
	exec 3<>"/dev/tcp/${CONSOLE%:*}/${CONSOLE##*:}" || return 1
	cat <&3 >"$folder/console.log" &
	listener=$!
	trap 'kill "$listener" 2>/dev/null' EXIT
}

restart() {
	if [ -n "${POWER_CYCLE-}" ]; then
		bash -c "$POWER_CYCLE" >&2
	else
		printf '%s\r\n' "${RESET:-reset}" >&3
	fi || return 1
	sleep 1 # until then the port may be that of the firmware that goes down
}

# Each try of the port is a connection that the device has to close: it is not for servers that take
# only one and forget to.
is_up() {
	if [ -n "${READY-}" ]; then
		grep -qF -e "$READY" "$folder/console.log"
	else
		# shellcheck disable=SC2016 # for the shell within
		timeout 2 bash -c 'exec 4<>"/dev/tcp/$0/$1"' "${DEVICE%:*}" "${DEVICE##*:}" 2>/dev/null
	fi
}

wait_for_device() {
	local end=$((SECONDS + boot_seconds))
	until is_up; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 1
	done
}

mkdir -p "$folder"
exec 9>"${LOCK:-$folder/../bench.lock}"
flock 9
open_console || {
	say "no console at $CONSOLE"
	exit 3
}
restart || {
	say "the device could not be restarted"
	exit 3
}
wait_for_device || {
	say "the device is not up after $boot_seconds seconds; its last words:"
	tail -n 20 "$folder/console.log" >&2
	exit 3
}
tlsdiag probe "$DEVICE" --attempts 5 --connect-timeout 5 --timeout 20 --json \
	--expect version=TLS1.2 --expect 'days-left>=30' \
	--junit "$folder/junit.xml" --sarif "$folder/probe.sarif" --write-pcap "$folder/probe.pcap" \
	"$@" >"$folder/probe.json"
status=$?
say "tlsdiag ends with $status; the reports are in $folder"
exit "$status"
