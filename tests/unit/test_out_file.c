/* src/cli/out_file: whole or not at all, whatever happens in between. */
#include "cli/out_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

typedef struct out_file *(*opener)(const char *path, unsigned mode, struct err *e);

/* Both ways keep the same promises. */
static const opener openers[] = { out_file_open, out_file_open_named };

#define OPENERS (sizeof openers / sizeof openers[0])

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[2][sizeof folder + 257];
	static size_t turn;

	turn = 1 - turn;
	(void)snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/tlsdiag-XXXXXX", P_tmpdir);
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int is_name(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* How many names there are in the folder; `remove_them`: and are no more. */
static size_t count(bool remove_them)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_name, alphasort);

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		if (remove_them)
			assert_int_equal(unlink(in_folder(entries[i]->d_name)), 0);
		free(entries[i]);
	}
	free(entries);
	return (size_t)n;
}

static int tear_down(void **state)
{
	(void)state;
	(void)count(true);
	return rmdir(folder);
}

static const char *content(const char *path)
{
	static char text[64];
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	(void)fclose(f);
	return text;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static struct out_file *begin(opener open_it, const char *path, const char *text)
{
	struct err e = { 0 };
	struct out_file *f = open_it(path, 0644, &e);

	if (f == NULL)
		fail_msg("%s", e.msg);
	assert_true(fputs(text, out_file_stream(f)) >= 0);
	return f;
}

static void test_commit__the_file_is_there_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		const char *path = in_folder("new.xml");
		struct out_file *f = begin(openers[i], path, "whole");
		struct err e;

		assert_int_equal(fflush(out_file_stream(f)), 0);
		assert_int_equal(access(path, F_OK), -1);
		assert_true(out_file_commit(f, &e));
		assert_string_equal(content(path), "whole");
		assert_int_equal(count(true), 1);
	}
}

static void test_commit__the_old_file_stays_until_then(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		const char *path = in_folder("report.xml");
		struct out_file *f;
		struct err e;

		put(path, "old");
		f = begin(openers[i], path, "new");
		assert_int_equal(fflush(out_file_stream(f)), 0);
		assert_string_equal(content(path), "old");
		assert_true(out_file_commit(f, &e));
		assert_string_equal(content(path), "new");
		assert_int_equal(count(true), 1);
	}
}

static void test_commit__the_mode_is_that_asked_for_less_the_umask(void **state)
{
	static const unsigned modes[] = { 0644, 0600, 0666 };
	mode_t before = umask(027);

	(void)state;
	for (size_t i = 0; i < OPENERS * 3; i++) {
		const char *path = in_folder("mode");
		struct err e;
		struct stat st;
		struct out_file *f = openers[i / 3](path, modes[i % 3], &e);

		assert_non_null(f);
		assert_true(out_file_commit(f, &e));
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i % 3] & ~027U);
		assert_int_equal(unlink(path), 0);
	}
	(void)umask(before);
}

static void test_commit__a_link_stays_and_leads_to_the_new_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		const char *link = in_folder("link"), *path = in_folder("target");
		struct stat st;
		struct err e;

		put(path, "old");
		assert_int_equal(symlink("target", link), 0);
		assert_true(out_file_commit(begin(openers[i], link, "new"), &e));
		assert_int_equal(lstat(link, &st), 0);
		assert_true(S_ISLNK(st.st_mode));
		assert_string_equal(content(path), "new");
		assert_int_equal(count(true), 2);
	}
}

static void test_commit__two_writers_of_one_file_do_not_mix(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		const char *path = in_folder("twice");
		struct out_file *first = begin(openers[i], path, "first");
		struct out_file *second = begin(openers[i], path, "second");
		struct err e;

		assert_true(out_file_commit(second, &e));
		assert_true(out_file_commit(first, &e));
		assert_string_equal(content(path), "first");
		assert_int_equal(count(true), 1);
	}
}

static void test_abandon__leaves_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		out_file_abandon(begin(openers[i], in_folder("half.xml"), "half"));
		assert_int_equal(count(false), 0);
	}
	out_file_abandon(NULL);
}

/* In a process of its own: writes, and comes to its end there. Returns how the process ended. */
static int in_child(opener open_it, const char *path, void (*end)(struct out_file *f))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct err e;
		struct out_file *f = open_it(path, 0644, &e);

		if (f == NULL || fputs("half", out_file_stream(f)) < 0 ||
			fflush(out_file_stream(f)) != 0)
			_exit(99);
		end(f);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int deadly;

