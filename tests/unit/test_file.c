/* src/base/file, file_id: whole files within a limit, and which file a path means. */
#include "base/file.h"
#include "base/file_id.h"

#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[4][128];
	static size_t turn;

	turn = (turn + 1) % 4;
	(void)snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/tlsdiag-XXXXXX", P_tmpdir);
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof command, "rm -r '%s'", folder);
	return system(command); /* NOLINT(cert-env33-c): a path of our own */
}

static const char *make(const char *name, size_t len)
{
	const char *path = in_folder(name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	for (size_t i = 0; i < len; i++)
		(void)fputc('a' + (int)(i % 26), f);
	assert_int_equal(fclose(f), 0);
	return path;
}

/* ---- reading ---- */

static const struct file_kind tiny = { "a tiny file", 20000, false };

static void test_file_read__the_limit_is_the_last_size_that_is_read(void **state)
{
	static const struct {
		size_t len;
		bool ok;
	} rows[] = { { 0, true }, { 1, true }, { 16383, true }, { 16384, true }, { 19999, true },
		{ 20000, true }, { 20001, false }, { 65536, false } };
	struct secret text;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = make("size", rows[i].len);

		assert_int_equal(file_read(path, &tiny, &text, &e), rows[i].ok);
		if (rows[i].ok) {
			assert_int_equal(text.len, rows[i].len);
			assert_int_equal(text.data[text.len], '\0');
			assert_true(text.len == 0 ||
				    text.data[text.len - 1] == 'a' + (text.len - 1) % 26);
		} else {
			assert_int_equal(e.code, ERR_LIMIT);
			assert_null(text.data);
		}
		secret_wipe(&text);
	}
}

/* Said to be a terabyte, and without an end: neither is read further than the limit. */
static void test_file_read__what_has_no_end_is_refused_by_its_kind(void **state)
{
	static const struct {
		const struct file_kind *kind;
		const char *says;
	} rows[] = {
		{ &file_kind_config,
			"'/dev/zero' is larger than '1 MiB': not a configuration header" },
		{ &file_kind_key, "'/dev/zero' is larger than '1 MiB': not a private key" },
		{ &file_kind_certs, "'/dev/zero' is larger than '16 MiB': not a file of "
				    "certificates or keys" },
		{ &file_kind_targets, "'/dev/zero' is larger than '1 MiB': not a list of targets" },
		{ &file_kind_hello, "'/dev/zero' is larger than '1 MiB': not a ClientHello" },
		{ &file_kind_password, "the file is larger than '64 KiB': not a password" },
		{ &file_kind_psk, "the file is larger than '64 KiB': not a pre-shared key" },
	};
	const char *sparse = make("sparse", 0);
	struct secret text;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_false(file_read("/dev/zero", rows[i].kind, &text, &e));
		assert_string_equal(e.msg, rows[i].says);
	}
	if (truncate(sparse, (off_t)1 << 40) != 0)
		return; /* a file system without such files */
	assert_false(file_read(sparse, &file_kind_certs, &text, &e));
	assert_int_equal(e.code, ERR_LIMIT);
}

static void test_file_read__a_size_of_nothing_does_not_make_a_file_empty(void **state)
{
	struct secret text;
	struct err e = { 0 };

	(void)state;
	assert_true(file_read("/proc/self/status", &tiny, &text, &e));
	assert_true(text.len > 100);
	secret_wipe(&text);
}

static void *write_pieces(void *path)
{
	FILE *f = fopen(path, "wb");

	for (int i = 0; f != NULL && i < 3; i++) {
		(void)fputs("piece ", f);
		(void)fflush(f);
	}
	if (f != NULL)
		(void)fclose(f);
	return NULL;
}

static void test_file_read__a_pipe_is_read_to_its_end(void **state)
{
	char path[128];
	pthread_t writer;
	struct secret text;
	struct err e = { 0 };

	(void)state;
	(void)snprintf(path, sizeof path, "%s", in_folder("pipe"));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pthread_create(&writer, NULL, write_pieces, path), 0);
	assert_true(file_read(path, &tiny, &text, &e));
	assert_string_equal((const char *)text.data, "piece piece piece ");
	(void)pthread_join(writer, NULL);
	secret_wipe(&text);
}

