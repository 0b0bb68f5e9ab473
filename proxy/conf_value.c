/* SPDX-License-Identifier: MIT */
/* conf_value.c - reads the values of keys, a type each. */

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/conf_reader.h"
#include "proxy/syslog_out.h"

/* ---- Scalars and lists ---- */

/* NULL after a fault. */
static const char *
scalar(struct conf_reader *r, const struct conf_node *node)
{
    if (node->kind == CONF_SCALAR && node->text[0] != '\0')
        return node->text;
    conf_say(r, &node->place, "%s takes one value", node->key);
    return NULL;
}

typedef void item_fn(struct conf_reader *r, const struct conf_place *place,
                     const char *key, const char *text, void *member);

static void
each_of_text(struct conf_reader *r, const struct conf_node *node,
             const char *key, item_fn *fn, void *member)
{
    char *copy = fatal_strdup(node->text);
    char *rest = copy;

    for (char *item = strtok_r(copy, ", \t", &rest); item != NULL;
         item = strtok_r(NULL, ", \t", &rest))
        fn(r, &node->place, key, item, member);
    free(copy);
}

/* A list, or one text with commas between its items. */
static void
each(struct conf_reader *r, const struct conf_node *node, item_fn *fn,
     void *member)
{
    if (node->kind == CONF_SCALAR) {
        each_of_text(r, node, node->key, fn, member);
        return;
    }
    if (node->kind == CONF_MAP) {
        conf_say(r, &node->place, "%s takes a list", node->key);
        return;
    }
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        if (n->kind == CONF_SCALAR)
            fn(r, &n->place, node->key, n->text, member);
        else
            conf_say(r, &n->place, "%s takes a list of words", node->key);
    }
}

static void
fini_nothing(void *member, int extra)
{
    (void)member;
    (void)extra;
}

static void
fini_text(void *member, int extra)
{
    (void)extra;
    free(*(char **)member);
}

/* Of two options that say the same thing the last one counts. Takes `text`. */
static void
set_text(void *member, char *text)
{
    fini_text(member, 0);
    *(char **)member = text;
}

/* ---- Texts ---- */

static void
read_text(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);

    (void)extra;
    if (text == NULL)
        return;
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            conf_say(r, &node->place, "%s must not hold control characters",
                     node->key);
            return;
        }
    }
    set_text(member, fatal_strdup(text));
}

const struct conf_type conf_type_TEXT = { read_text, fini_text, false };

static bool
is_name(const char *text)
{
    static const char set[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@";
    const size_t length = strlen(text);

    return length > 0 && length <= 64 && strspn(text, set) == length;
}

static void
read_name(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);

    (void)extra;
    if (text == NULL)
        return;
    if (is_name(text))
        set_text(member, fatal_strdup(text));
    else
        conf_say(r, &node->place, "%s is no name: letters, digits and ._-@, "
                                  "at most 64", text);
}

const struct conf_type conf_type_NAME = { read_name, fini_text, false };

static void
add_name(struct conf_reader *r, const struct conf_place *place,
         const char *key, const char *text, void *member)
{
    struct conf_names *names = member;

    if (!is_name(text)) {
        conf_say(r, place, "%s: %s is no name", key, text);
        return;
    }
    names->at = fatal_grow(names->at, names->count, sizeof(*names->at));
    names->at[names->count++] = fatal_strdup(text);
}

static void
read_names(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    (void)extra;
    each(r, node, add_name, member);
}

static void
fini_names(void *member, int extra)
{
    struct conf_names *names = member;

    (void)extra;
    for (size_t i = 0; i < names->count; i++)
        free(names->at[i]);
    free(names->at);
}

const struct conf_type conf_type_NAMES = { read_names, fini_names, true };

static void
read_word(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    static const struct {
        int words;
        const char *word;
        int value;
    } rows[] = {
#define CONF_SECTION(NAME, type, heading, text)
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text)
#define CONF_WORD(NAME, word, value) { CONF_WORDS_##NAME, word, value },
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY
#undef CONF_WORD
    };
    const char *text = scalar(r, node);
    char known[128] = "";

    if (text == NULL)
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t length = strlen(known);

        if (rows[i].words != extra)
            continue;
        if (strcmp(rows[i].word, text) == 0) {
            *(int *)member = rows[i].value;
            return;
        }
        (void)snprintf(known + length, sizeof(known) - length, "%s%s",
                       length == 0 ? "" : ", ", rows[i].word);
    }
    conf_say(r, &node->place, "%s takes one of %s, not %s", node->key, known,
             text);
}

