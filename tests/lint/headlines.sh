#!/bin/sh
# Every C file opens with a comment that says what it is about, before any code.
#
# Shows the files that begin with something else, and those whose comment is hardly a word.
set -eu
cd "$(dirname "$0")/../.."

sh tests/lint/files.sh '^(src|tests|include)/.*\.[ch]$' | xargs awk '
	function wrong(why) {
		print FILENAME ": " why
		found = 1
	}
	FNR == 1 {
		text = ""
		open = index($0, "/*") == 1
		if (!open)
			wrong("begins without a comment on its subject")
	}
	open {
		text = text " " $0
		open = index($0, "*/") == 0
		gsub(/[^[:alnum:] ]/, " ", text)
		if (!open && split(text, word, " ") < 3)
			wrong("its first comment says nothing")
	}
	END { exit found }
'
