"""The third part of truth.py: logs of programs that meet a fault, dressed as people post them.

Clients meet the servers of faults_12.py and faults_13.py (log_programs.py); servers meet clients that refuse
them, or have nothing in common with them (log_servers.py). What a program printed is dressed (dresses.py),
and `tlsdiag log` says what it was. Each fault declares what is true of it; a log of words proves nothing, so
that to be certain of it is wrong. Logs stay in BUILD/truth/log/raw; with --again they are not made anew.
"""
import concurrent.futures
import fractions
import json
import os
import random
import shlex
import subprocess
import time

import dresses
import live
import log_programs
import log_servers
import lots
import report
import verdict

RAW = log_programs.SCRATCH / 'raw'
POSTED = log_programs.SCRATCH / 'posted'
WORKERS = 4
# There are some twenty thousand: where all parts are run, the share of them is that much smaller.
OF_ALL = fractions.Fraction(1, 30)
# Where there are only words, faults that programs have the same words for: one of them is as much as can be told.
SAME_WORDS = (
    {'ec-arithmetic-broken', 'wrong-private-key', 'signature-hash-mismatch', 'signature-transcript-mismatch',
     'message-corrupted', 'signature-encoding', 'signature-scheme-mismatch', 'verifier-broken'},
    {'ec-arithmetic-broken', 'point-encoding', 'ephemeral-key-trivial', 'message-corrupted', 'parameter-not-offered'},
    {'finished-mismatch', 'record-cipher-broken', 'message-corrupted'},
    {'message-malformed', 'parameter-not-offered', 'unexpected-message', 'record-too-large'},
    {'not-tls', 'starttls-needed', 'plain-http', 'message-malformed', 'peer-closed', 'server-silent'},
    {'certificate-malformed', 'message-malformed', 'unexpected-message'},
    {'ca-not-trusted', 'intermediate-missing', 'issuer-not-a-ca', 'path-too-long', 'chain-signature-bad',
     'no-trust-anchor', 'chain-out-of-order'},
    {'key-usage-forbids', 'ext-key-usage-forbids', 'ca-certificate-as-leaf', 'chain-out-of-order'},
    {'name-mismatch', 'chain-out-of-order'},
    {'path-too-long', 'name-constraints-violated'},
    {'signature-scheme-mismatch', 'parameter-not-offered'},
    {'peer-closed', 'connection-reset', 'server-silent'},
)
# What alerts say by themselves, whatever they were sent for.
ALERTS = {'10': 'unexpected-message', '22': 'record-too-large', '42': 'client-certificate-untrusted',
          '43': 'client-certificate-untrusted', '45': 'certificate-expired', '46': 'client-certificate-untrusted',
          '47': 'message-malformed', '48': 'client-certificate-untrusted', '50': 'message-malformed',
          '51': 'client-key-mismatch', '20': 'record-cipher-broken', '116': 'client-certificate-missing'}


def by_words(fault):
    """What is honest to say of it where a log has only words."""
    known = fault.right | fault.accept
    more = {one for same in SAME_WORDS if same & known for one in same}
    alert = fault.name.partition('-alert-')[2].partition('-')[0]
    return fault._replace(accept=frozenset(fault.accept | more | {ALERTS.get(alert, 'peer-closed')}))


def run_client(command, server, environment):
    """What it printed. It has nothing to say, and leaves when both sides have got through, or when time is up."""
    end = time.monotonic() + live.CLIENT_SECONDS
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, 'LC_ALL': 'C', **environment}) as client:
        printed = []
        reading = live.threading.Thread(target=lambda: printed.append(client.stdout.read()), daemon=True)
        reading.start()
        while client.poll() is None and time.monotonic() < end:
            if server.through.wait(0.02):
                time.sleep(live.SETTLED)
                break
        try:
            client.stdin.close()
            if server.through.is_set():
                client.wait(live.CLIENT_SECONDS)
        except (subprocess.TimeoutExpired, OSError):
            pass
        client.kill()
        reading.join(live.CLIENT_SECONDS)
    return b''.join(printed)


def log_of_client(fault, talker):
    """(what it printed, whether both sides were content)."""
    server = live.Server(fault)
    try:
        log = run_client(talker.make(fault, server.port), server, talker.environment)
    finally:
        content = server.close()
    return log, content


def remembered(name, again, make):
    """What make() gives, or gave when this was run before."""
    text, facts = RAW / (name + '.log'), RAW / (name + '.json')
    if again and facts.exists():
        return text.read_bytes(), json.loads(facts.read_text())
    log, content = make()
    text.write_bytes(log)
    facts.write_text(json.dumps(content))
    return log, content