static void test_file_read__messages_name_the_file_but_not_a_secret(void **state)
{
	char long_name[400];
	struct secret text;
	struct err e = { 0 };

	(void)state;
	assert_false(file_read("build/none", &tiny, &text, &e));
	assert_string_equal(e.msg, "cannot open 'build/none': No such file or directory");
	assert_int_equal(e.detail, ENOENT);
	assert_false(file_read(folder, &tiny, &text, &e));
	assert_non_null(strstr(e.msg, "it is a directory"));
	/* the secret itself in the place of the name of its file */
	assert_false(file_read("00112233445566778899aabbccddeeff", &file_kind_psk, &text, &e));
	assert_string_equal(e.msg, "cannot open the file: No such file or directory");
	assert_false(file_read("hunter2", &file_kind_password, &text, &e));
	assert_null(strstr(e.msg, "hunter2"));
	memset(long_name, 'n', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	assert_false(file_read(long_name, &tiny, &text, &e));
	assert_non_null(strstr(e.msg, "File name too long"));
}

/* ---- folders ---- */

static void test_folder_list__names_are_sorted_and_bounded(void **state)
{
	static const char *const names[] = { "b", "a", ".hidden", "c" };
	struct folder f;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkdir(in_folder("list"), 0700), 0);
	for (size_t i = 0; i < 4; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "list/%s", names[i]);
		(void)make(name, 1);
	}
	assert_true(folder_list(in_folder("list"), 3, &f, &e));
	assert_int_equal(f.n, 3);
	assert_string_equal(f.names[0], "a");
	assert_string_equal(f.names[2], "c");
	folder_free(&f);
	assert_false(folder_list(in_folder("list"), 2, &f, &e));
	assert_int_equal(e.code, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "holds more than '2' files"));
	assert_int_equal(f.n, 0);
	assert_false(folder_list(in_folder("none"), 2, &f, &e));
	assert_int_equal(e.detail, ENOENT);
}

/* ---- identity ---- */

static bool same(const char *a, const char *b)
{
	struct file_id first = file_id_of(a), second = file_id_of(b);

	return file_id_same(&first, &second);
}

static void test_file_id__one_file_has_many_paths(void **state)
{
	char file[128], fd_path[64], dotted[256];
	int fd;

	(void)state;
	(void)snprintf(file, sizeof file, "%s", make("file", 1));
	(void)make("twin", 1);
	(void)snprintf(dotted, sizeof dotted, "%s/../%s/./file", folder, strrchr(folder, '/') + 1);
	assert_int_equal(symlink("file", in_folder("link")), 0);
	assert_int_equal(symlink("link", in_folder("link2")), 0);
	assert_int_equal(link(file, in_folder("hard")), 0);
	fd = open(file, O_RDONLY);
	(void)snprintf(fd_path, sizeof fd_path, "/proc/self/fd/%d", fd);
	assert_true(same(file, file));
	assert_true(same(file, in_folder("link")));
	assert_true(same(in_folder("link2"), in_folder("hard")));
	assert_true(same(file, dotted));
	assert_true(same(file, fd_path));
	assert_false(same(file, in_folder("twin")));
	assert_false(same(file, in_folder("none")));
	(void)close(fd);
}

static void test_file_id__a_file_that_is_not_there_is_known_by_its_folder(void **state)
{
	char dotted[256];

	(void)state;
	(void)snprintf(dotted, sizeof dotted, "%s/../%s/new", folder, strrchr(folder, '/') + 1);
	assert_int_equal(symlink("new", in_folder("to-new")), 0);
	assert_int_equal(symlink("to-new", in_folder("to-new2")), 0);
	assert_int_equal(symlink("round", in_folder("round")), 0);
	assert_true(same(in_folder("new"), in_folder("new")));
	assert_true(same(in_folder("new"), dotted));
	assert_true(same(in_folder("to-new2"), in_folder("new")));
	assert_false(same(in_folder("new"), in_folder("other")));
	assert_false(same(in_folder("round"), in_folder("round")));
	assert_false(same(in_folder("nowhere/new"), in_folder("nowhere/new")));
	assert_false(same("", ""));
	assert_true(same("no-such-file", "./no-such-file"));
	assert_true(same("/no-such-file", "/tmp/../no-such-file"));
}

static void test_file_id__folders_and_devices_are_never_overwritten(void **state)
{
	struct file_id folder_id = file_id_of(folder), closed = file_id_of_descriptor(-1);

	(void)state;
	assert_true(folder_id.folder && folder_id.exists);
	assert_false(same(folder, folder));
	assert_false(same("/dev/null", "/dev/null"));
	assert_false(file_id_same(&closed, &closed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_read__the_limit_is_the_last_size_that_is_read),
		cmocka_unit_test(test_file_read__what_has_no_end_is_refused_by_its_kind),
		cmocka_unit_test(test_file_read__a_size_of_nothing_does_not_make_a_file_empty),
		cmocka_unit_test(test_file_read__a_pipe_is_read_to_its_end),
		cmocka_unit_test(test_file_read__messages_name_the_file_but_not_a_secret),
		cmocka_unit_test(test_folder_list__names_are_sorted_and_bounded),
		cmocka_unit_test(test_file_id__one_file_has_many_paths),
		cmocka_unit_test(test_file_id__a_file_that_is_not_there_is_known_by_its_folder),
		cmocka_unit_test(test_file_id__folders_and_devices_are_never_overwritten),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
