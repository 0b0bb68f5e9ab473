/* SPDX-License-Identifier: MIT */
/* match.h - looks for many literals at once, and for one regular expression.
 *
 * Both are frozen when made and may be used by any number of threads, each
 * with a scratch of its own.  The engine behind is Vectorscan; its memory
 * comes from malloc, because its allocator hooks are global. */

#ifndef DV_MATCH_H
#define DV_MATCH_H

#include "base/mem.h"
#include "base/span.h"

/* Room that a scan needs.  A scan that runs inside the callback of another
 * takes a scratch of its own. */
struct dv_match_scratch;

/* ---- Literals --------------------------------------------------------- */

struct dv_match_literal {
    struct dv_span bytes;               /* not empty; may hold NULs */
    bool is_nocase;                     /* ASCII letters in any case */
};

struct dv_match_literals;

/* Make a database of `count` (> 0) literals; `table` may go away afterwards.
 * DAVY_OK, DAVY_NO_MEMORY, DAVY_DECLINED when this processor is too old. */
davy_status dv_match_literals_new(struct dv_mem *mem,
                                  const struct dv_match_literal *table,
                                  size_t count,
                                  struct dv_match_literals **literals);
void dv_match_literals_free(struct dv_match_literals *literals);

/* Called for each place of a literal (its index in the table); `end` is the
 * offset behind its last byte.  Places of one literal come in order.  False
 * stops the scan. */
typedef bool (*dv_match_fn)(void *ctx, uint32_t literal, size_t end);

/* DAVY_OK, also when the callback stopped it; DAVY_LIMIT for text of 4 GiB
 * and more. */
davy_status dv_match_literals_scan(const struct dv_match_literals *literals,
                                   struct dv_match_scratch *scratch,
                                   struct dv_span text, dv_match_fn fn,
                                   void *ctx);

/* ---- Regular expressions ---------------------------------------------- */

/* A regular expression.  Its automaton is made when it is first asked, by
 * whichever thread comes first: most are never asked in the life of a program,
 * and making one takes a millisecond. */
struct dv_match_regex;

/* Expressions that one scratch can serve. */
#define DV_MATCH_REGEXES 2048

/* Why an expression was refused. */
struct dv_match_error {
    char text[160];                     /* a sentence without final stop */
    size_t at;                          /* offset in the expression */
    bool has_at;
};

/* Check an expression.  It works on bytes, a dot matches line feeds too, `^`
 * and `$` also match at line breaks.  `number` (below DV_MATCH_REGEXES) tells
 * it from others in a scratch.  DAVY_OK; DAVY_MALFORMED with `error` filled;
 * DAVY_NO_MEMORY; DAVY_DECLINED when this processor is too old. */
davy_status dv_match_regex_new(struct dv_mem *mem, struct dv_span source,
                               bool is_nocase, uint32_t number,
                               struct dv_match_error *error,
                               struct dv_match_regex **regex);
void dv_match_regex_free(struct dv_match_regex *regex);

/* Make the automaton now: large expressions can turn out to be too large.
 * Answers as dv_match_regex_new. */
davy_status dv_match_regex_prepare(const struct dv_match_regex *regex,
                                   struct dv_match_error *error);

/* Whether the expression matches somewhere in `text`.  DAVY_OK, or
 * DAVY_NO_MEMORY when there is none for the automaton; any thread. */
davy_status dv_match_regex_test(const struct dv_match_regex *regex,
                                struct dv_match_scratch *scratch,
                                struct dv_span text, bool *is_match);

/* ---- Scratch ---------------------------------------------------------- */

/* For expressions; it grows as they are asked. */
davy_status dv_match_scratch_new(struct dv_mem *mem,
                                 struct dv_match_scratch **scratch);

/* For the database of literals. */
davy_status dv_match_scratch_for_literals(
    struct dv_mem *mem, const struct dv_match_literals *literals,
    struct dv_match_scratch **scratch);
void dv_match_scratch_free(struct dv_match_scratch *scratch);

#endif
