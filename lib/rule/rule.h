/* SPDX-License-Identifier: MIT */
/* rule.h - what rules look like once they are compiled.
 *
 * A rule is a tree of conditions whose leaves ask facts.  All trees stand in
 * one flat array, each node before its children, so that a rule is an index;
 * all leaves stand in another, so that what held is an array beside it. */

#ifndef DV_RULE_H
#define DV_RULE_H

#include <davy/davy.h>

#include "base/arena.h"
#include "base/vec.h"
#include "match/match.h"
#include "match/match_glob.h"
#include "rule/rule_message.h"

/* Conditions inside conditions. */
#define DV_RULE_DEPTH 16

/* Numbers of one `numbers` leaf: bits of a word. */
#define DV_RULE_NUMBERS 64

#define DV_RULE_NONE UINT32_MAX

enum dv_leaf_type {
#define DV_LEAF_ROW(NAME, key, siblings) DV_LEAF_##NAME,
#include "rule/rule_leaf.def"
    DV_LEAF_TYPES
};

/* Which part of a fact's text a leaf asks about. */
enum dv_leaf_view {
    DV_VIEW_NONE,                       /* the leaf is not asked of the kind */
    DV_VIEW_WHOLE,
    DV_VIEW_STRING,                     /* whole, of string arguments only */
    DV_VIEW_NAME,                       /* before the first `=` or `:` */
    DV_VIEW_SEGMENT                     /* behind the last dot */
};

/* A pattern: globs, or one regular expression. */
struct dv_pattern {
    struct dv_glob_set globs;
    const struct dv_match_regex *regex; /* NULL for globs */
    struct dv_span *atoms;              /* of the expression */
    uint32_t atoms_count;
    bool is_nocase;
    struct dv_place place;              /* where it was written */
};

/* What must hold for an argument of the call or an attribute of the element
 * that a leaf looks at. */
enum dv_part_type { DV_PART_ARG, DV_PART_KEY, DV_PART_WALLET, DV_PART_ATTR };

struct dv_part {
    enum dv_part_type type;
    int index;                          /* of the argument; -1: any */
    int arg_type;                       /* enum dv_arg_type; -1: any */
    bool has_pattern;
    struct dv_pattern pattern;
    const char *coin;                   /* WALLET; NULL: any */
};

struct dv_leaf {
    enum dv_leaf_type type;
    uint32_t rule;                      /* index */
    uint32_t times;                     /* facts that must match, >= 1 */
    bool is_new_only;                   /* `call: new X` */
    bool is_page_scope;
    uint16_t kinds;                     /* bit for each aux of the fact that
                                         * is wanted: davy_kind of addresses,
                                         * dv_native_class of texts; 0: any */
    struct dv_pattern pattern;
    struct dv_part *parts;
    uint32_t parts_count;
    int anchor;                         /* part that it is found by, or -1:
                                         * its own pattern */
    const char *coin;                   /* WALLET; NULL: any */
    const double *numbers;              /* NUMBERS, as dv_rule_number says */
    uint32_t numbers_count;
};

enum dv_cond_type {
    DV_COND_ALL,
    DV_COND_ANY,
    DV_COND_NONE,
    DV_COND_AT_LEAST,
    DV_COND_LEAF
};

struct dv_cond {
    enum dv_cond_type type;
    uint32_t least;                     /* AT_LEAST: how many */
    uint32_t leaf;                      /* LEAF: index */
    uint32_t end;                       /* index behind the last descendant */
};

struct dv_rule {
    davy_rule_info info;
    const davy_rule_test *tests;        /* info.tests_count of them */
    enum davy_confidence confidence;
    bool is_page_scope;
    bool is_list;                       /* made of a list: no condition */
    bool is_deprecated;                 /* listed, never asked */
    uint32_t list;                      /* is_list: its number */
    uint32_t cond;                      /* index of the root */
    uint32_t column;                    /* where it was written */
};

/* The form in which numbers are compared: modulo 2^32 when they fit in 32
 * bits, signed or not, else as they are. */
double dv_rule_number(double number);

/* Points that a rule or list of this confidence adds by itself. */
int dv_rule_score(enum davy_confidence confidence);
int dv_rule_list_score(enum davy_confidence confidence);

/* The view that leaves of `type` have of facts of `kind`. */
enum dv_leaf_view dv_leaf_view(enum dv_leaf_type type, unsigned kind);

#endif
