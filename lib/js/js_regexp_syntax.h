/* SPDX-License-Identifier: MIT */
/* js_regexp_syntax.h - is it a regular expression? (ECMA-262, 22.2.1 and
 * B.1.2; named groups may repeat in different alternatives, and groups may
 * change flags, as in the edition of 2025.) */

#ifndef DV_JS_REGEXP_SYNTAX_H
#define DV_JS_REGEXP_SYNTAX_H

#include "base/arena.h"
#include "base/strmap.h"
#include "base/vec.h"

struct dv_js_regexp_error {
    size_t offset;              /* in the pattern; its length for the flags */
    const char *message;
};

/* Checks one pattern after the other with the same memory. */
struct dv_js_regexp {
    /* The pattern being checked. */
    struct dv_span all;
    struct dv_span rest;
    struct dv_js_regexp_error error;
    davy_status st;
    bool is_unicode;            /* flag u or v */
    bool has_sets;              /* flag v */
    bool has_names;             /* some group has a name */
    uint32_t group_count;       /* groups that capture */

    struct dv_vec groups;       /* open ones */
    struct dv_vec classes;      /* open ones (flag v) */
    struct dv_vec seen;         /* names, in order */
    struct dv_vec references;   /* \k<name> */
    struct dv_strmap names;     /* name -> in which state it is */
    struct dv_arena arena;      /* names whose escapes were undone */
    uint64_t budget;            /* for names in nested alternatives */
};

void dv_js_regexp_init(struct dv_js_regexp *re, struct dv_mem *mem);
void dv_js_regexp_fini(struct dv_js_regexp *re);

/* DAVY_OK; DAVY_MALFORMED with re->error; DAVY_NO_MEMORY.  Takes linear time
 * and no recursion. */
davy_status dv_js_regexp_check(struct dv_js_regexp *re, struct dv_span pattern,
                               struct dv_span flags);

/* ---- Between the checker's files -------------------------------------- */

void dv_js_regexp_fail(struct dv_js_regexp *re, const char *message);
bool dv_js_regexp_eat(struct dv_js_regexp *re, uint8_t byte);

/* The byte `n` further, or 0 beyond the end. */
static inline uint8_t
dv_js_regexp_peek(const struct dv_js_regexp *re, size_t n)
{
    return n < re->rest.len ? re->rest.at[n] : 0;
}

/* What an escape stands for. */
enum dv_js_regexp_escape {
    DV_JS_REGEXP_CHARACTER,     /* one, `code` */
    DV_JS_REGEXP_SET,           /* \d, \p{...}: several characters */
    DV_JS_REGEXP_STRINGS        /* \p{...} of strings */
};

/* CharacterEscape or CharacterClassEscape; `rest` is behind the backslash. */
enum dv_js_regexp_escape dv_js_regexp_escape(struct dv_js_regexp *re,
                                             bool in_class, uint32_t *code);

/* \uXXXX, \u{X} or a pair of \uXXXX; behind the backslash.  False and no move
 * when it is none of these. */
bool dv_js_regexp_unicode(struct dv_js_regexp *re, bool with_braces,
                          uint32_t *code);

/* The inside of [...]; `rest` is behind the bracket. */
void dv_js_regexp_class(struct dv_js_regexp *re);
void dv_js_regexp_class_set(struct dv_js_regexp *re);

#endif
