#!/bin/sh
# Reads every #include and shows the arrows that point the wrong way.
#
# Data moves one way, and no stage knows the ones after it; each library has one door. A folder within a
# folder knows what all of that one share, and none of its neighbours.
set -eu
cd "$(dirname "$0")/../.."

# A folder of src and those it may include from, besides itself and base; * is all but cli. The
# public headers of include/tlsdiag stand on their own: door carries them out, cli uses them.
layers='
base
sandbox
names
keylog
unpack
content    unpack
wire       names
crypto     names
pki        crypto names content unpack
config     names unpack
session    wire crypto pki names keylog unpack
negotiate  wire crypto names config
forensic   session wire crypto pki names
diagnose   forensic session negotiate config pki names content
report     diagnose session pki names survey config negotiate
capture    session wire content unpack
log        session wire names
client     wire crypto pki names unpack
drive      session wire crypto pki names unpack client config
survey     session wire crypto names client
door       *
cli        *
'

# A library's header and the folders that may include it (the tests are not read here: they may).
# JSON is written by hand, so that a report of any length costs no tree. One file knows mbedTLS's versions, and
# may be included wherever mbedTLS is.
doors='
pcap       capture
pcap.h     capture
cjson      tests
cJSON.h    tests
mbedtls    crypto pki drive
psa        crypto pki drive
sys/socket.h drive sandbox
netdb.h    drive
uthash.h   base
seccomp.h  sandbox
zlib.h     unpack
lzma.h     unpack
zstd.h     unpack
brotli     unpack
zstd_errors.h unpack
linux      sandbox
'

sh tests/lint/files.sh '^(src|include)/.*\.[ch]$' | while IFS= read -r file; do
	awk -v file="$file" '/^[ \t]*#[ \t]*include[ \t]*["<]/ {
		match($0, /["<][^">]*/)
		print file "\t" NR "\t" substr($0, RSTART, 1) "\t" substr($0, RSTART + 1, RLENGTH - 1)
	}' "$file"
done | awk -F '\t' -v layers="$layers" -v doors="$doors" '
	function wrong(why) {
		gsub(/  +/, " ", why)
		sub(/ $/, "", why)
		printf "%s:%s: %s\n", $1, $2, why
		found = 1
	}
	function table(text, into,   line, n, i, word, k) {
		n = split(text, line, "\n")
		for (i = 1; i <= n; i++) {
			split(line[i], word, /[ ]+/)
			if (word[1] == "")
				continue
			into[word[1]] = " " substr(line[i], length(word[1]) + 1) " "
		}
	}
	BEGIN {
		table(layers, may)
		table(doors, door)
	}
	{
		split($1, part, "/")
		from = part[1] == "include" ? "include" : part[2]
		room = split($1, part, "/") == 4 ? part[3] : ""
		depth = split($4, part, "/")
		to = part[1]
	}
	$3 == "\"" && to == from && depth == 3 && part[2] != room {
		wrong((room != "" ? from "/" room : "what all of " from " share") " must not include \"" $4 "\"")
		next
	}
	from == "include" {
		if ($4 !~ /^tlsdiag\// && $3 == "\"")
			wrong("a public header must not include \"" $4 "\"")
		next
	}
	!(from in may) { wrong("src/" from " is not in the table of layers"); next }
	$3 == "\"" && to == "tlsdiag" {
		if (from != "door" && from != "cli")
			wrong(from " must not include the public \"" $4 "\"")
		next
	}
	$3 == "\"" && index($4, "/") {
		if (!(to in may))
			wrong("\"" $4 "\" names no folder of src")
		else if (to != from && to != "base" && index(may[from], " " to " ") == 0 &&
				(may[from] !~ /\*/ || to == "cli"))
			wrong(from " must not include " to " (\"" $4 "\")")
		if ($4 == "crypto/mbedtls_compat.h" && index(door["mbedtls"], " " from " ") == 0)
			wrong("mbedTLS (\"" $4 "\") is used only in" door["mbedtls"])
		next
	}
	$3 == "\"" && $4 !~ /\.inc$/ { wrong("includes are relative to src, not \"" $4 "\""); next }
	{
		name = ($4 in door) ? $4 : to
		if (name in door && index(door[name], " " from " ") == 0)
			wrong("<" $4 "> is used only in" door[name])
	}
	END { exit found }
'
