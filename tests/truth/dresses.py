"""What happens to a log before somebody sends it: each dress makes another text of the same lines.

  whole  every line is there, with something in front of it, or between
  lossy  lines, or parts of them, are gone: less may be said, never something else
"""
import collections
import html
import re
import time

Dress = collections.namedtuple('Dress', 'name kind put_on')
ALL = []
BEGAN = 1795979561           # seconds since 1970


def dress(name, kind):
    """Makes a dress of a function of (lines, random) that returns lines, or the bytes themselves."""
    def register(put_on):
        ALL.append(Dress(name, kind, put_on))
        return put_on
    return register


def clock(lines, form, fraction='', utc=time.gmtime):
    """(time, line) of each: a few milliseconds from one to the next."""
    for i, line in enumerate(lines):
        ms = i * 3
        yield time.strftime(form, utc(BEGAN + ms // 1000)) + fraction % (ms % 1000) if fraction else \
            time.strftime(form, utc(BEGAN + ms // 1000)), line


def framed(name, form, fraction, shape):
    @dress(name, 'whole')
    def put_on(lines, random):
        return [shape % (t, line) for t, line in clock(lines, form, fraction)]
    return put_on


@dress('plain', 'whole')
def plain(lines, random):
    return lines


@dress('crlf', 'whole')
def crlf(lines, random):
    return '\r\n'.join(lines).encode() + b'\r\n'


@dress('esp-idf', 'whole')
def esp_idf(lines, random):
    return ['I (%d) mbedtls: %s' % (1200 + 7 * i, line) for i, line in enumerate(lines)]


@dress('esp-idf-colours', 'whole')
def esp_idf_colours(lines, random):
    return ['\x1b[0;32mI (%d) mbedtls: %s\x1b[0m' % (1200 + 7 * i, line) for i, line in enumerate(lines)]


@dress('platformio', 'whole')
def platformio(lines, random):
    return ['[%6d][D][ssl_client.cpp:%d] debug(): %s' % (800 + i, 200 + i % 50, line) for i, line in enumerate(lines)]


framed('zephyr', '%H:%M:%S', '.%03d,000', '[%s] <dbg> mbedtls: %s')
framed('zephyr-function', '%H:%M:%S', '.%03d,000', '[%s] <dbg> net_mbedtls: zephyr_mbedtls_debug: %s')
framed('arduino', '%H:%M:%S', '.%03d', '%s -> %s')
framed('minicom', '%Y-%m-%d %H:%M:%S', '', '[%s] %s')
framed('picocom-ts', '%Y-%m-%d %H:%M:%S', '.%03d', '%s %s')
framed('journald', '%b %d %H:%M:%S', '', '%s gateway tls-client[2231]: %s')
framed('syslog-5424', '%Y-%m-%dT%H:%M:%S', '.%03dZ', '<134>1 %s gateway tls-client 2231 - - %s')
framed('docker-compose', '%H', '', 'device-1  | %.0s%s')
framed('kubernetes', '%Y-%m-%dT%H:%M:%S', '.%03d456789Z', '%s stdout F %s')
framed('logcat', '%m-%d %H:%M:%S', '.%03d', '%s  2231  2240 I mbedtls : %s')
framed('python-logging', '%Y-%m-%d %H:%M:%S', ',%03d', '%s DEBUG tls: %s')
framed('spring', '%Y-%m-%d %H:%M:%S', '.%03d', '%s  INFO 4711 --- [main] tls.Client : %s')
framed('kernel', '%S', '.%03d456', '[   %s] %s')


@dress('rtt', 'whole')
def rtt(lines, random):
    return ['00> ' + line for line in lines]


@dress('quoted', 'whole')
def quoted(lines, random):
    return ['On Monday somebody wrote:'] + ['> ' + line for line in lines] + ['', 'Any idea?']


@dress('quoted-twice', 'whole')
def quoted_twice(lines, random):
    return ['>> ' + line for line in lines]


@dress('indented', 'whole')
def indented(lines, random):
    return ['    ' + line for line in lines]


@dress('markdown', 'whole')
def markdown(lines, random):
    return ['# It does not connect', '', 'It worked yesterday. This is what I see:', '', '```log', *lines, '```', '',
            'Thanks in advance!']


@dress('web-forum', 'whole')
def web_forum(lines, random):
    """As it is in the page's source."""
    return ['<p>Hello all, my device does not connect:</p><pre><code>', *map(html.escape, lines), '</code></pre>']


@dress('no-break-spaces', 'whole')
def no_break_spaces(lines, random):
    return [line.replace('  ', '\u00a0 ') for line in lines]


@dress('boot-noise', 'whole')
def boot_noise(lines, random):
    boot = ['ets Jul 29 2019 12:21:46', '', 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
            'configsip: 0, SPIWP:0xee', 'entry 0x400805f0', 'I (27) boot: ESP-IDF v4.4.4 2nd stage bootloader',
            '\x00\xff\xfe~}', 'I (612) wifi:new:<6,0>, old:<1,0>, ap:<255,255>, sta:<6,0>, prof:1']
    return boot + lines


@dress('other-lines-between', 'whole')
def other_lines_between(lines, random):
    others = ['I (2231) heap: free 81234, least 60112', 'wifi: state 3 -> 5 (10)', 'sensor: 21.5 C',
              '[main] tick', 'app: uptime 17 s']
    return [x for line in lines for x in ([random.choice(others)] if random.random() < 0.05 else []) + [line]]


@dress('utf16', 'whole')
def utf16(lines, random):
    return b'\xff\xfe' + '\r\n'.join(lines + ['']).encode('utf-16-le')


@dress('trailing-blanks', 'whole')
def trailing_blanks(lines, random):
    return [line + ' ' * 6 for line in lines]


@dress('tabs', 'whole')
def tabs(lines, random):
    return ['\t' + line for line in lines]


@dress('carriage-returns-doubled', 'whole')
def carriage_returns_doubled(lines, random):
    return '\r\r\n'.join(lines).encode()


@dress('empty-lines-between', 'whole')
def empty_lines_between(lines, random):
    return [x for line in lines for x in (line, '')]


@dress('levels', 'whole')
def levels(lines, random):
    return ['[DEBUG] ' + line for line in lines]


@dress('line-numbers', 'whole')
def line_numbers(lines, random):
    return ['%5d  %s' % (i, line) for i, line in enumerate(lines, 1)]


@dress('cut-80', 'lossy')
def cut_80(lines, random):
    return [line[:80] for line in lines]


@dress('cut-128', 'lossy')
def cut_128(lines, random):
    return [line[:128] for line in lines]


@dress('wrapped-80', 'lossy')
def wrapped_80(lines, random):
    return [part for line in lines for part in re.findall('.{1,80}', line) or ['']]


@dress('wrapped-mail', 'lossy')
def wrapped_mail(lines, random):
    import textwrap
    return ['> ' + part for line in lines for part in textwrap.wrap(line, 72, drop_whitespace=False) or ['']]


@dress('head-missing', 'lossy')
def head_missing(lines, random):
    return lines[random.randrange(len(lines)) * 2 // 3:]


@dress('tail-missing', 'lossy')
def tail_missing(lines, random):
    return lines[:max(1, len(lines) // 3 + random.randrange(len(lines)) * 2 // 3)]


@dress('lines-lost', 'lossy')
def lines_lost(lines, random):
    return [line for line in lines if random.random() > 0.03]


@dress('lines-doubled', 'lossy')
def lines_doubled(lines, random):
    return [x for line in lines for x in ([line, line] if random.random() < 0.03 else [line])]


@dress('bytes-lost', 'lossy')
def bytes_lost(lines, random):
    def shorter(line):
        at = random.randrange(len(line))
        return line[:at] + line[at + random.randrange(1, 9):]
    return [shorter(line) if line and random.random() < 0.02 else line for line in lines]


@dress('lower-case', 'lossy')
def lower_case(lines, random):
    return [line.lower() for line in lines]


@dress('one-line-in-two', 'lossy')
def one_line_in_two(lines, random):
    """Lines that a serial port tore apart."""
    return [part for line in lines for part in ([line[:len(line) // 2], line[len(line) // 2:]]
                                                if random.random() < 0.02 else [line])]


def put_on(one, log, random):
    """The text as bytes."""
    lines = log.decode('utf8', 'replace').splitlines() or ['']
    made = one.put_on(lines, random)
    return made if isinstance(made, bytes) else '\n'.join(made).encode() + b'\n'