static void die(struct out_file *f)
{
	(void)f;
	(void)raise(deadly);
}

static void test_killed__by_a_signal_leaves_what_was_there(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

	(void)state;
	for (size_t i = 0; i < OPENERS * 4; i++) {
		const char *path = in_folder("report.xml");
		int status;

		put(path, "old");
		deadly = signals[i % 4];
		status = in_child(openers[i / 4], path, die);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), deadly);
		assert_string_equal(content(path), "old");
		assert_int_equal(count(true), 1);
	}
}

static void test_killed__outright_leaves_no_litter_where_files_need_no_name(void **state)
{
	struct out_file *f = begin(out_file_open, in_folder("look"), "");
	bool named = count(false) != 0;

	(void)state;
	out_file_abandon(f);
	if (named)
		skip();
	deadly = SIGKILL;
	assert_true(WIFSIGNALED(in_child(out_file_open, in_folder("report.xml"), die)));
	assert_int_equal(count(false), 0);
}

static void hang_up_and_commit(struct out_file *f)
{
	struct err e;

	(void)raise(SIGHUP);
	_exit(out_file_commit(f, &e) ? 0 : 98);
}

/* As nohup wants it. */
static void test_killed__not_by_a_signal_that_is_ignored(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		void (*before)(int) = signal(SIGHUP, SIG_IGN);
		int status = in_child(openers[i], in_folder("report.xml"), hang_up_and_commit);

		(void)signal(SIGHUP, before);
		assert_int_equal(status, 0);
		assert_string_equal(content(in_folder("report.xml")), "half");
		assert_int_equal(count(true), 1);
	}
}

static void outgrow(struct out_file *f)
{
	struct rlimit limit = { 16, 16 };
	struct err e = { 0 };

	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		_exit(97);
	(void)fputs("more than sixteen bytes", out_file_stream(f));
	if (out_file_commit(f, &e))
		_exit(96);
	_exit(e.code == ERR_OS && e.detail == EFBIG && strstr(e.msg, "report.xml") ? 0 : 95);
}

static void test_commit__a_full_disk_leaves_what_was_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENERS; i++) {
		put(in_folder("report.xml"), "old");
		assert_int_equal(in_child(openers[i], in_folder("report.xml"), outgrow), 0);
		assert_string_equal(content(in_folder("report.xml")), "old");
		assert_int_equal(count(true), 1);
	}
}

static void test_direct__a_device_is_written_to(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(out_file_commit(begin(out_file_open, "/dev/null", "lost"), &e));
	assert_false(out_file_commit(begin(out_file_open, "/dev/full", "too much"), &e));
	assert_int_equal(e.detail, ENOSPC);
	assert_non_null(strstr(e.msg, "/dev/full"));
}

static void test_direct__a_fifo_gets_it_and_stays(void **state)
{
	const char *path = in_folder("fifo");
	char text[8] = "";
	struct stat st;
	struct err e;
	int reader;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_true(out_file_commit(begin(out_file_open, path, "told"), &e));
	assert_int_equal(read(reader, text, sizeof text), 4);
	assert_string_equal(text, "told");
	(void)close(reader);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(count(true), 1);
}

static void test_direct__a_descriptor_goes_on_where_it_stands(void **state)
{
	static const char *const folders[] = { "/dev/fd", "/proc/self/fd" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *path = in_folder("log");
		char name[40];
		struct err e;
		int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, "begun ", 6), 6);
		(void)snprintf(name, sizeof name, "%s/%d", folders[i], fd);
		assert_true(out_file_commit(begin(out_file_open, name, "ended"), &e));
		assert_int_equal(write(fd, ".", 1), 1);
		(void)close(fd);
		assert_string_equal(content(path), "begun ended.");
		assert_int_equal(count(true), 1);
	}
}

struct refusal {
	const char *name;
	int code;
};

static void test_open__what_cannot_be_is_told_at_once(void **state)
{
	static const struct refusal rows[] = { { "no-such-folder/report.xml", ENOENT },
		{ ".", EISDIR }, { "plain/report.xml", ENOTDIR } };

	(void)state;
	put(in_folder("plain"), "");
	for (size_t i = 0; i < OPENERS * 3; i++) {
		struct err e = { 0 };
		const char *path = in_folder(rows[i % 3].name);

		assert_null(openers[i / 3](path, 0644, &e));
		assert_int_equal(e.code, ERR_OS);
		assert_int_equal(e.detail, rows[i % 3].code);
		assert_non_null(strstr(e.msg, path));
	}
	assert_int_equal(count(true), 1);
}

