/* SPDX-License-Identifier: MIT */
/* syslog_out.h - lines for the system's log, without ever waiting for it. */

#ifndef SYSLOG_OUT_H
#define SYSLOG_OUT_H

#include <stdbool.h>
#include <stddef.h>

/* Severities of RFC 5424, 6.2.1. */
enum syslog_severity {
    SYSLOG_ERROR = 3,
    SYSLOG_NOTICE = 5,
    SYSLOG_INFORMATION = 6
};

/* Whether a log of this name goes there: "syslog", or "syslog:PATH" for another
 * socket than /dev/log. */
bool syslog_out_is_meant(const char *name);

/* Speak to the log of this name from now on; there is one for all.  Main
 * thread; false after a message. */
bool syslog_out_open(const char *name);
void syslog_out_close(void);

/* Send one line, of facility daemon; any thread.  0, or an error number: the
 * line is lost. */
int syslog_out_send(enum syslog_severity severity, const char *line,
                    size_t length);

#endif
