#!/usr/bin/env python3
"""Builds mbedTLS with each configuration of tests/config/negotiates.tsv, and asks what its programs really negotiate.

    tests/config/builds.py [--rows ID,...] [--client] VERSION=SOURCES...   is the table true, and tlsdiag config, too?
    tests/config/builds.py --random N [--seed SEED] VERSION=SOURCES...     the same of stock configurations with things left out
    tests/config/builds.py --write VERSION=SOURCES... > negotiates.tsv   the table again, with what was measured

SOURCES is the folder of that release (build/mbedtls-sources/2.28.3); rows of other releases are passed over, and kept by
--write. The columns up to `server` say what is built and how ssl_server2 is started; the rest is measured by
ClientHellos written by hand (tests/config/hellos.py), by openssl s_client, and by ssl_client2 of the same build.
"""

import argparse
import glob
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import hellos

TLSDIAG = os.environ.get("TLSDIAG", "build/tlsdiag")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLE = os.path.join(ROOT, "tests", "config", "negotiates.tsv")
GIVEN = ("id", "version", "base", "change", "server")
MEASURED = ("versions", "suites_10", "suites_11", "suites_12", "suites_13", "order", "follows", "groups_12", "order_12",
            "groups_13", "completed", "failed", "own_pair", "client_versions", "client_suites", "client_groups",
            "client_schemes", "client_extensions", "buffers")
VERSIONS = {0x0301: "10", 0x0302: "11", 0x0303: "12", 0x0304: "13"}
# Those that a client asks for without being told to.
EXTENSIONS = {"record_size_limit": 28, "extended_master_secret": 23, "encrypt_then_mac": 22, "session_tickets": 35}
FORCED = {2: {"10": "tls1", "11": "tls1_1", "12": "tls12"}, 3: {"12": "tls12", "13": "tls13"}}
PSK = ["psk=30313233", "psk_identity=Client_identity"]
STUB = """#include <stddef.h>
#include <sys/random.h>
int mbedtls_hardware_poll(void *data, unsigned char *out, size_t len, size_t *got);
int mbedtls_hardware_poll(void *data, unsigned char *out, size_t len, size_t *got)
{ (void)data; *got = (size_t)getrandom(out, len, 0); return 0; }
"""


