#!/bin/sh
# No function of src has a body of more than 80 lines. clang-format puts the braces of functions, and
# of nothing else, at the beginning of a line.
set -eu
cd "$(dirname "$0")/../.."

sh tests/lint/files.sh '^src/.*\.[ch]$' | tr '\n' '\0' | xargs -0 awk -v most=80 '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR; bodies++ }
	/^\}/ && start != 0 {
		if (FNR - start + 1 > most) {
			printf "%s:%d: a function of %d lines, of at most %d\n", FILENAME, start,
				FNR - start + 1, most
			found = 1
		}
		start = 0
	}
	END {
		if (bodies == 0)
			print "functions.sh: no function was read"
		exit found || bodies == 0
	}
'
