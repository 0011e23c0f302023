/* The sandbox on this kernel: each claim in a process of its own, which cannot leave it. */
#define _GNU_SOURCE

#include "sandbox/sandbox.h"

#include "cli/out_file.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

enum { GOOD = 0, WRONG = 1, LACKS_LANDLOCK = 76, LACKS_SECCOMP = 77, ENDED = 3 };

/* ---- a folder with files, for all tests ---- */

static char base[] = "/tmp/tlsdiag-sandbox-XXXXXX";

static const char *in_base(const char *name)
{
	static char path[4][256];
	static size_t i;

	i = (i + 1) % 4;
	(void)snprintf(path[i], sizeof path[i], "%s/%s", base, name);
	return path[i];
}

static void put_file(const char *name)
{
	FILE *f = fopen(in_base(name), "w");

	assert_non_null(f);
	assert_true(fputs("text", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int make_files(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(base));
	assert_int_equal(mkdir(in_base("folder"), 0755), 0);
	assert_int_equal(mkdir(in_base("folder/deep"), 0755), 0);
	assert_int_equal(mkdir(in_base("out"), 0755), 0);
	put_file("input");
	put_file("other");
	put_file("linked");
	put_file("folder/deep/file");
	assert_int_equal(symlink(in_base("linked"), in_base("folder/deep/link")), 0);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int remove_files(void **state)
{
	(void)state;
	return nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- a process of its own ---- */

/* What a child says is its exit status; a signal is 128 and its number. */
static int in_child(int (*claim)(void))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0)
		_exit(claim());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void holds(int (*claim)(void))
{
	int status = in_child(claim);

	if (status == LACKS_LANDLOCK || status == LACKS_SECCOMP)
		skip();
	assert_int_equal(status, GOOD);
}

static struct sandbox_force enter(bool network, const char *input, const char *folder)
{
	const struct sandbox_policy p = { .network = network,
		.inputs = &input,
		.n_inputs = input != NULL,
		.folders = &folder,
		.n_folders = folder != NULL };

	return sandbox_enter(&p);
}

static bool opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	return fd >= 0 && close(fd) == 0;
}

/* ---- files ---- */

static int only_the_input(void)
{
	if (enter(false, in_base("input"), NULL).landlock == 0)
		return LACKS_LANDLOCK;
	if (!opens(in_base("input"), O_RDONLY) || opens(in_base("other"), O_RDONLY))
		return WRONG;
	return opens("/etc/passwd", O_RDONLY) || sandbox_broken() != NULL;
}

static void test_sandbox__only_the_input_is_read(void **state)
{
	(void)state;
	holds(only_the_input);
}

static int folder_and_links(void)
{
	if (enter(false, in_base("folder"), NULL).landlock == 0)
		return LACKS_LANDLOCK;
	return !opens(in_base("folder/deep/file"), O_RDONLY) ||
	       !opens(in_base("folder/deep/link"), O_RDONLY) || opens(in_base("other"), O_RDONLY);
}

static void test_sandbox__a_folder_is_read_with_what_its_links_lead_to(void **state)
{
	(void)state;
	holds(folder_and_links);
}

static int nothing_written(void)
{
	struct sandbox_force f = enter(false, in_base("input"), NULL);

	if (f.landlock == 0 && !f.seccomp)
		return LACKS_SECCOMP;
	if (opens(in_base("input"), O_RDWR) || opens(in_base("input"), O_WRONLY | O_TRUNC) ||
		opens(in_base("new"), O_WRONLY | O_CREAT) || opens(base, O_TMPFILE | O_WRONLY))
		return WRONG;
	if (mkdir(in_base("made"), 0755) == 0 || unlink(in_base("other")) == 0 ||
		rename(in_base("other"), in_base("renamed")) == 0 ||
		symlink("x", in_base("symlink")) == 0 || truncate(in_base("other"), 0) == 0)
		return WRONG;
	return f.seccomp && sandbox_broken() == NULL;
}

static void test_sandbox__nothing_is_written_made_or_taken_away(void **state)
{
	struct stat st;

	(void)state;
	holds(nothing_written);
	assert_int_equal(stat(in_base("other"), &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_not_equal(access(in_base("new"), F_OK), 0);
}

/* An output by either of its ways, in place of a file and where there was none. */
static int outputs_named(void)
{
	struct out_file *(*const ways[])(
		const char *, unsigned, struct err *) = { out_file_open, out_file_open_named };
	struct out_file *files[4];
	struct err e = { 0 };
	char folder[4096];
	size_t n = 0;
	bool ok = true;

	for (size_t i = 0; i < 2; i++) {
		const char *names[] = { "out/new", "out/there" };
		char name[32];

		for (size_t k = 0; k < 2; k++, n++) {
			(void)snprintf(name, sizeof name, "%s-%zu", names[k], i);
			if (k == 1 && !opens(in_base(name), O_CREAT | O_WRONLY))
				return WRONG;
			files[n] = ways[i](in_base(name), 0644, &e);
			if (files[n] == NULL || !out_file_folder(files[n], folder))
				return WRONG;
		}
	}
	(void)enter(false, NULL, folder);
	sandbox_seal();
	while (n-- != 0) {
		ok = fputs("report", out_file_stream(files[n])) >= 0 && ok;
		ok = out_file_commit(files[n], &e) && ok;
	}
	return !ok || sandbox_broken() != NULL;
}

static void test_sandbox__outputs_get_their_names(void **state)
{
	static const char *const names[] = { "out/new-0", "out/new-1", "out/there-0",
		"out/there-1" };
	struct stat st;

	(void)state;
	assert_int_equal(in_child(outputs_named), GOOD);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(stat(in_base(names[i]), &st), 0);
		assert_int_equal(st.st_size, 6);
	}
}

static int names_elsewhere(void)
{
	if (enter(false, in_base("input"), in_base("out")).landlock == 0)
		return LACKS_LANDLOCK;
	return unlink(in_base("other")) == 0 ||
	       rename(in_base("other"), in_base("out/stolen")) == 0 ||
	       linkat(AT_FDCWD, in_base("other"), AT_FDCWD, in_base("out/stolen"), 0) == 0 ||
	       opens(in_base("out/new"), O_CREAT | O_WRONLY);
}

static void test_sandbox__names_change_in_no_other_folder(void **state)
{
	(void)state;
	holds(names_elsewhere);
	assert_int_equal(access(in_base("other"), F_OK), 0);
	assert_int_not_equal(access(in_base("out/stolen"), F_OK), 0);
}

static int sealed(void)
{
	if (!enter(false, in_base("input"), NULL).seccomp)
		return LACKS_SECCOMP;
	if (!opens(in_base("input"), O_RDONLY) || sandbox_broken() != NULL)
		return WRONG;
	sandbox_seal();
	if (opens(in_base("input"), O_RDONLY) || errno != EPERM)
		return WRONG;
	return sandbox_broken() == NULL || strstr(sandbox_broken(), "'openat'") == NULL;
}

static void test_sandbox__sealed_nothing_is_opened(void **state)
{
	(void)state;
	holds(sealed);
}

static int idle_looks(void)
{
	struct sandbox_force f = enter(false, NULL, NULL);

	if (!f.seccomp)
		return LACKS_SECCOMP;
	sandbox_seal();
	return opens("/proc/sys/vm/overcommit_memory", O_RDONLY) ||
	       sysconf(_SC_NPROCESSORS_ONLN) < 1 || sandbox_broken() != NULL;
}

static void test_sandbox__what_the_c_library_looks_at_breaks_nothing(void **state)
{
	(void)state;
	holds(idle_looks);
}

/* ---- processes, programs, memory ---- */

static int no_call(void)
{
	return 0;
}

static void *thread(void *ctx)
{
	*(bool *)ctx = true;
	return NULL;
}

static int threads_only(void)
{
	bool ran = false;
	pthread_t t;

	if (!enter(false, NULL, NULL).seccomp)
		return LACKS_SECCOMP;
	sandbox_seal();
	if (pthread_create(&t, NULL, thread, &ran) != 0 || pthread_join(t, NULL) != 0 || !ran ||
		sandbox_broken() != NULL)
		return WRONG;
	if (fork() != -1 || errno != EPERM)
		return WRONG;
	return strstr(sandbox_broken(), "'clone'") == NULL;
}

static void test_sandbox__threads_are_started_and_processes_not(void **state)
{
	(void)state;
	holds(threads_only);
}

static int executes(bool network)
{
	static char word[] = "true";
	static char *const argv[] = { word, NULL };

	if (!enter(network, "/bin/true", NULL).seccomp)
		return LACKS_SECCOMP;
	(void)execv("/bin/true", argv); /* where it works the status is 0: */
	return errno == EPERM && sandbox_broken() != NULL ? 5 : WRONG;
}

static int executes_alone(void)
{
	return executes(false);
}

static int executes_with_network(void)
{
	return executes(true);
}

static void test_sandbox__no_program_is_executed(void **state)
{
	(void)state;
	if (in_child(executes_alone) == LACKS_SECCOMP)
		skip();
	assert_int_equal(in_child(executes_alone), 5);
	assert_int_equal(in_child(executes_with_network), 5);
}

static int (*refused)(void);

static int is_refused(bool network)
{
	if (!enter(network, NULL, NULL).seccomp)
		return LACKS_SECCOMP;
	return !(refused() == -1 && errno == EPERM && sandbox_broken() != NULL);
}

static int is_refused_alone(void)
{
	return is_refused(false);
}

static int is_refused_with_network(void)
{
	return is_refused(true);
}

static int call_ptrace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int call_kill(void)
{
	return kill(getppid(), 0);
}

static int call_tgkill(void)
{
	return (int)syscall(SYS_tgkill, 1, 1, 0);
}

static int call_mprotect(void)
{
	static _Alignas(65536) char page[65536];

	return mprotect(page, sizeof page, PROT_READ | PROT_EXEC);
}

static int call_chmod(void)
{
	return chmod(in_base("input"), 0777);
}

static int call_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1);
}

static int call_memfd(void)
{
	return memfd_create("x", 0);
}

static int call_unshare(void)
{
	return (int)syscall(SYS_unshare, 0);
}

static int call_uring(void)
{
	return (int)syscall(425, 1, NULL); /* io_uring_setup: calls that no filter sees */
}

static int call_bind(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	return bind(0, (struct sockaddr *)&a, sizeof a);
}

static int call_listen(void)
{
	return listen(0, 1);
}

static int call_accept(void)
{
	return accept(0, NULL, NULL);
}

static int call_packet_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static void test_sandbox__what_none_needs_is_refused_to_all(void **state)
{
	int (*const calls[])(void) = { call_ptrace, call_kill, call_tgkill, call_mprotect,
		call_chmod, call_dumpable, call_memfd, call_unshare, call_uring, call_bind,
		call_listen, call_accept, call_packet_socket };

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		refused = calls[i];
		holds(is_refused_alone);
		holds(is_refused_with_network);
	}
}