const struct conf_type conf_type_WORD = { read_word, fini_nothing, false };

/* ---- Numbers ---- */

static void
read_flag(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);
    bool is_yes;

    (void)extra;
    if (text == NULL)
        return;
    is_yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (!is_yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
        conf_say(r, &node->place, "%s takes yes or no, not %s", node->key,
                 text);
    *(bool *)member = is_yes;
}

const struct conf_type conf_type_FLAG = { read_flag, fini_nothing, false };

static void
read_count(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    const char *text = scalar(r, node);
    unsigned long long number;

    (void)extra;
    if (text == NULL)
        return;
    if (text_read_number(text, false, &number) && number >= 1
        && number <= 1000000)
        *(unsigned *)member = (unsigned)number;
    else
        conf_say(r, &node->place, "%s takes a number from 1 to 1000000, not "
                                  "%s", node->key, text);
}

const struct conf_type conf_type_COUNT = { read_count, fini_nothing, false };

static void
read_size(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);
    unsigned long long number;

    (void)extra;
    if (text == NULL)
        return;
    if (text_read_number(text, true, &number) && number >= 1
        && number <= (unsigned long long)1 << 40)
        *(size_t *)member = (size_t)number;
    else
        conf_say(r, &node->place, "%s takes a size such as 64K, not %s",
                 node->key, text);
}

const struct conf_type conf_type_SIZE = { read_size, fini_nothing, false };

static bool
read_millis(const char *text, uint64_t *millis)
{
    static const struct {
        const char *unit;
        uint64_t factor;
    } rows[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
                 { "h", 3600000 } };
    const size_t digits = strspn(text, "0123456789");
    char number[16];
    unsigned long long n;

    if (digits == 0 || digits >= sizeof(number))
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(text + digits, rows[i].unit) == 0) {
            *millis = 0;
            return text_read_number(number, false, &n)
                   && n <= (uint64_t)365 * 86400000 / rows[i].factor
                   && (*millis = n * rows[i].factor, true);
        }
    }
    return false;
}

static void
read_time(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);

    (void)extra;
    if (text != NULL && !read_millis(text, member))
        conf_say(r, &node->place, "%s takes a time such as 500ms, 15s, 10m or "
                                  "1h, not %s", node->key, text);
}

const struct conf_type conf_type_TIME = { read_time, fini_nothing, false };

static void
read_date(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);
    struct tm parts = { .tm_isdst = 0 };
    const char *end;
    struct tm again;
    time_t at;

    (void)extra;
    if (text == NULL)
        return;
    end = strptime(text, "%Y-%m-%d", &parts);
    again = parts;
    at = timegm(&again);
    if (end == NULL || *end != '\0' || strlen(text) != 10
        || again.tm_mday != parts.tm_mday || at < 0) {
        conf_say(r, &node->place, "%s takes a day such as 2027-01-31, not %s",
                 node->key, text);
        return;
    }
    *(int64_t *)member = (int64_t)at + 86400;
}

const struct conf_type conf_type_DATE = { read_date, fini_nothing, false };

static void
add_port(struct conf_reader *r, const struct conf_place *place,
         const char *key, const char *text, void *member)
{
    unsigned *ports = member;
    unsigned long long port;
    size_t count = 0;

    while (ports[count] != 0)
        count++;
    if (!text_read_number(text, false, &port) || port < 1 || port > 65535)
        conf_say(r, place, "%s: %s is no port", key, text);
    else if (count == CONF_PORTS - 1)
        conf_say(r, place, "%s takes at most %d ports", key, CONF_PORTS - 1);
    else
        ports[count] = (unsigned)port;
}

static void
read_ports(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    (void)extra;
    each(r, node, add_port, member);
}

const struct conf_type conf_type_PORTS = { read_ports, fini_nothing, false };

/* ---- Networks and hosts ---- */

static void
add_network(struct conf_reader *r, const struct conf_place *place,
            const char *key, const char *text, void *member)
{
    const char *fault = netset_add(member, text);

    if (fault != NULL)
        conf_say(r, place, "%s: %s %s", key, text, fault);
}

static void
read_nets(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    (void)extra;
    each(r, node, add_network, member);
}

static void
fini_nets(void *member, int extra)
{
    (void)extra;
    netset_fini(member);
}

