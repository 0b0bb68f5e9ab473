/* SPDX-License-Identifier: MIT */
/* service.h - talks to the service manager that has started davyd:
 * sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3).  Without one nothing
 * happens. */

#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read what it has put into the environment, and take that away from there.
 * Before threads.  False after a message: the sockets that were handed over
 * cannot be used. */
bool service_init(void);

/* Tell it "NAME=value", one a line.  One thread. */
void service_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* That a reload begins; READY=1 ends it. */
void service_say_reloading(void);

/* How often it wants to hear WATCHDOG=1, in milliseconds; 0 for never. */
uint64_t service_watchdog(void);

/* Listening sockets it has handed over, and what it calls them. */
struct service_socket {
    int fd;
    const char *name;                   /* may be "" */
};

/* Their number; *sockets stays service.c's. */
size_t service_sockets(const struct service_socket **sockets);

void service_fini(void);

#endif
