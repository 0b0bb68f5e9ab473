/* SPDX-License-Identifier: MIT */
/* decide.c - what becomes of a request: who asks, for what, and what the
 * policy says to it. */

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/private_address.h"
#include "proxy/auth.h"
#include "proxy/exchange_impl.h"
#include "proxy/intercept.h"
#include "proxy/reply.h"
#include "proxy/request_out.h"

/* ---- What is asked of us ---- */

/* Answers that no origin is asked for (9110, 9.3.7 and 9.3.8). */
static bool
answer_ourselves(struct exchange *x)
{
    const bool is_last = x->request.has_max_forwards
                         && x->request.max_forwards == 0;
    struct reply reply = { .status = 200,
                           .type = "text/plain; charset=utf-8",
                           .fields = "Allow: GET, HEAD, POST, PUT, DELETE, "
                                     "PATCH, OPTIONS, CONNECT\r\n" };

    if (strcmp(x->asked.method, "TRACE") == 0)
        reply.status = 405;
    else if (strcmp(x->asked.method, "OPTIONS") != 0
             || (!is_last && x->request.form != HTTP_FORM_ASTERISK))
        return false;
    reply_send(x->conn, &reply, false);
    exchange_end(x);
    return true;
}

/* ---- Addresses ---- */

static bool
refuse_port(struct exchange *x)
{
    if (x->request.form != HTTP_FORM_AUTHORITY
        || conf_has_port(x->conf->connect_ports, x->request.port)
        || conf_has_port(x->conf->connect_http_ports, x->request.port))
        return false;
    exchange_refuse_words(x, 403, "refused",
                          "CONNECT to this port is not allowed",
                          "The administrator chose the ports that are.");
    return true;
}

/* Only named hosts; in TLS that we open the page is refused, which can be
 * read, and not the connection. */
static bool
refuse_unnamed(struct exchange *x)
{
    if (x->policy->action != CONF_DENY || x->is_intercepted
        || hosts_has(&x->policy->allow, x->request.host))
        return false;
    exchange_refuse_words(x, 403, "denied",
                          "This site is not among those that are allowed",
                          "Your administrator chose the sites that this "
                          "computer may use.");
    return true;
}

/* A parent looks names up: of private networks we know only what is written
 * as an address. */
static bool
refuse_private(struct exchange *x)
{
    if (x->parent == NULL || x->policy->private
        || !private_address_text(x->request.host))
        return false;
    exchange_refuse_fault(x, UPSTREAM_PRIVATE,
                          "the address is one of a private network");
    return true;
}

static bool
refuse_address(struct exchange *x)
{
    const struct inspect_target target = {
        .address = x->asked.address,
        .document = x->asked.document,
        .kind = x->use.kind,
    };
    const struct conf_exception *exception = NULL;
    const davy_report *report;

    if (x->policy->action == CONF_OFF || x->is_intercepted)
        return false;
    report = inspect_address(x->worker->inspector, &target);
    if (!inspect_is_miner(report))
        return false;
    if (exchange_action(x, report, &exception) == CONF_REPORT) {
        exchange_log_miner(x, report, exception, "reported");
        metrics_add(&x->worker->metrics, METRIC_MINERS_REPORTED, 1);
        return false;
    }
    metrics_add(&x->worker->metrics, METRIC_MINERS_BLOCKED, 1);
    exchange_refuse_miner(x, report);
    return true;
}

/* ---- The way ---- */

static bool
is_intercepted(const struct exchange *x)
{
    const struct worker *w = x->worker;

    return x->request.form == HTTP_FORM_AUTHORITY && w->intercept != NULL
           && !x->is_http_only
           && x->policy->action != CONF_OFF
           && !hosts_has(&x->conf->https.bypass, x->request.host)
           && intercept_wants(w->intercept, x->request.host);
}

