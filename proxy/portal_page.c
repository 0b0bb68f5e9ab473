/* SPDX-License-Identifier: MIT */
/* portal_page.c - plain HTML and CSS, without a script. */

#include "proxy/portal_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "proxy/authority.h"
#include "proxy/decision.h"
#include "proxy/html_escape.h"
#include "proxy/portal_check.h"
#include "proxy/portal_html.h"

typedef void page_fn(const struct portal_request *request,
                     struct portal_answer *answer);

#define PORTAL_PAGE_ROW(path, function, label, is_public) \
    static page_fn page_##function;
#include "proxy/portal_page.def"
#undef PORTAL_PAGE_ROW

static const struct {
    const char *path;
    page_fn *fn;
    const char *label;
    bool is_public;
} pages[] = {
#define PORTAL_PAGE_ROW(path, function, label, is_public) \
    { path, page_##function, label, is_public },
#include "proxy/portal_page.def"
#undef PORTAL_PAGE_ROW
};

#define PAGES (sizeof(pages) / sizeof(pages[0]))

/* ---- Parts of pages ---- */

static const char style[]
    = ":root { color-scheme: light dark; --line: #8886 }\n"
      "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em;\n"
      "  margin: 0 auto; padding: 1em 1.2em 3em }\n"
      "nav ul { list-style: none; padding: 0; display: flex;\n"
      "  flex-wrap: wrap; gap: .3em 1.4em; border-bottom: 1px solid "
      "var(--line) }\n"
      "nav a { display: block; padding: .5em 0 }\n"
      "nav a[aria-current] { font-weight: 700; text-decoration: none }\n"
      "h1 { font-size: 1.7em; line-height: 1.2 }\n"
      "h2 { font-size: 1.2em; margin-top: 2em }\n"
      ".table { overflow-x: auto }\n"
      "table { border-collapse: collapse; width: 100% }\n"
      "th, td { text-align: left; padding: .35em .8em .35em 0;\n"
      "  border-bottom: 1px solid var(--line); vertical-align: top }\n"
      "td code { white-space: pre-wrap } td.id { white-space: nowrap }\n"
      "td.id code { white-space: nowrap } .few { width: auto }\n"
      "td.n { text-align: right; font-variant-numeric: tabular-nums }\n"
      "code, pre { font: .92em/1.4 ui-monospace, monospace;\n"
      "  overflow-wrap: anywhere; white-space: pre-wrap }\n"
      "input { font: inherit; padding: .4em .6em; width: 60%;\n"
      "  box-sizing: border-box }\n"
      "button { font: inherit; padding: .4em 1em }\n"
      ".good { color: #176b2c } .bad { color: #b3261e }\n"
      "@media (max-width: 45em) {\n"
      "  .table thead { position: absolute; left: -9999px }\n"
      "  .table tr, .table td { display: block; width: auto }\n"
      "  .table tr { border-bottom: 1px solid var(--line);\n"
      "    padding: .5em 0 }\n"
      "  .table td { border: 0; padding: .1em 0 } }\n"
      "@media (prefers-color-scheme: dark) {\n"
      "  .good { color: #7fd494 } .bad { color: #ff9c92 } }\n";

static void
begin_page(const struct portal_request *request, struct bytes *out,
           const char *title)
{
    bytes_append_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                           "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                           "content=\"width=device-width\">\n<title>");
    html_escape(out, title);
    bytes_format(out, " - davyd</title>\n<style>\n%s</style>\n</head>\n"
                      "<body>\n<nav aria-label=\"Pages\">\n<ul>\n",
                 style);
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].label != NULL
            && (pages[i].is_public || request->is_admin))
            bytes_format(out, "<li><a href=\"%s\"%s>%s</a></li>\n",
                         pages[i].path,
                         strcmp(pages[i].path, request->path) == 0
                             ? " aria-current=\"page\""
                             : "",
                         pages[i].label);
    }
    bytes_append_text(out, "</ul>\n</nav>\n<main>\n<h1>");
    html_escape(out, title);
    bytes_append_text(out, "</h1>\n");
}

