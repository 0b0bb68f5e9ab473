/* SPDX-License-Identifier: MIT */
/* team.h - the workers, what they share, and the signals that reach them. */

#ifndef TEAM_H
#define TEAM_H

#include "proxy/conf.h"

/* Where the configuration comes from, to read it again. */
struct team_source {
    const char *file;                   /* or NULL */
    const struct conf_option *options;
    size_t count;
};

/* Serve under `conf`, whose reference is taken over, until a signal ends it;
 * an exit status. */
int team_serve(struct conf *conf, const struct team_source *source);

#endif
