/* A "certificate" and what may stand around it. */ // 'x'
static const unsigned char der[42] = { 0x30, 40, 48, 0x09, 2, 1, 0x00, 7, 14, 0x15, 28, 35, 0x2A, 49, 56, 0x3F, 70, 77, 0x54, 91, 98, 0x69, 112, 119, 0x7E, 133, 140, 0x93, 154, 161, 0xA8, 175, 182, 0xBD, 196, 203, 0xD2, 217, 224, 0xE7, 238, 245 };
const char pem[] = "-----BEGIN CERTIFICATE-----\r\n" /* here */
	"MAMC" "AQU=\n"
	"-----END CERTIFICATE-----\n";
#define KEY "-----BEGIN PUBLIC KEY-----\n" \
	"MAMCAQU=\n-----END PUBLIC KEY-----"
char octal[] = "0\003\2\x01\5", q = '"';
unsigned char none[] = { 1, 2u, }, text[3] = { 'a', 'b' };
