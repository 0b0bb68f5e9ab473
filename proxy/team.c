/* SPDX-License-Identifier: MIT */
/* team.c - starts workers, hands them new rules and configurations, ends
 * them. */

#include "proxy/team.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "proxy/accesslog.h"
#include "proxy/auth.h"
#include "proxy/authority.h"
#include "proxy/ca_store.h"
#include "proxy/client_count.h"
#include "proxy/decision.h"
#include "proxy/intercept.h"
#include "proxy/listener.h"
#include "proxy/messages.h"
#include "proxy/portal.h"
#include "proxy/privileges.h"
#include "proxy/rules.h"
#include "proxy/service.h"
#include "proxy/syslog_out.h"
#include "proxy/worker.h"
#include "proxy/worker_cage.h"

#define MAX_WORKERS 256u

struct team {
    const struct team_source *source;
    struct conf *conf;                  /* in force */
    struct conf *first;                 /* of the listeners */
    davy_slot *slot;
    char *name;                         /* ours, in Via; of the portal */
    char *portal_key;
    struct client_count *clients;
    struct auth *auth;
    struct mint *mint;
    struct tls_server *tls;
    struct learned *learned;
    struct portal *portal;
    struct metrics *metrics[MAX_WORKERS];
    struct worker *workers[MAX_WORKERS];
    pthread_t threads[MAX_WORKERS];
    unsigned count;                     /* of workers that are to be */
    unsigned made;
    int *sockets[MAX_WORKERS];          /* of workers that are not yet */
    struct privileges privileges;
};

/* ---- Start ---- */

static bool
open_logs(const struct conf *conf)
{
    return messages_open(conf->log.messages)
           && decision_open(conf->log.decisions)
           && accesslog_open(conf->log.access,
                             (enum accesslog_format)conf->log.access_format);
}

static bool
load_rules(struct team *team)
{
    davy_ruleset *ruleset = rules_load(team->conf->pack);

    if (ruleset == NULL)
        return false;
    if (davy_slot_new(ruleset, &team->slot) != DAVY_OK)
        fatal("no memory for rules");
    davy_ruleset_unref(ruleset);
    return true;
}

static bool
has_authority(const char *state)
{
    char *path = fatal_format("%s/%s", state, CA_STORE_CERTIFICATE);
    /* What is out of reach is no reason to let HTTPS pass. */
    const bool is_there = access(path, F_OK) == 0 || errno != ENOENT;

    free(path);
    return is_there;
}

/* With an authority in the state folder HTTPS is judged; it may come later.
 * Before threads. */
static bool
start_mint(struct team *team)
{
    const struct mint_options options = {
        .state_dir = team->conf->state,
        .clients = team->count,
        .owner = team->privileges.uid,
        .is_later = team->conf->state != NULL
                    && !has_authority(team->conf->state),
    };

    if (options.state_dir == NULL)
        return true;
    if (options.is_later)
        log_note("there is no authority in %s: HTTPS passes unseen "
                 "(`davyd ca init` makes one, SIGHUP takes it)",
                 options.state_dir);
    team->mint = mint_start(&options);
    if (team->mint == NULL)
        return false;
    team->learned = learned_new();
    team->tls = tls_server_new(mint_leaf_key(team->mint));
    return team->tls != NULL;
}

/* Port 0: the system chose one, which the next workers take, too. */
static void
take_port(struct conf_listener *listener, int fd)
{
    free(listener->address);
    listener->address = listener_address(fd);
}

static bool
open_one(struct conf_listener *listener, size_t index, int *fd)
{
    if (listener_is_adopted()) {
        *fd = listener_share(index);
        return *fd >= 0;
    }
    *fd = listener_open(listener->address);
    if (*fd >= 0)
        take_port(listener, *fd);
    return *fd >= 0;
}

/* For all workers, as long as there are rights to. */
static bool
open_listeners(struct team *team)
{
    struct conf_listener *listeners = team->first->listeners.at;
    const size_t count = team->first->listeners.count;
    bool is_fine = true;

    for (unsigned w = 0; w < team->count; w++) {
        team->sockets[w] = fatal_alloc(count * sizeof(int));
        for (size_t i = 0; i < count; i++)
            team->sockets[w][i] = -1;
        for (size_t i = 0; is_fine && i < count; i++)
            is_fine = open_one(&listeners[i], i, &team->sockets[w][i]);
    }
    return is_fine;
}