static void
end_page(struct portal_answer *answer)
{
    bytes_append_text(&answer->body, "</main>\n</body>\n</html>\n");
    answer->status = 200;
    answer->type = "text/html; charset=utf-8";
}

static void
put_number(struct bytes *out, const char *label, uint64_t number)
{
    bytes_format(out,
                 "<tr><th scope=\"row\">%s</th><td class=\"n\">%llu</td>"
                 "</tr>\n",
                 label, (unsigned long long)number);
}

static void
put_decisions(struct bytes *out, size_t most)
{
    static const char *const columns[] = { "Time (UTC)", "What", "Client",
                                           "Address and evidence", "Rule",
                                           "Ticket", NULL };
    struct decision_record *records = fatal_alloc(most * sizeof(*records));
    const size_t count = decision_recent(records, most);

    if (count == 0)
        bytes_append_text(out, "<p>Nothing was stopped yet.</p>\n");
    else
        portal_begin_table(out, columns);
    for (size_t i = 0; i < count; i++) {
        const struct decision_record *r = &records[i];

        bytes_format(out, "<tr><td>%.10s %.8s</td>", r->time, r->time + 11);
        portal_put_cell(out, r->action, "");
        portal_put_cell(out, r->client, "");
        bytes_append_text(out, "<td><code>");
        portal_put_text(out, r->address);
        bytes_append_text(out, "</code><br>");
        portal_put_text(out, r->title);
        bytes_append_text(out, r->evidence[0] == '\0' ? "" : "<br><code>");
        portal_put_text(out, r->evidence);
        bytes_append_text(out, r->evidence[0] == '\0' ? "</td>"
                                                      : "</code></td>");
        portal_put_cell(out, r->rule, "code");
        portal_put_cell(out, r->ticket, "code");
        bytes_append_text(out, "</tr>\n");
    }
    if (count > 0)
        portal_end_table(out);
    free(records);
}

/* ---- Pages ---- */

static void
page_status(const struct portal_request *request,
            struct portal_answer *answer)
{
    const struct portal_options *o = request->options;
    const uint64_t up = (uint64_t)(time(NULL) - request->started);
    davy_ruleset *rules = davy_slot_get(o->slot);
    struct bytes *out = &answer->body;

    begin_page(request, out, "davyd is at work");
    bytes_format(out, "<p>Version %s, for %llu h %llu min, with ",
                 davy_version(), (unsigned long long)up / 3600,
                 (unsigned long long)up / 60 % 60);
    portal_put_text(out, davy_ruleset_pack_name(rules));
    bytes_append_text(out, " ");
    portal_put_text(out, davy_ruleset_pack_version(rules));
    bytes_append_text(out, ".</p>\n<table class=\"few\">\n<tbody>\n");
    put_number(out, "Miners stopped",
               metrics_sum(o->metrics, o->workers, METRIC_MINERS_BLOCKED)
                   + metrics_sum(o->metrics, o->workers, METRIC_MINERS_CUT)
                   + metrics_sum(o->metrics, o->workers,
                                 METRIC_MINERS_REWRITTEN));
    put_number(out, "Requests",
               metrics_sum(o->metrics, o->workers, METRIC_REQUESTS));
    put_number(out, "Bodies judged",
               metrics_sum(o->metrics, o->workers, METRIC_JUDGED)
                   + metrics_sum(o->metrics, o->workers,
                                 METRIC_JUDGED_BEFORE));
    put_number(out, "Tunnels",
               metrics_sum(o->metrics, o->workers, METRIC_TUNNELS));
    put_number(out, "Megabytes sent",
               metrics_sum(o->metrics, o->workers, METRIC_SENT_BYTES)
                   / 1000000);
    bytes_append_text(out, "</tbody>\n</table>\n<h2>Last decisions</h2>\n");
    put_decisions(out, 10);
    davy_ruleset_unref(rules);
    end_page(answer);
}

