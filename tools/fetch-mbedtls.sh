#!/bin/sh
# Fetches mbedTLS 3.6 as Debian 13 packages it, without touching the system's packages.
#
#   tools/fetch-mbedtls.sh 3.6 FOLDER
#
# Afterwards FOLDER/sdk/include and FOLDER/sdk/lib hold its headers and static libraries. Mirror and
# keyring are those of the system's own apt sources; lists and archives are kept in FOLDER alone.
set -eu

suite=trixie
dev_package=libmbedtls-dev

die() {
	echo "fetch-mbedtls: $*" >&2
	exit 1
}

[ $# -eq 2 ] || die "usage: tools/fetch-mbedtls.sh 3.6 FOLDER"
[ "$1" = 3.6 ] || die "only 3.6 can be fetched, not '$1'"
for tool in apt-get apt-config dpkg-deb; do
	command -v "$tool" >/dev/null 2>&1 ||
		die "no $tool here; build mbedTLS 3.6 yourself and use MBEDTLS_DIR="
done
mkdir -p "$2"
folder=$(cd "$2" && pwd)
apt=$folder/apt

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

# The source of this system's own release (not of its updates, nor anything foreign) for trixie.
private_source() {
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	default_key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$default_key" ] || default_key=
	system_sources | awk -F '\t' -v own="$codename" -v suite="$suite" -v default_key="$default_key" '
		$2 == own || $2 == "stable" || $2 == "oldstable" {
			key = $3 != "" ? $3 : default_key
			line = "deb " (key != "" ? "[signed-by=" key "] " : "") $1 " " suite " main"
			if (!seen[line]++)
				print line
		}'
}

private_apt() {
	command=$1
	shift
	"$command" -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
		-o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

rm -rf "$apt"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
: >"$apt/status"
private_source >"$apt/sources.list"
[ -s "$apt/sources.list" ] ||
	die "no Debian mirror in this system's apt sources; build mbedTLS 3.6 yourself and use MBEDTLS_DIR="
echo "fetch-mbedtls: fetching $dev_package of Debian 13 ($suite) into $2"
# A source that is not Debian's own has no such suite, and fails here; that is no harm.
private_apt apt-get update >"$apt/log" 2>&1 || true
version=$(private_apt apt-cache show --no-all-versions "$dev_package" 2>/dev/null |
	sed -n 's/^Version: //p')
case $version in
3.6.*) ;;
'')
	cat "$apt/log" >&2
	die "cannot read the package lists of Debian 13; is the network there?"
	;;
*) die "Debian 13 has mbedTLS '$version' where 3.6 was expected" ;;
esac
(cd "$apt/packages" && private_apt apt-get download "$dev_package") >"$apt/log" 2>&1 || {
	cat "$apt/log" >&2
	die "cannot download $dev_package $version; is the network there?"
}
rm -rf "$folder/root" "$folder/sdk"
mkdir -p "$folder/root" "$folder/sdk"
dpkg-deb -x "$apt/packages/$dev_package"_*.deb "$folder/root"

# The folder of the machine type has another name on each; show the one there is under a fixed name.
archive=$(find "$folder/root/usr/lib" -name libmbedcrypto.a)
[ -n "$archive" ] || die "$dev_package $version holds no static libraries"
ln -s ../root/usr/include "$folder/sdk/include"
ln -s "../root/usr/lib/$(basename "$(dirname "$archive")")" "$folder/sdk/lib"
rm -rf "$apt"
echo "fetch-mbedtls: mbedTLS $version is ready in $2/sdk"