static void
close_listeners(struct team *team)
{
    const size_t count = team->first->listeners.count;

    for (unsigned w = 0; w < team->count; w++) {
        for (size_t i = 0; team->sockets[w] != NULL && i < count; i++) {
            if (team->sockets[w][i] >= 0)
                close(team->sockets[w][i]);
        }
        free(team->sockets[w]);
        team->sockets[w] = NULL;
    }
}

static bool
drop_privileges(struct team *team)
{
    const char *file = team->source->file;

    if (!privileges_drop(&team->privileges))
        return false;
    if (file != NULL && access(file, R_OK) != 0)
        log_note("user %u cannot read %s: SIGHUP will leave the "
                 "configuration as it is", (unsigned)geteuid(), file);
    return true;
}

static void
start_workers(struct team *team)
{
    for (; team->made < team->count; team->made++) {
        const struct worker_options options = {
            .conf = team->conf,
            .slot = team->slot,
            .name = team->name,
            .portal = team->name,
            .portal_key = team->portal_key,
            .clients = team->clients,
            .auth = team->auth,
            .sockets = team->sockets[team->made],
        };
        struct worker *w = worker_new(&options);

        team->workers[team->made] = w;
        team->metrics[team->made] = &w->metrics;
        if (team->mint != NULL)
            w->intercept = intercept_new(w->loop, team->tls, team->mint,
                                         team->learned, team->made);
        free(team->sockets[team->made]);
        team->sockets[team->made] = NULL;
    }
}

static bool
start_portal(struct team *team)
{
    const struct portal_options options = {
        .socket = team->name,
        .key = team->portal_key,
        .slot = team->slot,
        .metrics = team->metrics,
        .workers = team->count,
    };

    team->portal = portal_start(&options, team->conf);
    return team->portal != NULL;
}

static void *
run_worker(void *ctx)
{
    worker_run(ctx);
    return NULL;
}

static void
run_workers(struct team *team)
{
    const struct conf_listener *listeners = team->first->listeners.at;

    for (unsigned i = 0; i < team->count; i++) {
        if (pthread_create(&team->threads[i], NULL, run_worker,
                           team->workers[i]) != 0)
            fatal("no thread can be started");
    }
    for (size_t i = 0; i < team->first->listeners.count; i++)
        log_note("listening on %s with %u worker%s", listeners[i].address,
                 team->count, team->count == 1 ? "" : "s");
}

/* ---- Reload ---- */

static bool
is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Those of the service manager are not the configuration's. */
static bool
has_other_listeners(const struct conf *old, const struct conf *fresh)
{
    const struct conf_listener *a = old->listeners.at;
    const struct conf_listener *b = fresh->listeners.at;

    if (listener_is_adopted())
        return false;
    if (old->listeners.count != fresh->listeners.count)
        return true;
    for (size_t i = 0; i < old->listeners.count; i++) {
        if (!is_same(a[i].address, b[i].address)
            || !is_same(a[i].name, b[i].name))
            return true;
    }
    return false;
}

/* What a running davyd cannot change. */
static void
note_later(const struct conf *old, const struct conf *fresh)
{
    if (has_other_listeners(old, fresh) || old->workers != fresh->workers
        || !is_same(old->state, fresh->state))
        log_note("listen, workers and state stay as they are until davyd is "
                 "started anew");
}

static void
reload(struct team *team)
{
    const struct team_source *source = team->source;
    struct conf *conf = conf_read(source->file, source->options,
                                  source->count);
    davy_ruleset *ruleset = conf == NULL ? NULL : rules_load(conf->pack);

    if (ruleset == NULL || !open_logs(conf)) {
        log_error("%s", conf == NULL ? "the old configuration stays"
                                     : "the old configuration and the old "
                                       "rules stay");
        davy_ruleset_unref(ruleset);
        conf_unref(conf);
        return;
    }
    note_later(team->first, conf);
    if (davy_slot_swap(team->slot, ruleset) == DAVY_OK) {
        conf_unref(team->conf);
        team->conf = conf;
        for (unsigned i = 0; i < team->count; i++)
            worker_reload(team->workers[i], conf);
        portal_reload(team->portal, conf);
        if (team->mint != NULL)
            mint_reload(team->mint);
        log_note("new configuration, with rules %s %s",
                 davy_ruleset_pack_name(ruleset),
                 davy_ruleset_pack_version(ruleset));
    } else {
        conf_unref(conf);
    }
    davy_ruleset_unref(ruleset);
}

/* ---- Signals and the end ---- */

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

