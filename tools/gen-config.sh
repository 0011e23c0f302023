#!/bin/sh
# Prints the tables of data/config that say what an mbedTLS configuration must hold to as C.
#
#   tools/gen-config.sh data/config > config.inc
#
# Plain POSIX sh and awk.
# shellcheck disable=SC2016  # the dollar signs belong to awk
set -eu

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "usage: $0 FOLDER" >&2
	exit 2
fi
LC_ALL=C
export LC_ALL

quote='
function quote(s) {
	gsub(/\\/, "&&", s)
	gsub(/"/, "\\\\&", s)
	return "\"" s "\""
}
'
# table FILE NAME ROW: its rows but the heading, each as ROW prints it.
table() {
	printf 'static const %s[] = {\n' "$2"
	tail -n +2 "$1" | awk -F '\t' "$quote { $3 }"
	printf '};\n'
}

echo '/* Made by tools/gen-config.sh from data/config; change those instead. */'
table "$1/rules-2.16.tsv" 'char *const rules_2_16' 'print "\t" quote($2) ","'
table "$1/rules-2.28.tsv" 'char *const rules_2_28' 'print "\t" quote($2) ","'
table "$1/rules-3.6.tsv" 'char *const rules_3' 'print "\t" quote($2) ","'
table "$1/rules-4.tsv" 'char *const rules_4' 'print "\t" quote($2) ","'
table "$1/derived-3.6.tsv" 'char *const derived_3' 'print "\t" quote("#" $1 " " $2) ","'
table "$1/derived-4.tsv" 'char *const derived_4' 'print "\t" quote("#" $1 " " $2) ","'
table "$1/values.tsv" 'char *const value_macros' 'print "\t" quote($1) ","'
table "$1/macros.tsv" 'struct known_macro known_macros' \
	'printf "\t{ %s, \"", quote($1); for (i = 2; i <= 7; i++) printf "%s", $i == "-" ? "-" : $i ~ /^on/ ? "!" : "+"; print "\" },"'
table "$1/kconfig.tsv" 'struct kconfig_row kconfig_rows' \
	'print "\t{ " quote($1) ", \047" $2 "\047, " quote($3) ", " quote($4) ", " quote($5) " },"'