static int call_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : close(fd);
}

static int call_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, 0, 0);

	return page == MAP_FAILED ? -1 : munmap(page, 4096);
}

static void test_sandbox__without_network_there_are_no_sockets(void **state)
{
	(void)state;
	refused = call_socket;
	holds(is_refused_alone);
	refused = call_executable;
	holds(is_refused_alone);
}

static bool listens(int fd, struct sockaddr_in *at)
{
	socklen_t len = sizeof *at;

	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return bind(fd, (struct sockaddr *)at, sizeof *at) == 0 && listen(fd, 1) == 0 &&
	       getsockname(fd, (struct sockaddr *)at, &len) == 0;
}

static bool connects_to(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool ok = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 &&
		  send(fd, "x", 1, MSG_NOSIGNAL) == 1;

	return fd >= 0 && close(fd) == 0 && ok;
}

static int connects(void)
{
	struct sockaddr_in at = { .sin_port = 0 };
	int server = socket(AF_INET, SOCK_STREAM, 0);
	bool ok = server >= 0 && listens(server, &at);

	(void)enter(true, NULL, NULL);
	ok = ok && connects_to(&at) && sandbox_broken() == NULL;
	return server < 0 || close(server) != 0 || !ok;
}

static void test_sandbox__with_network_it_connects(void **state)
{
	(void)state;
	assert_int_equal(in_child(connects), GOOD);
}

