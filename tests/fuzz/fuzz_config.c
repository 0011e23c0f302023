/* Configurations: any text is one, or is told not to be; what is found of it is whole, whatever release it is for. */
#include "config/build.h"
#include "config/derived.h"
#include "config/finding.h"
#include "config/flash.h"
#include "config/kconfig.h"
#include "config/pasted.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

#include <stdlib.h>

enum { TEXTS_BYTES = 4 << 20 };

/* A line end more changes nothing that a text says, unless it is taken for another kind of text. */
static void compare(const struct config *c, struct bytes text)
{
	char *copy = malloc(text.len + 1);
	struct config *longer;
	struct err e;

	if (copy == NULL)
		return;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\n';
	longer = config_read("config.h", bytes_of(copy, text.len + 1), &e);
	must(longer != NULL);
	must(config_in_content_len(c) == config_in_content_len(longer));
	for (unsigned group = 0; group < 64; group++)
		must(config_has_group(c, (uint16_t)group) ==
			config_has_group(longer, (uint16_t)group));
	config_close(longer);
	free(copy);
}

static void check_findings(const struct config_findings *f)
{
	size_t errors = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct config_finding *found = &f->list[i];

		must(strncmp(found->id, "config-", 7) == 0);
		must(*found->reason != '\0' && *found->fix != '\0');
		must(found->at.file == NULL || found->at.line != 0);
		errors += found->severity == CONFIG_ERROR;
	}
	must(errors <= f->errors && f->n <= CONFIG_FINDINGS_MAX);
}

static void check_build(const struct build *b)
{
	must(b->n_versions <= BUILD_VERSIONS_MAX && b->n_suites <= BUILD_SUITES_MAX);
	must(b->n_groups <= BUILD_GROUPS_MAX && b->n_schemes <= BUILD_SCHEMES_MAX);
	must(b->n_versions != 0 || b->n_suites == 0);
}

/* All that `tlsdiag config` asks of it. */
static void judge(struct config *c, enum config_release release)
{
	struct config_version v;
	struct config_findings *f = calloc(1, sizeof *f);
	struct arena *a = arena_new(TEXTS_BYTES);
	struct saving savings[SAVINGS_MAX];
	struct build b;
	struct err e;

	must(f != NULL && a != NULL);
	config_version_guess(c, &v);
	must(v.name != NULL && v.known <= v.macros);
	if (release != N_RELEASES)
		v = (struct config_version){
			.release = release, .name = config_release_name(release), .given = true
		};
	build_of(c, config_release_major(v.release), &b);
	check_build(&b);
	must(savings_of(c, config_release_major(v.release) < 3 ? 2 : 3, NULL, savings) <=
		SAVINGS_MAX);
	config_findings_written(f, c, &v, a);
	if (config_derive(c, &v, &e))
		config_findings_derived(f, c, &v, a);
	config_findings_sort(f);
	check_findings(f);
	arena_free(a);
	free(f);
}

/* The two other readers, on what they would not be given as well. */
static void read_as_others(struct bytes text)
{
	struct arena *a = arena_new(TEXTS_BYTES);
	struct preprocess_options o = { .arena = a };
	struct preprocessor *p = preprocessor_open(&o);
	struct kconfig k = { .version = "" };
	struct err e;

	must(p != NULL);
	(void)pasted_read(p, "config.h", text, a, &e);
	if (kconfig_read(p, "config.h", text, &k, a, &e) && kconfig_apply(p, &k, a))
		must(k.system != KCONFIG_NONE && k.mbedtls != 0);
	preprocessor_close(p);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	enum config_release release = size != 0 ? data[size - 1] % (N_RELEASES + 1) : N_RELEASES;
	struct err e = { .code = ERR_NONE };
	struct config *c = config_read("config.h", text, &e);

	read_as_others(text);
	if (c == NULL) {
		must(e.code == ERR_INPUT || e.code == ERR_LIMIT || e.code == ERR_MEMORY);
		must(bytes_printable(bytes_of(e.msg, strlen(e.msg))));
		return 0;
	}
	must(text.len != 0);
	must(config_has(c, "MBEDTLS_SSL_IN_CONTENT_LEN") ||
		config_has(c, "MBEDTLS_SSL_MAX_CONTENT_LEN") || config_in_content_len(c) == 16384);
	if (config_origin(c).kind == CONFIG_HEADER)
		compare(c, text);
	judge(c, release);
	config_close(c);
	return 0;
}
