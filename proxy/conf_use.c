/* SPDX-License-Identifier: MIT */
/* conf_use.c - counts users of one thread. */

#include "proxy/conf_use.h"

#include <stdlib.h>

#include "common/fatal.h"

struct conf_use *
conf_use_new(struct conf *conf)
{
    struct conf_use *use = fatal_alloc(sizeof(*use));

    *use = (struct conf_use){ conf, 1 };
    return use;
}

struct conf_use *
conf_use_enter(struct conf_use *use)
{
    use->count++;
    return use;
}

void
conf_use_leave(struct conf_use *use)
{
    if (--use->count > 0)
        return;
    conf_unref(use->conf);
    free(use);
}