/* ---- each means alone, as on kernels that lack the other ---- */

static const struct sandbox_policy nothing_left = { .network = false };

static int landlock_alone(void)
{
	static char word[] = "true";
	static char *const argv[] = { word, NULL };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || landlock_enter(&nothing_left) == 0)
		return LACKS_LANDLOCK;
	if (opens(in_base("other"), O_RDONLY) || opens(in_base("other"), O_WRONLY) ||
		opens(in_base("new"), O_WRONLY | O_CREAT) || unlink(in_base("other")) == 0)
		return WRONG;
	(void)execv("/bin/true", argv);
	return errno == EACCES && sandbox_broken() == NULL ? 5 : WRONG;
}

static void test_sandbox__landlock_alone_closes_the_files(void **state)
{
	int status;

	(void)state;
	status = in_child(landlock_alone);
	if (status == LACKS_LANDLOCK)
		skip();
	assert_int_equal(status, 5);
}

static int filter_alone(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !filter_enter(&nothing_left))
		return LACKS_SECCOMP;
	if (!opens(in_base("other"), O_RDONLY) || sandbox_broken() != NULL)
		return WRONG;
	if (opens(in_base("other"), O_WRONLY) || opens(in_base("new"), O_WRONLY | O_CREAT) ||
		opens(in_base("other"), O_RDWR) || opens(in_base("other"), O_RDONLY | O_TRUNC) ||
		unlink(in_base("other")) == 0 || call_socket() == 0)
		return WRONG;
	return !filter_seal() || opens(in_base("other"), O_RDONLY);
}

