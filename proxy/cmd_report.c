/* SPDX-License-Identifier: MIT */
/* cmd_report.c - `davyd report`: who met miners, where and when. */

#include "proxy/cmd_report.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"
#include "proxy/report_write.h"

/* A point in time as it stands in the log. */
#define TIME_FORM "2026-11-23T17:12:44"
#define TIME_SIZE sizeof(TIME_FORM)

struct options {
    char since[TIME_SIZE], until[TIME_SIZE];    /* "" when not given */
    report_write_fn *write;
    size_t most;
};

enum option_id {
    OPTION_NONE,
#define REPORT_OPTION_ROW(NAME, name, argument, text) OPTION_##NAME,
#include "proxy/report_option.def"
#undef REPORT_OPTION_ROW
};

static const struct option long_options[] = {
#define NO  no_argument
#define YES required_argument
#define REPORT_OPTION_ROW(NAME, name, argument, text) \
    { name, argument, NULL, OPTION_##NAME },
#include "proxy/report_option.def"
#undef REPORT_OPTION_ROW
#undef NO
#undef YES
    { NULL, 0, NULL, 0 },
};

static const struct {
    const char *name;
    report_write_fn *write;
    size_t most;
} formats[] = {
    { "text", report_write_text, 10 },
    { "json", report_write_json, SIZE_MAX },
    { "csv", report_write_csv, SIZE_MAX },
};

static void
print_help(void)
{
    puts("usage: davyd report [OPTION...] LOG...\n\n"
         "Adds up decision logs, older ones first, also such that gzip made; "
         "- is\nstandard input.\n");
#define NO  ""
#define YES " VALUE"
#define REPORT_OPTION_ROW(NAME, name, argument, text) \
    printf("      --%-22s %s\n", name argument, text);
#include "proxy/report_option.def"
#undef REPORT_OPTION_ROW
#undef NO
#undef YES
}

/* ---- Times ---- */

/* "12h" and "7d" as what stands in the log. */
static bool
read_age(char time_text[TIME_SIZE], const char *text)
{
    static const char units[] = "mhd";
    static const unsigned long long seconds[] = { 60, 3600, 86400 };
    const size_t length = strlen(text);
    char *digits = fatal_strdup(text);
    unsigned long long number = 0;
    const char *unit;
    struct tm parts;
    time_t then;
    bool is_good;

    if (length > 0)
        digits[length - 1] = '\0';
    unit = length == 0 ? NULL : strchr(units, text[length - 1]);
    is_good = unit != NULL && *unit != '\0'
              && text_read_number(digits, false, &number) && number < 100000;
    free(digits);
    if (!is_good)
        return false;
    then = time(NULL) - (time_t)(number * seconds[unit - units]);
    return gmtime_r(&then, &parts) != NULL
           && strftime(time_text, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts) > 0;
}

/* The beginning of a time: a day at least. */
static bool
read_point(char time_text[TIME_SIZE], const char *text)
{
    static const char form[] = "0000-00-00T00:00:00";
    const size_t length = strlen(text);

    if (length < strlen("2026-11-23") || length >= TIME_SIZE)
        return false;
    for (size_t i = 0; i < length; i++) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';

        if (form[i] == '0' ? !is_digit
                           : text[i] != form[i]
                                 && !(form[i] == 'T' && text[i] == ' '))
            return false;
        time_text[i] = form[i] == '0' ? text[i] : form[i];
    }
    time_text[length] = '\0';
    return true;
}

static bool
read_time(char time_text[TIME_SIZE], const char *option, const char *text)
{
    if (read_point(time_text, text) || read_age(time_text, text))
        return true;
    log_error("--%s takes a time as 2026-11-23, 2026-11-23T17:00, 12h or 7d",
              option);
    return false;
}

/* ---- Options ---- */

static bool
read_format(struct options *options, const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(name, formats[i].name) != 0)
            continue;
        options->write = formats[i].write;
        if (options->most == 0)
            options->most = formats[i].most;
        return true;
    }
    log_error("--format takes text, json or csv");
    return false;
}

static bool
take_option(struct options *options, int id, const char **format)
{
    unsigned long long number;

    switch (id) {
    case OPTION_SINCE:
        return read_time(options->since, "since", optarg);
    case OPTION_UNTIL:
        return read_time(options->until, "until", optarg);
    case OPTION_FORMAT:
        *format = optarg;
        return true;
    case OPTION_TOP:
        if (text_read_number(optarg, false, &number) && number > 0
            && number < SIZE_MAX) {
            options->most = (size_t)number;
            return true;
        }
        log_error("--top takes a number above 0");
        return false;
    default:
        return false;
    }
}

/* False when the program ends here, with *status. */
static bool
read_options(struct options *options, int argc, char **argv, int *status)
{
    const char *format = "text";
    int id;

    *status = EXITCODE_USAGE;
    optind = 1;
    opterr = 0;
    while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (id == OPTION_HELP) {
            print_help();
            *status = EXITCODE_CLEAN;
            return false;
        }
        if (id == '?') {
            log_error("%s is no option of davyd report, or needs a value "
                      "(davyd report --help lists all)",
                      argv[optind - 1]);
            return false;
        }
        if (!take_option(options, id, &format))
            return false;
    }
    if (optind == argc) {
        log_error("davyd report takes the files of the decision log, or - "
                  "for standard input");
        return false;
    }
    return read_format(options, format);
}

static void
add_entry(void *ctx, const struct report_entry *entry)
{
    report_tally_add(ctx, entry);
}

int
report_command(int argc, char **argv)
{
    struct options options = { .since = "" };
    struct report_tally tally = { .since = NULL };
    struct report_log log = { .fn = add_entry, .ctx = &tally };
    bool is_whole = true;
    int status;

    if (!read_options(&options, argc, argv, &status))
        return status;
    tally.since = options.since[0] == '\0' ? NULL : options.since;
    tally.until = options.until[0] == '\0' ? NULL : options.until;
    for (int i = optind; i < argc; i++)
        is_whole &= report_log_read(&log, argv[i]);
    report_tally_finish(&tally);
    options.write(stdout, &tally, options.most);
    report_tally_fini(&tally);
    if (log.bad > 0)
        log_error("%llu of %llu lines are no decisions, and left out",
                  (unsigned long long)log.bad, (unsigned long long)log.lines);
    if (fflush(stdout) != 0) {
        log_error("the report cannot be written");
        return EXITCODE_USAGE;
    }
    return is_whole && log.bad == 0 ? EXITCODE_CLEAN : EXITCODE_UNSEEN;
}
