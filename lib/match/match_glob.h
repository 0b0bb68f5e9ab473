/* SPDX-License-Identifier: MIT */
/* match_glob.h - patterns made of literals and stars, and what to find them
 * by.
 *
 * A pattern is a set of alternatives.  Each has an *atom*: a literal run that
 * stands in every text that matches.  All atoms go into one literal database;
 * where an atom is found, its alternative is asked about the whole text.
 *
 * Globs: `*` any run of bytes without a dot, `**` any run, `{a,b}` either,
 * `\` takes the next byte as it is. */

#ifndef DV_MATCH_GLOB_H
#define DV_MATCH_GLOB_H

#include "base/arena.h"
#include "base/span.h"

/* Alternatives that the braces of one glob may multiply to. */
#define DV_GLOB_ALTERNATIVES 64

/* Bytes of one pattern: addresses and paths are far shorter. */
#define DV_PATTERN_BYTES 1024

/* Literal bytes between the first and the last star: bits of a word. */
#define DV_GLOB_MIDDLE 63

/* Atoms longer than this find nothing more, but cost memory. */
#define DV_ATOM_BYTES 32

enum dv_glob_how {
    DV_GLOB_EQUALS,                     /* the text is the literal */
    DV_GLOB_STARTS,
    DV_GLOB_ENDS,
    DV_GLOB_CONTAINS,
    DV_GLOB_ANYTHING,                   /* `**` */
    DV_GLOB_STARS                       /* prefix, automaton, suffix */
};

/* Runs over the part between prefix and suffix; bit j of a state means that j
 * literal bytes of the middle have been seen. */
struct dv_glob_stars {
    struct dv_span prefix;
    struct dv_span suffix;
    uint64_t accept;                    /* the one bit of the end */
    uint64_t over_any;                  /* bits that stay over any byte */
    uint64_t over_no_dot;               /* bits that stay over all but `.` */
    uint8_t class_of[256];              /* index in steps; 0: no literal */
    uint64_t steps[];                   /* bits that a byte leads to */
};

struct dv_glob {
    enum dv_glob_how how;
    bool is_nocase;
    struct dv_span text;                /* lower case when is_nocase */
    const struct dv_glob_stars *stars;
    struct dv_span atom;                /* empty when there is none */
    bool atom_is_last;                  /* the text ends with the atom */
};

struct dv_glob_set {
    struct dv_glob *at;
    uint32_t count;
};

/* What is wrong with a pattern; constant text. */
struct dv_glob_error {
    const char *text;
    size_t at;                          /* offset in the pattern */
};

/* Compile a glob into `arena`.  DAVY_OK, DAVY_MALFORMED with `error` filled,
 * DAVY_NO_MEMORY. */
davy_status dv_glob_compile(struct dv_arena *arena, struct dv_span source,
                            bool is_nocase, struct dv_glob_set *set,
                            struct dv_glob_error *error);

/* The same for a literal: `how` is EQUALS, STARTS, ENDS or CONTAINS. */
davy_status dv_glob_literal(struct dv_arena *arena, struct dv_span literal,
                            enum dv_glob_how how, bool is_nocase,
                            struct dv_glob_set *set,
                            struct dv_glob_error *error);

/* Whether the whole of `text` matches; linear, without memory. */
bool dv_glob_test(const struct dv_glob *glob, struct dv_span text);

#endif
