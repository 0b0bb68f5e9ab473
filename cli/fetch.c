/* SPDX-License-Identifier: MIT */
/* fetch.c - gets the bytes behind an address with libcurl.
 *
 * Only http and https, also across redirects; every connection's address is
 * checked at the moment it is made, so that no name and no redirect leads into
 * a private network.  Proxies of the environment are not used: they would
 * connect in our place, unchecked. */

#include "cli/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/private_address.h"
#include "common/log.h"

/* A connection that gives less than this for so long is given up. */
#define SLOW_BYTES   1L
#define SLOW_SECONDS 10L

struct fetcher {
    CURL *curl;
    struct fetch_options options;
    struct fetched *fetched;            /* being filled */
    size_t room;
    bool met_private;
};

static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetcher *fetcher = ctx;

    (void)purpose;
    if (!fetcher->options.allow_private && private_address(&address->addr)) {
        fetcher->met_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct fetcher *fetcher = ctx;
    struct fetched *f = fetcher->fetched;
    const size_t n = size * count;
    size_t taken = fetcher->options.max_bytes - f->length;

    if (n < taken)
        taken = n;
    if (f->length + taken > fetcher->room) {
        fetcher->room = (f->length + taken) * 2;
        f->bytes = log_realloc(f->bytes, fetcher->room);
    }
    if (taken > 0)
        memcpy(f->bytes + f->length, bytes, taken);
    f->length += taken;
    f->is_cut = taken < n;
    return taken;                       /* less than n ends the transfer */
}

static char *
header_value(const char *line, size_t length, const char *name)
{
    const size_t n = strlen(name);
    char *value;

    if (length <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
        return NULL;
    line += n + 1;
    length -= n + 1;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    while (length > 0
           && (line[length - 1] == '\n' || line[length - 1] == '\r'
               || line[length - 1] == ' '))
        length--;
    value = log_alloc(length + 1);
    memcpy(value, line, length);
    return value;
}

static void
replace(char **slot, char *value)
{
    free(*slot);
    *slot = value;
}

/* Header fields of each response; the last one's count. */
static size_t
take_header(char *line, size_t size, size_t count, void *ctx)
{
    struct fetched *f = ((struct fetcher *)ctx)->fetched;
    const size_t n = size * count;
    char *value;

    if (n >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        replace(&f->content_type, NULL);
        replace(&f->content_encoding, NULL);
    }
    value = header_value(line, n, "content-type");
    if (value != NULL)
        replace(&f->content_type, value);
    value = header_value(line, n, "content-encoding");
    if (value != NULL)
        replace(&f->content_encoding, value);
    return n;
}

struct fetcher *
fetch_new(const struct fetch_options *options)
{
    struct fetcher *fetcher = log_alloc(sizeof(*fetcher));
    CURL *curl = curl_easy_init();

    fetcher->options = *options;
    fetcher->curl = curl;
    if (curl == NULL)
        return fetcher;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)options->max_redirects);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)options->timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)options->timeout);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options->user_agent);
    curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetcher);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetcher);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetcher);
    return fetcher;
}

void
fetch_free(struct fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    curl_easy_cleanup(fetcher->curl);
    free(fetcher);
}

static char *
sentence(const char *text, const char *detail)
{
    char *out = log_alloc(strlen(text) + strlen(detail) + 1);

    memcpy(out, text, strlen(text));
    memcpy(out + strlen(text), detail, strlen(detail) + 1);
    return out;
}

static void
conclude(struct fetcher *fetcher, CURLcode code)
{
    struct fetched *f = fetcher->fetched;
    const char *address = NULL;
    long status = 0;
    char digits[8] = "";

    curl_easy_getinfo(fetcher->curl, CURLINFO_EFFECTIVE_URL, &address);
    curl_easy_getinfo(fetcher->curl, CURLINFO_RESPONSE_CODE, &status);
    if (address != NULL)
        f->address = log_strdup(address);
    if (fetcher->met_private && code != CURLE_OK) {
        f->error = log_strdup("the address leads into a private network; "
                              "--allow-private permits that");
        return;
    }
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && f->is_cut)) {
        f->error = sentence("cannot be fetched: ", curl_easy_strerror(code));
        return;
    }
    if (status >= 400 && status <= 999) {
        digits[0] = (char)('0' + status / 100);
        digits[1] = (char)('0' + status / 10 % 10);
        digits[2] = (char)('0' + status % 10);
        f->error = sentence("the server answers with status ", digits);
    }
}

void
fetch_get(struct fetcher *fetcher, const char *address, const char *referrer,
          struct fetched *fetched)
{
    struct curl_slist *headers = NULL;

    memset(fetched, 0, sizeof(*fetched));
    fetcher->fetched = fetched;
    fetcher->room = 0;
    fetcher->met_private = false;
    if (fetcher->curl == NULL) {
        fetched->error = log_strdup("libcurl cannot be used");
        return;
    }
    /* The library undoes codings itself, within its own limits. */
    headers = curl_slist_append(headers, "Accept-Encoding: gzip, deflate, br");
    curl_easy_setopt(fetcher->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(fetcher->curl, CURLOPT_URL, address);
    curl_easy_setopt(fetcher->curl, CURLOPT_REFERER, referrer);
    conclude(fetcher, curl_easy_perform(fetcher->curl));
    curl_easy_setopt(fetcher->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
}

void
fetched_free(struct fetched *f)
{
    free(f->bytes);
    free(f->address);
    free(f->content_type);
    free(f->content_encoding);
    free(f->error);
    memset(f, 0, sizeof(*f));
}