static void test_open__an_empty_name_is_none(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(out_file_open("", 0644, &e));
	assert_int_equal(e.detail, ENOENT);
}

static void test_open__a_closed_descriptor_is_told(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(out_file_open("/dev/fd/1023", 0644, &e));
	assert_int_equal(e.detail, EBADF);
}

static void test_open__a_file_that_may_not_be_written_is_not_replaced(void **state)
{
	const char *path = in_folder("guarded");
	struct err e = { 0 };

	(void)state;
	if (geteuid() == 0)
		skip(); /* may write everything */
	put(path, "old");
	assert_int_equal(chmod(path, 0400), 0);
	assert_null(out_file_open(path, 0644, &e));
	assert_int_equal(e.detail, EACCES);
	(void)count(true);
}

static void test_open__a_name_of_the_greatest_length_is_one(void **state)
{
	char name[256];
	struct err e = { 0 };

	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	for (size_t i = 0; i < OPENERS; i++) {
		char path[sizeof folder + sizeof name + 1];

		(void)snprintf(path, sizeof path, "%s", in_folder(name));
		assert_true(out_file_commit(begin(openers[i], path, "long"), &e));
		assert_true(out_file_commit(begin(openers[i], path, "again"), &e));
		assert_string_equal(content(path), "again");
		assert_int_equal(count(true), 1);
	}
}

static void test_open__too_many_without_names_of_their_own_is_told(void **state)
{
	struct out_file *files[32];
	struct err e = { 0 };
	size_t n = 0;

	(void)state;
	while (n < 32 && (files[n] = out_file_open_named(in_folder("many"), 0600, &e)) != NULL)
		n++;
	assert_int_equal(n, 16);
	assert_int_equal(e.detail, EMFILE);
	assert_int_equal(count(false), 16);
	while (n != 0)
		out_file_abandon(files[--n]);
	assert_int_equal(count(false), 0);
	assert_true(out_file_commit(begin(out_file_open_named, in_folder("many"), "one"), &e));
	assert_int_equal(count(true), 1);
}

static void test_open__in_the_folder_at_hand(void **state)
{
	char before[4096], where[4096];

	(void)state;
	assert_non_null(getcwd(before, sizeof before));
	assert_int_equal(chdir(folder), 0);
	for (size_t i = 0; i < OPENERS; i++) {
		struct out_file *f = begin(openers[i], "here", "whole");
		struct err e;

		assert_true(out_file_folder(f, where));
		assert_string_equal(where, ".");
		assert_true(out_file_commit(f, &e));
		assert_string_equal(content("here"), "whole");
		assert_int_equal(count(false), 1);
		assert_int_equal(unlink("here"), 0);
	}
	assert_int_equal(chdir(before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit__the_file_is_there_and_nothing_else),
		cmocka_unit_test(test_commit__the_old_file_stays_until_then),
		cmocka_unit_test(test_commit__the_mode_is_that_asked_for_less_the_umask),
		cmocka_unit_test(test_commit__a_link_stays_and_leads_to_the_new_file),
		cmocka_unit_test(test_commit__two_writers_of_one_file_do_not_mix),
		cmocka_unit_test(test_abandon__leaves_nothing),
		cmocka_unit_test(test_killed__by_a_signal_leaves_what_was_there),
		cmocka_unit_test(test_killed__outright_leaves_no_litter_where_files_need_no_name),
		cmocka_unit_test(test_killed__not_by_a_signal_that_is_ignored),
		cmocka_unit_test(test_commit__a_full_disk_leaves_what_was_there),
		cmocka_unit_test(test_direct__a_device_is_written_to),
		cmocka_unit_test(test_direct__a_fifo_gets_it_and_stays),
		cmocka_unit_test(test_direct__a_descriptor_goes_on_where_it_stands),
		cmocka_unit_test(test_open__what_cannot_be_is_told_at_once),
		cmocka_unit_test(test_open__an_empty_name_is_none),
		cmocka_unit_test(test_open__a_closed_descriptor_is_told),
		cmocka_unit_test(test_open__a_file_that_may_not_be_written_is_not_replaced),
		cmocka_unit_test(test_open__a_name_of_the_greatest_length_is_one),
		cmocka_unit_test(test_open__too_many_without_names_of_their_own_is_told),
		cmocka_unit_test(test_open__in_the_folder_at_hand),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
