/* SPDX-License-Identifier: MIT */
/* portal_check.c - one bounded transfer through ourselves. */

#include "proxy/portal_check.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "proxy/reply_out.h"

/* Seconds; and bytes that are kept of the answer. */
#define MAX_TIME 20L
#define MAX_TEXT ((size_t)4096)

static size_t
on_body(char *bytes, size_t one, size_t length, void *ctx)
{
    struct portal_check *check = ctx;
    const size_t n = one * length;
    const size_t room = MAX_TEXT - bytes_length(&check->text);

    bytes_append(&check->text, bytes, n < room ? n : room);
    return n;
}

static size_t
on_line(char *line, size_t one, size_t length, void *ctx)
{
    struct portal_check *check = ctx;
    const size_t n = strlen(REPLY_OUT_TICKET_FIELD);
    const struct http_text name = { line, n };

    if (one * length > n
        && http_text_equal_nocase(name, REPLY_OUT_TICKET_FIELD))
        check->has_ticket = true;
    return one * length;
}

void
portal_check(const char *proxy, const char *url, struct portal_check *check)
{
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL,
                                                   "Accept: text/plain");
    CURLcode code;

    *check = (struct portal_check){ .status = 0 };
    if (easy == NULL || headers == NULL)
        return;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, MAX_TIME);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, check);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, check);
    code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &check->status);
    if (code != CURLE_OK)
        (void)snprintf(check->fault, sizeof(check->fault), "%s",
                       curl_easy_strerror(code));
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
}
