/* SPDX-License-Identifier: MIT */
/* hosts_file.c - lines of hosts(5), as they are found in the wild. */

#include "url/hosts_file.h"

#include "base/ascii.h"
#include "url/url_host.h"
#include "url/url_ip.h"

/* Names that every hosts file has for the machine itself. */
static const char *const local_names[] = {
    "localhost", "localhost.localdomain", "local", "broadcasthost",
    "ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix",
    "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0"
};

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Take a word off the front; empty at the end of the line. */
static struct dv_span
take_word(struct dv_span *left)
{
    size_t n = 0;
    struct dv_span word;

    while (left->len != 0 && is_blank(left->at[0]))
        dv_span_skip(left, 1);
    while (n < left->len && !is_blank(left->at[n]))
        n++;
    word = dv_span_of(left->at, n);
    dv_span_skip(left, n);
    return word;
}

/* An address in the first column; "fe80::1%lo0" has a zone. */
static bool
is_address(struct dv_span word)
{
    char text[DV_URL_IP_TEXT];

    word.len = dv_span_find_byte(word, '%');
    return word.len != 0
           && (dv_url_ip_v6(word, text) != 0
               || (dv_ascii_is_digit(word.at[0])
                   && dv_url_ip_ends_in_number(word)
                   && dv_url_ip_v4(word, text) != 0));
}

enum dv_hosts_line
dv_hosts_parse(struct dv_span line, struct dv_hosts *hosts)
{
    struct dv_span rest;
    struct dv_span first;

    line.len = dv_span_find_byte(line, '#');
    line = dv_span_trim(line);
    *hosts = (struct dv_hosts){ .left = line };
    if (line.len == 0 || line.at[0] == '!' || line.at[0] == '[')
        return DV_HOSTS_NOTHING;
    rest = line;
    first = take_word(&rest);
    if (dv_span_trim(rest).len == 0)
        return DV_HOSTS_HOSTS;
    if (!is_address(first)) {
        hosts->reason = "several words, and the first is no address";
        return DV_HOSTS_SKIPPED;
    }
    hosts->left = rest;
    return DV_HOSTS_HOSTS;
}

static bool
is_local(struct dv_span word)
{
    for (size_t i = 0; i < DV_COUNT_OF(local_names); i++) {
        if (dv_span_equal_nocase(word, dv_span_cstr(local_names[i])))
            return true;
    }
    return false;
}

davy_status
dv_hosts_next(struct dv_hosts *hosts, struct dv_arena *arena,
              struct dv_span *host)
{
    struct dv_span word = take_word(&hosts->left);
    enum dv_url_host type;
    davy_status st;

    if (word.len == 0)
        return DAVY_DECLINED;
    *host = dv_span_of(NULL, 0);
    if (is_local(word))
        return DAVY_OK;
    if (dv_span_starts_with(word, DV_SPAN_LIT("*.")))
        dv_span_skip(&word, 2);
    else if (word.at[0] == '.')
        dv_span_skip(&word, 1);
    st = dv_url_host_parse(arena, word, false, host, &type);
    if (st != DAVY_OK)
        return st;
    if (host->len != 0 && host->at[host->len - 1] == '.')
        host->len--;
    /* A name without a dot would cover a whole top-level domain. */
    if (dv_span_find_byte(*host, '.') == host->len
        && type != DV_URL_HOST_IPV6)
        return DAVY_MALFORMED;
    return DAVY_OK;
}
