/* SPDX-License-Identifier: MIT */
/* decision.h - one line for everything that davyd did not simply pass on. */

#ifndef DECISION_H
#define DECISION_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECISION_TICKET 11              /* bytes of a ticket with its NUL */

struct decision {
    char ticket[DECISION_TICKET];
    const char *action;                 /* "blocked", "cut", ... */
    const char *reason;                 /* why, in words */
    const char *detail;                 /* more of it, or NULL */
    const char *client;
    const char *user;                   /* who asked, or NULL */
    const char *policy;                 /* that was in force, or NULL */
    const char *owner;                  /* of the exception, or NULL */
    const char *excuse;                 /* its reason */
    const char *method;
    const char *address;
    const char *kind;                   /* of davy/kinds.def, or "" */
    const davy_report *report;          /* or NULL */
};

/* A fresh number for block page and log: 50 random bits. */
void decision_ticket(char ticket[DECISION_TICKET]);

/* Append one JSON object in one line to the log; any thread. */
void decision_write(const struct decision *decision);

/* One of the last decisions, as strings; all may be "". */
struct decision_record {
    char time[32];
    char ticket[DECISION_TICKET];
    char action[16];
    char client[64];
    char rule[32];
    char address[256];                  /* its beginning */
    char title[128];
    char evidence[256];
};

#define DECISION_RECENT 100

/* Copy the last decisions, the newest first; how many there are. */
size_t decision_recent(struct decision_record *records, size_t room);

/* Where lines go: a file (opened to append), or NULL for standard error.
 * Before threads start, and again to open it anew.  False after a message. */
bool decision_open(const char *path);
void decision_close(void);

/* Lines that could not be written. */
uint64_t decision_lost(void);

#endif
