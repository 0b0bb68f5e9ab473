/* SPDX-License-Identifier: MIT */
/* privileges.c - initgroups(3), setresgid(2), setresuid(2), and a look whether
 * they have worked (CERT C, POS36-C and POS37-C). */

#include "proxy/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/log.h"
#include "proxy/cage.h"

static bool
find_user(struct privileges *p)
{
    const struct passwd *entry;

    errno = 0;
    entry = getpwnam(p->user);
    if (entry == NULL) {
        log_error("there is no user %s%s%s", p->user, errno == 0 ? "" : ": ",
                  errno == 0 ? "" : strerror(errno));
        return false;
    }
    p->uid = entry->pw_uid;
    p->gid = entry->pw_gid;
    return true;
}

bool
privileges_find(struct privileges *p, const char *user)
{
    *p = (struct privileges){ user, geteuid(), getegid(), false };
    if (user == NULL) {
        if (p->uid == 0)
            log_note("davyd runs as root; give it a user of its own "
                     "(--user davyd)");
        return true;
    }
    if (!find_user(p))
        return false;
    if (p->uid == 0) {
        log_error("user %s is root, whom davyd is not to be", user);
        return false;
    }
    p->is_change = p->uid != geteuid();
    if (!p->is_change || geteuid() == 0)
        return true;
    log_error("only root can start davyd for user %s", user);
    return false;
}

static bool
change(const struct privileges *p)
{
    if (initgroups(p->user, p->gid) == 0
        && setresgid(p->gid, p->gid, p->gid) == 0
        && setresuid(p->uid, p->uid, p->uid) == 0)
        return true;
    log_error("davyd cannot become user %s: %s", p->user, strerror(errno));
    return false;
}

/* There is no way back, by no user, no group and no capability. */
static bool
is_final(const struct privileges *p)
{
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;

    return getresuid(&real, &effective, &saved) == 0 && real == p->uid
           && effective == p->uid && saved == p->uid
           && getresgid(&real_group, &effective_group, &saved_group) == 0
           && real_group == p->gid && effective_group == p->gid
           && saved_group == p->gid && setuid(0) != 0 && seteuid(0) != 0
           && (p->gid == 0 || (setgid(0) != 0 && setegid(0) != 0))
           && !cage_has_capabilities();
}

bool
privileges_drop(const struct privileges *p)
{
    if (p->is_change && !change(p))
        return false;
    if (p->uid != 0) {
        (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        if (!cage_keep_capabilities(0)) {
            log_error("davyd cannot give up its capabilities: %s",
                      strerror(errno));
            return false;
        }
    }
    if (p->is_change && !is_final(p)) {
        log_error("davyd could become root again; it does not go on");
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        log_error("davyd cannot renounce further rights: %s",
                  strerror(errno));
        return false;
    }
    if (!CAGE_IS_OPEN)
        (void)prctl(PR_SET_DUMPABLE, 0);
    return true;
}
