/* SPDX-License-Identifier: MIT */
/* davyd.c - the proxy's program: options, workers, signals. */

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/datadir.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"
#include "proxy/accesslog.h"
#include "proxy/ca_store.h"
#include "proxy/cmd_ca.h"
#include "proxy/decision.h"
#include "proxy/intercept.h"
#include "proxy/listener.h"
#include "proxy/portal.h"
#include "proxy/rules.h"
#include "proxy/worker.h"

#define MAX_WORKERS 256

struct options {
    struct settings settings;
    const char *listen;
    const char *pack;
    const char *decisions;
    const char *state;
    const char *access_log;
    enum accesslog_format access_format;
    unsigned workers;
};

enum option_id {
    OPTION_NONE,
#define DAVYD_OPTION_ROW(NAME, name, argument, text) OPTION_##NAME,
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
    OPTION_COUNT
};

static const struct option long_options[] = {
#define NO  no_argument
#define YES required_argument
#define DAVYD_OPTION_ROW(NAME, name, argument, text) \
    { name, argument, NULL, OPTION_##NAME },
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
#undef NO
#undef YES
    { NULL, 0, NULL, 0 },
};

static void
print_help(void)
{
    puts("usage: davyd [OPTION...]\n\n"
         "A forward proxy that takes miners out of pages.\n");
#define NO  ""
#define YES " VALUE"
#define DAVYD_OPTION_ROW(NAME, name, argument, text) \
    printf("      --%-22s %s\n", name argument, text);
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
#undef NO
#undef YES
}

static bool
set_workers(struct options *options, const char *text)
{
    unsigned long long n;

    if (!text_read_number(text, false, &n) || n < 1 || n > MAX_WORKERS) {
        log_error("--workers takes a number from 1 to %d, not %s",
                  MAX_WORKERS, text);
        return false;
    }
    options->workers = (unsigned)n;
    return true;
}

static bool
set_action(struct options *options, const char *text)
{
    static const struct {
        const char *word;
        enum settings_action action;
    } rows[] = { { "rewrite", SETTINGS_REWRITE },
                 { "block", SETTINGS_BLOCK },
                 { "report", SETTINGS_REPORT } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(text, rows[i].word) == 0) {
            options->settings.action = rows[i].action;
            return true;
        }
    }
    log_error("--action takes rewrite, block or report, not %s", text);
    return false;
}

static bool
set_access_format(struct options *options, const char *text)
{
    if (strcmp(text, "common") != 0 && strcmp(text, "json") != 0) {
        log_error("--access-format takes common or json, not %s", text);
        return false;
    }
    options->access_format = text[0] == 'j' ? ACCESSLOG_JSON
                                            : ACCESSLOG_COMMON;
    return true;
}

static bool
open_logs(const struct options *options)
{
    return decision_open(options->decisions)
           && accesslog_open(options->access_log, options->access_format);
}

/* False when the program ends here, with *status. */
static bool
take_option(struct options *options, int id, int *status)
{
    switch (id) {
    case OPTION_LISTEN:
        options->listen = optarg;
        return true;
    case OPTION_PACK:
        options->pack = optarg;
        return true;
    case OPTION_DECISIONS:
        options->decisions = optarg;
        return true;
    case OPTION_WORKERS:
        *status = EXITCODE_USAGE;
        return set_workers(options, optarg);
    case OPTION_ACCESS_LOG:
        options->access_log = optarg;
        return true;
    case OPTION_ACCESS_FORMAT:
        *status = EXITCODE_USAGE;
        return set_access_format(options, optarg);
    case OPTION_STATE:
        options->state = optarg;
        return true;
    case OPTION_FOREGROUND:
        return true;
    case OPTION_ACTION:
        *status = EXITCODE_USAGE;
        return set_action(options, optarg);
    case OPTION_CONNECT_PORTS:
        *status = EXITCODE_USAGE;
        if (settings_read_ports(&options->settings, optarg))
            return true;
        log_error("--connect-ports takes ports as in 443,8443, not %s",
                  optarg);
        return false;
    case OPTION_ALLOW_PRIVATE:
        options->settings.allows_private = true;
        return true;
    case OPTION_UPSTREAM_CA:
        options->settings.upstream_ca = optarg;
        return true;
    case OPTION_HELP:
        print_help();
        *status = EXITCODE_CLEAN;
        return false;
    case OPTION_VERSION:
        puts("davyd " DAVY_VERSION);
        *status = EXITCODE_CLEAN;
        return false;
    default:
        *status = EXITCODE_USAGE;
        return false;
    }
}

static bool
read_options(struct options *options, int argc, char **argv, int *status)
{
    int id;

    while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (!take_option(options, id, status))
            return false;
    }
    if (optind < argc) {
        log_error("%s is no option", argv[optind]);
        *status = EXITCODE_USAGE;
        return false;
    }
    return true;
}

/* ---- Running ---- */

struct team {
    struct options options;
    char *address;                      /* that is listened on */
    struct portal_options portal;
    struct metrics *metrics[MAX_WORKERS];
    char *certificate;                  /* of the authority, or NULL */
    struct mint *mint;
    struct tls_server *tls;
    struct learned *learned;
    struct worker *workers[MAX_WORKERS];
    pthread_t threads[MAX_WORKERS];
    unsigned count;
};

static void *
run_worker(void *ctx)
{
    worker_run(ctx);
    return NULL;
}

