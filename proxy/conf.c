/* SPDX-License-Identifier: MIT */
/* conf.c - reads davyd.conf by the table of its keys. */

#include "proxy/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"
#include "proxy/conf_reader.h"

/* Files that one file may include. */
#define MAX_FILES 1000

struct key {
    enum conf_section_id section;
    const char *name;
    const struct conf_type *type;
    size_t offset;                      /* of the member */
    int extra;
    const char *fallback;
};

/* The struct of each section, for the offsets below. */
#define CONF_SECTION(NAME, type, heading, text) typedef type struct_##NAME;
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text)
#define CONF_WORD(NAME, word, value)
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY

static const struct key keys[] = {
#define CONF_SECTION(NAME, type, heading, text)
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text) \
    { CONF_SECTION_##SECTION, key, &conf_type_##TYPE,               \
      offsetof(struct_##SECTION, member), extra, fallback },
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY
};

static const struct {
    size_t size, place;
} sections[] = {
#define CONF_SECTION(NAME, type, heading, text) \
    { sizeof(type), offsetof(type, place) },
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text)
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY
#undef CONF_WORD
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* ---- Messages ---- */

static char *
text_of_place(const struct conf_place *place)
{
    if (place->line == 0)
        return fatal_strdup(place->file);
    return fatal_format("%s:%u:%u", place->file, place->line, place->column);
}

void
conf_say(struct conf_reader *r, const struct conf_place *place,
         const char *format, ...)
{
    char *where = text_of_place(place);
    char text[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    log_error("%s: %s", where, text);
    r->faults++;
    free(where);
}

void
conf_note(const struct conf_place *place, const char *format, ...)
{
    char *where = text_of_place(place);
    char text[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    log_note("%s: %s", where, text);
    free(where);
}

static void
on_fault(void *ctx, const struct conf_place *place, const char *text)
{
    conf_say(ctx, place, "%s", text);
}

/* ---- Sections ---- */

static void *
member_of(const struct key *key, void *section)
{
    return (char *)section + key->offset;
}

/* The first key of a section; its others follow. */
static const struct key *
first_key(enum conf_section_id section)
{
    const struct key *key = keys;

    while (key->section != section)
        key++;
    return key;
}

static bool
is_in(const struct key *key, enum conf_section_id section)
{
    return key < keys + KEYS && key->section == section;
}

static void
say_unknown(struct conf_reader *r, const struct conf_node *node,
            enum conf_section_id section)
{
    const char *nearest = NULL;
    unsigned best = 4;

    for (const struct key *k = first_key(section); is_in(k, section); k++) {
        const unsigned distance = text_distance(node->key, k->name);

        if (distance < best) {
            best = distance;
            nearest = k->name;
        }
    }
    conf_say(r, &node->place, "there is no key %s here%s%s%s", node->key,
             nearest == NULL ? "" : "; is it ",
             nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

/* Whether the value is to be read now. */
static bool
is_wanted(struct conf_reader *r, const struct conf_node *node,
          const struct key *key, struct conf_given *given)
{
    const size_t i = (size_t)(key - first_key(key->section));

    if (given->is_given[i] && given->places[i].line == 0)
        return false;                   /* an option wins */
    if (given->is_given[i] && !key->type->joins) {
        conf_say(r, &node->place, "%s was given before, in %s:%u", key->name,
                 given->places[i].file, given->places[i].line);
        return false;
    }
    given->is_given[i] = true;
    given->places[i] = node->place;
    return true;
}

static void
read_key(struct conf_reader *r, const struct conf_node *node, void *at,
         enum conf_section_id section, struct conf_given *given)
{
    for (const struct key *k = first_key(section); is_in(k, section); k++) {
        if (strcmp(k->name, node->key) != 0)
            continue;
        if (is_wanted(r, node, k, given))
            k->type->read(r, node, member_of(k, at), k->extra);
        return;
    }
    say_unknown(r, node, section);
}

static void
read_section(struct conf_reader *r, const struct conf_node *node, void *at,
             enum conf_section_id section, struct conf_given *given)
{
    if (node->kind != CONF_MAP) {
        conf_say(r, &node->place, "here must stand keys and their values");
        return;
    }
    for (const struct conf_node *n = node->first; n != NULL; n = n->next)
        read_key(r, n, at, section, given);
}

bool
conf_is_given(const struct conf_reader *r, enum conf_section_id section,
              const char *key)
{
    const struct key *first = first_key(section);
    const struct key *k = first;

    while (strcmp(k->name, key) != 0)
        k++;
    return r->given[section].is_given[k - first];
}

/* What was not given is as its fallback says. */
static void
add_fallbacks(struct conf_reader *r, void *at, enum conf_section_id section,
              const struct conf_given *given)
{
    const struct key *first = first_key(section);

    for (const struct key *k = first; is_in(k, section); k++) {
        char name[64], text[256];
        const struct conf_node node = { .kind = CONF_SCALAR,
                                        .place = { "default", 0, 0 },
                                        .key = name,
                                        .text = text };

        if (k->fallback == NULL || given->is_given[k - first])
            continue;
        (void)snprintf(name, sizeof(name), "%s", k->name);
        (void)snprintf(text, sizeof(text), "%s", k->fallback);
        k->type->read(r, &node, member_of(k, at), k->extra);
    }
}

static void
fini_section(void *at, enum conf_section_id section)
{
    for (const struct key *k = first_key(section); is_in(k, section); k++)
        k->type->fini(member_of(k, at), k->extra);
}

static void
read_one(struct conf_reader *r, const struct conf_node *node, void *member,
         int extra)
{
    const enum conf_section_id section = (enum conf_section_id)extra;

    memcpy((char *)member + sections[section].place, &node->place,
           sizeof(node->place));
    read_section(r, node, member, section, &r->given[section]);
}

static void
fini_one(void *member, int extra)
{
    fini_section(member, (enum conf_section_id)extra);
}

const struct conf_type conf_type_SECTION = { read_one, fini_one, true };

/* A new item, all zero, at the end. */
static void *
add_item(struct conf_items *items, enum conf_section_id section,
         const struct conf_place *place)
{
    const size_t size = sections[section].size;
    char *at;

    items->at = fatal_grow(items->at, items->count, size);
    at = (char *)items->at + size * items->count++;
    memset(at, 0, size);
    memcpy(at + sections[section].place, place, sizeof(*place));
    return at;
}

static void
read_items(struct conf_reader *r, const struct conf_node *node, void *member,
           int extra)
{
    const enum conf_section_id section = (enum conf_section_id)extra;

    if (node->kind != CONF_LIST) {
        conf_say(r, &node->place, "%s takes a list; each item begins with a "
                                  "hyphen", node->key);
        return;
    }
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        struct conf_given given = { .is_given = { false } };
        void *at = add_item(member, section, &n->place);

        read_section(r, n, at, section, &given);
        add_fallbacks(r, at, section, &given);
    }
}

static void
fini_items(void *member, int extra)
{
    const enum conf_section_id section = (enum conf_section_id)extra;
    struct conf_items *items = member;

    for (size_t i = 0; i < items->count; i++)
        fini_section((char *)items->at + sections[section].size * i, section);
    free(items->at);
}

const struct conf_type conf_type_ITEMS = { read_items, fini_items, true };

/* ---- Files and options ---- */

char *
conf_read_file(struct conf_reader *r, const char *path,
               const struct conf_place *place, size_t most, size_t *length)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = NULL;

    if (file == NULL) {
        conf_say(r, place, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bytes = fatal_alloc(most + 2);
    *length = fread(bytes, 1, most + 1, file);
    bytes[*length] = '\0';
    if (ferror(file) || *length > most) {
        conf_say(r, place, "%s %s", path, ferror(file) ? "cannot be read"
                                                       : "is too large");
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(file);
    return bytes;
}

static void
read_file(struct conf_reader *r, const char *path,
          const struct conf_place *place)
{
    size_t length = 0;
    char *bytes = conf_read_file(r, path, place, CONF_YAML_BYTES, &length);
    struct conf_node *root;

    if (bytes == NULL)
        return;
    root = conf_yaml_read(path, bytes, length, on_fault, r);
    if (root != NULL)
        read_section(r, root, r->conf, CONF_SECTION_ROOT,
                     &r->given[CONF_SECTION_ROOT]);
    conf_yaml_free(root);
    free(bytes);
}

/* A file that is included may not include further ones: the list would grow
 * under the loop without an end. */
static void
read_files(struct conf_reader *r, const char *path)
{
    const struct conf_place none = { "--config", 0, 0 };
    struct conf_names *includes = &r->conf->includes;
    size_t count;

    read_file(r, path, &none);
    count = includes->count;
    if (count > MAX_FILES) {
        conf_say(r, &none, "%s includes more than %d files", path, MAX_FILES);
        return;
    }
    for (size_t i = 0; i < count; i++)
        read_file(r, includes->at[i], &none);
    if (includes->count > count)
        conf_say(r, &none, "include may stand in %s only", path);
}

/* The section and the key of "section.key". */
static const struct key *
find_key(const char *name, void **at, struct conf *conf)
{
    const char *dot = strchr(name, '.');
    const struct key *section = first_key(CONF_SECTION_ROOT);
    const struct key *k = section;

    *at = conf;
    if (dot != NULL) {
        while (strncmp(section->name, name, (size_t)(dot - name)) != 0
               || section->name[dot - name] != '\0')
            section++;
        *at = member_of(section, conf);
        k = first_key((enum conf_section_id)section->extra);
        name = dot + 1;
    }
    while (strcmp(k->name, name) != 0)
        k++;
    return k;
}

static void
read_option(struct conf_reader *r, const struct conf_option *option)
{
    struct conf_node node = { .kind = CONF_SCALAR,
                              .place = { option->option, 0, 0 } };
    struct conf_given *given;
    const struct key *key;
    void *at;

    key = find_key(option->key, &at, r->conf);
    node.key = fatal_strdup(option->option);
    node.text = fatal_strdup(option->value);
    given = &r->given[key->section];
    if (strcmp(option->key, "listen") == 0) {
        struct conf_listener *listener = add_item(
            &r->conf->listeners, CONF_SECTION_LISTEN, &node.place);

        listener->address = fatal_strdup(option->value);
    } else {
        key->type->read(r, &node, member_of(key, at), key->extra);
    }
    given->is_given[key - first_key(key->section)] = true;
    given->places[key - first_key(key->section)] = node.place;
    free(node.key);
    free(node.text);
}

/* The last policy, which fits everybody everywhere. */
static void
add_default_policy(struct conf_reader *r, const struct conf_option *options,
                   size_t count)
{
    const struct conf_place place = { "default", 0, 0 };
    struct conf_policy *policy = add_item(&r->conf->policies,
                                          CONF_SECTION_POLICY, &place);
    struct conf_given given = { .is_given = { false } };

    policy->name = fatal_strdup("default");
    for (size_t i = 0; i < count; i++) {
        struct conf_node node = { .kind = CONF_SCALAR,
                                  .place = { options[i].option, 0, 0 } };

        if (strncmp(options[i].key, "policy.", 7) != 0)
            continue;
        node.key = fatal_strdup(options[i].key + 7);
        node.text = fatal_strdup(options[i].value);
        read_key(r, &node, policy, CONF_SECTION_POLICY, &given);
        free(node.key);
        free(node.text);
    }
    add_fallbacks(r, policy, CONF_SECTION_POLICY, &given);
}

/* Sections that stand once: their fallbacks wait for all files. */
static void
add_all_fallbacks(struct conf_reader *r)
{
    add_fallbacks(r, r->conf, CONF_SECTION_ROOT,
                  &r->given[CONF_SECTION_ROOT]);
    for (const struct key *k = keys; is_in(k, CONF_SECTION_ROOT); k++) {
        const enum conf_section_id section = (enum conf_section_id)k->extra;

        if (k->type == &conf_type_SECTION)
            add_fallbacks(r, member_of(k, r->conf), section,
                          &r->given[section]);
    }
}

struct conf *
conf_read(const char *file, const struct conf_option *options, size_t count)
{
    struct conf_reader *r = fatal_alloc(sizeof(*r));
    struct conf *conf = fatal_alloc(sizeof(*conf));

    atomic_init(&conf->references, 1);
    r->conf = conf;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(options[i].key, "policy.", 7) != 0)
            read_option(r, &options[i]);
    }
    if (file != NULL)
        read_files(r, file);
    add_all_fallbacks(r);
    add_default_policy(r, options, count);
    conf_check(r);
    if (r->faults > 0) {
        conf_unref(conf);
        conf = NULL;
    }
    free(r);
    return conf;
}

struct conf *
conf_ref(struct conf *conf)
{
    atomic_fetch_add_explicit(&conf->references, 1, memory_order_relaxed);
    return conf;
}

void
conf_unref(struct conf *conf)
{
    if (conf == NULL
        || atomic_fetch_sub_explicit(&conf->references, 1,
                                     memory_order_acq_rel)
               != 1)
        return;
    users_unref(conf->authentication.loaded);
    fini_section(conf, CONF_SECTION_ROOT);
    free(conf);
}

bool
conf_has_port(const unsigned *ports, unsigned port)
{
    for (; *ports != 0; ports++) {
        if (*ports == port)
            return true;
    }
    return false;
}
