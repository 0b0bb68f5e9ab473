/* SPDX-License-Identifier: MIT */
/* cage.c - seccomp(2) by way of libseccomp, and capabilities(7) by system call:
 * two structures are no reason for one more library. */

#include "proxy/cage.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

/* ---- System calls ---- */

#if defined(HAVE_SECCOMP) && !CAGE_IS_OPEN
static bool
add(scmp_filter_ctx filter, const struct cage_call *call,
    enum cage_rest rest)
{
    const int number = seccomp_syscall_resolve_name(call->name);
    const struct scmp_arg_cmp compare
        = SCMP_CMP64(call->argument, SCMP_CMP_MASKED_EQ, call->mask,
                     call->value);

    /* Those that a processor does not have are negative. */
    if (number < 0 || (call->is_refused && rest == CAGE_REFUSE))
        return true;
    return seccomp_rule_add(filter,
                            call->is_refused ? SCMP_ACT_ERRNO(ENOSYS)
                                             : SCMP_ACT_ALLOW,
                            number, call->mask == 0 ? 0 : 1, compare)
           == 0;
}

bool
cage_filter(const struct cage_call *calls, size_t count, enum cage_rest rest)
{
    scmp_filter_ctx filter = seccomp_init(
        rest == CAGE_KILL ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS));
    bool is_fine = filter != NULL;

    /* Kernels before 4.14 cannot; what is refused is refused there, too. */
    if (is_fine)
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
    for (size_t i = 0; is_fine && i < count; i++)
        is_fine = add(filter, &calls[i], rest);
    is_fine = is_fine && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_fine;
}

bool
cage_can_filter(void)
{
    return true;
}
#else
bool
cage_can_filter(void)
{
    return false;
}

bool
cage_filter(const struct cage_call *calls, size_t count, enum cage_rest rest)
{
    (void)calls;
    (void)count;
    (void)rest;
    return false;
}
#endif

/* ---- Capabilities ---- */

struct capabilities {
    struct __user_cap_header_struct header;
    struct __user_cap_data_struct data[2];
};

static bool
read_capabilities(struct capabilities *c)
{
    *c = (struct capabilities){ .header
                                = { _LINUX_CAPABILITY_VERSION_3, 0 } };
    return syscall(SYS_capget, &c->header, c->data) == 0;
}

bool
cage_keep_capabilities(uint64_t keep)
{
    struct capabilities c;

    if (!read_capabilities(&c))
        return false;
    /* A service manager may have taken the call as well as what it is for. */
    if ((c.data[0].permitted | c.data[1].permitted | c.data[0].inheritable
         | c.data[1].inheritable)
        == 0)
        return true;
    for (unsigned i = 0; i < 2; i++) {
        c.data[i].permitted &= (uint32_t)(keep >> 32 * i);
        c.data[i].effective = c.data[i].permitted;
        c.data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &c.header, c.data) == 0;
}

bool
cage_has_capabilities(void)
{
    struct capabilities c;

    return !read_capabilities(&c)
           || (c.data[0].permitted | c.data[1].permitted) != 0;
}
