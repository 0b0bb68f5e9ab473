/* SPDX-License-Identifier: MIT */
/* fetch.c - gets what is behind an http(s) address with libcurl.
 *
 * The address of every connection is checked at the moment it is made, so that
 * no name and no redirect leads into a private network.  Proxies of the
 * environment are not used: they would connect in our place, unchecked.
 * Redirects are followed here and not by libcurl, so that the referrer is what
 * a browser would send each time. */

#include "cli/fetch.h"

#include <curl/curl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/private_address.h"
#include "common/fatal.h"
#include "common/text.h"

#define CONNECT_SECONDS 15

/* Bodies of redirects and errors are not looked at; so much is read to keep
 * the connection for the next request. */
#define MAX_IGNORED 65536

struct fetcher {
    CURL *curl;
    const struct fetch_options *options;
    const struct fetch_request *request;        /* under way */
    struct curl_slist *headers;
    char message[CURL_ERROR_SIZE];
    size_t ignored;
    bool has_begun;
    bool was_stopped;                   /* by the receiver */
    bool met_private;
};

/* ---- Callbacks ---- */

/* A proxy was named by the user, so it may be anywhere. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetcher *fetcher = ctx;

    (void)purpose;
    if (!fetcher->options->allow_private && fetcher->options->proxy == NULL
        && private_address(&address->addr)) {
        fetcher->met_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* All values of a field of the last answer, with commas; malloc'ed, or NULL. */
static char *
read_field(CURL *curl, const char *name)
{
    struct curl_header *header = NULL;
    char *value = NULL;

    for (size_t i = 0; curl_easy_header(curl, name, i, CURLH_HEADER, -1,
                                        &header) == CURLHE_OK; i++) {
        char *longer = fatal_format("%s%s%s", value == NULL ? "" : value,
                                    value == NULL ? "" : ", ",
                                    header->value);

        free(value);
        value = longer;
    }
    return value;
}

static bool
begin(struct fetcher *fetcher)
{
    const struct fetch_request *request = fetcher->request;
    char *type = read_field(fetcher->curl, "content-type");
    char *encoding = read_field(fetcher->curl, "content-encoding");
    struct fetch_head head = { NULL, type, encoding };
    char *address = NULL;
    bool is_wanted;

    curl_easy_getinfo(fetcher->curl, CURLINFO_EFFECTIVE_URL, &address);
    head.address = address == NULL ? request->address : address;
    fetcher->has_begun = true;
    is_wanted = request->begin(request->ctx, &head);
    fetcher->was_stopped |= !is_wanted;
    free(type);
    free(encoding);
    return is_wanted;
}

static long
read_status(struct fetcher *fetcher)
{
    long status = 0;

    curl_easy_getinfo(fetcher->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct fetcher *fetcher = ctx;
    const struct fetch_request *request = fetcher->request;
    const size_t n = size * count;

    if (read_status(fetcher) >= 300) {
        fetcher->ignored += n;
        return fetcher->ignored > MAX_IGNORED ? 0 : n;
    }
    if (!fetcher->has_begun && !begin(fetcher))
        return 0;
    if (request->take(request->ctx, bytes, n))
        return n;
    fetcher->was_stopped = true;
    return 0;
}

/* ---- Set up ---- */

static void
init_library(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void
set_options(CURL *curl, struct fetcher *fetcher)
{
    const struct fetch_options *options = fetcher->options;

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY,
                     options->proxy == NULL ? "" : options->proxy);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options->user_agent);
    curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetcher);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetcher);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetcher->message);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fetcher->headers);
}

struct fetcher *
fetcher_new(const struct fetch_options *options)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct fetcher *fetcher = fatal_alloc(sizeof(*fetcher));

    (void)pthread_once(&once, init_library);
    fetcher->options = options;
    fetcher->curl = curl_easy_init();
    /* The library undoes codings itself, within its own limits. */
    fetcher->headers = curl_slist_append(
        NULL, "Accept-Encoding: gzip, deflate, br, zstd");
    if (fetcher->curl == NULL || fetcher->headers == NULL) {
        fetcher_free(fetcher);
        return NULL;
    }
    set_options(fetcher->curl, fetcher);
    return fetcher;
}

void
fetcher_free(struct fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    curl_easy_cleanup(fetcher->curl);
    curl_slist_free_all(fetcher->headers);
    free(fetcher);
}

/* ---- Addresses ---- */

static char *
read_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;

    return curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool
is_same(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static bool
is_same_origin(CURLU *a, CURLU *b)
{
    static const CURLUPart parts[] = { CURLUPART_SCHEME, CURLUPART_HOST,
                                       CURLUPART_PORT };
    bool is_equal = true;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char *x = read_part(a, parts[i]);
        char *y = read_part(b, parts[i]);

        is_equal = is_equal && is_same(x, y);
        curl_free(x);
        curl_free(y);
    }
    return is_equal;
}

/* What a browser sends by default (Referrer Policy, 3.8): the whole page to
 * its own origin, the origin to others, nothing from https to http.  Never user
 * names, never fragments.  malloc'ed, or NULL. */