def registry(name):
    with open(os.path.join(ROOT, "data", "iana", name + ".tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    return {int(r[0], 16): r[1] for r in rows if r[0].startswith("0x")}


SUITES, GROUPS, SCHEMES = (registry(n) for n in ("cipher-suites", "groups", "signature-schemes"))


def has_curve(suite):
    return "_ECDHE_" in SUITES.get(suite, "")


# ---- building ----


def run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise RuntimeError(" ".join(command[-3:]) + ": " + done.stderr.strip()[-600:])


def configuration(row):
    """The text of the configuration: what the unit test reads, too."""
    with open(os.path.join(ROOT, row["base"]), encoding="utf-8") as f:
        text = f.read() + "\n"
    for word in row["change"].split():
        name, _, value = word[1:].partition("=")
        if word[0] in "+-":
            text += f"#undef MBEDTLS_{name}\n" + (f"#define MBEDTLS_{name} {value}\n" if word[0] == "+" else "")
    return text


class Build:
    def __init__(self, row, sources, folder, pool):
        self.row, self.sources, self.folder, self.pool = row, os.path.abspath(sources), folder, pool
        self.major = int(row["version"].split(".")[0])
        old = "#include <mbedtls/check_config.h>\n" if self.major < 3 else ""
        with open(os.path.join(folder, "built.h"), "w", encoding="utf-8") as f:
            f.write(f"#ifndef BUILT_H\n#define BUILT_H\n{configuration(row)}{old}#endif\n")
        with open(os.path.join(folder, "stub.c"), "w", encoding="utf-8") as f:
            f.write(STUB)
        ccache = [shutil.which("ccache")] if shutil.which("ccache") else []
        s = self.sources
        self.cc = [*ccache, "cc", "-O1", "-w", "-ffunction-sections", '-DMBEDTLS_CONFIG_FILE="built.h"', "-I.",
                   f"-I{s}/include", f"-I{s}/library", f"-I{s}/3rdparty/everest/include", f"-I{s}/programs/ssl", f"-I{s}/programs/test",
                   f"-I{s}/tests/include", f"-I{s}/framework/tests/include", f"-I{s}/framework/tests/programs"]

    def objects(self, patterns, prefix):
        files = [f for p in patterns for f in sorted(glob.glob(os.path.join(self.sources, p)))]
        pairs = [(f, f"{prefix}{i}.o") for i, f in enumerate(files)]
        list(self.pool.map(lambda p: run([*self.cc, "-c", p[0], "-o", p[1]], self.folder), pairs))
        return [o for _, o in pairs]

    def buffers(self):
        """Bytes of the two record buffers, as the library's own header has them."""
        header = "ssl_misc.h" if self.major >= 3 else "mbedtls/ssl_internal.h"
        with open(os.path.join(self.folder, "sizes.c"), "w", encoding="utf-8") as f:
            f.write(f'#include <stdio.h>\n#include "{header}"\nint main(void) {{ printf("%d,%d", (int)MBEDTLS_SSL_IN_BUFFER_LEN, '
                    '(int)MBEDTLS_SSL_OUT_BUFFER_LEN); return 0; }\n')
        run([*self.cc, "-O0", "sizes.c", "-o", "sizes"], self.folder)
        return subprocess.run(["./sizes"], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def make(self):
        library = self.objects(["library/*.c"], "l") + self.objects(
            ["programs/ssl/ssl_test_lib.c", "programs/test/query_config.c", "tests/src/*.c", "framework/tests/src/*.c"], "t")
        for program in ("ssl_server2", "ssl_client2"):
            main = self.objects([f"programs/ssl/{program}.c"], program)
            run([*self.cc, "-Wl,--gc-sections", "stub.c", *main, *library, "-o", program], self.folder)


# ---- asking ----


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """ssl_server2 of a build, started as the row says."""

    def __init__(self, build):
        self.build, self.port = build, free_port()
        words = build.row["server"].split()
        args = ["auth_mode=none"]
        if "psk" in words:
            args += PSK
        if "pake" in words:
            args.append("ecjpake_pw=secret")
        own = [w for w in ("rsa", "p256") if w in words]
        for w in own:
            self.make_certificate(w)
        args += ["ca_file=none"] if own else []
        for n, w in zip(("", "2"), own):
            args += [f"crt_file{n}={w}.crt", f"key_file{n}={w}.key"]
        self.args = args

    def make_certificate(self, kind):
        sort = ["rsa:2048"] if kind == "rsa" else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        run(["openssl", "req", "-x509", "-newkey", *sort, "-nodes", "-subj", "/CN=localhost", "-days", "30", "-keyout",
             kind + ".pkcs8", "-out", kind + ".crt"], self.build.folder)
        run(["openssl", "pkey", "-in", kind + ".pkcs8", "-traditional", "-out", kind + ".key"], self.build.folder)

    def __enter__(self):
        self.log = open(os.path.join(self.build.folder, "server.log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(["./ssl_server2", f"server_port={self.port}", "server_addr=127.0.0.1", *self.args],
                                        cwd=self.build.folder, stdout=self.log, stderr=self.log)
        for _ in range(100):
            time.sleep(0.05)
            if self.process.poll() is not None:
                break
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
        with open(os.path.join(self.build.folder, "server.log"), encoding="utf-8") as f:
            raise RuntimeError("ssl_server2 does not start: " + f.read()[-300:])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def takes(self, version, suites, groups):
        hello = hellos.client_hello(version, suites, groups, list(SCHEMES))
        got = hellos.ask(self.port, hello, has_curve)
        return got if got.get("version") == version else {}

    def one_by_one(self, version, offered, key, with_groups=None):
        """What it takes when all is offered, then what it takes without that, and so on: its order of preference."""
        left, taken = list(offered), []
        while left:
            got = self.takes(version, left, ANY_GROUP) if key == "suite" else self.takes(version, with_groups, left)
            if got.get(key) not in left:
                break
            taken.append(got[key])
            left.remove(got[key])
        return taken


ANY_GROUP = [v for v in GROUPS if v < 0x0200 and (15 <= v <= 30 or v >= 256)]
OF_13 = [v for v in ANY_GROUP if v in (23, 24, 25, 29, 30) or v >= 256]  # RFC 8446 4.2.7
CURVES = [v for v in ANY_GROUP if v < 256]


def ask_suites(server, out):
    for version, name in VERSIONS.items():
        offered = [s for s in SUITES if (s >> 8 == 0x13) == (version == 0x0304) and s not in (0x00FF, 0x5600)]
        out["suites_" + name] = [s for s in offered if server.takes(version, [s], ANY_GROUP).get("suite") == s]
    out["versions"] = [v for v, name in VERSIONS.items() if out["suites_" + name]]
    out["order"], out["follows"] = [], "-"
    tls12 = [v for v in out["versions"] if v <= 0x0303]
    if tls12:
        newest = max(tls12)
        suites = out["suites_" + VERSIONS[newest]]
        first, last = (server.one_by_one(newest, o, "suite") for o in (suites, suites[::-1]))
        if len(suites) > 1:
            out["follows"] = "yes" if first != last else "no"
        out["order"] = [] if first != last else first


def ask_groups(server, out):
    """TLS 1.2: by themselves; and in the server's order with P-256 always offered, which its certificate may need."""
    out["groups_12"] = out["order_12"] = out["groups_13"] = []
    suites = [s for s in out["suites_12"] if has_curve(s)]
    if suites:
        out["groups_12"] = [g for g in CURVES if server.takes(0x0303, suites, [g]).get("group") == g]
        out["order_12"] = server.one_by_one(0x0303, CURVES, "group", suites)
        if 23 in out["order_12"]:
            out["order_12"] = out["order_12"][: out["order_12"].index(23) + 1]
    if out["suites_13"]:
        out["groups_13"] = [g for g in ANY_GROUP if server.takes(0x0304, out["suites_13"], [g]).get("group") == g]


def openssl_names():
    text = subprocess.run(["openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL@SECLEVEL=0"], capture_output=True, text=True,
                          check=True).stdout
    rows = (line.split() for line in text.splitlines())
    return {int(r[0].replace(",0x", ""), 16): r[2] for r in rows}


def complete(server, version, suite, name):
    option = {"10": "-tls1", "11": "-tls1_1", "12": "-tls1_2", "13": "-tls1_3"}[VERSIONS[version]]
    cipher = ["-ciphersuites", name] if version == 0x0304 else ["-cipher", name + ":@SECLEVEL=0"]
    psk = ["-psk", "30313233", "-psk_identity", "Client_identity"] if "_PSK_" in SUITES[suite] else []
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", option, *cipher, *psk],
                          input="", capture_output=True, text=True, check=False, timeout=20)
    return f"Cipher is {name}" in done.stdout and done.returncode == 0


def ask_openssl(server, out):
    """Whole handshakes with what OpenSSL has, of the newest version before TLS 1.3 and of TLS 1.3."""
    names, good, bad = openssl_names(), 0, []
    for version in [max([v for v in out["versions"] if v < 0x0304], default=0), 0x0304]:
        for suite in out.get("suites_" + VERSIONS.get(version, ""), []):
            if suite not in names:
                continue
            if complete(server, version, suite, names[suite]):
                good += 1
            else:
                bad.append(suite)
    out["completed"], out["failed"] = str(good), bad


def client_args(build, more):
    words = build.row["server"].split()
    args = ["server_addr=127.0.0.1", "server_name=localhost", "auth_mode=none", *more]
    args += (PSK if "psk" in words else []) + (["ecjpake_pw=secret"] if "pake" in words else [])
    bare = ["ca_file=none", "crt_file=none", "key_file=none"] if {"p256", "rsa"} & set(words) else []
    return ["./ssl_client2", *args, *bare]


def ask_own_client(server, out):
    """Which versions ssl_client2 of the same build comes to an end with."""
    pairs = []
    for name, word in FORCED[min(server.build.major, 3)].items():
        done = subprocess.run(client_args(server.build, [f"server_port={server.port}", f"force_version={word}"]),
                              cwd=server.build.folder, capture_output=True, text=True, check=False, timeout=60)
        if "Ciphersuite is " in done.stdout:
            pairs.append(f"TLS1.{int(name) - 10}")
    out["own_pair"] = ",".join(pairs) or "-"


def ask_client(build, out):
    for key in ("versions", "suites", "groups", "schemes", "extensions"):
        out["client_" + key] = []
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        s.settimeout(5)
        process = subprocess.Popen(client_args(build, [f"server_port={s.getsockname()[1]}"]), cwd=build.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with s.accept()[0] as peer:
                peer.settimeout(5)
                hello = hellos.read_client_hello(peer) or {}
            out.update({"client_" + k: v for k, v in hello.items()})
        except (socket.timeout, ConnectionError):
            pass
        process.terminate()
        process.wait()


def measure(row, sources, pool, quick):
    out = {"completed": "-", "failed": [], "own_pair": "-", "follows": "-"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        build = Build(row, sources, folder, pool)
        build.make()
        if not quick and "none" not in row["server"].split():
            with Server(build) as server:
                ask_suites(server, out)
                ask_groups(server, out)
                ask_openssl(server, out)
                ask_own_client(server, out)
                out["probe"] = probe(server)
        ask_client(build, out)
        out["buffers"] = build.buffers()
    return out


# ---- tlsdiag's own words ----


def probe(server):
    """What it enumerates: (version, suites or groups) and their values."""
    done = subprocess.run([TLSDIAG, "probe", "--enumerate", "--budget", "2000", "--json", f"127.0.0.1:{server.port}"],
                          capture_output=True, text=True, check=False, timeout=600)
    found = {}
    for v in json.loads(done.stdout)["surveys"][0]["versions"]:
        for what in ("suites", "groups"):
            if v.get(what, {}).get("whole"):
                found[v["version"], what] = sorted(code(e) for e in v[what]["values"])
    return found


def probe_differs(row, got):
    """What tlsdiag probe finds otherwise than the ClientHellos written by hand do."""
    for (version, what), values in got.get("probe", {}).items():
        key = f"{what}_1{version[-1]}"
        if what == "groups" and (version != "TLS1.3" and "_ECDHE_RSA_" not in shown("suites_12", got["suites_12"])):
            continue  # it offers the curve of the server's key besides
        if values != sorted(got.get(key, [])) and key in got:
            more, less = sorted(set(values) - set(got[key])), sorted(set(got[key]) - set(values))
            yield f"{row['id']} {key}: probed and not measured {more}, measured and not probed {less}"


def config_json(row):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "c.h")
        with open(path, "w", encoding="utf-8") as f:
            f.write(configuration(row))
        done = subprocess.run([TLSDIAG, "config", "--json", "--mbedtls-version", row["version"], path], capture_output=True,
                              text=True, check=False)
    return json.loads(done.stdout)["configs"][0]


def code(entry):
    return int(entry["value"], 16) if isinstance(entry["value"], str) else entry["value"]


def servable(row, suite):
    """Whether the server had what the suite asks for, and a ClientHello written by hand can ask for it."""
    name, words = SUITES[suite], row["server"].split()
    if "ECJPAKE" in name:
        return False
    if "_PSK_" in name:
        return "psk" in words and ("RSA_PSK" not in name or bool({"certs", "rsa"} & set(words)))
    if suite >> 8 == 0x13 or "certs" in words:
        return True
    return ("rsa" in words and "_RSA_" in name) or ("p256" in words and ("ECDSA" in name or "ECDH_RSA" in name))


def compare(row, got):
    """What tlsdiag config says otherwise than the build does."""
    build = config_json(row)["build"]
    said = {key: [code(e) for e in build[key]] for key in ("versions", "groups", "signature_schemes", "cipher_suites")}
    spans = {code(e): (e["from"], e["to"]) for e in build["cipher_suites"]}

    def differ(what, said_list, measured):
        more, less = sorted(set(said_list) - set(measured)), sorted(set(measured) - set(said_list))
        if said_list != measured:
            yield f"{row['id']} {what}: " + (f"said and not measured {more}, measured and not said {less}"
                                             if more or less else f"said {said_list}, measured {measured}")

    for version, name in VERSIONS.items():
        if "suites_" + name in got:
            mine = [s for s in said["cipher_suites"] if version in said["versions"] and servable(row, s) and
                    spans[s][0] <= name_of(version) <= spans[s][1]]
            yield from differ("suites of " + name, sorted(mine), sorted(got["suites_" + name]))
    if got["buffers"]:
        sizes = [build["record_in"]["buffer"], build["record_out"]["buffer"]]
        yield from differ("bytes of buffers", sizes, [int(n) for n in got["buffers"].split(",")])
    if any(has_curve(s) and "_RSA_" in SUITES[s] for s in got.get("suites_12", [])):  # an ECDSA key needs its own curve
        yield from differ("groups of 12", sorted(g for g in said["groups"] if g < 256), sorted(got["groups_12"]))
    if got.get("groups_13"):
        yield from differ("groups of 13", sorted(g for g in said["groups"] if g in OF_13), sorted(got["groups_13"]))
    if got.get("order_12"):
        curves = [g for g in said["groups"] if g < 256]
        yield from differ("order of groups", curves[: curves.index(23) + 1], got["order_12"])
    if got.get("order"):
        yield from differ("order of suites", [s for s in said["cipher_suites"] if s in got["order"]], got["order"])
    if got.get("follows", "-") != "-":
        yield from differ("whose order", [build["client_order"]], [got["follows"] == "yes"])
    if got["client_suites"]:
        tls13 = 0x0304 in got["client_versions"]
        yield from differ("client suites", said["cipher_suites"], got["client_suites"])
        yield from differ("client groups", said["groups"], got["client_groups"])
        yield from differ("client schemes", said["signature_schemes"], got["client_schemes"])
        offered = [name for name in EXTENSIONS if build["extensions"][name] and
                   (name != "session_tickets" or 0x0303 in said["versions"])]  # TLS 1.3 has tickets without asking
        yield from differ("client extensions", offered, [n for n, v in EXTENSIONS.items() if v in got["client_extensions"]])
        yield from differ("client versions", said["versions"] if tls13 else said["versions"][:1], got["client_versions"])


def name_of(version):
    return f"TLS1.{version - 0x0301}"


# ---- the table ----


def shown(key, value):
    if isinstance(value, str):
        return value
    if "extensions" in key:
        return ",".join(str(v) for v in value)
    table = SUITES if "suites" in key or key in ("order", "failed") else \
        SCHEMES if "schemes" in key else {} if "versions" in key else GROUPS
    return ",".join(name_of(v) if "versions" in key else table.get(v, f"0x{v:04x}") for v in value)


# What little else depends on, so that what is left still compiles, and what can be negotiated follows from.
TURNED = re.compile(r"KEY_EXCHANGE_\w+_ENABLED|ECP_DP_|CAMELLIA_C|ARIA_C|DES_C|CHACHAPOLY_C|CCM_C|GCM_C|CIPHER_MODE_CBC|SHA\d+_C|MD5_C|"
                    r"SSL_(EXTENDED|ENCRYPT|SESSION|MAX_FRAG|RECORD_SIZE|PROTO_TLS1|EARLY)|RSASSA_PSS|RENEGOTIATION|TICKET_C|REMOVE_")


def random_rows(a):
    """Rows of stock configurations with 2 to 12 switches turned off, and now and then a list of suites or a size."""
    rng = random.Random(a.seed)
    for version in (g.split("=", 1)[0] for g in a.given):
        base = f"tests/config/stock-{version}.h"
        with open(os.path.join(ROOT, base), encoding="utf-8") as f:
            names = sorted(m for m in re.findall(r"define MBEDTLS_(\w+)$", f.read(), re.M) if TURNED.search(m))
        for i in range(a.random):
            change = ["-" + n for n in rng.sample(names, rng.randint(2, 12))]
            change += [f"+SSL_IN_CONTENT_LEN={rng.choice([512, 4096, 16384])}"] if rng.random() < 0.3 else []
            yield {"id": f"r{version[0]}{i:03d}", "version": version, "base": base, "change": " ".join(change),
                   "server": "certs psk"}


def is_refused(row):
    return any(f["severity"] == "error" for f in config_json(row)["findings"])


def rows_of(path):
    with open(path, encoding="utf-8") as f:
        header, *rows = (line.rstrip("\n").split("\t") for line in f)
    return [dict(zip(header, r)) for r in rows]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rows")
    p.add_argument("--write", action="store_true")
    p.add_argument("--random", type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--client", action="store_true", help="the client and the buffers alone, which is quick")
    p.add_argument("--table", default=TABLE)
    p.add_argument("given", nargs="+", metavar="VERSION=SOURCES")
    a = p.parse_args()
    sources, wrong = dict(g.split("=", 1) for g in a.given), 0
    if a.write:
        print("\t".join(GIVEN + MEASURED))
    with ThreadPoolExecutor(2) as pool:
        for row in [r for r in random_rows(a) if not is_refused(r)] if a.random else rows_of(a.table):
            text = row
            if row["version"] in sources and (not a.rows or row["id"] in a.rows.split(",")):
                try:
                    got = measure(row, sources[row["version"]], pool, a.client)
                except RuntimeError as e:
                    wrong += 1
                    print(f"{row['id']}: {e}\n{row['change']}", file=sys.stderr, flush=True)
                    continue
                asked = [k for k in MEASURED if not a.client or k.startswith("client_") or k == "buffers"]
                text = dict(row, **{k: shown(k, got.get(k, [])) for k in asked})
                said = list(compare(row, got)) + list(probe_differs(row, got))
                said += [f"{row['id']} {k}: the table has {row.get(k)}, measured {text[k]}" for k in MEASURED
                         if not a.write and not a.random and row.get(k) != text[k]]
                wrong += len(said)
                said += [row["change"]] if said and a.random else []
                print("\n".join([f"{row['id']}: {len(said)} differences", *said]), file=sys.stderr, flush=True)
            if a.write:
                print("\t".join(text.get(k, "") for k in GIVEN + MEASURED), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
