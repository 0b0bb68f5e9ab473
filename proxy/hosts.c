/* SPDX-License-Identifier: MIT */
/* hosts.c - a sorted list that is asked for each domain a host is in. */

#include "proxy/hosts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

/* Of a name (RFC 1035, 2.3.4). */
#define MAX_NAME 253u

static bool
is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '_' || c == '.';
}

static bool
is_name(const char *text)
{
    const size_t length = strlen(text);
    size_t label = 0;

    if (length == 0 || length > MAX_NAME)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_name_byte(text[i]) || (text[i] == '.' && label == 0))
            return false;
        label = text[i] == '.' ? 0 : label + 1;
    }
    return label > 0;
}

static void
lower(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text | 0x20);
    }
}

static bool
is_address(const char *text)
{
    return strchr(text, ':') != NULL || strchr(text, '/') != NULL
           || text[strspn(text, "0123456789.")] == '\0';
}

const char *
hosts_add(struct hosts *hosts, const char *text)
{
    char *name;

    if (is_address(text))
        return netset_add(&hosts->networks, text);
    name = fatal_strdup(strncmp(text, "*.", 2) == 0 ? text + 1 : text);
    lower(name);
    if (!is_name(name + (name[0] == '.'))) {
        free(name);
        return "is no host, such as example.com or .example.com";
    }
    hosts->names = fatal_grow(hosts->names, hosts->count,
                              sizeof(*hosts->names));
    hosts->names[hosts->count++] = name;
    hosts->is_sorted = false;
    return NULL;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
hosts_sort(struct hosts *hosts)
{
    if (hosts->count > 0)
        qsort(hosts->names, hosts->count, sizeof(*hosts->names), compare);
    hosts->is_sorted = true;
}

static bool
has_name(const struct hosts *hosts, const char *name)
{
    return bsearch(&name, hosts->names, hosts->count, sizeof(*hosts->names),
                   compare)
           != NULL;
}

/* Domains are looked up as ".example.com", for example.com itself, too. */
static bool
has_domain(const struct hosts *hosts, const char *host)
{
    char whole[MAX_NAME + 2];
    const size_t length = strlen(host);

    if (length > MAX_NAME)
        return false;
    whole[0] = '.';
    memcpy(whole + 1, host, length + 1);
    for (const char *dot = whole; dot != NULL; dot = strchr(dot + 1, '.')) {
        if (has_name(hosts, dot))
            return true;
    }
    return false;
}

bool
hosts_has(const struct hosts *hosts, const char *host)
{
    struct net_address address;

    assert(hosts->is_sorted || hosts->count == 0);
    if (hosts->count > 0 && (has_name(hosts, host) || has_domain(hosts, host)))
        return true;
    return hosts->networks.count > 0 && net_address_read(&address, host)
           && netset_has(&hosts->networks, &address);
}

bool
hosts_is_empty(const struct hosts *hosts)
{
    return hosts->count == 0 && hosts->networks.count == 0;
}

void
hosts_fini(struct hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++)
        free(hosts->names[i]);
    free(hosts->names);
    netset_fini(&hosts->networks);
    *hosts = (struct hosts){ .names = NULL };
}
