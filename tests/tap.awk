# Counts what a test program said in TAP, and shows what failed.
#
#   awk -v name=NAME -v status=EXIT -f tests/tap.awk LOG
#
# Prints "PASSED FAILED SKIPPED" as its last line. A plan not fulfilled counts its missing tests as
# failed, and so does an exit status that no failed test accounts for (a crash, a leak report).
/^1\.\.[0-9]+/ { planned += substr($1, 4); has_plan = 1; next }
/^(not )?ok [0-9]*.*# *[Ss][Kk][Ii][Pp]/ { skipped++; seen++; failing = 0; next }
/^ok / { passed++; seen++; failing = 0; next }
/^not ok [0-9]/ { failed++; seen++; failing = 1; print "  " name ": " $0; next }
failing || /Sanitizer|runtime error/ { print "    " $0 }
{ last[NR % 12] = $0 }
END {
	if (has_plan && seen < planned) {
		print "  " name ": " planned - seen " of " planned " planned tests did not run"
		failed += planned - seen
	}
	if (status != 0 && failed == 0) {
		print "  " name ": exit status " status
		failed++
	}
	if (!has_plan || (status != 0 && seen < planned))
		for (i = NR + 1; i <= NR + 12; i++)
			if (i % 12 in last)
				print "    " last[i % 12]
	print passed + 0, failed + 0, skipped + 0
}
