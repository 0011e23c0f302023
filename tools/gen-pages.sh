#!/bin/sh
# Prints the pages of a folder as tables of C, for `tlsdiag explain`.
#
#   tools/gen-pages.sh docs/rules > pages.inc
#
# A page is a file <id>.md; its first line that begins with "# " is its title. A folder that is
# empty or missing gives an empty table. Plain POSIX sh and awk.
set -eu

if [ $# -ne 1 ]; then
	echo "usage: $0 DIR" >&2
	exit 2
fi
LC_ALL=C
export LC_ALL

echo '/* Made by tools/gen-pages.sh from the pages of the rules; change those instead. */'

set -- "$1"/*.md
if [ ! -e "$1" ]; then
	set --
fi

# One literal for each line: a compiler need not take literals of more than 4095 characters.
if [ $# -ne 0 ]; then
	awk '
	function quote(s) {
		gsub(/\\/, "&&", s)
		gsub(/"/, "\\\\&", s)
		gsub(/\?/, "\\\\&", s)
		gsub(/\t/, "\\t", s)
		return "\"" s "\""
	}
	function id_of(path) {
		sub(/.*\//, "", path)
		sub(/\.md$/, "", path)
		return path
	}
	FNR == 1 {
		if (n != 0)
			print "\tNULL,\n};"
		n++
		printf "static const char *const page_%d[] = {\n", n
		id[n] = id_of(FILENAME)
		title[n] = id[n]
		titled = 0
	}
	{
		sub(/\r$/, "")
		if (!titled && /^# /) {
			title[n] = substr($0, 3)
			titled = 1
		}
		print "\t" quote($0) ","
	}
	END {
		if (n != 0)
			print "\tNULL,\n};"
		print "static const struct rule_page page_table[] = {"
		for (i = 1; i <= n; i++)
			printf "\t{ %s, %s, page_%d },\n", quote(id[i]), quote(title[i]), i
		print "\t{ NULL, NULL, NULL },\n};"
	}' "$@"
else
	printf 'static const struct rule_page page_table[] = {\n\t{ NULL, NULL, NULL },\n};\n'
fi
