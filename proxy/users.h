/* SPDX-License-Identifier: MIT */
/* users.h - names and hashes of passwords, from a file of htpasswd. */

#ifndef USERS_H
#define USERS_H

#include <stdbool.h>
#include <stddef.h>

struct users;

/* Read "name:hash" lines; # begins a comment.  All that is wrong is said with
 * its line; NULL then.  One reference is the caller's. */
struct users *users_load(const char *path);

/* Any thread. */
struct users *users_ref(struct users *users);
void users_unref(struct users *users);

/* Whether the name's password is this one.  It takes as long as its hash is
 * meant to take (bcrypt: tens of milliseconds), for unknown names, too. */
bool users_check(const struct users *users, const char *name,
                 const char *password);

#endif
