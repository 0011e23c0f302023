#!/usr/bin/env python3
"""Measures what data/config/flash-*.tsv states: mbedTLS compiled for a Cortex-M4, with and without each change.

    tools/flash-measure.py [--base FILE] [--only N] [--tolerance PERCENT] VERSION=SOURCES...
    tools/flash-measure.py --write VERSION=SOURCES...

SOURCES is the folder of that release (build/mbedtls-sources/2.28.3); the rows come from data/config/flash-VERSION.tsv.
All of library/ is compiled with -Os and linked with tools/flash/server.c, unused sections left out. --base: another
configuration than the forum's that the table stands on. --only: every N-th row. --write: the table again on standard
output, with what was measured. Status 1: a figure is further off than the tolerance; 3: no compiler is here.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PREFIX = "arm-none-eabi-"
CPU = ["-mcpu=cortex-m4", "-mthumb"]
FLAGS = [*CPU, "-Os", "-w", "-std=c99", "-ffunction-sections", "-fdata-sections"]
BASES = {"2.28.3": "fixtures/config/forum/config.h", "3.6.6": "tests/config/forum-3.6.6.h"}
AES128 = "SSL_CIPHERSUITES=MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
# Sockets, clocks and processors that a Cortex-M4 does not have.
BARE = ["-NET_C", "-TIMING_C", "-FS_IO", "-AESNI_C", "-AESCE_C", "-PADLOCK_C", "-PSA_CRYPTO_STORAGE_C", "-PSA_ITS_FILE_C",
        "-HAVE_TIME", "-HAVE_TIME_DATE", "-SELF_TEST", "+NO_PLATFORM_ENTROPY", "+ENTROPY_HARDWARE_ALT"]
# What a change needs besides itself: before it (in both builds), and after it (in the second).
BEFORE = {
    "-RSA_C": ["MPI_MAX_SIZE=256"],
    "ECP_FIXED_POINT_OPTIM=0": ["ECP_FIXED_POINT_OPTIM=1"],
    "ECP_WINDOW_SIZE=2": ["ECP_WINDOW_SIZE=6"],
    "-SSL_PROTO_TLS1_3": ["+SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED", "+SSL_TLS1_3_COMPATIBILITY_MODE",
                          "-SSL_CIPHERSUITES"],
}
AFTER = {
    "-SHA512_C": [AES128],
    "-ECP_DP_SECP384R1_ENABLED": ["ECP_MAX_BITS=256"],
    "+AES_ONLY_128_BIT_KEY_LENGTH": [AES128],
    "-SSL_PROTO_TLS1_3": ["-SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED", "-SSL_TLS1_3_COMPATIBILITY_MODE",
                          "SSL_CIPHERSUITES=MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,"
                          "MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
}
COLUMNS = ("text", "data", "bss", "objects")


def directives(words):
    for word in words:
        name, _, value = word.lstrip("+-").partition("=")
        yield f"#undef MBEDTLS_{name}\n" + ("" if word.startswith("-") else f"#define MBEDTLS_{name} {value}\n")


def before_of(words, base):
    """What is there before the change: what it takes away, and not what it adds; as the base, where that has it."""
    for word in words:
        name = "MBEDTLS_" + word.lstrip("+-").partition("=")[0]
        if word.startswith("-") and name not in base:
            yield "+" + word[1:]
        elif word.startswith("+") and name in base:
            yield "-" + word[1:]
    yield from BEFORE.get(words[0], [])


def after_of(words, base):
    # SHA-384 stays where SHA-512 alone goes
    extra = [] if words == ["-SHA512_C"] and "MBEDTLS_SHA384_C" in base else AFTER.get(words[0], [])
    return list(before_of(words, base)) + list(words) + [w for w in extra if base_has_suites(base) or "SUITES" not in w]


def base_has_suites(base):
    return "MBEDTLS_SSL_CIPHERSUITES" in base


def run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise RuntimeError(" ".join(command[-3:]) + ": " + done.stderr.strip()[-400:])
    return done.stdout


class Release:
    def __init__(self, version, sources, base, pool):
        self.version, self.pool = version, pool
        self.sources = os.path.abspath(sources)
        with open(base, encoding="utf-8") as f:
            self.text = f.read() + "\n" + "".join(directives(BARE))
        self.base = self.defined()
        self.known = {}
        self.cc = ([shutil.which("ccache")] if shutil.which("ccache") else []) + [PREFIX + "gcc"]

    def defined(self):
        out = subprocess.run([PREFIX + "gcc", "-E", "-dM", "-"], input=self.text, capture_output=True, text=True, check=True)
        return {line.split()[1] for line in out.stdout.splitlines() if line.startswith("#define MBEDTLS_")}

    def flags(self):
        include = ["-I.", f"-I{self.sources}/include", f"-I{self.sources}/library",
                   f"-I{self.sources}/3rdparty/everest/include"]
        old = self.version.startswith("2.")
        return FLAGS + include + ['-DMBEDTLS_CONFIG_FILE="measured.h"'] + (["-DFLASH_2"] if old else [])

    def compile(self, folder):
        files = sorted(glob.glob(os.path.join(self.sources, "library", "*.c")))
        objects = [os.path.basename(f)[:-2] + ".o" for f in files]
        list(self.pool.map(lambda f: run(
            [*self.cc, *self.flags(), "-c", f[0], "-o", f[1]], folder), zip(files, objects)))
        run([*self.cc, *self.flags(), "-c", os.path.join(HERE, "flash", "server.c"), "-o", "server.out"], folder)
        return objects

    # Sorted by alignment: else the figure moves by up to 64 bytes with where newlib's strlen happens to come.
    def measure(self, words):
        """(text, data, bss) of the program, and the text of all objects."""
        text = "#ifndef MEASURED_H\n#define MEASURED_H\n" + self.text + "".join(directives(words))
        text += "#include <mbedtls/check_config.h>\n" if self.version.startswith("2.") else ""
        text += "#endif\n"
        if text not in self.known:
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "measured.h"), "w", encoding="utf-8") as f:
                    f.write(text)
                objects = self.compile(folder)
                run([PREFIX + "gcc", *CPU, "--specs=nano.specs", "--specs=nosys.specs", "-w",
                     "-Wl,--gc-sections,--sort-section=alignment", "server.out", *objects, "-o", "server.elf"], folder)
                linked = run([PREFIX + "size", "server.elf"], folder).splitlines()[1].split()[:3]
                all_of = run([PREFIX + "size", *objects], folder).splitlines()[1:]
            sizes = [int(linked[0])] + [(int(n) + 3) // 4 * 4 for n in linked[1:]]  # in words
            self.known[text] = sizes + [sum(int(line.split()[0]) for line in all_of)]
        return self.known[text]

    def difference(self, change):
        words = change.split()
        before = self.measure(list(before_of(words, self.base)))
        return [a - b for a, b in zip(self.measure(after_of(words, self.base)), before)]


def is_near(stated, measured, tolerance):
    return abs(stated - measured) <= max(4, abs(stated) * tolerance / 100)


def hold(release, rows, a):
    """Prints each row with both figures; how many are off, and how many could be measured."""
    off = done = 0
    for row in rows[:: a.only]:
        stated = [int(n) for n in row[2:6]]
        try:
            got = release.difference(row[0])
        except RuntimeError as e:
            print(f"{row[0]}: {e}" if a.why else f"{row[0]}: does not build on this base", flush=True)
            continue
        done += 1
        wrong = [n for n, s, g in zip(COLUMNS, stated, got) if not is_near(s, g, a.tolerance)]
        off += bool(wrong)
        print(f"{row[0]}: " + ", ".join(f"{n} {s}/{g}" for n, s, g in zip(COLUMNS, stated, got)) +
              (f"  OFF: {' '.join(wrong)}" if wrong else ""), flush=True)
    return off, done


def write(release, header, rows):
    print("\t".join(header))
    for row in rows:
        print("\t".join(row[:2] + [str(n) for n in release.difference(row[0])] + row[6:]), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--base")
    p.add_argument("--only", type=int, default=1)
    p.add_argument("--tolerance", type=float, default=2)
    p.add_argument("--why", action="store_true")
    p.add_argument("--write", action="store_true")
    p.add_argument("given", nargs="+", metavar="VERSION=SOURCES")
    a = p.parse_args()
    if shutil.which(PREFIX + "gcc") is None:
        print(f"flash-measure: no {PREFIX}gcc here (Debian: gcc-arm-none-eabi)", file=sys.stderr)
        sys.exit(3)
    off = 0
    with ThreadPoolExecutor(2) as pool:
        for version, sources in (g.split("=", 1) for g in a.given):
            with open(os.path.join(ROOT, "data", "config", f"flash-{version}.tsv"), encoding="utf-8") as f:
                header, *rows = (line.rstrip("\n").split("\t") for line in f)
            release = Release(version, sources, a.base or os.path.join(ROOT, BASES[version]), pool)
            if a.write:
                write(release, header, rows)
                continue
            print(f"mbedTLS {version}: {dict(zip(COLUMNS, release.measure([])))}", flush=True)
            wrong, done = hold(release, rows, a)
            print(f"mbedTLS {version}: {done} of {len(rows[:: a.only])} measured, {wrong} off", flush=True)
            off += wrong
    sys.exit(1 if off else 0)


if __name__ == "__main__":
    main()
