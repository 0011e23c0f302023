/* Both means in their order: Landlock opens files to make its rules, which the filter would not let. */
#include "sandbox/sandbox.h"

#include "base/sanitized.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"
#include "sandbox/trap.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

static struct sandbox_force force;
static bool sealed;

/* Without it neither means may be used; there are kernels that know neither it nor them. */
static bool give_up_privileges(void)
{
#ifdef __linux__
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
	return false;
#endif
}

struct sandbox_force sandbox_enter(const struct sandbox_policy *policy)
{
	/* Sanitizers look at their own process by means that no filter should let through. */
	if (SANITIZED || !give_up_privileges())
		return force;
	tzset(); /* strftime() asks for the time zone, whose file could not be opened later */
	force.landlock = landlock_enter(policy);
	force.seccomp = filter_enter(policy);
	return force;
}

void sandbox_seal(void)
{
	if (force.seccomp && !sealed)
		sealed = filter_seal();
}

static char broken[96];

static void put_broken(void)
{
	(void)snprintf(broken, sizeof broken, "the sandbox refused the system call '%s'",
		filter_call_name(trap_first()));
}

const char *sandbox_broken(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (trap_first() < 0)
		return NULL;
	(void)pthread_once(&once, put_broken);
	return broken;
}

const char *sandbox_describe(void)
{
	static const struct sandbox_policy nothing = { .network = false };
	static char text[64];
	struct sandbox_force f = sandbox_enter(&nothing);

	if (SANITIZED)
		return "off in this build (sanitizers)";
	if (f.landlock == 0)
		return f.seccomp ? "seccomp"
				 : "none (this kernel has neither Landlock nor seccomp)";
	(void)snprintf(
		text, sizeof text, "Landlock %d%s", f.landlock, f.seccomp ? ", seccomp" : "");
	return text;
}