/* The service manager hears of us while all workers turn. */
static void
feed_watchdog(struct team *team)
{
    bool all_live = true;

    for (unsigned i = 0; i < team->count; i++)
        all_live = worker_is_alive(team->workers[i]) && all_live;
    if (all_live)
        service_say("WATCHDOG=1");
}

/* The next signal; 0 when it is time for the watchdog. */
static int
next_signal(const sigset_t *signals)
{
    const uint64_t ms = service_watchdog();
    const struct timespec time = { (time_t)(ms / 1000),
                                   (long)(ms % 1000) * 1000000 };
    int number;

    do
        number = sigtimedwait(signals, NULL, ms == 0 ? NULL : &time);
    while (number < 0 && errno == EINTR);
    return number < 0 ? 0 : number;
}

static void
say_ready(const struct team *team)
{
    const struct conf_listener *listeners = team->first->listeners.at;

    service_say("READY=1\nSTATUS=Serving on %s%s with %u worker%s.",
                listeners[0].address,
                team->first->listeners.count > 1 ? " and others" : "",
                team->count, team->count == 1 ? "" : "s");
}

static void
wait_for_signals(struct team *team, const sigset_t *signals)
{
    int number;

    say_ready(team);
    for (;;) {
        number = next_signal(signals);
        if (number == SIGHUP) {
            service_say_reloading();
            reload(team);
            say_ready(team);
        } else if (number == SIGUSR1) {
            (void)open_logs(team->conf);
        } else if (number == 0) {
            feed_watchdog(team);
        } else {
            break;
        }
    }
    service_say("STOPPING=1\nEXTEND_TIMEOUT_USEC=%llu\nSTATUS=Waiting for "
                "connections to end.",
                (unsigned long long)(team->conf->limits.drain_time + 5000)
                    * 1000);
    for (unsigned i = 0; i < team->count; i++)
        worker_drain(team->workers[i]);
}

static void
team_free(struct team *team)
{
    portal_stop(team->portal);
    close_listeners(team);
    for (unsigned i = 0; i < team->made; i++)
        worker_free(team->workers[i]);
    auth_free(team->auth);
    client_count_free(team->clients);
    tls_server_free(team->tls);
    learned_free(team->learned);
    if (team->mint != NULL)
        mint_stop(team->mint);
    davy_slot_free(team->slot);
    conf_unref(team->conf);
    conf_unref(team->first);
    free(team->portal_key);
    free(team->name);
    free(team);
    authority_forget();
    decision_close();
    accesslog_close();
    messages_close();
    syslog_out_close();
}

/* What needs root comes before what does not: the key process, sockets, and
 * behind them all that SIGHUP and SIGUSR1 must be able to do again. */
static bool
start(struct team *team)
{
    if (!privileges_find(&team->privileges, team->conf->user)
        || !start_mint(team) || !open_listeners(team)
        || !drop_privileges(team) || !open_logs(team->conf)
        || !load_rules(team))
        return false;
    start_workers(team);
    worker_cage_enter((enum conf_calls)team->conf->system_calls);
    return start_portal(team);
}

/* Nobody can guess two tickets. */
static char *
new_key(void)
{
    char a[DECISION_TICKET], b[DECISION_TICKET], c[DECISION_TICKET];

    decision_ticket(a);
    decision_ticket(b);
    decision_ticket(c);
    return fatal_format("%s%s%s", a, b, c);
}

static unsigned
count_workers(const struct conf *conf)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned wanted = conf->workers > 0 ? conf->workers
                            : cores < 1       ? 1
                                              : (unsigned)cores;

    return wanted < MAX_WORKERS ? wanted : MAX_WORKERS;
}

int
team_serve(struct conf *conf, const struct team_source *source)
{
    struct team *team = fatal_alloc(sizeof(*team));
    int status = EXITCODE_USAGE;
    char ticket[DECISION_TICKET];
    sigset_t signals;

    decision_ticket(ticket);
    team->source = source;
    team->conf = conf;
    team->first = conf_ref(conf);
    team->name = fatal_format("davyd-%s", ticket);
    team->portal_key = new_key();
    team->clients = client_count_new();
    team->auth = auth_new();
    team->count = count_workers(conf);
    block_signals(&signals);
    listener_adopt(conf);
    if (start(team)) {
        run_workers(team);
        wait_for_signals(team, &signals);
        for (unsigned i = 0; i < team->count; i++)
            pthread_join(team->threads[i], NULL);
        status = EXITCODE_CLEAN;
    }
    team_free(team);
    return status;
}
