/* SPDX-License-Identifier: MIT */
/* conf_yaml.c - libyaml's events become a tree.
 *
 * The event interface is used because libyaml's own tree resolves aliases,
 * which multiply, and forgets what stood twice. */

#include "common/conf_yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "common/fatal.h"

struct frame {
    struct conf_node *node;
    char *key;                          /* waits for its value */
    struct conf_place key_place;
};

struct reader {
    const char *file;
    conf_fault *fault;
    void *ctx;
    struct conf_node *root;
    struct frame frames[CONF_YAML_DEPTH];
    size_t depth;
    size_t nodes;
    unsigned documents;
    bool is_over;
    bool has_fault;
};

static void
say(struct reader *r, struct conf_place place, const char *text)
{
    r->has_fault = true;
    r->fault(r->ctx, &place, text);
}

static struct conf_place
place_of(const struct reader *r, const yaml_mark_t *mark)
{
    return (struct conf_place){ r->file, (unsigned)mark->line + 1,
                                (unsigned)mark->column + 1 };
}

/* ---- The tree ---- */

void
conf_yaml_free(struct conf_node *root)
{
    struct conf_node *node = root;

    /* Children go first: each node's siblings are put behind its children, so
     * no recursion is needed. */
    while (node != NULL) {
        struct conf_node *next = node->next;

        if (node->first != NULL) {
            node->last->next = next;
            next = node->first;
        }
        free(node->key);
        free(node->text);
        free(node);
        node = next;
    }
}

static bool
has_key(const struct conf_node *map, const char *key)
{
    for (const struct conf_node *n = map->first; n != NULL; n = n->next) {
        if (strcmp(n->key, key) == 0)
            return true;
    }
    return false;
}

/* Hang a new node below the innermost open one.  NULL when it has no place
 * there; said already. */
static struct conf_node *
add_node(struct reader *r, enum conf_kind kind, struct conf_place place)
{
    struct frame *frame = r->depth == 0 ? NULL : &r->frames[r->depth - 1];
    struct conf_node *node;

    if (++r->nodes > CONF_YAML_NODES) {
        say(r, place, "the file has too many parts");
        r->is_over = true;
        return NULL;
    }
    node = fatal_alloc(sizeof(*node));
    node->kind = kind;
    node->place = place;
    if (frame == NULL) {
        r->root = node;
        return node;
    }
    if (frame->node->kind == CONF_MAP) {
        node->key = frame->key;
        node->place = frame->key_place;
        frame->key = NULL;
    }
    if (frame->node->last == NULL)
        frame->node->first = node;
    else
        frame->node->last->next = node;
    frame->node->last = node;
    return node;
}

/* A mapping waits for its next key. */
static bool
wants_key(const struct reader *r)
{
    const struct frame *frame = r->depth == 0 ? NULL
                                              : &r->frames[r->depth - 1];

    return frame != NULL && frame->node->kind == CONF_MAP
           && frame->key == NULL;
}

/* ---- Events ---- */

static void
on_scalar(struct reader *r, const yaml_event_t *event)
{
    const struct conf_place place = place_of(r, &event->start_mark);
    const char *text = (const char *)event->data.scalar.value;
    struct frame *frame;
    struct conf_node *node;

    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
        say(r, place, "anchors and tags are not allowed");
    if (memchr(text, '\0', event->data.scalar.length) != NULL)
        say(r, place, "a text must not hold a NUL");
    if (wants_key(r)) {
        frame = &r->frames[r->depth - 1];
        if (has_key(frame->node, text))
            say(r, place, "this key stands twice");
        frame->key = fatal_strdup(text);
        frame->key_place = place;
        return;
    }
    node = add_node(r, CONF_SCALAR, place);
    if (node != NULL)
        node->text = fatal_strdup(text);
}

static void
on_open(struct reader *r, enum conf_kind kind, const yaml_event_t *event,
        bool has_decoration)
{
    const struct conf_place place = place_of(r, &event->start_mark);
    struct conf_node *node;

    if (has_decoration)
        say(r, place, "anchors and tags are not allowed");
    if (r->depth == CONF_YAML_DEPTH || wants_key(r)) {
        say(r, place, r->depth == CONF_YAML_DEPTH
                          ? "the parts are nested too deeply"
                          : "a key must be a word");
        r->is_over = true;
        return;
    }
    node = add_node(r, kind, place);
    if (node != NULL)
        r->frames[r->depth++] = (struct frame){ .node = node };
}

static void
on_document(struct reader *r, const yaml_event_t *event)
{
    if (++r->documents == 1)
        return;
    say(r, place_of(r, &event->start_mark),
        "a file holds one document only");
    r->is_over = true;
}

static void
on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        on_document(r, event);
        break;
    case YAML_ALIAS_EVENT:
        say(r, place_of(r, &event->start_mark), "aliases are not allowed");
        r->is_over = true;
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(r, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_open(r, CONF_LIST, event,
                event->data.sequence_start.anchor != NULL
                    || event->data.sequence_start.tag != NULL);
        break;
    case YAML_MAPPING_START_EVENT:
        on_open(r, CONF_MAP, event,
                event->data.mapping_start.anchor != NULL
                    || event->data.mapping_start.tag != NULL);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        break;
    case YAML_STREAM_END_EVENT:
        r->is_over = true;
        break;
    default:
        break;
    }
}

/* ---- The whole ---- */

static void
say_syntax_error(struct reader *r, const yaml_parser_t *parser)
{
    char *text = fatal_format(
        "this is no YAML: %s",
        parser->problem == NULL ? "unknown reason" : parser->problem);

    if (parser->error == YAML_MEMORY_ERROR)
        fatal("no memory for a configuration");
    say(r, place_of(r, &parser->problem_mark), text);
    free(text);
}

static void
read_events(struct reader *r, yaml_parser_t *parser)
{
    yaml_event_t event;

    while (!r->is_over) {
        if (!yaml_parser_parse(parser, &event)) {
            say_syntax_error(r, parser);
            return;
        }
        on_event(r, &event);
        yaml_event_delete(&event);
    }
}

struct conf_node *
conf_yaml_read(const char *file, const char *bytes, size_t length,
               conf_fault *fault, void *ctx)
{
    struct reader r = { .file = file, .fault = fault, .ctx = ctx };
    yaml_parser_t parser;

    if (length > CONF_YAML_BYTES) {
        say(&r, (struct conf_place){ file, 1, 1 },
            "the file is larger than 1 MiB");
        return NULL;
    }
    if (!yaml_parser_initialize(&parser))
        fatal("no memory for a configuration");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes,
                                 length);
    read_events(&r, &parser);
    yaml_parser_delete(&parser);
    for (size_t i = 0; i < r.depth; i++)
        free(r.frames[i].key);
    if (!r.has_fault && r.root == NULL)
        r.root = add_node(&r, CONF_MAP, (struct conf_place){ file, 1, 1 });
    if (r.has_fault) {
        conf_yaml_free(r.root);
        return NULL;
    }
    return r.root;
}
