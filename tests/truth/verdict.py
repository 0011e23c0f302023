"""Is what a report says of a capture true?

  right    the first diagnosis (error or warning) is the true one; of a healthy capture: no error is said
  silent   less than the truth, and honest: nothing is diagnosed, or only that bytes are missing
  below    the same, and the true cause is named behind that
  missed   less than the truth, where all bytes are there; a handshake that completed, and is not seen to
  wrong    another first diagnosis, any error over a healthy handshake, or one that is ruled out by what is known
  OK       a failure that is called completed, and nothing is said
  failed   a healthy handshake that is called failed, without an error
  broken   no report: a crash, a timeout, no JSON, an exit status that is not documented for this
"""
import collections
import json
import os
import subprocess

SECONDS = 60
DEEP = '0.5'                 # seconds of CPU for taking a bad signature apart: what is found may not depend on it
CONFIDENCES = ('certain', 'likely', 'possible')
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'NO_COLOR': '1'}
MISSING = {'capture-incomplete', 'hidden-by-encryption'}
NO_CAUSE = {'peer-closed', 'connection-reset'}    # where it stopped: true of what is left, unless it is certain
ENDINGS = ('finished-accepted', 'closed-cleanly')
# Of a connection without a byte: where others speak TLS, it need not have been meant to.
NO_BYTES = {'connection-refused', 'host-unreachable'}
# What nobody answered did fail, whoever wanted what of the port.
NO_ANSWER = ('refused', 'unanswered', 'unreachable')
WARNED = ('error', 'warning')

# word: as above; confidence: of a wrong one, or of a right diagnosis; said: the first id, or what is broken.
Verdict = collections.namedtuple('Verdict', 'word confidence said')


def run(program, folder, args):
    """(exit status, document or None, what is broken or None)."""
    try:
        p = subprocess.run([program, *args, '--deep', DEEP, '--json'], cwd=folder, env=ENVIRONMENT, timeout=SECONDS,
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        return None, None, 'timeout'
    try:
        document = json.loads(p.stdout) if p.stdout else None
    except ValueError:
        return p.returncode, None, 'bad JSON'
    if p.returncode < 0:
        return p.returncode, document, 'signal %d' % -p.returncode
    return p.returncode, document, None if document else 'no report, exit status %d' % p.returncode


def outcomes(document):
    """Of each client's port, the outcomes of its handshakes: ports survive most damages, addresses do not."""
    found = {}
    for h in document.get('handshakes', []):
        found.setdefault(h['client']['port'], set()).add(h['outcome'])
    return found


def surely_completed(handshake):
    """Called completed, without a doubt about the peer's Finished or about how it ended."""
    return handshake['outcome'] == 'completed' and not any(
        c['id'] in ENDINGS and c['status'] not in ('pass', 'n/a') for c in handshake.get('checks', []))


def called_ok(before, document):
    now = outcomes({'handshakes': filter(surely_completed, document.get('handshakes', []))})
    return any('failed' in was and 'completed' not in was and 'completed' in now.get(port, ())
               for port, was in before.items())


def has_failed(case, handshake):
    return handshake['outcome'] == 'failed' and (case.tls or handshake['ending'] not in NO_ANSWER)


def judge_healthy(case, kind, before, status, document):
    # A part of a port scan is a few attempts that were refused, and no scan any more: that is true of them.
    errors = [d for d in document['diagnoses'] if d['severity'] == 'error' and (case.tls or d['id'] not in NO_BYTES)]
    if errors:
        return Verdict('wrong', errors[0]['confidence'], errors[0]['id'])
    if any(has_failed(case, h) for h in document.get('handshakes', [])):
        return Verdict('failed', None, 'a handshake failed')
    if status == 1 and case.tls:
        return Verdict('failed', None, 'exit status 1')
    now = outcomes(document)
    unseen = any('completed' in was and 'completed' not in now.get(port, ()) for port, was in before.items())
    return Verdict('missed' if kind == 'whole' and unseen else 'right', None, None)


def judge_failing(case, damage, before, document):
    kind = damage.kind
    serious = [d for d in document['diagnoses'] if d['severity'] in WARNED]
    excused = damage.name.startswith('with-') and case.expect <= NO_BYTES
    less = 'missed' if kind == 'whole' and not excused else 'silent'
    if not serious:
        return Verdict('OK', None, 'completed') if called_ok(before, document) else Verdict(less, None, None)
    top, sure = serious[0]['id'], serious[0]['confidence']
    if top in case.expect:
        false = [d for d in serious if d['id'] in case.must_not and d['severity'] == 'error']
        if false:
            return Verdict('wrong', false[0]['confidence'], 'also ' + false[0]['id'])
        return Verdict('right', sure, top)
    if kind != 'whole' and (top in MISSING or top in NO_CAUSE and sure != 'certain'):
        return Verdict('below' if any(d['id'] in case.expect for d in serious) else 'silent', None, top)
    return Verdict('wrong', sure, top)


def judge(case, damage, before, result):
    """`before` holds the outcomes in the capture as it was."""
    status, document, broken = result
    if not broken and status not in (0, 1, 4) and not (status == 3 and (
            case.breaks_off or damage.name.startswith('file-cut'))):
        broken = 'exit status %s' % status
    if broken:
        return Verdict('broken', None, broken)
    if case.failing:
        return judge_failing(case, damage, before, document)
    return judge_healthy(case, damage.kind, before, status, document)


def judge_live(fault, captured, content, result):
    """`content`: the client put up with it. `captured`: seen from outside, without keys."""
    status, document, broken = result
    if not broken and status not in (0, 1, 3, 4):
        broken = 'exit status %s' % status
    if broken:
        return Verdict('broken', None, broken)
    serious = [d for d in document['diagnoses'] if d['severity'] in WARNED]
    known = fault.right | fault.accept
    if content:
        errors = [d for d in serious if d['severity'] == 'error' and d['id'] not in known]
        if errors:
            return Verdict('wrong', errors[0]['confidence'], errors[0]['id'])
        if any(h['outcome'] == 'failed' for h in document.get('handshakes', [])):
            return Verdict('failed', None, 'a handshake failed')
        return Verdict('right', None, None)
    honest = fault.accept | ({'hidden-by-encryption', *NO_CAUSE} if captured and fault.hidden else set())
    if not serious:
        if not fault.late and any(map(surely_completed, document.get('handshakes', []))):
            return Verdict('OK', None, 'completed')
        seen = fault.right and not fault.late and not (captured and fault.hidden)
        return Verdict('missed' if seen else 'silent', None, None)
    top, sure = serious[0]['id'], serious[0]['confidence']
    if top in fault.right:
        return Verdict('right', sure, top)
    return Verdict('silent', None, top) if top in honest and sure != 'certain' else Verdict('wrong', sure, top)
