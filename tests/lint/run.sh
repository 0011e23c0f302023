#!/usr/bin/env bash
# Runs every linter on the project's own files; the last line is "N passed, M failed", of linters.
#
#   CC=gcc CPPFLAGS='-Isrc ...' tests/lint/run.sh [LINTER...]
set -u
cd "$(dirname "$0")/../.." || exit 1
jobs=$(nproc)
log=build/lint
mkdir -p "$log"
cppflags=${CPPFLAGS:--D_DEFAULT_SOURCE -Isrc -Iinclude -Ibuild/gen -DTLSDIAG_VERSION='"0"'}
declare -a flags
eval "flags=($cppflags -Itests)"

files() {
	sh tests/lint/files.sh "$1"
}

# A C file among the fixtures is input: how it is laid out is part of what it shows.
sources() {
	files "$1" | grep -v '^fixtures/'
}

# tidy FILE...: silent when there is nothing to say. A file found clean is not read again until it,
# a header it includes, or the settings change: the mark is a sum over all of that.
tidy() {
	local file text said mark status=0
	for file in "$@"; do
		mark=/dev/null
		if text=$($compiler -E -C "${flags[@]}" "$file" 2>&1); then
			mark=$log/tidy/$(sha256sum <<<"$settings$text" | cut -c 1-40)
			[ ! -f "$mark" ] || continue
		fi
		if said=$(clang-tidy --quiet "$file" -- -std=c11 "${flags[@]}" 2>&1); then
			: >"$mark"
		else
			status=1
			grep -vE '^[0-9]+ warnings? (and|generated|treated)' <<<"$said"
		fi
	done
	return $status
}

# Of the sources so many in a hundred (TIDY_SHARE, default all), drawn by the commit.
tidy_part() {
	local commit
	commit=$(git rev-parse HEAD 2>/dev/null) || commit=none
	while IFS= read -r file; do
		[ $(($(cksum <<<"$commit$file" | cut -d' ' -f1) % 100)) -ge "${TIDY_SHARE:-100}" ] ||
			echo "$file"
	done
}

lint_clang_tidy() {
	local compiler=${CC:-cc} settings
	settings=$(clang-tidy --version && cat .clang-tidy)
	local -a flags=(-Itests/lint/analyzer "${flags[@]}")
	mkdir -p "$log/tidy"
	{
		declare -f tidy
		declare -p flags log compiler settings
	} >"$log/tidy.sh"
	sources '\.c$' | tidy_part | tr '\n' '\0' |
		xargs -0 -r -n 3 -P "$jobs" bash -c '. "$0" && tidy "$@"' "$log/tidy.sh"
}

lint_cppcheck() {
	mkdir -p "$log/cppcheck"
	cppcheck --quiet --std=c11 --library=posix --library=tests/lint/uthash.cfg \
		--enable=warning,performance,portability \
		--inline-suppr --suppressions-list=.cppcheck-suppressions --error-exitcode=1 \
		--cppcheck-build-dir="$log/cppcheck" -j "$jobs" "${flags[@]}" \
		--file-list=<(sources '\.c$')
}

lint_clang_format() {
	sources '\.[ch]$' | tr '\n' '\0' | xargs -0 -r clang-format --dry-run -Werror
}

lint_shellcheck() {
	local -a scripts
	mapfile -t scripts < <(files '\.(sh|bash|bats)$|^\.ci/run$')
	shellcheck -x -e SC2016 "${scripts[@]}" # awk programs stand in single quotes
}

lint_layers() { sh tests/lint/layers.sh; }
lint_circles() { sh tests/lint/circles.sh; }
lint_functions() { sh tests/lint/functions.sh; }
lint_memory() { sh tests/lint/memory.sh; }
lint_rules_complete() { bash tests/lint/rules_complete.sh; }
lint_words() { sh tests/lint/words.sh; }
lint_headlines() { sh tests/lint/headlines.sh; }
lint_calls() { python3 tests/lint/calls.py; }

linters=("$@")
[ $# -gt 0 ] || linters=(layers circles calls functions memory words headlines rules_complete clang_format shellcheck cppcheck clang_tidy)
passed=0
failed=0
for linter in "${linters[@]}"; do
	start=$SECONDS
	if "lint_$linter" >"$log/$linter.log" 2>&1; then
		printf 'ok    %-16s %3d s\n' "$linter" $((SECONDS - start))
		passed=$((passed + 1))
	else
		printf 'FAIL  %-16s %3d s\n' "$linter" $((SECONDS - start))
		cat "$log/$linter.log"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
