#!/bin/sh
# Lists the project's files: those git knows or would take, or all but build/ outside a checkout.
#
#   tests/lint/files.sh [EXTENDED-REGULAR-EXPRESSION]
set -eu
cd "$(dirname "$0")/../.."
if [ -e .git ] && git ls-files >/dev/null 2>&1; then
	git ls-files --cached --others --exclude-standard
else
	find . -path ./build -prune -o -path ./.git -prune -o -type f -print | sed 's,^\./,,'
fi | grep -E "${1-.}" | sort -u | while IFS= read -r file; do
	[ ! -f "$file" ] || printf '%s\n' "$file"
done
