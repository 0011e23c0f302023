#!/usr/bin/env python3
"""Prints the cipher suites of an mbedTLS release as a table: in the order of its own preference, each with what a
configuration must define for it.

    tools/config-suites.py SOURCES > data/config/suites-3.6.tsv

SOURCES is the unpacked source of the release (2.28 or 3.6). Facts are taken from library/ssl_ciphersuites.c: the
list of preference, and the #if around each definition. Nothing else is copied.
"""
import os
import re
import sys

VERSIONS = {"0": "SSL3.0", "1": "TLS1.0", "2": "TLS1.1", "3": "TLS1.2", "4": "TLS1.3"}

# What 3.x works out of the user's macros (config_adjust_legacy_crypto.h), without drivers: the algorithm is built in,
# or wanted of PSA.
DERIVED = {
	"MBEDTLS_SSL_HAVE_AES": "MBEDTLS_AES_C PSA_WANT_KEY_TYPE_AES",
	"MBEDTLS_SSL_HAVE_ARIA": "MBEDTLS_ARIA_C PSA_WANT_KEY_TYPE_ARIA",
	"MBEDTLS_SSL_HAVE_CAMELLIA": "MBEDTLS_CAMELLIA_C PSA_WANT_KEY_TYPE_CAMELLIA",
	"MBEDTLS_SSL_HAVE_CBC": "MBEDTLS_CIPHER_MODE_CBC PSA_WANT_ALG_CBC_NO_PADDING",
	"MBEDTLS_SSL_HAVE_GCM": "MBEDTLS_GCM_C PSA_WANT_ALG_GCM",
	"MBEDTLS_SSL_HAVE_CCM": "MBEDTLS_CCM_C PSA_WANT_ALG_CCM",
	"MBEDTLS_SSL_HAVE_CHACHAPOLY": "MBEDTLS_CHACHAPOLY_C PSA_WANT_ALG_CHACHA20_POLY1305",
	"MBEDTLS_MD_CAN_MD5": "MBEDTLS_MD5_C PSA_WANT_ALG_MD5",
	"MBEDTLS_MD_CAN_SHA1": "MBEDTLS_SHA1_C PSA_WANT_ALG_SHA_1",
	"MBEDTLS_MD_CAN_SHA256": "MBEDTLS_SHA256_C PSA_WANT_ALG_SHA_256",
	"MBEDTLS_MD_CAN_SHA384": "MBEDTLS_SHA384_C PSA_WANT_ALG_SHA_384",
}
# ssl_ciphersuites.c of 2.28 defines it for itself.
SHA384_OF_2 = "defined(MBEDTLS_SHA512_C) && !defined(MBEDTLS_SHA512_NO_SHA384)"


def read(path):
	with open(path, encoding="utf-8") as f:
		text = f.read()
	return re.sub(r"/\*.*?\*/", " ", text, flags=re.S).replace("\\\n", " ")


def conditions(text):
	"""Each line that is no directive, with the conditions around it."""
	stack = []
	for line in text.splitlines():
		words = line.strip()
		if m := re.match(r"#\s*if(def|ndef)?\b(.*)", words):
			what = m.group(2).strip()
			if m.group(1):
				what = ("!" if m.group(1) == "ndef" else "") + f"defined({what})"
			stack.append(what)
		elif re.match(r"#\s*elif", words):
			raise SystemExit("an #elif among the suites: the script must learn it")
		elif re.match(r"#\s*else", words):
			stack[-1] = f"!({stack[-1]})"
		elif re.match(r"#\s*endif", words):
			stack.pop()
		else:
			yield line, list(stack)


def spelled(parts):
	out = []
	for part in parts:
		part = re.sub(r"\s+", " ", part)
		if "||" in part:
			part = f"({part})"
		for name, instead in DERIVED.items():
			either = " || ".join(f"defined({macro})" for macro in instead.split())
			part = part.replace(f"defined({name})", f"({either})")
		part = part.replace("defined(HAVE_SHA384)", SHA384_OF_2)
		for name in re.findall(r"defined\((\w+)\)", part):
			if not name.startswith(("MBEDTLS_", "PSA_WANT_")) or name in DERIVED:
				raise SystemExit(f"'{name}' is no macro of a configuration: the script must learn it")
		if part not in out:
			out.append(part)
	return " && ".join(out)


def suite_numbers(folder):
	text = read(os.path.join(folder, "include/mbedtls/ssl_ciphersuites.h"))
	return {name: int(value, 16)
		for name, value in re.findall(r"#define (MBEDTLS_TLS\w+)\s+(0x[0-9A-Fa-f]+)", text)}


def defined_suites(text):
	"""name -> (conditions, from, to, cipher)"""
	found = {}
	body = text[text.index("ciphersuite_definitions[] ="):]
	# What MBEDTLS_CIPHER_NONE ends is the table.
	name, held, inner = None, None, ""
	for line, around in conditions(body[body.index("{") + 1:]):
		if re.match(r"\s*\};", line):
			break
		if name is None and (m := re.match(r"\s*\{\s*(MBEDTLS_TLS\w+)", line)):
			name, held, inner = m.group(1), around, ""
		inner += line
		if name is not None and "}" in line:
			minor = re.findall(r"MBEDTLS_SSL_MINOR_VERSION_(\d)", inner)
			if not minor:
				minor = ["4" if v == "3" else "3" for v in re.findall(r"VERSION_TLS1_(\d)", inner)]
			cipher = re.search(r"MBEDTLS_CIPHER_(?!SUITE)\w+", inner).group(0)
			found[name] = (held, VERSIONS[minor[0]], VERSIONS[minor[1]], cipher)
			name = None
	return found


def preference(text):
	body = text[text.index("ciphersuite_preference[] ="):text.index("ciphersuite_definitions[] =")]
	return re.findall(r"\b(MBEDTLS_TLS\w+),", body)


def listed_only(cipher):
	"""Ciphers that the library's own list leaves out by a macro; a list of the user's does not."""
	for part, macro in (("ARC4", "ARC4"), ("DES_EDE3", "3DES")):
		if part in cipher:
			return [f"defined(MBEDTLS_SSL_CIPHERSUITES) || !defined(MBEDTLS_REMOVE_{macro}_CIPHERSUITES)"]
	return []


def main(folder):
	text = read(os.path.join(folder, "library/ssl_ciphersuites.c"))
	numbers, suites = suite_numbers(folder), defined_suites(text)
	print("value", "macro", "from", "to", "needs", sep="\t")
	for name in preference(text):
		if name not in suites:
			continue
		held, first, last, cipher = suites[name]
		print(f"0x{numbers[name]:04x}", name, first, last, spelled(held + listed_only(cipher)), sep="\t")


if __name__ == "__main__":
	if len(sys.argv) != 2:
		raise SystemExit(__doc__)
	main(sys.argv[1])
