# Reads packages with apt without touching the system's: for scripts to source.
# shellcheck shell=sh
#
# Mirror and keyring are those of the system's own apt sources; lists and archives are kept in the
# folder that $apt names, which private_apt_open makes and the caller removes.

# Both forms of apt source as lines "URI<tab>suite<tab>keyring"; the keyring may be empty. A
# deb822 stanza may list several URIs and suites; a key written into the stanza itself is no file.
system_sources() {
	list=''
	parts=''
	eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
	for file in "$list" "$parts"/*.list; do
		[ -r "$file" ] && cat "$file"
	done | awk '
		$1 != "deb" { next }
		{
			key = ""
			sub(/^deb[ \t]+/, "")
			if (match($0, /^\[[^]]*\][ \t]*/)) {
				n = split(substr($0, 2, index($0, "]") - 2), option, /[ \t]+/)
				for (i = 1; i <= n; i++)
					if (option[i] ~ /^signed-by=/)
						key = substr(option[i], 11)
				$0 = substr($0, RLENGTH + 1)
			}
			print $1 "\t" $2 "\t" key
		}'
	for file in "$parts"/*.sources; do
		[ -r "$file" ] && { cat "$file"; echo; }
	done | awk '
		function stanza(   i, j, n, m, uri, suite) {
			if (types ~ /(^|[ \t])deb([ \t]|$)/ && enabled != "no") {
				n = split(uris, uri)
				m = split(suites, suite)
				for (i = 1; i <= n; i++)
					for (j = 1; j <= m; j++)
						print uri[i] "\t" suite[j] "\t" (key ~ /^\// ? key : "")
			}
			types = uris = suites = key = enabled = field = ""
		}
		/^#/ { next }
		/^[ \t]*$/ { stanza(); next }
		/^[ \t]/ { value = $0 }
		/^[^ \t]/ {
			field = tolower(substr($0, 1, index($0, ":") - 1))
			value = substr($0, index($0, ":") + 1)
		}
		{ sub(/^[ \t]+/, "", value) }
		field == "types" { types = types " " value }
		field == "uris" { uris = uris " " value }
		field == "suites" { suites = suites " " value }
		field == "signed-by" { key = key value }
		field == "enabled" { enabled = tolower(value) }
		END { stanza() }'
}

# private_sources TYPE SUITE COMPONENT...: the source of this system's own release (not of its updates,
# nor anything foreign), as a line for that suite.
private_sources() {
	type=$1
	suite=$2
	shift 2
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	default_key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$default_key" ] || default_key=
	system_sources | awk -F '\t' -v own="$codename" -v type="$type" -v suite="$suite" \
		-v components="$*" -v default_key="$default_key" '
		$2 == own || $2 == "stable" || $2 == "oldstable" {
			key = $3 != "" ? $3 : default_key
			line = type " " (key != "" ? "[signed-by=" key "] " : "") $1 " " suite " " components
			if (!seen[line]++)
				print line
		}'
}

# private_apt COMMAND ARGUMENT...: a command of apt's, in that folder alone.
# shellcheck disable=SC2154 # the caller names the folder
private_apt() {
	command=$1
	shift
	"$command" -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
		-o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none \
		-o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@"
}

# private_apt_open: an empty state, in which apt knows the sources that standard input lists.
private_apt_open() {
	rm -rf "$apt"
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
	: >"$apt/status"
	cat >"$apt/sources.list"
}
