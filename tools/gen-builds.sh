#!/bin/sh
# Prints the tables of data/config that say what a build of mbedTLS has as C.
#
#   tools/gen-builds.sh data/config > builds.inc
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

# suites RELEASE NAME
suites() {
	printf 'static const struct library_suite %s[] = {\n' "$2"
	tail -n +2 "$1" | awk -F '\t' '
	BEGIN { wire["SSL3.0"] = "0x0300"; wire["TLS1.0"] = "0x0301"; wire["TLS1.1"] = "0x0302"
		wire["TLS1.2"] = "0x0303"; wire["TLS1.3"] = "0x0304" }
	{ printf "\t{ %s, \"%s\", %s, %s,\n\t\t\"%s\" },\n", $1, $2, wire[$3], wire[$4], $5 }'
	printf '};\n'
}

# savings RELEASE NAME
savings() {
	printf 'static const struct library_saving %s[] = {\n' "$2"
	tail -n +2 "$1" | awk -F '\t' '{
		need = toupper($7)
		printf "\t{ \"%s\", \"%s\",\n\t\t%s, %s, %s, %s, %s, \"%s\" },\n",
			$1, $2, $3, $4, $5, $6, need == "-" ? "NEEDED_BY_NOBODY" : "NEED_" need, $8
	}'
	printf '};\n'
}

# structures FOLDER: bytes that setup asks for besides the buffers
structures() {
	printf 'static const struct library_structure structure_rows[] = {\n'
	tail -n +2 "$1/ram-structures.tsv" | awk -F '\t' '{
		printf "\t{ %d, \"%s\", %s },\n", $1, $2, $3 }'
	printf '};\n'
}

# peaks FOLDER: bytes that a handshake asks for beyond setup
peaks() {
	printf 'static const struct library_peak peak_rows[] = {\n'
	tail -n +2 "$1/ram-peaks.tsv" | awk -F '\t' '{
		printf "\t{ %d, %s, %s, %s, %s, %s },\n", $1, $2 == "client" ? "true" : "false",
			substr($3, 1, 2) == "ec" ? substr($3, 3) : 0, $4, $5 ? "true" : "false", $6 }'
	printf '};\n'
}

printf '#ifdef BUILDS_SUITES\n'
suites "$1/suites-2.28.tsv" suites_2
suites "$1/suites-3.6.tsv" suites_3
printf '#endif\n#ifdef BUILDS_SAVINGS\n'
savings "$1/flash-2.28.3.tsv" savings_2
savings "$1/flash-3.6.6.tsv" savings_3
printf '#endif\n#ifdef BUILDS_MEMORY\n'
structures "$1"
peaks "$1"
printf '#endif\n'
