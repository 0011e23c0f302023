#!/usr/bin/env bats
# What limits leave out is told, with the option that buys it: a small sample of `make bench-hostile`.

load helpers

setup_file() {
	PYTHONPATH=tests/bench python3 - "$BATS_FILE_TMPDIR" <<'END'
import sys
from adversary import Maker, servers
folder = sys.argv[1]
m = Maker(folder + '/keys')
servers(folder + '/moduli.pcap', m.moduli(8))
servers(folder + '/issuers.pcap', m.same_named(2))
servers(folder + '/signatures.pcap', m.flood('P-256', 3))
m.bundle(folder + '/crowd.pem', 300, True)
m.bundle(folder + '/plain.pem', 300, False)
END
}

# limit ID FILE OPTION...: "count option" of the limit in the JSON report
limit() {
	local id=$1

	shift
	"$TLSDIAG" pcap --json "$@" | jq -r --arg id "$id" \
		'.input.limits[] | select(.id == $id) | "\(.count) \(.option)"'
}

@test "moduli that were not tested are told and are unknown" {
	cd "$BATS_FILE_TMPDIR"
	read -r count option < <(limit dh-groups --deep 0 moduli.pcap)
	[ "$count" -ge 4 ]
	[ "$option" = --verify=all ]
	[ "$("$TLSDIAG" pcap --json --deep 0 moduli.pcap | jq '[.handshakes[].checks[] |
		select(.id == "ske-params-valid" and .status == "unknown")] | length')" -eq "$count" ]
	"$TLSDIAG" pcap --deep 0 moduli.pcap >report || [ $? -eq 1 ]
	grep -q 'Left out: .* DHE groups were not tested for being prime' report
}

@test "chains with a crowd of issuers are told and accuse nobody" {
	cd "$BATS_FILE_TMPDIR"
	[ "$(limit chains --deep 0 issuers.pcap)" = "2 --verify=all" ]
	[ "$(limit chains --deep 0 --verify=all issuers.pcap)" = "2 null" ] # nothing buys more
	"$TLSDIAG" pcap --json --deep 0 issuers.pcap >report || [ $? -eq 1 ]
	jq -e '[.diagnoses[].id] | index("chain-signature-bad") == null' report
	jq -e '[.handshakes[].checks[] | select(.id == "chain-signatures") | .status] ==
		["unknown", "unknown"]' report
	"$TLSDIAG" pcap --deep 0 issuers.pcap >report || [ $? -eq 1 ]
	tr -s ' \n' ' ' <report | grep -q 'signatures, points, not all chains'
}

@test "signatures that --deep cut short are told" {
	cd "$BATS_FILE_TMPDIR"
	[ "$(limit forensics --deep 0.001 signatures.pcap)" = "3 --deep SECONDS" ]
	[ -z "$(limit forensics --deep 0 signatures.pcap)" ]
}

@test "check finds the issuer in a crowd by its key identifier, or says that it did not look at all" {
	cd "$BATS_FILE_TMPDIR"
	"$TLSDIAG" check --json --ca crowd.pem keys/crowdids.pem >report || [ $? -eq 1 ]
	jq -e '.credentials[0].checks[] | select(.id == "chain-trusted").status == "pass"' report
	"$TLSDIAG" check --json --ca plain.pem keys/crowdplain.pem >report || [ $? -eq 1 ]
	jq -e '.credentials[0].checks[] | select(.id == "chain-trusted").status == "unknown"' report
	jq -e '.diagnoses | map(.id) | index("ca-not-trusted") == null' report
}
