#!/usr/bin/env python3
"""Does the diagnosis stay true on captures that nobody here has seen, and against servers that misbehave?

  truth.py [--seed N] [--share 1/10] [--only PATTERN] [--cases FOLDER]... [--part damaged|live|log]
           [--bear N] [--list N] [--again] [--dress PATTERN]

Runs all parts, or one, and prints of each the table, the kinds of wrong ones (most frequent first), what
was right of all by confidence, and how to see them again. The last line is "N passed, M failed": a
failure is what breaks the goals, that is a wrong `certain`, any error or failure over a healthy handshake,
a failure called completed, a run without a report, and the wrong `likely` ones where they are more than
one in ten. The README beside this file says what counts as what.

PATTERN is a shell pattern of CASE:DAMAGE, FAULT:CLIENT or FAULT:PROGRAM, or of either half where it has no colon.
Environment: TLSDIAG (the program), TLSDIAGS (other builds of it, to probe with), BUILD.
"""
import argparse
import fractions
import random
import sys

import damaged
import live
import logs

PARTS = {'damaged': damaged.run, 'live': live.run, 'log': logs.run}


def options_of(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', default=str(random.randrange(1000000)))
    parser.add_argument('--share', type=fractions.Fraction, default=fractions.Fraction(1))
    parser.add_argument('--only', default='*', metavar='PATTERN')
    parser.add_argument('--cases', action='append', default=[], metavar='FOLDER')
    parser.add_argument('--part', choices=PARTS)
    parser.add_argument('--bear', type=int, default=0, metavar='N',
                        help='how many in a thousand may break the goals: what is not mended yet')
    parser.add_argument('--again', action='store_true', help='read the logs that were made before')
    parser.add_argument('--dress', default='*', metavar='PATTERN', help='logs in all of these dresses, not in a drawn one')
    parser.add_argument('--list', type=int, default=40, metavar='N', help='wrong ones to show (all are in a file)')
    return parser.parse_args(argv)


def main():
    options = options_of(sys.argv[1:])
    counts = [run(options) for part, run in PARTS.items() if options.part in (None, part)]
    passed, failed = map(sum, zip(*counts))
    borne = (passed + failed) * options.bear // 1000
    if 0 < failed <= borne:
        print('%d break the goals, and %d are borne (--bear %d)' % (failed, borne, options.bear))
        passed, failed = passed + failed, 0
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
