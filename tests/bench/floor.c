/*
 * The least a reader of captures can do, to measure against: libpcap hands out every packet of
 * the file, and the first byte of the TCP payload is looked at.
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

/* Ethernet, IPv4 and TCP only, which is what the captures measured with are made of. */
static int begins_handshake(const uint8_t *p, uint32_t length)
{
	uint32_t at = 14;

	if (length < 54 || p[12] != 0x08 || p[13] != 0x00 || p[23] != 6)
		return 0;
	at += (uint32_t)(p[14] & 0x0f) * 4;
	if (at + 13 > length)
		return 0;
	at += (uint32_t)(p[at + 12] >> 4) * 4;
	return at < length && p[at] == 22;
}

int main(int argc, char **argv)
{
	unsigned long packets = 0, found = 0;
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	pcap_t *capture;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: floor FILE\n");
		return 2;
	}
	capture = pcap_open_offline(argv[1], error);
	if (capture == NULL) {
		(void)fprintf(stderr, "floor: %s\n", error);
		return 2;
	}
	for (; pcap_next_ex(capture, &header, &bytes) == 1; packets++)
		found += (unsigned long)begins_handshake(bytes, header->caplen);
	pcap_close(capture);
	printf("%lu packets, %lu begin with a handshake record\n", packets, found);
	return 0;
}
