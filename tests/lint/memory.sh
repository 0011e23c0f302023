#!/bin/sh
# Shows requests for memory that go past src/base: memory.h counts those that are not met, and
# table.h's tables say whether an entry is in. Whatever a library's hash table adds by itself, or a
# bare malloc() does not get, a run could not tell of. And nothing but the program's main() exits.
set -eu
cd "$(dirname "$0")/../.."

found=0
# look WHY PATTERN EXCEPT
look() {
	lines=$(sh tests/lint/files.sh '^src/.*\.[ch]$' | grep -vE "$3" | tr '\n' '\0' |
		xargs -0 grep -nE -e "$2" /dev/null | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)' || :)
	[ -n "$lines" ] || return 0
	printf '%s:\n%s\n' "$1" "$lines" | cut -c 1-160
	found=1
}

look 'use memory_get(), memory_new(), memory_zeroed(), memory_resize(), memory_text() of base/memory.h' \
	'(^|[^A-Za-z0-9_])(malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|strdup|strndup|asprintf|vasprintf)\(' \
	'^src/base/memory\.c$'
look 'use TABLE_ADD() of base/table.h' '(^|[^A-Za-z0-9_])HASH_(ADD|REPLACE)' '^src/base/table\.h$'
look 'return a status to main()' '(^|[^A-Za-z0-9_])(exit|abort)\(' '^$'
exit $found
