#!/bin/sh
# Shows words that do not belong in finished sources: notes of unfinished work, paths and hosts of
# one machine, left-over conflict marks. Brackets keep the patterns from finding themselves.
set -eu
cd "$(dirname "$0")/../.."

found=0
# look WHY PATTERN
look() {
	why=$1
	pattern=$2
	lines=$(sh tests/lint/files.sh | grep -vE '^LICENSE$' | tr '\n' '\0' |
		xargs -0 grep -nIE -e "$pattern" /dev/null | cut -c 1-160)
	[ -n "$lines" ] || return 0
	printf '%s:\n%s\n' "$why" "$lines"
	found=1
}

look 'unfinished' '\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b'
look 'unfinished' '[Nn]ot (yet )?[i]mplemented|[Uu]n[i]mplemented'
look 'a path of one machine' '(^|[^A-Za-z0-9_.])/([h]ome|[w]ork|[r]oot|[U]sers)/'
look 'a package mirror' '[a-z]+\.[d]ebian\.org|[a-z]+\.[u]buntu\.com'
look 'a conflict not resolved' '^([<]{7}|[>]{7}) '
exit $found