def judged(fault, made_of, dress, content, result):
    said = verdict.judge_live(by_words(fault) if made_of == 'words' else fault, True, content, result)
    document = result[1]
    serious = [d for d in document['diagnoses'] if d['severity'] in verdict.WARNED] if document else []
    if dress.kind == 'lossy' and not content:
        if said.word in ('missed', 'OK'):
            return said._replace(word='silent')
        if said.word == 'wrong' and said.confidence != 'certain' and said.said in verdict.MISSING | verdict.NO_CAUSE:
            return said._replace(word='silent')
    if said.word == 'right' and made_of == 'words' and not content and serious[0]['confidence'] == 'certain':
        return verdict.Verdict('wrong', 'certain', 'by words alone: ' + said.said)
    return said


def meet(fault, name, made_of, dress, again, make):
    """One log in one dress."""
    try:
        log, content = remembered('%s-%s' % (fault.name, name), again, make)
    except RuntimeError as error:
        said = verdict.Verdict('broken', None, 'the harness: %r' % error.__cause__)
        return report.Row(fault.name, name, True, fault.right, said, '')
    path = POSTED / ('%s-%s-%s.txt' % (fault.name, name, dress.name))
    path.write_bytes(dresses.put_on(dress, log, random.Random(path.name)))
    args = ['log', str(path), '--ca', str(log_programs.CA), '--name', log_programs.NAME]
    if made_of == 'words' or 'wget' in name:
        args = args[:2]
    program = log_programs.program()
    said = judged(fault, made_of, dress, content, verdict.run(program, '.', args))
    if said.word in report.HONEST and said.word != 'missed':
        path.unlink()
    command = shlex.join([program, *args]) + (' # all were content' if content else '')
    return report.Row(fault.name + '+' + dress.name, name, not content and bool(fault.right or fault.accept),
                      fault.right, said, command)


def dresses_of(options, fault, name):
    """One of them, drawn by lot; a plain log as well where only a pattern of it is tried."""
    wanted = [d for d in dresses.ALL if lots.matches('x', d.name, options.dress)]
    lot = random.Random('%s %s %s' % (options.seed, fault, name))
    return [lot.choice(wanted)] if wanted and options.dress == '*' else wanted


def is_none_for(fault, talker):
    """Is it no fault for that client? ('mbedTLS 2', '-': for all it is one.)"""
    return fault.skips != '-' and talker.name.startswith(fault.skips.lower().replace(' ', '-'))


def chosen(options):
    """(fault, name, made of, dress, how it is made) of each log."""
    for fault in live.table_of_faults():
        for talker in log_programs.here():
            fits = fault.version == 12 or talker.new
            lot = random.Random('%s %s %s' % (options.seed, talker.name, fault.name)).randrange(talker.cost)
            if fits and lot == 0 and not is_none_for(fault, talker) and lots.drawn(options, fault.name, talker.name):
                one = fault._replace(changes=dict(fault.changes))
                for dress in dresses_of(options, fault.name, talker.name):
                    yield one, talker.name, talker.made_of, dress, lambda f=one, t=talker: log_of_client(f, t)
    for scene, host in log_servers.pairs():
        if lots.drawn(options, scene.fault.name, host.name):
            for dress in dresses_of(options, scene.fault.name, host.name):
                yield scene.fault, host.name, host.made_of, dress, lambda s=scene, h=host: log_servers.play(s, h)


def run(options):
    """(how many passed, how many failed)."""
    started = time.monotonic()
    if options.part is None:
        options.share *= OF_ALL
    todo = list(chosen(options))
    if not todo:
        return 0, 0
    for folder in (RAW, POSTED):
        folder.mkdir(parents=True, exist_ok=True)
    for old in POSTED.iterdir():
        old.unlink()
    log_programs.prepare()
    log_servers.prepare()
    print('logs, seed %s, share %s: %d logs of %d programs' % (
        options.seed, options.share, len(todo), len({name for _, name, *_ in todo})), flush=True)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        rows = list(pool.map(lambda t: meet(*t[:4], options.again, t[4]), todo))
    ordered = sorted(rows, key=lambda r: r.variant)
    failed = report.show(ordered, 'program', live.BUILD / 'truth' / 'log.txt', options.list)
    print('%d s\n' % (time.monotonic() - started))
    return len(rows) - failed, failed
