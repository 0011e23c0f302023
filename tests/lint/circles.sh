#!/bin/sh
# No circle of includes: neither between the folders of src, whatever layers.sh allows, nor between
# headers. Prints those that hang together in one.
set -eu
cd "$(dirname "$0")/../.."
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT

sh tests/lint/files.sh '^src/.*\.[ch]$' | while IFS= read -r file; do
	awk -v file="$file" '/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		print file, "src/" part[2]
	}' "$file"
done >"$lists/includes"

awk '{
	sub(/\/[^\/]*$/, "", $1)
	sub(/\/[^\/]*$/, "", $2)
	print
}' "$lists/includes" | sort -u >"$lists/folders"
awk '$1 ~ /\.h$/' "$lists/includes" >"$lists/headers"

status=0
for list in folders headers; do
	[ -s "$lists/$list" ] || { echo "circles.sh: no $list were read" && status=1; }
	tsort "$lists/$list" >/dev/null 2>"$lists/said" || {
		sed -e '/ loop:$/d' -e "s/^tsort: /$list in a circle: /" "$lists/said"
		status=1
	}
done
exit $status
