"""Tables of verdicts: how often which was right, and which kinds were wrong."""
import collections

from verdict import CONFIDENCES

# variant: the damage or the fault; failing: whether there is something to find; command: shows it again.
Row = collections.namedtuple('Row', 'case variant failing expect verdict command')
COLUMNS = ('right', 'silent', 'below', 'missed', 'certain', 'likely', 'possible', 'OK', 'failed', 'broken')
LIKELY_RIGHT = 9, 10         # of so many diagnoses that are likely, so many have to be right


HONEST = ('right', 'silent', 'below', 'missed')


def column(verdict):
    return verdict.confidence if verdict.word == 'wrong' else verdict.word


def table(rows, title):
    """One line for each variant: how many were judged how; the wrong ones by confidence."""
    counts = {}
    for row in rows:
        counts.setdefault(row.variant, collections.Counter())[column(row.verdict)] += 1
    width = max([len(title), *map(len, counts)])
    def line(name, count):
        return '%-*s %6d ' % (width, name, count.total()) + ' '.join('%8s' % (count[c] or '.') for c in COLUMNS)

    lines = ['', '%-*s %s   wrong: %s' % (width, '', ' ' * 37, 'certain, likely, possible; OK: a failure called OK'),
             '%-*s %6s ' % (width, title, 'all') + ' '.join('%8s' % c for c in COLUMNS)]
    for variant, count in counts.items():
        lines.append(line(variant, count))
    total = collections.Counter(column(row.verdict) for row in rows)
    lines.append(line('all', total))
    return lines


def by_confidence(rows):
    """{confidence: (right, all)} of the first diagnoses."""
    right = collections.Counter(r.verdict.confidence for r in rows if r.verdict.word == 'right')
    wrong = collections.Counter(r.verdict.confidence for r in rows if r.verdict.word == 'wrong')
    return {c: (right[c], right[c] + wrong[c]) for c in CONFIDENCES}


def sentences(rows):
    lines = ['']
    for name, (right, of_all) in by_confidence(rows).items():
        lines.append('%-9s right in %d of %d%s' % (name, right, of_all,
                                                   ' (%.1f %%)' % (100 * right / of_all) if of_all else ''))
    healthy = [r for r in rows if not r.failing]
    failing = [r for r in rows if r.failing]
    words = collections.Counter(r.verdict.word for r in failing)
    lines.append('healthy   %d of %d without an error or a failure' %
                 (sum(r.verdict.word == 'right' for r in healthy), len(healthy)))
    lines.append('failing   %d right, %d silent, %d below, %d missed, %d wrong, %d called OK, of %d' %
                 (*(words[w] for w in ('right', 'silent', 'below', 'missed', 'wrong', 'OK')), len(failing)))
    return lines


def truth_of(row):
    return '/'.join(sorted(row.expect)) or ('no cause to see' if row.failing else 'healthy')


def wrong(rows):
    return [r for r in rows if r.verdict.word not in HONEST]


def missed(rows):
    return [r for r in rows if r.verdict.word == 'missed']


def kinds(rows, title):
    """What was said in place of what, most frequent first."""
    found = collections.defaultdict(list)
    for r in rows:
        found[truth_of(r), r.verdict.said or 'nothing', column(r.verdict)].append(r)
    lines = ['', title]
    for (truth, said, sure), some in sorted(found.items(), key=lambda x: (-len(x[1]), x[0])):
        variants = collections.Counter(r.variant for r in some)
        cases = collections.Counter(r.case for r in some)
        lines.append('%5d  %s: %s (%s); %s; of %s' % (
            len(some), truth, said, sure, most(variants), most(cases)))
    return lines if found else []


def most(counter):
    names = [name for name, _ in counter.most_common(3)]
    return ', '.join(names) + (', ...' if len(counter) > len(names) else '')


def failures(rows):
    """How many break the goals."""
    broken = sum(r.verdict.word in ('OK', 'failed', 'broken') for r in rows)
    certain, likely = (sum(r.verdict.word == 'wrong' and r.verdict.confidence == c and r.failing for r in rows)
                       for c in ('certain', 'likely'))
    healthy = sum(r.verdict.word == 'wrong' and not r.failing for r in rows)
    right, of_all = by_confidence(rows)['likely']
    share, parts = LIKELY_RIGHT
    return broken + certain + healthy + (likely if right * parts < of_all * share else 0)


def again(rows):
    """How to see each of them again."""
    ordered = sorted(rows, key=lambda r: (COLUMNS.index(column(r.verdict)), r.case))
    return ['%s:%s: %s (%s), true is %s\n  %s' % (r.case, r.variant, r.verdict.said or 'nothing', column(r.verdict),
                                                  truth_of(r), r.command) for r in ordered]


def show(rows, title, path, n_listed):
    """Prints it all, leaves the list of wrong and missed ones in a file, and returns how many break the goals."""
    print('\n'.join(table(rows, title) + kinds(missed(rows), 'missed, most frequent first:') +
                    kinds(wrong(rows), 'wrong, most frequent first:') + sentences(rows)))
    bad = again(wrong(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(''.join(line + '\n' for line in bad + again(missed(rows))), encoding='utf8')
    if bad:
        print('\nthe first of %d wrong ones (all, and the missed ones: %s):' % (len(bad), path))
        print('\n'.join(bad[:n_listed]))
    return failures(rows)
