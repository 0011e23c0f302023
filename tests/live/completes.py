#!/usr/bin/env python3
"""Does our own client complete with every stack, in every suite and group that both have?

usage: tests/live/completes.py [--only NAME,...] [--each N] [-v] PROGRAM...

Starts each server that is installed, with a key on P-256 and with one of RSA, has PROGRAM enumerate it, and probes it
once for each version with each suite and each group that it takes: each of these must complete with what was asked for, and
the server's own log must say so, or say at least nothing of a failure. What PROGRAM's library lacks is not in common: it is counted by
itself. --each N: only every Nth suite and group. The last line is `N passed, M failed`.
"""
import argparse
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD", "build")
NUMBERS = {"TLS1.0": "1.0", "TLS1.1": "1.1", "TLS1.2": "1.2", "TLS1.3": "1.3"}


class Stack:
    """command: with CERT, KEY, P12, NSS, PORT and DIR in it. done: what its log says of one that completed; a group is
    the name of its suite. failed: what it says of one that did not."""

    def __init__(self, name, needs, command, done=None, failed=None, prepare=None):
        self.name, self.needs, self.command = name, needs, command
        self.done, self.failed, self.prepare = done, failed, prepare


def nginx(words):
    with open(f"{words['DIR']}/nginx.conf", "w", encoding="ascii") as file:
        file.write(f"""daemon off; master_process off; pid {words['DIR']}/pid; error_log stderr info;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {words['DIR']}/b; proxy_temp_path {words['DIR']}/p; fastcgi_temp_path {words['DIR']}/f;
uwsgi_temp_path {words['DIR']}/u; scgi_temp_path {words['DIR']}/s;
server {{ listen 127.0.0.1:{words['PORT']} ssl; ssl_certificate {words['CERT']}; ssl_certificate_key {words['KEY']};
ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; ssl_ecdh_curve auto; }} }}
""")


def nss(words):
    os.makedirs(words["NSS"], exist_ok=True)
    subprocess.run(["certutil", "-N", "-d", words["NSS"], "--empty-password"], check=True)
    subprocess.run(["pk12util", "-d", words["NSS"], "-i", words["P12"], "-W", "secret", "-K", ""], check=True, stdout=subprocess.DEVNULL)


def go(words):
    subprocess.run(["go", "build", "-o", f"{words['DIR']}/go-server", f"{HERE}/peers/server.go"], check=True,
                   env=dict(os.environ, GOFLAGS="-mod=mod", GO111MODULE="off", GOCACHE=f"{words['DIR']}/cache", HOME=words["DIR"]))


def jvm(words):
    subprocess.run(["javac", "-d", words["DIR"], f"{HERE}/peers/Server.java"], check=True)
    with open(f"{words['DIR']}/security", "w", encoding="ascii") as file:
        file.write("jdk.tls.disabledAlgorithms=SSLv3, NULL, anon\njdk.tls.legacyAlgorithms=\n")


