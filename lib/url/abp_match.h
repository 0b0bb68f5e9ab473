/* SPDX-License-Identifier: MIT */
/* abp_match.h - compares patterns of filters with addresses. */

#ifndef DV_ABP_MATCH_H
#define DV_ABP_MATCH_H

#include "base/span.h"

/* An address as patterns see it: without its fragment. */
struct dv_abp_text {
    struct dv_span url;
    size_t host;                        /* offset of the host */
    size_t host_end;                    /* and behind it */
};

/* A pattern with its anchors.  In lower case unless `is_match_case`. */
struct dv_abp_pattern {
    struct dv_span text;                /* with `^` and `*` */
    bool has_start;
    bool has_host;
    bool has_end;
    bool is_match_case;
};

/* Whether the piece between stars that holds offset `at` of the pattern stands
 * in the address with that byte at `place`.  Anchors are not looked at. */
bool dv_abp_match_piece(const struct dv_abp_pattern *pattern,
                        const struct dv_abp_text *text, size_t at,
                        size_t place);

/* Whether a pattern matches so that it begins at offset `at`. */
bool dv_abp_match_at(const struct dv_abp_pattern *pattern,
                     const struct dv_abp_text *text, size_t at);

/* Whether any pattern matches anywhere.  At most (length of the address) x
 * (length of the pattern) comparisons of bytes. */
bool dv_abp_match(const struct dv_abp_pattern *pattern,
                  const struct dv_abp_text *text);

#endif
