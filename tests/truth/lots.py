"""Which of all variants are tried: those that a pattern names, and of them a share that the seed draws."""
import fnmatch
import hashlib


def matches(first, second, pattern):
    """A shell pattern of FIRST:SECOND, or of either where it has no colon."""
    if ':' in pattern:
        return fnmatch.fnmatchcase('%s:%s' % (first, second), pattern)
    return fnmatch.fnmatchcase(first, pattern) or fnmatch.fnmatchcase(second, pattern)


def drawn(options, first, second):
    """Each pair for itself, so that the same seed draws it again whatever else there is."""
    if not matches(first, second, options.only):
        return False
    lot = hashlib.sha256(('%s %s:%s' % (options.seed, first, second)).encode()).digest()
    return int.from_bytes(lot[:8], 'big') < options.share * 2 ** 64
