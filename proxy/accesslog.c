/* SPDX-License-Identifier: MIT */
/* accesslog.c - formats a line; a line is one write. */

#include "proxy/accesslog.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"
#include "common/json.h"
#include "common/text.h"
#include "proxy/logfile.h"

static struct logfile file = LOGFILE_INIT(-1, "access log");
static atomic_int log_format;           /* enum accesslog_format */

bool
accesslog_open(const char *path, enum accesslog_format format)
{
    atomic_store(&log_format, (int)format);
    return logfile_open(&file, path);
}

uint64_t
accesslog_lost(void)
{
    return logfile_lost(&file);
}

void
accesslog_close(void)
{
    (void)accesslog_open(NULL, ACCESSLOG_COMMON);
}

static void
write_common(FILE *out, const struct accesslog_entry *e)
{
    const time_t now = time(NULL);
    char *address = text_clean(e->address);
    char text[40] = "";
    struct tm parts;

    if (gmtime_r(&now, &parts) != NULL)
        (void)strftime(text, sizeof(text), "%d/%b/%Y:%H:%M:%S +0000", &parts);
    for (char *quote = address; (quote = strchr(quote, '"')) != NULL;)
        *quote = '\'';
    fprintf(out, "%s - - [%s] \"%s %s HTTP/1.%u\" %u %llu\n", e->client, text,
            e->method, address, e->minor, e->status,
            (unsigned long long)e->bytes);
    free(address);
}

static void
write_json(FILE *out, const struct accesslog_entry *e)
{
    const time_t now = time(NULL);
    char text[40] = "";
    struct tm parts;

    if (gmtime_r(&now, &parts) != NULL)
        (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(out, "{\"time\":\"%s\"", text);
    json_write_member(out, "client", e->client);
    json_write_member(out, "method", e->method);
    json_write_member(out, "address", e->address);
    fprintf(out, ",\"status\":%u,\"bytes\":%llu,\"millis\":%llu}\n",
            e->status, (unsigned long long)e->bytes,
            (unsigned long long)e->millis);
}

void
accesslog_write(const struct accesslog_entry *entry)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out;

    if (!logfile_is_open(&file))
        return;
    out = open_memstream(&text, &length);
    if (out == NULL)
        fatal("no memory for a line");
    if (atomic_load(&log_format) == ACCESSLOG_JSON)
        write_json(out, entry);
    else
        write_common(out, entry);
    if (fclose(out) != 0)
        fatal("no memory for a line");
    logfile_write(&file, SYSLOG_INFORMATION, text, length);
    free(text);
}
