/* SPDX-License-Identifier: MIT */
/* report_tally.h - adds up decisions: who met miners, where, when. */

#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "proxy/report_log.h"
#include "proxy/report_table.h"

struct report_tally {
    const char *since, *until;          /* as report_log's times, or NULL */
    uint64_t decisions;
    uint64_t miners;
    uint64_t downloads;                 /* of miners */
    uint64_t hours[24];                 /* miners, UTC */
    char first[REPORT_TIME], last[REPORT_TIME];
    struct report_table clients;
    struct report_table families;
    struct report_table sites;          /* that served miners */
    struct report_table rules;          /* "DAVY-1001 title" */
    struct report_table actions;
    struct report_table reasons;        /* of what is no miner */
    struct report_table pairs;          /* what was seen together */
};

/* All but `since` and `until` zeroed; logs that are older come first. */
void report_tally_add(struct report_tally *tally,
                      const struct report_entry *entry);

/* Put all tables in order. */
void report_tally_finish(struct report_tally *tally);
void report_tally_fini(struct report_tally *tally);

#endif