MBEDTLS = ["server_addr=127.0.0.1", "server_port=PORT", "crt_file=CERT", "key_file=KEY", "min_version=tls12", "exchanges=0"]
STACKS = [
    Stack("openssl", ["openssl"], ["openssl", "s_server", "-accept", "127.0.0.1:PORT", "-cert", "CERT", "-key", "KEY", "-cipher",
                                   "ALL:@SECLEVEL=0", "-groups", "X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072"],
          r"^CIPHER is (\S+)", r"error:"),
    Stack("gnutls", ["gnutls-serv"], ["gnutls-serv", "--echo", "-p", "PORT", "--x509certfile", "CERT", "--x509keyfile", "KEY",
                                      "--priority", "NORMAL:+VERS-ALL:+DHE-RSA:+3DES-CBC:+AES-128-CCM:+GROUP-ALL"],
          r"^- Description: (\S+)", r"[Ee]rror in handshake"),
    Stack("mbedtls-2.28", ["build/ssl_server2"], ["build/ssl_server2", *MBEDTLS], r"\[ Ciphersuite is (\S+) \]", r"returned -0x(?!7280)"),
    Stack("mbedtls-3.6", ["build/mbedtls-3.6/ssl_server2"], ["build/mbedtls-3.6/ssl_server2", *MBEDTLS],
          r"\[ Ciphersuite is (\S+) \]", r"returned -0x(?!7280)"),
    Stack("nginx", ["nginx"], ["nginx", "-p", "DIR", "-c", "DIR/nginx.conf"], None, r"SSL_do_handshake\(\) failed", nginx),
    Stack("go", ["go"], ["DIR/go-server", "CERT", "KEY", "PORT"], r"^completed: \S+ (\S+)", r"^failed:", go),
    Stack("java", ["javac", "java"], ["java", "-Djava.security.properties=DIR/security", "-cp", "DIR", "Server", "P12", "PORT"],
          r"^completed: \S+ (\S+)", r"^failed:", jvm),
    Stack("node", ["node"], ["node", f"{HERE}/peers/server.js", "CERT", "KEY", "PORT"], r"^completed: \S+ (\S+)", r"^failed:"),
    Stack("botan", ["botan"], ["botan", "tls_server", "CERT", "KEY", "--port=PORT"], r"Handshake complete, \S+ \S+ using (\S+)", r"Error|TLS handshake failed"),
    Stack("nss", ["selfserv", "certutil", "pk12util"],
          ["selfserv", "-d", "NSS", "-p", "PORT", "-n", "LEAF", "-V", "tls1.0:tls1.3", "-v", "-w", "", "-H", "1"],
          r"PR_Read hit (EOF) returned error 0", r"error -\d+|SSL_ERROR", nss),
]