static void
page_decisions(const struct portal_request *request,
               struct portal_answer *answer)
{
    begin_page(request, &answer->body, "Decisions");
    put_decisions(&answer->body, DECISION_RECENT);
    end_page(answer);
}

static void
put_check(const struct portal_request *request, struct bytes *out)
{
    struct portal_check check;

    portal_check(request->address, request->url, &check);
    bytes_append_text(out, "<h2>Answer</h2>\n");
    if (check.fault[0] != '\0') {
        bytes_append_text(out, "<p class=\"bad\">The check did not work: ");
        html_escape(out, check.fault);
        bytes_append_text(out, ".</p>\n");
    } else if (check.has_ticket && check.status == 200) {
        bytes_append_text(out, "<p class=\"bad\">davyd lets this through "
                               "without its miner; the first of the "
                               "<a href=\"/decisions\">decisions</a> says "
                               "what was found.</p>\n");
    } else if (check.has_ticket) {
        bytes_append(&check.text, "", 1);
        bytes_append_text(out, "<p class=\"bad\">davyd stops this.</p>\n"
                               "<pre>");
        html_escape(out, bytes_front(&check.text));
        bytes_append_text(out, "</pre>\n");
    } else {
        bytes_format(out, "<p class=\"good\">davyd lets this through (the "
                          "site answered with status %ld).</p>\n",
                     check.status);
    }
    bytes_fini(&check.text);
}

static void
page_check(const struct portal_request *request,
           struct portal_answer *answer)
{
    struct bytes *out = &answer->body;

    begin_page(request, out, "Check an address");
    bytes_append_text(out,
                      "<form action=\"/check\">\n"
                      "<p><label for=\"url\">Address of a page, script or "
                      "module</label></p>\n"
                      "<p><input id=\"url\" name=\"url\" type=\"url\" "
                      "required placeholder=\"https://\" value=\"");
    html_escape(out, request->url);
    bytes_append_text(out, "\"> <button>Check</button></p>\n</form>\n");
    if (request->url[0] != '\0')
        put_check(request, out);
    end_page(answer);
}

static void
page_certificate(const struct portal_request *request,
                 struct portal_answer *answer)
{
    struct bytes *out = &answer->body;

    begin_page(request, out, "Certificate");
    if (!authority_is_there())
        bytes_append_text(
            out, "<p>HTTPS is passed through unseen: there is no certificate "
                 "authority. The administrator makes one with "
                 "<code>davyd ca init</code>.</p>\n");
    else
        bytes_append_text(
            out,
            "<p><a href=\"/ca.pem\" download>Download ca.pem</a> and tell "
            "your system to trust it. Only then can davyd look into HTTPS; "
            "without it pages show a warning.</p>\n"
            "<h2>Windows</h2>\n<p>Open the file, choose \"Install "
            "certificate\", \"Local machine\", and the store \"Trusted root "
            "certification authorities\".</p>\n"
            "<h2>macOS</h2>\n<p>Open the file with Keychain Access, then "
            "set \"When using this certificate\" to \"Always trust\".</p>\n"
            "<h2>Debian, Ubuntu</h2>\n<p><code>cp ca.pem "
            "/usr/local/share/ca-certificates/davy.crt &amp;&amp; "
            "update-ca-certificates</code></p>\n"
            "<h2>Firefox</h2>\n<p>Settings, Privacy and security, "
            "Certificates, View certificates, Authorities, Import.</p>\n"
            "<h2>Android, iOS</h2>\n<p>Open the file; then Settings: install "
            "as a CA certificate (Android), or Profile downloaded and "
            "Certificate trust settings (iOS).</p>\n");
    end_page(answer);
}

static void
page_policy(const struct portal_request *request,
            struct portal_answer *answer)
{
    static const char *const columns[] = { "Rule", "What it finds",
                                           "Severity", NULL };
    davy_ruleset *rules = davy_slot_get(request->options->slot);
    struct bytes *out = &answer->body;
    davy_rule_info rule;
    davy_list_info list;