static void
find_policy(struct exchange *x)
{
    const struct policy_client client = {
        .address = &x->conn->address,
        .user = x->conn->user,
        .listener = x->conn->listener->conf->name,
    };

    x->groups = policy_groups(x->conf, &client);
    x->policy = policy_find(x->conf, x->groups, x->request.host);
    x->parent = policy_parent(x->conf, x->request.host);
    x->asked.policy = x->policy->name;
    x->asked.user = x->conn->user;
    x->is_http_only = x->request.form == HTTP_FORM_AUTHORITY
                      && !conf_has_port(x->conf->connect_ports,
                                        x->request.port);
    x->is_intercepted = is_intercepted(x);
}

static void
go_on(struct exchange *x, const struct http_head *head)
{
    find_policy(x);
    if (refuse_port(x) || refuse_unnamed(x) || refuse_private(x)
        || refuse_address(x))
        return;
    if (x->request.form == HTTP_FORM_AUTHORITY || x->request.is_websocket)
        exchange_tunnel(x, head);
    else
        exchange_ask(x);
}

/* ---- Who asks ---- */

static void
ask_for_password(struct exchange *x)
{
    struct refusal refusal = refusal_of_words(
        407, "The proxy asks who you are",
        "Give the name and the password that your administrator gave you.");

    refusal.realm = x->conf->authentication.realm;
    exchange_refuse(x, &refusal);
}

static void
set_user(struct exchange *x, const char *name)
{
    if (x->conn->user != NULL && strcmp(x->conn->user, name) == 0)
        return;
    free(x->conn->user);
    x->conn->user = fatal_strdup(name);
}

static void
on_password(void *ctx, enum auth_answer answer)
{
    struct exchange *x = ctx;
    struct auth_credentials credentials;
    struct http_head *head = exchange_head(x);
    const struct http_field *field = http_head_find(
        head, HTTP_PROXY_AUTHORIZATION);

    x->question = NULL;
    if (answer == AUTH_RIGHT && field != NULL
        && auth_read_basic(field->value, &credentials)) {
        set_user(x, credentials.name);
        go_on(x, head);
    } else if (answer == AUTH_BUSY) {
        exchange_refuse_words(x, 503, NULL, "Too many ask at once",
                              "The proxy checks passwords one after the "
                              "other. Try again in a moment.");
    } else {
        exchange_log_words(x, "the name or the password is wrong",
                           "unauthenticated");
        ask_for_password(x);
    }
    free(head);
}

/* True when it is known who asks, or need not be; inside of CONNECT it was
 * known before. */
static bool
is_known(struct exchange *x, const struct http_head *head)
{
    const struct conf_authentication *a = &x->conf->authentication;
    const struct http_field *field = http_head_find(
        head, HTTP_PROXY_AUTHORIZATION);
    struct auth_credentials credentials;

    if (a->loaded == NULL || x->conn->host != NULL
        || netset_has(&a->without, &x->conn->address))
        return true;
    if (field == NULL || !auth_read_basic(field->value, &credentials)) {
        ask_for_password(x);
        return false;
    }
    if (auth_remembers(x->worker->auth, &credentials))
        set_user(x, credentials.name);
    else
        x->question = auth_ask(x->worker->auth, a->loaded, &credentials,
                               on_password, x);
    auth_wipe(&credentials);
    return x->question == NULL;
}

void
exchange_decide(struct exchange *x, const struct http_head *head)
{
    if (!netset_has(&x->conf->clients, &x->conn->address)) {
        exchange_refuse_words(x, 403, "refused",
                              "This address may not use the proxy",
                              "The administrator chose the networks that "
                              "may.");
        return;
    }
    if (answer_ourselves(x))
        return;
    if (x->is_portal) {
        exchange_ask(x);
        return;
    }
    if (request_out_is_loop(head, x->worker->name)) {
        exchange_refuse_words(x, 508, NULL, "The proxy was asked by itself",
                              "The address leads back to this proxy.");
        return;
    }
    if (is_known(x, head))
        go_on(x, head);
}