def make_key(folder, kind):
    """CERT, KEY and P12 of a leaf for localhost, signed by itself."""
    base = f"{folder}/{kind}"
    new = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ecdsa" else ["rsa:2048"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", *new, "-keyout", f"{base}.key", "-out", f"{base}.pem", "-days", "300",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-export", "-in", f"{base}.pem", "-inkey", f"{base}.key", "-name", "leaf", "-passout", "pass:secret",
                    "-out", f"{base}.p12"], check=True, capture_output=True)
    return {"CERT": f"{base}.pem", "KEY": f"{base}.key", "P12": f"{base}.p12"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


class Server:
    def __init__(self, stack, words):
        self.stack, self.log_path = stack, f"{words['DIR']}/log"
        command = []
        for word in stack.command:
            for name in ("CERT", "KEY", "P12", "NSS", "PORT", "DIR"):
                word = re.sub(rf"\b{name}\b", words[name], word)
            command.append(word.replace("LEAF", "leaf"))
        self.log = open(self.log_path, "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, start_new_session=True)
        self.port = words["PORT"]
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", int(self.port)), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        time.sleep(0.3)

    def text(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def run_json(program, *arguments):
    done = subprocess.run([program, "probe", *arguments, "--json"], capture_output=True, text=True, timeout=120, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"failed": done.stderr.strip() or f"status {done.returncode}"}


def plain(name):
    """A suite's name without what each stack adds or leaves out."""
    return re.sub(r"[^0-9A-Z]", "", re.sub("TLS(1-3)?", "", name.upper()).replace("WITH", ""))


def openssl_names():
    text = subprocess.run(["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], capture_output=True, text=True, check=False).stdout
    return {m[2]: m[1] for m in re.finditer(r"- (TLS_\S+)\s+- (\S+)", text)}


OPENSSL = openssl_names()


def names_it(said, suite):
    """Is what the log says the suite? Names that are no suite's (a cipher's alone) contradict nothing."""
    if said.startswith("(TLS"): # GnuTLS: (version)-(exchange)-(signature)-(cipher)-(hash), the signature not for RSA
        parts = re.findall(r"\(([^)]*)\)", said)
        cipher = next(p for p in parts[2:] if re.match(r"AES|3DES|CAMELLIA|CHACHA20", p))
        exchange = "" if "TLS1.3" in parts[0] else parts[1].split("-")[0]
        return exchange in suite.split("_WITH_")[0] and all(word in suite for word in cipher.split("-"))
    said = re.sub(r"^SSL_", "TLS_", OPENSSL.get(said, said))
    return plain(said) == plain(suite) if "_" in said or said.count("-") > 2 else True


class Count:
    def __init__(self, verbose):
        self.passed = self.failed = self.lacking = 0
        self.verbose = verbose

    def note(self, text):
        if self.verbose:
            print(text, flush=True)

    def say(self, ok, text):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        if not ok or self.verbose:
            print("ok" if ok else "not ok", text, flush=True)


def what_is_wrong(program, server, version, option, value, name):
    """None: it completed as asked; False: the library cannot. Until TLS 1.2 the groups are also those of certificates
    (RFC 8422 5.1): the key's own is offered, too."""
    if option == "--groups" and version != "TLS1.3":
        value += ",secp256r1"
    before = server.text()
    number = NUMBERS[version]
    report = run_json(program, f"localhost:{server.port}", "--client", "diag", "--attempts", "1", "--min-version", version, "--max-version",
                      version, option, value)
    if "failed" in report:
        return False if "library" in report["failed"] or "mbedTLS" in report["failed"] else report["failed"]
    causes = [d["id"] for d in report["diagnoses"]]
    if "library-limit" in causes:
        return False
    shakes = report["handshakes"]
    if not shakes or shakes[0]["outcome"] != "completed":
        return f"{shakes[0]['outcome'] if shakes else 'no handshake'} {causes}"
    shake = shakes[0]
    if shake["version"] != version or (option == "--suites" and shake["cipher_suite"]["name"] != name):
        return f"completed with {number} {shake['cipher_suite']['name']}"
    wrong = [d["id"] for d in report["diagnoses"] if d["severity"] == "error" and d["id"] not in ("chain-untrusted",)]
    if wrong:
        return f"completed, and {wrong}"
    stack, said = server.stack, ""
    for _ in range(100):
        said = server.text()[len(before):]
        if stack.done is None or re.search(stack.done, said, re.M):
            break
        time.sleep(0.02)
    if stack.done is not None:
        found = re.search(stack.done, said, re.M)
        if not found:
            return "its log does not know of it: " + said.strip()[-200:]
        if option == "--suites" and not names_it(found[1], name):
            return f"its log says {found[1]}"
        said = said[found.start():] # before it stands how an earlier connection ended
    failure = re.search(stack.failed, said, re.M) if stack.failed else None
    return f"its log says: {said[failure.start():].strip()[:200]}" if failure else None


def ask_all(program, server, count, title, each):
    survey = run_json(program, "--enumerate", f"localhost:{server.port}")
    if "surveys" not in survey:
        count.say(False, f"{title}: enumerate: {survey}")
        return
    taken = [v for v in survey["surveys"][0]["versions"] if v["taken"]]
    count.say(bool(taken), f"{title}: takes {[v['version'] for v in taken]}")
    for entry in taken:
        wishes = [("--suites", s) for s in entry["suites"]["values"]] + [("--groups", g) for g in entry.get("groups", {"values": []})["values"]]
        for option, wish in wishes[::each]:
            wrong = what_is_wrong(program, server, entry["version"], option, wish["value"] if option == "--suites" else wish["name"], wish["name"])
            if wrong is False:
                count.lacking += 1
                count.note(f"{title}: {entry['version']} {wish['name']}: the library lacks it")
                continue
            count.say(wrong is None, f"{title}: {entry['version']} {wish['name']}" + (f": {wrong}" if wrong else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", type=lambda names: names.split(","))
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()
    count = Count(options.verbose)
    with tempfile.TemporaryDirectory() as folder:
        keys = {kind: make_key(folder, kind) for kind in ("ecdsa", "rsa")}
        for stack in STACKS:
            if options.only and stack.name not in options.only:
                continue
            missing = [need for need in stack.needs if not shutil.which(need)]
            if missing:
                print(f"skipped {stack.name}: no {missing[0]} here")
                continue
            for kind, key in keys.items():
                words = dict(key, DIR=tempfile.mkdtemp(dir=folder), PORT=free_port())
                words["NSS"] = words["DIR"] + "/nss"
                if stack.prepare:
                    stack.prepare(words)
                server = Server(stack, words)
                try:
                    for program in options.programs:
                        ask_all(program, server, count, f"{stack.name} {kind} by {program}", options.each)
                finally:
                    server.close()
    print(f"{count.lacking} that a library lacks")
    print(f"{count.passed} passed, {count.failed} failed")
    return 0 if count.failed == 0 and count.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
