#!/usr/bin/env bash
# Names what a check or a cause lacks: its page, its test, its fixtures.
#
# The ids are the lines CHECK(name) and CAUSE(name) of src/diagnose/*.def, with - for _. Each needs
#   docs/rules/<id>.md, which `tlsdiag explain` shows,
#   tests/rules/test_<name>.c, or a test function test_<name>__... in another file there,
#   a fixture that provokes it and one that does not: fixtures/rules/<id>/{fail,pass}, or an
#   expect.json that asks for the one or the other.
# Pages and fixtures of ids that do not exist are shown too.
set -u
cd "$(dirname "$0")/../.." || exit 1
shopt -s nullglob
found=0
wrong() {
	echo "$*"
	found=1
}

names=$(sed -nE 's/^(CHECK|CAUSE)\(([a-z0-9_]+)[,)].*/\2/p' src/diagnose/checks.def src/diagnose/causes.def)
[ -n "$names" ] || wrong "no CHECK() or CAUSE() in src/diagnose"
ids=" $(tr '_\n' '- ' <<<"$names") "
repeated=$(sort <<<"$names" | uniq -d)
[ -z "$repeated" ] || wrong "listed twice: $repeated"

# "fail ID" or "pass ID" for everything an expect.json asks for.
asked=$(
	find fixtures -name expect.json -exec cat {} + 2>/dev/null | jq -r '
		(.expect // [] | .[] | "fail \(.)"),
		(.must_not // [] | .[] | "pass \(.)"),
		(.ruled_out // [] | .[] | "pass \(.)"),
		(.checks // {} | to_entries[] | select(.value == "fail" or .value == "warn") | "fail \(.key)"),
		(.checks // {} | to_entries[] | select(.value == "pass" or .value == "n/a") | "pass \(.key)")' |
		sort -u
)

for name in $names; do
	id=${name//_/-}
	lacks=
	[ -s "docs/rules/$id.md" ] || lacks+=", its page docs/rules/$id.md"
	[ -e "tests/rules/test_$name.c" ] || grep -qs "test_${name}__" tests/rules/*.c ||
		lacks+=", a test in tests/rules"
	for kind in fail pass; do
		[ -d "fixtures/rules/$id/$kind" ] || grep -qxF "$kind $id" <<<"$asked" ||
			lacks+=", a fixture for $kind"
	done
	[ -z "$lacks" ] || wrong "$id lacks ${lacks#, }"
done

# What `tlsdiag config` finds: its page, and a claim about it.
findings=$(grep -ohE '"config-[a-z-]+"' src/config/*.c | tr -d '"' | sort -u)
for id in $findings; do
	[ -s "docs/rules/$id.md" ] || wrong "$id lacks its page docs/rules/$id.md"
	grep -qs "\"$id\"" tests/unit/test_config_findings.c || wrong "$id lacks a claim in tests/unit/test_config_findings.c"
done

for page in docs/rules/*.md; do
	id=$(basename "$page" .md)
	[[ $ids == *" $id "* ]] || grep -qxF "$id" <<<"$findings" || wrong "$page is about no check or cause"
done
for folder in fixtures/rules/*/; do
	id=$(basename "$folder")
	[[ $ids == *" $id "* ]] || wrong "$folder is about no check or cause"
done
while read -r _ id; do
	[ -z "$id" ] || [[ $ids == *" $id "* ]] || wrong "an expect.json names '$id', which does not exist"
done <<<"$asked"
exit $found
