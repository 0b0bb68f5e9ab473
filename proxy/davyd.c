/* SPDX-License-Identifier: MIT */
/* davyd.c - the proxy's program: its options and commands. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"
#include "proxy/cmd_ca.h"
#include "proxy/cmd_report.h"
#include "proxy/rules.h"
#include "proxy/service.h"
#include "proxy/team.h"
#include "proxy/upstream.h"

/* Options of one command line. */
#define MAX_OPTIONS 64

/* Columns of the help, and where its texts begin. */
#define WIDTH  79u
#define INDENT 27u

struct words {
    struct conf_option options[MAX_OPTIONS];
    size_t count;
    const char *config;                 /* as given, or NULL */
    bool is_test;
};

enum option_id {
    OPTION_NONE = 256,                  /* above all letters */
#define DAVYD_OPTION_ROW(NAME, name, letter, value, key, fixed, text) \
    OPTION_##NAME,
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
    OPTION_END
};

static const struct row {
    const char *name;
    char letter;
    const char *value;
    const char *key;
    const char *fixed;
    const char *text;
} rows[] = {
#define DAVYD_OPTION_ROW(NAME, name, letter, value, key, fixed, text) \
    { "--" name, letter, value, key, fixed, text },
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
print_help(void)
{
    puts("usage: davyd [OPTION...]\n"
         "       davyd ca init|show|doctor [OPTION...]\n"
         "       davyd report [OPTION...] LOG...\n\n"
         "A forward proxy that takes miners out of pages.\n");
    for (size_t i = 0; i < ROWS; i++) {
        char letter[8] = "    ";
        int width;

        if (rows[i].letter != '\0')
            (void)snprintf(letter, sizeof(letter), "-%c, ", rows[i].letter);
        width = printf("  %s%s%s%s", letter, rows[i].name,
                       rows[i].value[0] == '\0' ? "" : " ", rows[i].value);
        if ((unsigned)width + 2 > INDENT)
            printf("\n%*s", (int)INDENT, "");
        else
            printf("%*s", (int)INDENT - width, "");
        text_write_wrapped(stdout, rows[i].text, INDENT, WIDTH);
    }
}

static bool
add_option(struct words *words, const struct row *row)
{
    if (words->count == MAX_OPTIONS) {
        log_error("there are more than %d options", MAX_OPTIONS);
        return false;
    }
    words->options[words->count++] = (struct conf_option){
        row->key, row->fixed != NULL ? row->fixed : optarg, row->name
    };
    return true;
}

/* False when the program ends here, with *status. */
static bool
take_option(struct words *words, int id, int *status)
{
    const struct row *row = &rows[id - OPTION_NONE - 1];

    *status = EXITCODE_USAGE;
    if (row->key != NULL)
        return add_option(words, row);
    switch (id) {
    case OPTION_CONFIG:
        words->config = optarg;
        return true;
    case OPTION_TEST:
        words->is_test = true;
        return true;
    case OPTION_FOREGROUND:
        return true;
    case OPTION_HELP:
        print_help();
        break;
    default:
        puts("davyd " DAVY_VERSION);
        break;
    }
    *status = EXITCODE_CLEAN;
    return false;
}

static int
id_of_letter(int letter)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].letter == letter)
            return OPTION_NONE + 1 + (int)i;
    }
    return letter;
}

static bool
read_words(struct words *words, int argc, char **argv, int *status)
{
    struct option options[ROWS + 1] = { { NULL, 0, NULL, 0 } };
    char letters[2 * ROWS + 2] = ":";
    char *end = letters + 1;
    int id;

    for (size_t i = 0; i < ROWS; i++) {
        const bool has_value = rows[i].value[0] != '\0';

        options[i] = (struct option){ rows[i].name + 2, has_value, NULL,
                                      OPTION_NONE + 1 + (int)i };
        if (rows[i].letter == '\0')
            continue;
        *end++ = rows[i].letter;
        if (has_value)
            *end++ = ':';
    }
    *status = EXITCODE_USAGE;
    while ((id = getopt_long(argc, argv, letters, options, NULL)) != -1) {
        if (id == '?' || id == ':') {
            log_error("%s %s (davyd --help lists all options)",
                      argv[optind - 1],
                      id == ':' ? "needs a value" : "is no option of davyd");
            return false;
        }
        if (!take_option(words, id < OPTION_NONE ? id_of_letter(id) : id,
                         status))
            return false;
    }
    if (optind == argc)
        return true;
    log_error("%s is no option of davyd", argv[optind]);
    return false;
}

static const char *
find_file(const char *given)
{
    if (given == NULL)
        return access(DAVYD_CONF, F_OK) == 0 ? DAVYD_CONF : NULL;
    return strcmp(given, "none") == 0 ? NULL : given;
}

/* Read all that a start would read. */
static int
test(struct conf *conf, const char *file)
{
    davy_ruleset *ruleset = rules_load(conf->pack);
    const int status = ruleset == NULL ? EXITCODE_USAGE : EXITCODE_CLEAN;

    if (ruleset != NULL)
        printf("%s is fine: %zu listener%s, %zu group%s, %zu polic%s, %zu "
               "exception%s, rules %s %s\n",
               file == NULL ? "no file" : file, conf->listeners.count,
               conf->listeners.count == 1 ? "" : "s", conf->groups.count,
               conf->groups.count == 1 ? "" : "s", conf->policies.count,
               conf->policies.count == 1 ? "y" : "ies",
               conf->exceptions.count,
               conf->exceptions.count == 1 ? "" : "s",
               davy_ruleset_pack_name(ruleset),
               davy_ruleset_pack_version(ruleset));
    davy_ruleset_unref(ruleset);
    conf_unref(conf);
    return status;
}

int
main(int argc, char **argv)
{
    struct words words = { .count = 0 };
    struct team_source source;
    struct conf *conf;
    int status;

    log_init("davyd", NULL);
    if (argc > 1 && strcmp(argv[1], "ca") == 0)
        return ca_command(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "report") == 0)
        return report_command(argc - 1, argv + 1);
    if (!read_words(&words, argc, argv, &status))
        return status;
    source = (struct team_source){ find_file(words.config), words.options,
                                   words.count };
    conf = conf_read(source.file, source.options, source.count);
    if (conf == NULL)
        return EXITCODE_USAGE;
    if (words.is_test)
        return test(conf, source.file);
    if (!service_init()) {
        conf_unref(conf);
        return EXITCODE_USAGE;
    }
    upstream_global_init();
    status = team_serve(conf, &source);
    upstream_global_end();
    service_fini();
    return status;
}