const struct conf_type conf_type_NETS = { read_nets, fini_nets, true };

static void
add_host(struct conf_reader *r, const struct conf_place *place,
         const char *key, const char *text, void *member)
{
    const char *fault = hosts_add(member, text);

    if (fault != NULL)
        conf_say(r, place, "%s: %s %s", key, text, fault);
}

static void
read_hosts(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    (void)extra;
    each(r, node, add_host, member);
    hosts_sort(member);
}

static void
fini_hosts(void *member, int extra)
{
    (void)extra;
    hosts_fini(member);
}

const struct conf_type conf_type_HOSTS = { read_hosts, fini_hosts, true };

void
conf_read_hosts(struct conf_reader *r, const char *path,
                const struct conf_place *place, struct hosts *hosts)
{
    size_t length;
    char *text = conf_read_file(r, path, place, (size_t)4 << 20, &length);
    struct conf_place at = { path, 0, 1 };
    char *rest = text;
    char *line;

    while (text != NULL && (line = strsep(&rest, "\n")) != NULL) {
        const char *word;

        at.line++;
        line[strcspn(line, "#\r")] = '\0';
        word = line + strspn(line, " \t");
        line[strlen(line)
             - (strlen(word) - strcspn(word, " \t"))] = '\0';
        if (word[0] != '\0')
            add_host(r, &at, "this line", word, hosts);
    }
    free(text);
}

static void
read_proxy(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    const char *text = scalar(r, node);
    const char *host, *colon;
    unsigned long long port;

    (void)extra;
    if (text == NULL)
        return;
    host = strncmp(text, "http://", 7) == 0    ? text + 7
           : strncmp(text, "https://", 8) == 0 ? text + 8
                                               : NULL;
    colon = host == NULL ? NULL : strrchr(host, ':');
    if (strcmp(text, "direct") != 0
        && (colon == NULL || colon == host || strpbrk(host, "/@ ") != NULL
            || !text_read_number(colon + 1, false, &port) || port < 1
            || port > 65535)) {
        conf_say(r, &node->place, "%s takes http://host:port or direct, not "
                                  "%s", node->key, text);
        return;
    }
    set_text(member, fatal_strdup(text));
}

const struct conf_type conf_type_PROXY = { read_proxy, fini_text, false };

/* ---- Files ---- */

/* Relative to the file it stands in. */
static char *
path_of(const struct conf_place *place, const char *text)
{
    const char *slash = strrchr(place->file, '/');

    if (text[0] == '/' || place->line == 0 || slash == NULL)
        return fatal_strdup(text);
    return fatal_format("%.*s/%s", (int)(slash - place->file), place->file,
                        text);
}

static void
read_path(struct conf_reader *r, const struct conf_node *node, void *member,
          int extra)
{
    const char *text = scalar(r, node);

    (void)extra;
    if (text != NULL)
        set_text(member, path_of(&node->place, text));
}

const struct conf_type conf_type_FILE = { read_path, fini_text, false };

static void
read_logfile(struct conf_reader *r, const struct conf_node *node,
             void *member, int extra)
{
    const char *text = scalar(r, node);

    (void)extra;
    if (text != NULL)
        set_text(member, syslog_out_is_meant(text)
                             ? fatal_strdup(text)
                             : path_of(&node->place, text));
}

const struct conf_type conf_type_LOGFILE = { read_logfile, fini_text, false };

static void
add_files(struct conf_reader *r, const struct conf_place *place,
          const char *key, const char *text, void *member)
{
    struct conf_names *names = member;
    char *pattern = path_of(place, text);
    const bool is_pattern = strpbrk(text, "*?[") != NULL;
    glob_t found = { .gl_pathc = 0 };
    const int status = glob(pattern, 0, NULL, &found);

    if (status != 0 && (status != GLOB_NOMATCH || !is_pattern))
        conf_say(r, place, "%s: %s cannot be read", key, pattern);
    for (size_t i = 0; status == 0 && i < found.gl_pathc; i++) {
        names->at = fatal_grow(names->at, names->count, sizeof(*names->at));
        names->at[names->count++] = fatal_strdup(found.gl_pathv[i]);
    }
    globfree(&found);
    free(pattern);
}

static void
read_files(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    (void)extra;
    each(r, node, add_files, member);
}

const struct conf_type conf_type_FILES = { read_files, fini_names, true };
