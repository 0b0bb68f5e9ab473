/* SPDX-License-Identifier: MIT */
/* settings.h - what every worker is told at its start. */

#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What becomes of a miner. */
enum settings_action {
    SETTINGS_REWRITE,                   /* cut out of its page; blocked when
                                         * that cannot be done */
    SETTINGS_BLOCK,                     /* with its page */
    SETTINGS_REPORT                     /* passed on, and logged */
};

#define SETTINGS_PORTS 16

struct settings {
    enum settings_action action;
    unsigned connect_ports[SETTINGS_PORTS];     /* of CONNECT; 0 ends them */
    const char *upstream_ca;            /* file of certificates, or NULL */
    const char *portal;                 /* abstract socket of the portal */
    bool allows_private;                /* connect to private networks */
    size_t max_head;                    /* bytes of a request's head */
    uint64_t head_time;                 /* ms for a whole head */
    uint64_t idle_time;                 /* ms between requests */
    uint64_t stall_time;                /* ms without a byte either way */
    uint64_t connect_time;              /* ms */
    size_t max_connections;             /* of one worker */
    size_t hold_bytes;                  /* of a body that is being judged */
    uint64_t hold_time;                 /* ms */
    size_t judge_bytes;                 /* of a body that are looked at */
    uint64_t drain_time;                /* ms, at the end */
};

/* Read "443,8443"; false when it is no list of ports. */
bool settings_read_ports(struct settings *settings, const char *text);

bool settings_is_connect_port(const struct settings *settings, unsigned port);

/* Fill in what davyd does without a word. */
void settings_default(struct settings *settings);

#endif
