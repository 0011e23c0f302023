/*
 * What tools/flash-measure.py links: a TLS server as a device would have it, with everything that the configuration
 * lets it use. It is never run: transport, clock and random numbers are left to the board.
 */
#if defined(FLASH_2)
#include <mbedtls/certs.h>
#else
#include <mbedtls/build_info.h>
#endif
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/debug.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif

int mbedtls_hardware_poll(void *data, unsigned char *out, size_t len, size_t *got);
int board_send(void *ctx, const unsigned char *data, size_t len);
int board_receive(void *ctx, unsigned char *data, size_t len);
void board_print(const char *text);
extern volatile unsigned char board_certificate[1024], board_key[512];

int mbedtls_hardware_poll(void *data, unsigned char *out, size_t len, size_t *got)
{
	(void)data;
	for (size_t i = 0; i < len; i++)
		out[i] = board_key[i];
	*got = len;
	return 0;
}

int board_send(void *ctx, const unsigned char *data, size_t len)
{
	(void)ctx;
	for (size_t i = 0; i < len; i++)
		board_key[0] = data[i];
	return (int)len;
}

int board_receive(void *ctx, unsigned char *data, size_t len)
{
	(void)ctx;
	data[0] = board_certificate[0]; /* kept, whoever's certificate it is */
	return len > 0;
}

void board_print(const char *text)
{
	board_key[0] = (unsigned char)*text;
}

volatile unsigned char board_certificate[1024], board_key[512];

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context rng;
static mbedtls_x509_crt certificate;
static mbedtls_pk_context key;
static mbedtls_ssl_config config;
static mbedtls_ssl_context ssl;

#if defined(MBEDTLS_DEBUG_C)
static void trace(void *ctx, int level, const char *file, int line, const char *text)
{
	(void)ctx;
	(void)level;
	(void)file;
	(void)line;
	board_print(text);
}
#endif

static int set_identity(void)
{
	int ret;

#if defined(MBEDTLS_CERTS_C) && defined(FLASH_2)
	ret = mbedtls_x509_crt_parse(&certificate, (const unsigned char *)mbedtls_test_srv_crt_ec,
		mbedtls_test_srv_crt_ec_len);
#else
	ret = mbedtls_x509_crt_parse(
		&certificate, (const unsigned char *)board_certificate, sizeof(board_certificate));
#endif
	if (ret != 0)
		return ret;
#if defined(FLASH_2)
	ret = mbedtls_pk_parse_key(
		&key, (const unsigned char *)board_key, sizeof(board_key), NULL, 0);
#else
	ret = mbedtls_pk_parse_key(&key, (const unsigned char *)board_key, sizeof(board_key), NULL,
		0, mbedtls_ctr_drbg_random, &rng);
#endif
	return ret != 0 ? ret : mbedtls_ssl_conf_own_cert(&config, &certificate, &key);
}

static int set_up(void)
{
	int ret;

	mbedtls_entropy_init(&entropy);
	mbedtls_ctr_drbg_init(&rng);
	mbedtls_x509_crt_init(&certificate);
	mbedtls_pk_init(&key);
	mbedtls_ssl_config_init(&config);
	mbedtls_ssl_init(&ssl);
#if defined(MBEDTLS_PSA_CRYPTO_C) &&                                                               \
	(defined(MBEDTLS_USE_PSA_CRYPTO) || defined(MBEDTLS_SSL_PROTO_TLS1_3))
	if (psa_crypto_init() != PSA_SUCCESS)
		return -1;
#endif
	ret = mbedtls_ctr_drbg_seed(&rng, mbedtls_entropy_func, &entropy, NULL, 0);
	if (ret == 0)
		ret = mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER,
			MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &rng);
#if defined(MBEDTLS_DEBUG_C)
	mbedtls_ssl_conf_dbg(&config, trace, NULL);
	mbedtls_debug_set_threshold(1);
#endif
	if (ret == 0)
		ret = set_identity();
	if (ret == 0)
		ret = mbedtls_ssl_setup(&ssl, &config);
	mbedtls_ssl_set_bio(&ssl, NULL, board_send, board_receive, NULL);
	return ret;
}

int main(void)
{
	unsigned char data[64];
	int ret = set_up();

	while (ret == 0) {
		ret = mbedtls_ssl_handshake(&ssl);
		if (ret == 0)
			ret = mbedtls_ssl_read(&ssl, data, sizeof(data));
		if (ret > 0)
			ret = mbedtls_ssl_write(&ssl, data, (size_t)ret);
#if defined(MBEDTLS_ERROR_C)
		if (ret < 0) {
			char text[64];

			mbedtls_strerror(ret, text, sizeof(text));
			board_print(text);
		}
#endif
		(void)mbedtls_ssl_close_notify(&ssl);
		ret = mbedtls_ssl_session_reset(&ssl);
	}
	mbedtls_ssl_free(&ssl);
	mbedtls_ssl_config_free(&config);
	mbedtls_pk_free(&key);
	mbedtls_x509_crt_free(&certificate);
	mbedtls_ctr_drbg_free(&rng);
	mbedtls_entropy_free(&entropy);
	return 0;
}
