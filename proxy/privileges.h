/* SPDX-License-Identifier: MIT */
/* privileges.h - from root to an ordinary user, for good. */

#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

struct privileges {
    const char *user;                   /* as given, or NULL */
    uid_t uid;                          /* to be */
    gid_t gid;
    bool is_change;                     /* from root */
};

/* Who davyd is to be, by the name of a user; NULL for no change, which is worth
 * a note when it is root.  False after a message. */
bool privileges_find(struct privileges *privileges, const char *user);

/* Become that user, with his groups and without capabilities; nothing that is
 * executed can bring more, and nobody may look into our memory, which also
 * leaves no core file.  Whoever stays root keeps his capabilities.  Before
 * threads; false after a message. */
bool privileges_drop(const struct privileges *privileges);

#endif
