/* SPDX-License-Identifier: MIT */
/* hostset.h - hosts, each with numbers, that also cover their subdomains. */

#ifndef DV_HOSTSET_H
#define DV_HOSTSET_H

#include "base/buf.h"
#include "url/url_index.h"

/* Hosts are in the form that dv_url_parse gives them, without a final dot. */
struct dv_hostset {
    struct dv_url_index index;
    struct dv_vec hosts;
    struct dv_buf text;
};

void dv_hostset_init(struct dv_hostset *set, struct dv_mem *mem);
void dv_hostset_fini(struct dv_hostset *set);

/* Put `value` under `host`, which may be there already.  DAVY_OK,
 * DAVY_NO_MEMORY, DAVY_LIMIT. */
davy_status dv_hostset_add(struct dv_hostset *set, struct dv_span host,
                           uint32_t value);

/* No more hosts; walks work from here on, in any thread. */
davy_status dv_hostset_freeze(struct dv_hostset *set);

/* A walk over the values of a host and of the domains above it: for a.b.c
 * those of c, b.c, a.b.c, in this order.  Linear in the host's length. */
struct dv_hostset_walk {
    const struct dv_hostset *set;
    struct dv_span host;
    size_t left;                        /* bytes in front of the suffix */
    uint32_t hash;                      /* of the suffix */
    bool has_begun;
    const uint32_t *items;              /* of the suffix, not yet given */
    size_t items_left;
};

void dv_hostset_begin(struct dv_hostset_walk *walk,
                      const struct dv_hostset *set, struct dv_span host);

/* The next value, or false at the end. */
bool dv_hostset_next(struct dv_hostset_walk *walk, uint32_t *value);

#endif
