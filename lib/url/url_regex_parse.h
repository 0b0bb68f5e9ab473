/* SPDX-License-Identifier: MIT */
/* url_regex_parse.h - turns an expression into Glushkov's automaton. */

#ifndef DV_URL_REGEX_PARSE_H
#define DV_URL_REGEX_PARSE_H

#include <davy/status.h>

#include "base/span.h"
#include "url/url_regex_set.h"

/* Each position is one symbol class of the expression; after it has matched,
 * the positions in `follow` may match next. */
struct dv_url_regex_nfa {
    struct dv_url_regex_set first;
    struct dv_url_regex_set last;       /* a match ends here */
    struct dv_url_regex_set follow[DV_URL_REGEX_POSITIONS];
    struct dv_url_regex_set on[DV_URL_REGEX_SYMBOLS];   /* who takes it */
    unsigned positions;
    bool is_nullable;                   /* matches everywhere */
};

/* `nfa` must be zeroed.  DAVY_OK, DAVY_DECLINED, DAVY_MALFORMED as in
 * dv_url_regex_new. */
davy_status dv_url_regex_parse(struct dv_span text, bool is_match_case,
                               struct dv_url_regex_nfa *nfa);

#endif