static void test_sandbox__the_filter_alone_lets_read_until_it_is_sealed(void **state)
{
	(void)state;
	holds(filter_alone);
}

/* ---- what follows ---- */

static int first_is_told(void)
{
	if (!enter(false, NULL, NULL).seccomp)
		return LACKS_SECCOMP;
	if (sandbox_broken() != NULL)
		return WRONG;
	(void)call_socket();
	(void)call_chmod();
	return strcmp(sandbox_broken(), "the sandbox refused the system call 'socket'") != 0;
}

static void test_sandbox__the_first_refused_call_is_told(void **state)
{
	(void)state;
	holds(first_is_told);
}

static int goes_on(void)
{
	if (!enter(false, NULL, NULL).seccomp)
		return LACKS_SECCOMP;
	(void)close(STDERR_FILENO);
	for (size_t i = 0; i < 1000; i++)
		(void)call_socket();
	return WRONG;
}

static void test_sandbox__who_goes_on_after_refusals_is_ended(void **state)
{
	int status;

	(void)state;
	status = in_child(goes_on);
	if (status == LACKS_SECCOMP)
		skip();
	assert_int_equal(status, ENDED);
}

static int never_entered(void)
{
	sandbox_seal();
	return !opens(in_base("other"), O_RDONLY) || sandbox_broken() != NULL ||
	       in_child(no_call) != 0;
}

static void test_sandbox__outside_nothing_is_refused(void **state)
{
	(void)state;
	assert_int_equal(in_child(never_entered), GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sandbox__only_the_input_is_read),
		cmocka_unit_test(test_sandbox__a_folder_is_read_with_what_its_links_lead_to),
		cmocka_unit_test(test_sandbox__nothing_is_written_made_or_taken_away),
		cmocka_unit_test(test_sandbox__outputs_get_their_names),
		cmocka_unit_test(test_sandbox__names_change_in_no_other_folder),
		cmocka_unit_test(test_sandbox__sealed_nothing_is_opened),
		cmocka_unit_test(test_sandbox__what_the_c_library_looks_at_breaks_nothing),
		cmocka_unit_test(test_sandbox__threads_are_started_and_processes_not),
		cmocka_unit_test(test_sandbox__no_program_is_executed),
		cmocka_unit_test(test_sandbox__what_none_needs_is_refused_to_all),
		cmocka_unit_test(test_sandbox__without_network_there_are_no_sockets),
		cmocka_unit_test(test_sandbox__with_network_it_connects),
		cmocka_unit_test(test_sandbox__landlock_alone_closes_the_files),
		cmocka_unit_test(test_sandbox__the_filter_alone_lets_read_until_it_is_sealed),
		cmocka_unit_test(test_sandbox__the_first_refused_call_is_told),
		cmocka_unit_test(test_sandbox__who_goes_on_after_refusals_is_ended),
		cmocka_unit_test(test_sandbox__outside_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
