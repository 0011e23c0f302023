#!/usr/bin/env python3
"""Every probe and replay of a server that never ends has an end: in time, in memory, with a true sentence.

usage: tests/live/endure.py TLSDIAG HELLO CERT KEY [MODE]...

TLSDIAG is the program, HELLO a file with a ClientHello, CERT and KEY are for the modes of endless.py that
shake hands. Prints a line for each run, `ok COMMAND MODE: what was found`,
or `not ok ...` with what is wrong, and last the numbers. Runs go on side by side, as they mostly wait; one
that took too long is given a second chance alone, since the machine may have been busy.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import threading
import time

DEADLINE = 3.0
GRACE = 1.0
MEMORY_KIB = 128 * 1024
SIDE_BY_SIDE = 12
HERE = os.path.dirname(os.path.abspath(__file__))

# What is true of each mode: the first diagnosis, or words of the input's problems, of a probe and of a
# replay; several where versions of mbedTLS give up over different things. "" is: no diagnosis is an error.
E, S, CLOSED, UNEXPECTED = "answer-endless", "answer-too-slow", "peer-closed", "unexpected-message"
NOT_TLS, NOT_OFFERED = "not-tls", "parameter-not-offered"
MALFORMED = "message-malformed"
# Of a ServerHello that never becomes whole nothing is known but that, and the length it claims.
UNREAD = (E, S, CLOSED)
TRUE = {mode: ((cause,), (cause,)) for cause, modes in {
    E: """hello-requests hello-requests-after-hello hello-requests-packed empty-handshake
        empty-handshake-after-hello empty-data empty-alerts warnings-unrecognized-name warnings-user-canceled
        warnings-no-renegotiation warnings-no-certificate warnings-unknown warnings-after-hello ccs
        ccs-after-hello certificates hellos tickets key-updates unknown-messages alert-and-hello proxy-flood
        starttls-smtp-flood warnings-packed heartbeats data-before-hello data-after-hello""",
    S: """drip-byte drip-warning drip-unasked drip-hello drip-hello-request drip-empty drip-ccs drip-messages
        flight-in-segments""",
    NOT_TLS: "garbage unknown-records sslv2 zeros text garbage-unasked proxy-garbage",
    CLOSED: "half-hello-and-silence",
    "plain-http": "http",
    "connection-reset": "drip-then-reset",
    "server-silent": "never-reads hello-and-silence",
    "": "stream-after-handshake stream-small-after-handshake drip-after-handshake",
    "never ends its answer to": """starttls-smtp-banner starttls-smtp-line starttls-imap-greeting
        starttls-pop3-line starttls-ftp-banner starttls-xmpp-space proxy-headers proxy-line""",
    "did not end its answer to": "proxy-drip starttls-smtp-drip",
    "is of another protocol": "starttls-mysql-packet starttls-ldap-response starttls-postgres-drip",
    "refuses SSLRequest": "starttls-postgres-notice",
}.items() for mode in modes.split()}
TRUE.update({
    "alert-late": (("sni-missing",), ("sni-missing", "no-common-cipher-suite")),
    # Who was refused stops reading: how much of the rest it has seen by then is a matter of chance.
    "fatal-alert-and-on": ((E, UNEXPECTED, "sni-missing"), (UNEXPECTED,)),
    "flight-half-and-silence": (("server-silent",), (CLOSED,)),
    "ccs-after-hello-13": ((NOT_OFFERED, E), (NOT_OFFERED,)),
    "data-after-hello-13": ((NOT_OFFERED, "hidden-by-encryption"), (NOT_OFFERED,)),
    "hello-without-end": ((MALFORMED,), (E, MALFORMED)),
    "certificate-without-end": ((CLOSED, E), (E,)),
    "certificate-in-bytes": ((CLOSED, E), (E,)),
    "retries": ((NOT_OFFERED, E), (UNEXPECTED,)),
    "garbage-after-hello": ((MALFORMED,), (MALFORMED,)),
    "drip-bytes-fast": (UNREAD, UNREAD),
    "drip-certificate": ((CLOSED, S), (S,)),
    "flight-drip": (UNREAD, (S,)),
    # In TLS 1.3 the client is done with the server's flight, and what follows is no part of it.
    "flight-then-warnings": ((E, ""), ("",)),
    "flight-then-hello-requests": ((E, ""), ("",)),
    "flight-again-and-again": ((UNEXPECTED, ""), (UNEXPECTED,)),
})


def expected(mode, command):
    return TRUE[mode][command == "replay"]


def words(mode, command, port, hello):
    """The command line after the program."""
    line = [command, "--json", "--deadline", str(DEADLINE), "--timeout", str(DEADLINE * 0.9)]
    if mode.startswith("starttls-"):
        line += ["--starttls", mode.split("-")[1]]
    if mode.startswith("proxy-"):
        line += ["--proxy", "127.0.0.1:%d" % port]
    if command == "replay":
        line.append(hello)
    return line + ["127.0.0.1:%d" % port]


def run(program, arguments):
    """Seconds, KiB at most, exit status, output."""
    begun = time.monotonic()
    process = subprocess.Popen([program] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    killer = threading.Timer(DEADLINE * 5, process.kill)
    killer.start()
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return seconds, usage.ru_maxrss, process.returncode, output, errors.decode(errors="replace")


def found(output):
    """The id of the first diagnosis, or what is noted of the input, or ""."""
    report = json.loads(output)
    ids = [d["id"] for d in report["diagnoses"] if d["severity"] == "error"]
    noted = [p["text"] if isinstance(p, dict) else p for p in report["input"]["problems"]]
    return ids[0] if ids else " ".join(noted)


def judge(mode, command, result, sanitized):
    """What is wrong with a run, and what it found."""
    seconds, memory, status, output, errors = result
    if not 0 <= status <= 4:
        return "status %d: %s" % (status, errors[-300:]), ""
    try:
        what = found(output)
    except (ValueError, KeyError) as error:
        return "no report: %r, %s" % (error, errors[-300:]), ""
    if not any(what == true or (true and " " in true and true in what) for true in expected(mode, command)):
        return "it says '%s'" % what, what
    if memory > MEMORY_KIB and not sanitized:
        return "%d KiB" % memory, what
    if seconds > DEADLINE + GRACE:
        return "%.2f s" % seconds, what
    return "", what


def main():
    program, hello, cert, key, *modes = sys.argv[1:]
    with open(program, "rb") as file:
        sanitized = b"__asan_init" in file.read()
    os.environ.update(ENDLESS_CERT=cert, ENDLESS_KEY=key)
    listed = subprocess.run([sys.executable, HERE + "/endless.py", "help"], capture_output=True, text=True)
    modes = modes or listed.stderr.split("modes: ")[1].split()
    if unknown := set(modes) ^ set(TRUE) if len(sys.argv) == 5 else set(modes) - set(TRUE):
        sys.exit("nobody knows what is true of " + " ".join(sorted(unknown)))
    server = subprocess.Popen(
        [sys.executable, HERE + "/endless.py"] + modes, stdout=subprocess.PIPE, text=True)
    wrong, worst = 0, [0.0, 0]
    try:
        ports = dict(server.stdout.readline().split() for _ in modes)
        jobs = [(mode, command) for mode in modes for command in ("probe", "replay")]

        def attempt(job):
            return run(program, words(*job, int(ports[job[0]]), hello))

        with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            results = list(pool.map(attempt, jobs))
        for job, result in zip(jobs, results):
            if result[0] > DEADLINE + GRACE:
                result = attempt(job)
            why, what = judge(*job, result, sanitized)
            wrong += why != ""
            worst = [max(worst[0], result[0]), max(worst[1], result[1])]
            print("%s %s %s: %s (%.2f s, %d KiB)" % ("not ok" if why else "ok", job[1], job[0], why or what, result[0],
                                                    result[1]))
    finally:
        server.kill()
        server.wait()
    print("%d modes, %d wrong; at most %.2f s and %d KiB" % (len(modes), wrong, *worst))
    sys.exit(wrong != 0)


if __name__ == "__main__":
    main()
