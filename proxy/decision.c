/* SPDX-License-Identifier: MIT */
/* decision.c - writes decisions as JSON Lines; a line is one write. */

#include "proxy/decision.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/json.h"
#include "proxy/logfile.h"

static struct logfile file = LOGFILE_INIT(STDERR_FILENO, "decision log");

static struct {
    pthread_mutex_t lock;
    struct decision_record records[DECISION_RECENT];
    size_t count;                       /* ever */
} recent = { .lock = PTHREAD_MUTEX_INITIALIZER };

void
decision_ticket(char ticket[DECISION_TICKET])
{
    /* Crockford's base 32: no letters that are mistaken on a telephone. */
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint8_t random[DECISION_TICKET - 1];

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        fatal("no random numbers");
    for (size_t i = 0; i < sizeof(random); i++)
        ticket[i] = digits[random[i] & 31];
    ticket[DECISION_TICKET - 1] = '\0';
}

bool
decision_open(const char *path)
{
    return logfile_open(&file, path);
}

uint64_t
decision_lost(void)
{
    return logfile_lost(&file);
}

void
decision_close(void)
{
    (void)decision_open(NULL);
}

static void
print_time(char text[32])
{
    struct timespec now;
    struct tm parts;
    size_t n;

    text[0] = '\0';
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &parts) == NULL)
        return;
    n = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(text + n, 32 - n, ".%03ldZ", now.tv_nsec / 1000000);
}

/* ---- The last ones ---- */

static void
keep(char *to, size_t room, const char *text)
{
    (void)snprintf(to, room, "%s", text == NULL ? "" : text);
}

static void
keep_record(const struct decision *d, const char *time)
{
    const davy_finding *finding
        = d->report == NULL ? NULL : davy_report_finding(d->report, 0);
    struct decision_record *r;

    pthread_mutex_lock(&recent.lock);
    r = &recent.records[recent.count++ % DECISION_RECENT];
    keep(r->time, sizeof(r->time), time);
    keep(r->ticket, sizeof(r->ticket), d->ticket);
    keep(r->action, sizeof(r->action), d->action);
    keep(r->client, sizeof(r->client), d->client);
    keep(r->address, sizeof(r->address), d->address);
    keep(r->rule, sizeof(r->rule), finding == NULL ? "" : finding->rule);
    keep(r->title, sizeof(r->title),
         finding == NULL ? d->reason : finding->title);
    keep(r->evidence, sizeof(r->evidence),
         finding == NULL ? "" : finding->evidence);
    pthread_mutex_unlock(&recent.lock);
}

size_t
decision_recent(struct decision_record *records, size_t room)
{
    size_t n;

    pthread_mutex_lock(&recent.lock);
    n = recent.count < DECISION_RECENT ? recent.count : DECISION_RECENT;
    n = n < room ? n : room;
    for (size_t i = 0; i < n; i++)
        records[i] = recent.records[(recent.count - 1 - i)
                                    % DECISION_RECENT];
    pthread_mutex_unlock(&recent.lock);
    return n;
}

/* ---- The log ---- */

static void
write_report(FILE *out, const davy_report *report)
{
    const davy_finding *finding = davy_report_finding(report, 0);

    json_write_member(out, "verdict",
                      davy_verdict_text(davy_report_verdict(report)));
    fprintf(out, ",\"score\":%d", davy_report_score(report));
    json_write_member(out, "type", davy_report_type(report));
    if (finding == NULL)
        return;
    json_write_member(out, "rule", finding->rule);
    json_write_member(out, "title", finding->title);
    json_write_member(out, "family", finding->family);
    json_write_member(out, "path", finding->path);
    json_write_member(out, "evidence", finding->evidence);
}

void
decision_write(const struct decision *d)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    char time[32];

    if (out == NULL)
        fatal("no memory for a decision");
    print_time(time);
    keep_record(d, time);
    fprintf(out, "{\"time\":\"%s\"", time);
    json_write_member(out, "ticket", d->ticket);
    json_write_member(out, "action", d->action);
    json_write_member(out, "reason", d->reason);
    if (d->detail != NULL)
        json_write_member(out, "detail", d->detail);
    json_write_member(out, "client", d->client);
    if (d->user != NULL)
        json_write_member(out, "user", d->user);
    if (d->policy != NULL)
        json_write_member(out, "policy", d->policy);
    if (d->owner != NULL) {
        json_write_member(out, "owner", d->owner);
        json_write_member(out, "excuse", d->excuse);
    }
    json_write_member(out, "method", d->method);
    json_write_member(out, "address", d->address);
    json_write_member(out, "kind", d->kind);
    if (d->report != NULL)
        write_report(out, d->report);
    fputs("}\n", out);
    if (fclose(out) != 0)
        fatal("no memory for a decision");
    logfile_write(&file, SYSLOG_NOTICE, text, length);
    free(text);
}
