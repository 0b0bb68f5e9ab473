/* SPDX-License-Identifier: MIT */
/* conf.h - what davyd is told: davyd.conf and the options.  Once it is read it
 * never changes, so any thread may look; a reload makes a new one. */

#ifndef CONF_H
#define CONF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/conf_yaml.h"
#include "proxy/hosts.h"
#include "proxy/netset.h"
#include "proxy/users.h"

/* What becomes of a miner. */
enum conf_action {
    CONF_REWRITE,                       /* cut out of its page; blocked when
                                         * that cannot be done */
    CONF_BLOCK,                         /* with its page */
    CONF_REPORT,                        /* passed on, and logged */
    CONF_OFF,                           /* nothing is looked at */
    CONF_DENY                           /* only named hosts, as by rewrite */
};

enum conf_downloads {
    CONF_DOWNLOADS_CUT,
    CONF_DOWNLOADS_REPORT,
    CONF_DOWNLOADS_PASS
};

enum conf_plaintext {
    CONF_PLAINTEXT_HTTP,                /* is served, all else is cut */
    CONF_PLAINTEXT_CUT,
    CONF_PLAINTEXT_JUDGE,
    CONF_PLAINTEXT_PASS
};

/* Of a body that could not be judged whole. */
enum conf_fate { CONF_PASS, CONF_STOP };

/* What becomes of system calls that davyd does not need. */
enum conf_calls { CONF_CALLS_REFUSE, CONF_CALLS_KILL, CONF_CALLS_ALL };

/* The reader sets enums as int. */

struct conf_names {
    char **at;
    size_t count;
};

/* An array whose items have the type that is named beside it. */
struct conf_items {
    void *at;
    size_t count;
};

#define CONF_PORTS 16

struct conf_listener {
    struct conf_place place;
    char *address;
    char *name;                         /* or NULL */
    struct netset proxy_from;
};

struct conf_log {
    struct conf_place place;
    char *decisions;                    /* "syslog", a file, or NULL */
    char *access;
    char *messages;
    int access_format;                  /* enum accesslog_format */
};

struct conf_limits {
    struct conf_place place;
    size_t head_size, slow_size;        /* bytes */
    size_t hold_size, judge_size;
    uint64_t head_time, idle_time;      /* milliseconds */
    uint64_t stall_time, connect_time;
    uint64_t tunnel_idle_time;
    uint64_t drain_time, hold_time;
    unsigned connections, client_connections;
};

struct conf_https {
    struct conf_place place;
    struct hosts bypass;
    struct conf_names bypass_files;
    uint64_t learn_time;                /* milliseconds */
};

struct conf_authentication {
    struct conf_place place;
    char *users;                        /* file, or NULL: nobody is asked */
    struct users *loaded;               /* what stands in it */
    char *realm;
    struct netset without;
};

struct conf_portal {
    struct conf_place place;
    struct netset admins;
};

struct conf_parent {
    struct conf_place place;
    struct hosts to;                    /* empty: all */
    char *through;                      /* "http://host:port" or "direct" */
    char *credentials;                  /* file, then what stands in it */
};

struct conf_group {
    struct conf_place place;
    char *name;
    struct netset addresses;
    struct conf_names users;
    struct conf_names listeners;
};

/* Bit i stands for groups[i]. */
#define CONF_GROUPS 64

struct conf_policy {
    struct conf_place place;
    char *name;
    struct conf_names groups;
    uint64_t group_mask;                /* 0: everybody */
    struct hosts to;                    /* empty: everywhere */
    int action;                         /* enum conf_action */
    struct hosts allow;
    char *csp;                          /* or NULL */
    int downloads;                      /* enum conf_downloads */
    int plaintext;                      /* enum conf_plaintext */
    bool private;                       /* hosts there may be reached */
    int on_error, on_limit, on_coding;  /* enum conf_fate */
};

struct conf_exception {
    struct conf_place place;
    struct hosts to;                    /* empty: everywhere */
    struct conf_names rules;            /* none: any */
    struct conf_names groups;
    uint64_t group_mask;
    char *owner;
    char *reason;
    int64_t expires;                    /* seconds since 1970, exclusive */
};

struct conf {
    struct conf_place place;
    atomic_uint references;
    struct conf_names includes;
    struct conf_items listeners;        /* struct conf_listener */
    char *state;                        /* or NULL */
    char *user;                         /* to become, or NULL */
    int system_calls;                   /* enum conf_calls */
    unsigned workers;                   /* 0: as many as processors */
    char *pack;                         /* or NULL */
    char *upstream_ca;                  /* or NULL */
    struct netset clients;
    unsigned connect_ports[CONF_PORTS]; /* 0 ends them */
    unsigned connect_http_ports[CONF_PORTS];
    struct conf_log log;
    struct conf_limits limits;
    struct conf_https https;
    struct conf_authentication authentication;
    struct conf_portal portal;
    struct conf_items parents;          /* struct conf_parent */
    struct conf_items groups;           /* struct conf_group */
    struct conf_items policies;         /* struct conf_policy; the last one is
                                         * the default */
    struct conf_items exceptions;       /* struct conf_exception */
};

/* What the command line says: it wins over the file. */
struct conf_option {
    const char *key;                    /* of ROOT, or "section.key"; or
                                         * "action", "private": of the default
                                         * policy */
    const char *value;
    const char *option;                 /* as it was given, for messages */
};

/* Read a file (NULL: none) and the options.  All that is wrong is said with
 * its place; NULL then. */
struct conf *conf_read(const char *file, const struct conf_option *options,
                       size_t count);

/* conf_read gives one reference; any thread. */
struct conf *conf_ref(struct conf *conf);
void conf_unref(struct conf *conf);

/* Whether a list of ports, which 0 ends, has this one. */
bool conf_has_port(const unsigned *ports, unsigned port);

#endif
