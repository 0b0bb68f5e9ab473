/* SPDX-License-Identifier: MIT */
/* report_table.h - counts by name. */

#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_TIME 20                  /* 2026-11-23 17:12:44 and NUL */

/* Families that are named; more are not worth a line. */
#define REPORT_NAMES 8

struct report_row {
    char *name;
    uint64_t count;
    uint64_t miners;
    uint64_t own;                       /* mining without a page */
    uint64_t clients;                   /* different ones */
    unsigned days;                      /* with miners */
    char first[REPORT_TIME];
    char last[REPORT_TIME];             /* of a miner, where there is one */
    const char *families[REPORT_NAMES]; /* names of rows of another table */
};

struct report_table {
    void *root;                         /* of tsearch(3) */
    struct report_row **rows;
    size_t count;
    uint64_t left_out;                  /* names that found no room */
};

/* A zeroed table is empty. */
void report_table_fini(struct report_table *table);

/* The row of that name, made when there is none; NULL when there are too many
 * names.  `is_new`, if given, says whether it was made. */
struct report_row *report_table_get(struct report_table *table,
                                    const char *name, bool *is_new);

/* Most miners first, then most counts, then by name. */
void report_table_sort(struct report_table *table);

#endif