static char *
make_referrer(const char *page, const char *address)
{
    CURLU *from = curl_url();
    CURLU *to = curl_url();
    char *referrer = NULL;
    char *text;

    if (page == NULL || from == NULL || to == NULL
        || curl_url_set(from, CURLUPART_URL, page, 0) != CURLUE_OK
        || curl_url_set(to, CURLUPART_URL, address, 0) != CURLUE_OK
        || (text_starts_nocase(page, "https:")
            && !text_starts_nocase(address, "https:")))
        goto done;
    curl_url_set(from, CURLUPART_USER, NULL, 0);
    curl_url_set(from, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(from, CURLUPART_FRAGMENT, NULL, 0);
    if (!is_same_origin(from, to)) {
        curl_url_set(from, CURLUPART_PATH, "/", 0);
        curl_url_set(from, CURLUPART_QUERY, NULL, 0);
    }
    text = read_part(from, CURLUPART_URL);
    if (text != NULL)
        referrer = fatal_strdup(text);
    curl_free(text);
done:
    curl_url_cleanup(from);
    curl_url_cleanup(to);
    return referrer;
}

/* Behind a proxy only addresses in numbers can be refused. */
static bool
names_private(const char *address)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
    struct addrinfo *found = NULL;
    CURLU *url = curl_url();
    char *host = NULL;
    bool is_private = false;

    if (url != NULL
        && curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK)
        host = read_part(url, CURLUPART_HOST);
    if (host != NULL) {
        const size_t n = strlen(host);

        is_private = text_is_equal_nocase(host, "localhost");
        if (host[0] == '[' && n > 2) {
            memmove(host, host + 1, n);
            host[n - 2] = '\0';
        }
        if (getaddrinfo(host, NULL, &hints, &found) == 0)
            is_private = is_private || private_address(found->ai_addr);
    }
    if (found != NULL)
        freeaddrinfo(found);
    curl_free(host);
    curl_url_cleanup(url);
    return is_private;
}

/* ---- Get ---- */

static const char *
status_text(long status)
{
    static const struct {
        long status;
        const char *text;
    } rows[] = { { 400, " (bad request)" },   { 401, " (login wanted)" },
                 { 403, " (forbidden)" },     { 404, " (not found)" },
                 { 410, " (gone)" },          { 429, " (too many requests)" },
                 { 500, " (server error)" },  { 502, " (bad gateway)" },
                 { 503, " (unavailable)" },   { 504, " (gateway timeout)" } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].status == status)
            return rows[i].text;
    }
    return "";
}

/* Why a transfer failed, for people. */
static char *
explain(struct fetcher *fetcher, CURLcode code)
{
    if (fetcher->met_private)
        return fatal_strdup("the address leads into a private network; "
                            "--allow-private permits that");
    switch (code) {
    case CURLE_URL_MALFORMAT:
        return fatal_strdup("this is no valid address");
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fatal_strdup("only http:// and https:// can be fetched");
    case CURLE_COULDNT_RESOLVE_HOST:
        return fatal_strdup("there is no host of this name");
    case CURLE_OPERATION_TIMEDOUT:
        return fatal_format("no complete answer within %lu seconds "
                            "(--timeout)", fetcher->options->timeout);
    case CURLE_GOT_NOTHING:
        return fatal_strdup("the server closed the connection without an "
                            "answer");
    default:
        return fatal_format("the address cannot be fetched: %s",
                            fetcher->message[0] != '\0'
                                ? fetcher->message
                                : curl_easy_strerror(code));
    }
}

static unsigned long long
now_millis(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (unsigned long long)t.tv_sec * 1000
           + (unsigned long long)t.tv_nsec / 1000000;
}

/* One request and its answer.  `next` gets where a redirect leads, malloc'ed,
 * or NULL. */
static char *
get_once(struct fetcher *fetcher, const char *address,
         unsigned long long deadline, char **next)
{
    CURL *curl = fetcher->curl;
    const unsigned long long now = now_millis();
    char *referrer = make_referrer(fetcher->request->page, address);
    char *location = NULL;
    CURLcode code = CURLE_OPERATION_TIMEDOUT;
    long status;

    fetcher->message[0] = '\0';
    fetcher->ignored = 0;
    fetcher->met_private = false;
    curl_easy_setopt(curl, CURLOPT_URL, address);
    curl_easy_setopt(curl, CURLOPT_REFERER, referrer);
    if (now < deadline) {
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(deadline - now));
        code = curl_easy_perform(curl);
    }
    free(referrer);
    status = read_status(fetcher);
    if (code == CURLE_WRITE_ERROR
        && (fetcher->was_stopped || fetcher->ignored > MAX_IGNORED))
        code = CURLE_OK;
    if (code != CURLE_OK)
        return explain(fetcher, code);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
    if (status >= 300 && status < 400 && location != NULL) {
        *next = fatal_strdup(location);
        return NULL;
    }
    if (status >= 300)
        return fatal_format("the server answers with status %ld%s", status,
                            status_text(status));
    if (!fetcher->has_begun && !fetcher->was_stopped)
        (void)begin(fetcher);
    return NULL;
}

static char *
refuse(const struct fetcher *fetcher, const char *address)
{
    if (!text_starts_nocase(address, "http://")
        && !text_starts_nocase(address, "https://"))
        return fatal_format("a redirect leads to %s, which is no http:// or "
                            "https:// address", address);
    if (fetcher->options->proxy != NULL && !fetcher->options->allow_private
        && names_private(address))
        return fatal_strdup("the address leads into a private network; "
                            "--allow-private permits that");
    return NULL;
}

char *
fetch_get(struct fetcher *fetcher, const struct fetch_request *request)
{
    const struct fetch_options *options = fetcher->options;
    const unsigned long long deadline = now_millis()
                                        + options->timeout * 1000ULL;
    char *address = fatal_strdup(request->address);
    char *error = NULL;

    fetcher->request = request;
    fetcher->has_begun = false;
    fetcher->was_stopped = false;
    for (unsigned long redirects = 0; error == NULL; redirects++) {
        char *next = NULL;

        error = refuse(fetcher, address);
        if (error == NULL)
            error = get_once(fetcher, address, deadline, &next);
        if (next == NULL)
            break;
        free(address);
        address = next;
        if (redirects == options->max_redirects)
            error = fatal_format("more than %lu redirects (--max-redirects)",
                                 options->max_redirects);
    }
    free(address);
    return error;
}
