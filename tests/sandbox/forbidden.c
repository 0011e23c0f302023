/*
 * A fault for the program under test, to be preloaded: what a parser might do once an input has taken
 * it over. In the FORBIDDEN_AT-th call (default: the first) of the function FORBIDDEN_IN
 *
 *   read    of a piece of a capture
 *   read-file  of any other, as of each that `check` reads
 *   recv    from a server
 *
 * it makes the call that FORBIDDEN names, and says on standard error what became of it: "done", or the
 * error. FORBIDDEN_FILE is a file to do it to.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* What src/unpack/unpack.c reads of a capture, to see what it is packed in; then src/capture/input.c at a time. */
enum { CAPTURE_FIRST = 64 * 1024, CAPTURE_PIECE = 128 * 1024 };

static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_recv)(int, void *, size_t, int);

static const char *file;
static pid_t parent;

static int open_to_read(void)
{
	return open(file, O_RDONLY);
}

static int open_to_write(void)
{
	return open(file, O_WRONLY | O_APPEND);
}

static int create(void)
{
	char name[4096];

	(void)snprintf(name, sizeof name, "%s.new", file);
	return open(name, O_WRONLY | O_CREAT, 0600);
}

static int cut(void)
{
	return truncate(file, 0);
}

static int take_away(void)
{
	return unlink(file);
}

static int move(void)
{
	char name[4096];

	(void)snprintf(name, sizeof name, "%s.new", file);
	return rename(file, name);
}

static int change_mode(void)
{
	return chmod(file, 0);
}

static int make_folder(void)
{
	char name[4096];

	(void)snprintf(name, sizeof name, "%s.new", file);
	return mkdir(name, 0700);
}

static int execute(void)
{
	return execl("/bin/sh", "sh", "-c", ": >\"$FORBIDDEN_FILE.new\"", (char *)NULL);
}

static int make_process(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}

static int signal_parent(void)
{
	return kill(parent, 0);
}

static int trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int run_memory(void)
{
	static _Alignas(65536) char page[65536];

	return mprotect(page, sizeof page, PROT_READ | PROT_EXEC);
}

static int make_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

static int take_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) != 0)
		return -1;
	return listen(fd, 1);
}

/* One call after another, whatever becomes of them. */
static int insist(void)
{
	int done = 0;

	for (int i = 0; i < 1000; i++) {
		int fd = open_to_write();

		done += fd >= 0;
	}
	return done != 0 ? 0 : -1;
}

static const struct deed {
	const char *name;
	int (*call)(void);
} deeds[] = {
	{ "open-to-read", open_to_read },
	{ "open-to-write", open_to_write },
	{ "create", create },
	{ "cut", cut },
	{ "take-away", take_away },
	{ "move", move },
	{ "change-mode", change_mode },
	{ "make-folder", make_folder },
	{ "execute", execute },
	{ "make-process", make_process },
	{ "signal", signal_parent },
	{ "trace", trace },
	{ "run-memory", run_memory },
	{ "socket", make_socket },
	{ "take-port", take_port },
	{ "insist", insist },
};

static const struct deed *wanted;
static const char *place = "";
static long calls_left;

__attribute__((constructor)) static void begin(void)
{
	const char *name = getenv("FORBIDDEN"), *at = getenv("FORBIDDEN_AT");

	*(void **)&real_read = dlsym(RTLD_NEXT, "read");
	*(void **)&real_recv = dlsym(RTLD_NEXT, "recv");
	file = getenv("FORBIDDEN_FILE");
	parent = getppid();
	place = getenv("FORBIDDEN_IN") != NULL ? getenv("FORBIDDEN_IN") : "";
	calls_left = at != NULL ? strtol(at, NULL, 10) : 1;
	for (size_t i = 0; name != NULL && i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(deeds[i].name, name) == 0)
			wanted = &deeds[i];
}

static void perhaps(const char *function)
{
	int was = errno;

	if (wanted == NULL || strcmp(place, function) != 0 || --calls_left != 0)
		return;
	errno = 0;
	if (wanted->call() >= 0)
		(void)dprintf(STDERR_FILENO, "%s: done\n", wanted->name);
	else
		(void)dprintf(STDERR_FILENO, "%s: %s\n", wanted->name, strerror(errno));
	errno = was;
}

ssize_t read(int fd, void *to, size_t len)
{
	perhaps(len == CAPTURE_PIECE || len == CAPTURE_FIRST ? "read" : "read-file");
	return real_read(fd, to, len);
}

ssize_t recv(int fd, void *to, size_t len, int flags)
{
	perhaps("recv");
	return real_recv(fd, to, len, flags);
}