/* With an authority in the state folder HTTPS is judged.  Before threads. */
static bool
start_mint(struct team *team, const struct options *options)
{
    if (options->state == NULL)
        return true;
    team->certificate = fatal_format("%s/%s", options->state,
                                     CA_STORE_CERTIFICATE);
    if (access(team->certificate, F_OK) != 0) {
        free(team->certificate);
        team->certificate = NULL;
        log_note("there is no authority in %s: HTTPS passes unseen "
                 "(`davyd ca init` makes one)", options->state);
        return true;
    }
    team->mint = mint_start(options->state, options->workers);
    if (team->mint == NULL)
        return false;
    team->learned = learned_new();
    team->tls = tls_server_new(mint_leaf_key(team->mint));
    return team->tls != NULL;
}

static void
stop_mint(struct team *team)
{
    tls_server_free(team->tls);
    learned_free(team->learned);
    if (team->mint != NULL)
        mint_stop(team->mint);
    free(team->certificate);
}

static bool
start_workers(struct team *team, const struct options *options,
              davy_slot *slot, const char *name)
{
    for (unsigned i = 0; i < options->workers; i++) {
        const int fd = listener_open(team->address);

        if (fd < 0)
            return false;
        if (i == 0) {                   /* port 0: the system chose one */
            free(team->address);
            team->address = listener_address(fd);
        }
        team->workers[i] = worker_new(&options->settings, slot, name, &fd, 1);
        if (team->mint != NULL)
            team->workers[i]->intercept = intercept_new(
                team->workers[i]->loop, team->tls, team->mint, team->learned,
                i);
        team->count = i + 1;
    }
    return true;
}

static void
run_workers(struct team *team)
{
    for (unsigned i = 0; i < team->count; i++) {
        if (pthread_create(&team->threads[i], NULL, run_worker,
                           team->workers[i]) != 0)
            fatal("no thread can be started");
    }
}

static struct portal *
start_portal(struct team *team, davy_slot *slot)
{
    for (unsigned i = 0; i < team->count; i++)
        team->metrics[i] = &team->workers[i]->metrics;
    team->portal = (struct portal_options){
        .socket = team->options.settings.portal,
        .slot = slot,
        .metrics = team->metrics,
        .workers = team->count,
        .certificate = team->certificate,
    };
    return portal_start(&team->portal);
}

static void
reload(struct team *team, const struct options *options, davy_slot *slot)
{
    davy_ruleset *ruleset = rules_load(options->pack);

    if (ruleset == NULL) {
        log_error("the old rules stay");
        return;
    }
    if (davy_slot_swap(slot, ruleset) == DAVY_OK) {
        for (unsigned i = 0; i < team->count; i++)
            worker_reload(team->workers[i]);
        log_note("new rules: %s %s", davy_ruleset_pack_name(ruleset),
                 davy_ruleset_pack_version(ruleset));
    }
    davy_ruleset_unref(ruleset);
}

static void
wait_for_signals(struct team *team, const struct options *options,
                 davy_slot *slot, const sigset_t *signals)
{
    int number;

    while (sigwait(signals, &number) == 0) {
        if (number == SIGHUP)
            reload(team, options, slot);
        else if (number == SIGUSR1)
            (void)open_logs(options);
        else
            break;
    }
    for (unsigned i = 0; i < team->count; i++)
        worker_drain(team->workers[i]);
}

static void
block_signals(sigset_t *signals)
{
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(signals);
    sigaddset(signals, SIGHUP);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

static int
serve(const struct options *options, davy_slot *slot)
{
    struct team *team = fatal_alloc(sizeof(*team));
    int status = EXITCODE_USAGE;
    char ticket[DECISION_TICKET];
    struct portal *portal = NULL;
    char *name;
    sigset_t signals;

    decision_ticket(ticket);
    name = fatal_format("davyd-%s", ticket);
    block_signals(&signals);
    team->options = *options;
    team->address = fatal_strdup(options->listen);
    team->options.settings.portal = name;
    if (start_mint(team, options)
        && start_workers(team, &team->options, slot, name)
        && (portal = start_portal(team, slot)) != NULL) {
        run_workers(team);
        log_note("listening on %s with %u worker%s", team->address,
                 team->count, team->count == 1 ? "" : "s");
        wait_for_signals(team, options, slot, &signals);
        for (unsigned i = 0; i < team->count; i++)
            pthread_join(team->threads[i], NULL);
        status = EXITCODE_CLEAN;
    }
    portal_stop(portal);
    for (unsigned i = 0; i < team->count; i++)
        worker_free(team->workers[i]);
    stop_mint(team);
    free(team->address);
    free(team);
    free(name);
    return status;
}

int
main(int argc, char **argv)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct options options = { .listen = "127.0.0.1:3128" };
    davy_ruleset *ruleset;
    davy_slot *slot = NULL;
    int status;

    log_init("davyd", NULL);
    if (argc > 1 && strcmp(argv[1], "ca") == 0)
        return ca_command(argc - 2, argv + 2);
    settings_default(&options.settings);
    options.workers = cores < 1 || cores > MAX_WORKERS ? 1 : (unsigned)cores;
    if (!read_options(&options, argc, argv, &status))
        return status;
    upstream_global_init();
    ruleset = rules_load(options.pack);
    if (ruleset == NULL || !open_logs(&options))
        return EXITCODE_USAGE;
    if (davy_slot_new(ruleset, &slot) != DAVY_OK)
        fatal("no memory for rules");
    davy_ruleset_unref(ruleset);
    status = serve(&options, slot);
    davy_slot_free(slot);
    decision_close();
    accesslog_close();
    upstream_global_end();
    return status;
}
