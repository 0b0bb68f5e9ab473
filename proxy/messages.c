/* SPDX-License-Identifier: MIT */
/* messages.c - a sink for common/log.c. */

#include "proxy/messages.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/logfile.h"

static struct logfile file = LOGFILE_INIT(-1, "log of messages");

/* In a file each line has its time; the system's log has that itself. */
static bool
take_message(bool is_error, const char *text)
{
    const time_t now = time(NULL);
    char when[40] = "";
    struct tm parts;
    char *line;
    int error;

    if (!file.is_syslog && gmtime_r(&now, &parts) != NULL)
        (void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ davyd: ",
                       &parts);
    line = fatal_format("%s%s\n", when, text);
    error = logfile_try(&file, is_error ? SYSLOG_ERROR : SYSLOG_INFORMATION,
                        line, strlen(line));
    free(line);
    return error == 0;
}

bool
messages_open(const char *path)
{
    if (!logfile_open(&file, path))
        return false;
    log_set_sink(path == NULL ? NULL : take_message);
    return true;
}

void
messages_close(void)
{
    log_set_sink(NULL);
    (void)logfile_open(&file, NULL);
}
