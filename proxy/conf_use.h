/* SPDX-License-Identifier: MIT */
/* conf_use.h - one worker's hold on a configuration: requests that began under
 * an old one end under it.  Counting is the worker's own, so that threads do
 * not meet. */

#ifndef CONF_USE_H
#define CONF_USE_H

#include "proxy/conf.h"

struct conf_use {
    struct conf *conf;
    size_t count;
};

/* Takes over one reference; in use once. */
struct conf_use *conf_use_new(struct conf *conf);

struct conf_use *conf_use_enter(struct conf_use *use);
void conf_use_leave(struct conf_use *use);

#endif
