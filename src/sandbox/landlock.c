/*
 * The numbers are those of the kernel's interface, which never change, written down here: so what can
 * be asked of a kernel does not depend on the headers that the program was built with.
 */
#define _GNU_SOURCE /* O_PATH */

#include "sandbox/landlock.h"

#include "base/array.h"

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { ASK_ABI = 1, RULE_PATH_BENEATH = 1 };

enum { DEPTH_MAX = 8 }; /* of folders of inputs, as material_read() goes into them */

/* struct landlock_ruleset_attr; older kernels know only its beginning. */
struct ruleset {
	uint64_t files;
	uint64_t network; /* from ABI 4 */
	uint64_t scoped;  /* from ABI 6 */
};

/* struct landlock_path_beneath_attr */
struct __attribute__((packed)) beneath {
	uint64_t allowed;
	int32_t folder;
};

#define BIT(n) (UINT64_C(1) << (n))

static const uint64_t read_file = BIT(2), read_dir = BIT(3), remove_file = BIT(5),
		      make_reg = BIT(8), refer = BIT(13);
static const uint64_t bind_tcp = BIT(0), connect_tcp = BIT(1);
static const uint64_t abstract_sockets = BIT(0), signals = BIT(1);

/* All accesses to files that an ABI knows: each of them is forbidden where no rule allows it. */
static uint64_t files_of(int abi)
{
	static const unsigned known[] = { 0, 13, 14, 15, 15, 16 }; /* how many, by ABI */
	size_t last = COUNT(known) - 1;

	return BIT(known[(size_t)abi < last ? (size_t)abi : last]) - 1;
}

static size_t ruleset_size(int abi)
{
	return abi >= 6   ? sizeof(struct ruleset)
	       : abi >= 4 ? offsetof(struct ruleset, scoped)
			  : offsetof(struct ruleset, network);
}

struct rules {
	int fd;
	uint64_t known; /* what of the rights of a rule the kernel can tell apart */
};

/* path may be a link: the rule is for what it leads to. What is not there needs no rule. */
static void allow(const struct rules *r, const char *path, uint64_t rights, uint64_t folder_rights)
{
	struct beneath b = { .folder = open(path, O_PATH | O_CLOEXEC) };
	struct stat st;

	if (b.folder < 0)
		return;
	if (fstat(b.folder, &st) == 0) {
		b.allowed = (S_ISDIR(st.st_mode) ? rights | folder_rights : rights) & r->known;
		(void)syscall(ADD_RULE, r->fd, RULE_PATH_BENEATH, &b, 0);
	}
	(void)close(b.folder);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/*
 * A rule on a folder holds for what is below it, which what a link leads to need not be: folders of
 * CAs consist of links.
 */
static void allow_links(const struct rules *r, const char *folder, unsigned depth);

static void allow_entry(
	const struct rules *r, const char *folder, const struct dirent *entry, unsigned depth)
{
	bool link = entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);

	if (entry->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof path)
		return;
	if (link)
		allow(r, path, read_file, read_dir);
	if (depth != 0 && (link || entry->d_type == DT_DIR) && is_folder(path))
		allow_links(r, path, depth - 1);
}

static void allow_links(const struct rules *r, const char *folder, unsigned depth)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		allow_entry(r, folder, entries[i], depth);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void allow_input(const struct rules *r, const char *path)
{
	allow(r, path, read_file, read_dir);
	if (is_folder(path))
		allow_links(r, path, DEPTH_MAX);
}

/*
 * What the resolver opens: its settings, and the libraries of the services that these name. Of /etc no
 * more than that: it holds keys and passwords, too.
 */
static void allow_resolver(const struct rules *r)
{
	static const char *const paths[] = { "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/hosts",
		"/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols",
		"/etc/localtime", "/etc/ld.so.cache", "/etc/ld.so.preload", "/lib", "/lib64",
		"/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store", "/run/nscd",
		"/var/lib/sss/mc", "/run/systemd/resolve", "/run/systemd/machines" };

	for (size_t i = 0; i < COUNT(paths); i++)
		allow(r, paths[i], read_file, read_dir);
}

static void allow_all(const struct rules *r, const struct sandbox_policy *p)
{
	for (size_t i = 0; i < p->n_inputs; i++)
		allow_input(r, p->inputs[i]);
	for (size_t i = 0; i < p->n_folders; i++)
		allow(r, p->folders[i], 0, make_reg | remove_file | refer);
	if (p->network)
		allow_resolver(r);
}

int landlock_enter(const struct sandbox_policy *policy)
{
	long abi = syscall(CREATE_RULESET, NULL, 0, ASK_ABI);
	struct ruleset all = { .network = policy->network ? bind_tcp : bind_tcp | connect_tcp,
		.scoped = policy->network ? signals : abstract_sockets | signals };
	struct rules r;
	bool ok;

	if (abi < 1)
		return 0;
	all.files = r.known = files_of((int)abi);
	r.fd = (int)syscall(CREATE_RULESET, &all, ruleset_size((int)abi), 0);
	if (r.fd < 0)
		return 0;
	allow_all(&r, policy);
	ok = syscall(RESTRICT_SELF, r.fd, 0) == 0;
	(void)close(r.fd);
	return ok ? (int)abi : 0;
}

#else

int landlock_enter(const struct sandbox_policy *policy)
{
	(void)policy;
	return 0;
}

#endif
