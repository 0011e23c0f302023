#!/usr/bin/env bash
# Runs tlsdiag on every fixture that says what is to be found, one TAP line for each.
#
#   TLSDIAG=/path/to/tlsdiag tests/fixtures.sh [--write] [FOLDER...]
#
# A fixture is a folder under fixtures with an expect.json:
#   args            the command line, run in that folder (--json is added)
#   exit            the exit status                                             (1 where left out)
#   expect          acceptable ids of the first diagnosis of severity error or warning; [] when nothing
#                   is wrong: then no diagnosis may be an error or a warning
#   only            true: the first diagnosis is the only one of severity error or warning
#   must_not        ids no diagnosis may have
#   ruled_out       ids that some diagnosis must list as ruled out
#   max_confidence  the surest that the first diagnosis may be: possible, likely or certain
#   expect_outcome  outcomes that every handshake must have one of
#   checks          {"id": "status"}: some handshake must have the check with that status
#   document        a part of the document: members by name, arrays item by item, scalars by value
# Only what is there is judged; an unknown member is a mistake and fails. In the end all reports are
# held against docs/tlsdiag.schema.json.
#
# Beside that, all that is concluded of a fixture stands in fixtures/concluded.txt, but for the words it is
# said in: outcomes, checks with their evidence, diagnoses with what they explain and rule out. --write
# writes down what is concluded now; what changed is then to be read, line by line.
set -u
cd "$(dirname "$0")/.." || exit 1
[ -x "${TLSDIAG-}" ] || {
	echo "Bail out! TLSDIAG names no program: '${TLSDIAG-}'"
	exit 2
}
write=
[ "${1-}" != --write ] || {
	write=yes
	shift
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

concluded=$(
	cat <<'END'
def place: if .packet then "@\(.packet)" else "" end
  + if .length then ":\(.offset // 0)+\(.length)" else "" end;
def listed(name): if length == 0 then "" else " \(name) " + join(" ") end;
def concluded:
  (.handshakes[]? | "  \(.id) \(.outcome) \(.ending) \(.ended_by // "-") \(.version // "-") \(.last_message // "-"):"
    + ([.checks[]? | select(.status != "n/a")
      | " \(.id)=\(.status)" + ([.evidence[]? | place] | join(""))] | join(""))),
  (.diagnoses[]? | "  \(.id): \(.severity) \(.confidence) \(.origin) \(.server // "-") of \(.handshakes // [] | join(","))"
    + ([.proof[]? | if .packet then "@\(.packet)" else "-" end] | listed("shown"))
    + ([.stacks[]? | "\(.answer // "-" | gsub(" "; "-"))" + place + if .contradicts then "!" else "" end]
      | listed("stacks"))
    + ([.explains[]?] | listed("explains")) + ([.ruled_out[]?.id] | listed("not")) + " next \(.next_steps // [] | length)");
END
)
judge=$concluded$(
	cat <<'END'

def rank: {"possible": 0, "likely": 1, "certain": 2}[.];
def part_of($whole):
  if type == "object" then
    . as $part | ($whole | type) == "object" and all(keys[]; . as $k | $part[$k] | part_of($whole[$k]))
  elif type == "array" then
    . as $part | ($whole | type) == "array" and ($whole | length) == ($part | length)
      and all(range(length); . as $i | $part[$i] | part_of($whole[$i]))
  else . == $whole end;

. as $doc | $want[0] as $w
| [$doc.diagnoses[]? | select(.severity == "error" or .severity == "warning")] as $serious
| [$doc.diagnoses[]?.ruled_out[]?.id] as $ruled_out
| (($w | keys - ["args", "exit", "expect", "only", "must_not", "ruled_out", "max_confidence",
                "expect_outcome", "checks", "document"])[] | "unknown member \(.) in expect.json"),
  (select($doc.schema != "tlsdiag/1") | "schema is \($doc.schema)"),
  (select($status != ($w.exit // 1)) | "exit status \($status), expected \($w.exit // 1)"),
  (select($w.expect == [] and $serious != []) | "nothing is wrong, but it says \([$serious[].id])"),
  (select(($w.expect // []) != [] and ([$serious[0].id] - $w.expect) != [])
    | "first is \($serious[0].id), expected \($w.expect)"),
  (select($w.only and ($serious | length) != 1) | "not one diagnosis but \([$serious[].id])"),
  (($w.must_not // [])[] | select(IN($doc.diagnoses[]?.id)) | "must not say \(.)"),
  (($w.ruled_out // []) - $ruled_out | .[] | "does not rule out \(.)"),
  (select($w.max_confidence and ($serious[0].confidence | rank) > ($w.max_confidence | rank))
    | "is \($serious[0].confidence), at most \($w.max_confidence) is warranted"),
  (select($w.expect_outcome) | $doc.handshakes[]? | select(.outcome | IN($w.expect_outcome[]) | not)
    | "handshake \(.id) is \(.outcome), expected \($w.expect_outcome)"),
  (($w.checks // {}) | to_entries[] | . as $e
    | select(any($doc.handshakes[]?.checks[]?; .id == $e.key and .status == $e.value) | not)
    | "no handshake has \($e.key) \($e.value), but "
      + ([$doc.handshakes[]?.checks[]? | select(.id == $e.key) | .status] | tostring)),
  (($w.document // {}) | select(part_of($doc) | not) | "the document lacks \(.)"),
  ([$doc | concluded] as $now | ($listed | split("\n") | map(select(. != ""))) as $wanted
    | select($wanted != [] and $now != $wanted)
    | (($now - $wanted)[] | "concludes now: \(.)"), (($wanted - $now)[] | "concluded: \(.)"),
      "what is concluded is not what fixtures/concluded.txt lists (--write)")
END
)

# What is listed of a fixture: the lines below the one that names it.
listed_of() {
	awk -v folder="$1" '/^[^ ]/ { inside = $0 == folder; next } inside' fixtures/concluded.txt
}

# judge_fixture FOLDER REPORT: leaves a report in that file, and prints what is wrong with it.
judge_fixture() {
	local folder=$1 report=$2 status=0
	local -a args
	mapfile -t args < <(jq -r '.args[]' "$folder/expect.json")
	(cd "$folder" && timeout 60 "$TLSDIAG" "${args[@]}" --json) \
		>"$report" 2>"$report.err" </dev/null || status=$?
	jq -r --slurpfile want "$folder/expect.json" --argjson status "$status" \
		--arg listed "$([ -n "$write" ] || listed_of "$folder")" "$judge" \
		"$report" 2>&1 || echo "no JSON document to judge, exit status $status"
	[ -s "$report" ] || echo "nothing on standard output, exit status $status"
}

# fits_schema REPORT...: prints what is wrong with any of them.
fits_schema() {
	python3 - "$@" <<-'END'
		import json, pathlib, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "tests/schema")
		import validate
		schema = json.loads(validate.SCHEMA.read_text(encoding="utf-8"))
		for report in map(pathlib.Path, sys.argv[1:]):
		    try:
		        value = validate.load(report.read_text(encoding="utf-8"))
		    except ValueError as error:
		        print(f"{report.name}: {error}")
		        continue
		    for error in validate.complaints(schema, "document", value):
		        print(f"{report.name}: {error.json_path}: {error.message[:200]}")
	END
}

# made_again: makes the captures that come out the same on every run, and prints what differs.
made_again() {
	mkdir "$scratch/fixtures" && cp -r fixtures/make "$scratch/fixtures"
	for maker in forum rules wrapped keyed; do
		python3 "$scratch/fixtures/make/$maker.py" || return
	done
	diff -rq "$scratch/fixtures/rules" fixtures/rules | grep -v '^Only in fixtures/rules: README.md'
	diff -rq "$scratch/fixtures/keyed" fixtures/keyed
	diff -rq "$scratch/fixtures/wrapped" fixtures/wrapped | grep -v '^Only in fixtures/wrapped: README.md'
	for file in forum.pcap ca.pem; do
		cmp "$scratch/fixtures/forum/$file" "fixtures/forum/$file"
	done
}

mapfile -t folders < <(find "${@:-fixtures}" -name expect.json -printf '%h\n' 2>/dev/null | sort)
[ $# -gt 0 ] || made_again >"$scratch/again.wrong" 2>&1 &
reports=("${folders[@]//\//:}")
reports=("${reports[@]/#/$scratch/}")
for i in "${!folders[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
	judge_fixture "${folders[i]}" "${reports[i]}" >"$scratch/$i.wrong" &
done
wait

if [ -n "$write" ]; then
	for i in "${!folders[@]}"; do
		echo "${folders[i]}"
		jq -r "$concluded concluded" "${reports[i]}"
	done >fixtures/concluded.txt
fi

failed=0
# tell N NAME WRONG: the TAP line, and what is wrong.
tell() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		failed=1
		echo "not ok $1 - $2"
		echo "# ${3//$'\n'/$'\n'# }"
	fi
}

n=0
for i in "${!folders[@]}"; do
	n=$((n + 1))
	wrong=$(<"$scratch/$i.wrong")
	tell $n "${folders[i]}" "$wrong"
	[ -z "$wrong" ] || head -n 8 "${reports[i]}.err" | sed 's/^/# stderr: /'
done
if [ $# -eq 0 ]; then
	n=$((n + 1))
	tell $n "the captures are what fixtures/make makes" "$(head -n 20 "$scratch/again.wrong")"
fi
if [ $n -gt 0 ]; then
	n=$((n + 1))
	tell $n "every report fits the schema" "$(fits_schema "${reports[@]}" 2>&1 | head -n 20)"
fi
echo "1..$n"
exit $failed
