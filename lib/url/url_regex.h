/* SPDX-License-Identifier: MIT */
/* url_regex.h - the regular expressions of filter lists, in linear time.
 *
 * The part of ECMAScript's syntax that lists use over bytes: alternatives,
 * groups, classes, `.`, \d \w \s and their negations, \xHH, `^`, `$`, and
 * the quantifiers * + ? {m} {m,} {m,n}, also lazy.  Assertions (look-around,
 * \b) and back-references are refused.  An expression becomes Glushkov's
 * automaton of at most 512 positions and then a table of deterministic states,
 * so that a match costs one look-up for each byte; what does not fit into a
 * bounded table is refused. */

#ifndef DV_URL_REGEX_H
#define DV_URL_REGEX_H

#include "base/mem.h"
#include "base/span.h"

struct dv_url_regex;

/* Compile `text` (without slashes).  DAVY_OK; DAVY_DECLINED when it uses
 * something that is not supported or is too large; DAVY_MALFORMED when it is
 * no expression; DAVY_NO_MEMORY. */
davy_status dv_url_regex_new(struct dv_mem *mem, struct dv_span text,
                             bool is_match_case, struct dv_url_regex **regex);
void dv_url_regex_free(struct dv_url_regex *regex);

/* Whether it matches anywhere in `text`.  Linear in its length; any thread. */
bool dv_url_regex_match(const struct dv_url_regex *regex,
                        struct dv_span text);

#endif