    begin_page(request, out, "Policy");
    portal_put_policies(out, request->conf);
    bytes_append_text(out, "<h2>Lists</h2>\n<ul>\n");
    for (size_t i = 0; davy_ruleset_list(rules, i, &list) == DAVY_OK; i++) {
        bytes_append_text(out, "<li>");
        portal_put_text(out, list.name);
        bytes_format(out, ": %zu entries, %s confidence</li>\n", list.entries,
                     list.confidence);
    }
    bytes_append_text(out, "</ul>\n<h2>Rules</h2>\n");
    portal_begin_table(out, columns);
    for (size_t i = 0; davy_ruleset_rule(rules, i, &rule) == DAVY_OK; i++) {
        bytes_append_text(out, "<tr>");
        portal_put_cell(out, rule.id, "code");
        portal_put_cell(out, rule.title, "");
        portal_put_cell(out, rule.severity, "");
        bytes_append_text(out, "</tr>\n");
    }
    portal_end_table(out);
    davy_ruleset_unref(rules);
    end_page(answer);
}

/* ---- For machines ---- */

static void
page_ca_pem(const struct portal_request *request,
            struct portal_answer *answer)
{
    size_t length;
    unsigned char *pem = authority_pem(&length);

    (void)request;
    answer->status = 404;
    answer->type = "text/plain; charset=utf-8";
    if (pem == NULL) {
        bytes_append_text(&answer->body, "there is no authority\n");
        return;
    }
    bytes_append(&answer->body, pem, length);
    gnutls_free(pem);
    answer->status = 200;
    answer->type = "application/x-pem-file";
}

static void
page_pac(const struct portal_request *request, struct portal_answer *answer)
{
    bytes_format(&answer->body,
                 "function FindProxyForURL(url, host) {\n"
                 "    if (isPlainHostName(host) || host == \"127.0.0.1\" ||\n"
                 "        dnsDomainIs(host, \".local\"))\n"
                 "        return \"DIRECT\";\n"
                 "    return \"PROXY %s\";\n"
                 "}\n",
                 request->address);
    answer->status = 200;
    answer->type = "application/x-ns-proxy-autoconfig";
}

static void
page_metrics(const struct portal_request *request,
             struct portal_answer *answer)
{
    metrics_write(request->options->metrics, request->options->workers,
                  &answer->body);
    answer->status = 200;
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
}

static void
page_healthz(const struct portal_request *request,
             struct portal_answer *answer)
{
    (void)request;
    bytes_append_text(&answer->body, "ok\n");
    answer->status = 200;
    answer->type = "text/plain; charset=utf-8";
}

/* The address of the proxy itself leads those who are no administrators to
 * what is for them. */
static void
page_welcome(const struct portal_request *request,
             struct portal_answer *answer)
{
    begin_page(request, &answer->body, "davyd is at work");
    bytes_append_text(&answer->body,
                      "<p>This proxy keeps pages from using your computer's "
                      "processor to mine cryptocurrency. You can <a "
                      "href=\"/check\">check an address</a> and get the "
                      "<a href=\"/certificate\">certificate</a>.</p>\n");
    end_page(answer);
}

static void
page_forbidden(const struct portal_request *request,
               struct portal_answer *answer)
{
    begin_page(request, &answer->body, "This page is for administrators");
    bytes_append_text(&answer->body,
                      "<p>It is shown to the networks that stand under "
                      "<code>portal: admins</code> in davyd.conf.</p>\n");
    end_page(answer);
    answer->status = 403;
}

void
portal_page(const struct portal_request *request,
            struct portal_answer *answer)
{
    for (size_t i = 0; i < PAGES; i++) {
        if (strcmp(pages[i].path, request->path) != 0)
            continue;
        if (pages[i].is_public || request->is_admin)
            pages[i].fn(request, answer);
        else if (i == 0)
            page_welcome(request, answer);
        else
            page_forbidden(request, answer);
        return;
    }
    begin_page(request, &answer->body, "There is no such page");
    end_page(answer);
    answer->status = 404;
}
