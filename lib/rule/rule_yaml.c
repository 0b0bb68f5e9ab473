/* SPDX-License-Identifier: MIT */
/* rule_yaml.c - the only file that knows libyaml: its events become a tree.
 *
 * The event interface is used because the tree of libyaml itself resolves
 * aliases (which multiply) and forgets what stood twice. */

#include "rule/rule_yaml.h"

#include <yaml.h>

#include "base/utf8.h"

/* Where one character of the file stands.  libyaml counts characters, people
 * and editors count bytes. */
struct cursor {
    size_t index;                       /* in characters */
    size_t at;                          /* in bytes */
    size_t line_start;                  /* in bytes */
    uint32_t line;
};

/* An open mapping or list. */
struct frame {
    struct dv_yaml_node *node;
    struct dv_yaml_node *key;           /* waits for its value */
    bool is_full;                       /* said that there are too many keys */
};

struct reader {
    struct dv_arena *arena;
    struct dv_messages *messages;
    struct dv_span text;
    yaml_parser_t parser;
    struct cursor cursor;
    struct frame frames[DV_YAML_DEPTH];
    size_t depth;
    size_t nodes;
    unsigned documents;
    const struct dv_yaml_node *root;
    bool is_over;                       /* nothing more can be read */
    davy_status status;                 /* OK or NO_MEMORY */
};

static void
say(struct reader *r, struct dv_place place, const char *hint,
    const char *text)
{
    const davy_status st = dv_messages_say(r->messages, DAVY_BAD_RULES, false,
                                           place, hint, "%s", text);

    if (st != DAVY_OK)
        r->status = st;
}

/* ---- Places ----------------------------------------------------------- */

static struct cursor
cursor_start(struct dv_span text)
{
    static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
    struct cursor c = { .line = 1 };

    if (dv_span_starts_with(text, dv_span_of(mark, sizeof(mark))))
        c.line_start = sizeof(mark);    /* libyaml counts it as one */
    return c;
}

/* Whether `code_point` ends a line (YAML 1.1, 4.2); CR LF is one break. */
static bool
is_break(uint32_t code_point, struct dv_span rest)
{
    if (code_point == '\r')
        return rest.len == 0 || rest.at[0] != '\n';
    return code_point == '\n' || code_point == 0x85 || code_point == 0x2028
           || code_point == 0x2029;
}

/* Move on to character `index`, byte `at` or the end, what comes first. */
static void
cursor_move(struct cursor *c, struct dv_span text, size_t index, size_t at)
{
    while (c->index < index && c->at < at && c->at < text.len) {
        uint32_t code_point;

        c->at += dv_utf8_read(dv_span_slice(text, c->at, SIZE_MAX),
                              &code_point);
        c->index++;
        if (is_break(code_point, dv_span_slice(text, c->at, 1))) {
            c->line++;
            c->line_start = c->at;
        }
    }
}

static struct dv_place
cursor_place(const struct cursor *c)
{
    const size_t at = c->at < c->line_start ? c->line_start : c->at;

    return (struct dv_place){ c->line, (uint32_t)(at - c->line_start) + 1 };
}

/* Marks of events come in order; so this walks the file once. */
static struct dv_place
place_of(struct reader *r, const yaml_mark_t *mark)
{
    cursor_move(&r->cursor, r->text, mark->index, SIZE_MAX);
    return cursor_place(&r->cursor);
}

/* The place of an error, from the start. */
static struct dv_place
place_anew(struct reader *r, size_t index, size_t at)
{
    struct cursor c = cursor_start(r->text);

    cursor_move(&c, r->text, index, at);
    return cursor_place(&c);
}

/* ---- Tree ------------------------------------------------------------- */

static struct dv_yaml_node *
new_node(struct reader *r, enum dv_yaml_type type, const yaml_mark_t *mark)
{
    struct dv_yaml_node *node = dv_arena_calloc(r->arena, 1, sizeof(*node));

    if (node == NULL) {
        r->status = DAVY_NO_MEMORY;
        return NULL;
    }
    node->type = type;
    node->place = place_of(r, mark);
    node->text_place = node->place;
    if (++r->nodes > DV_YAML_NODES) {
        say(r, node->place, "split the file", "the file has too many parts");
        r->is_over = true;
        return NULL;
    }
    return node;
}

static void
check_key(struct reader *r, struct frame *frame, struct dv_yaml_node *key)
{
    const struct dv_yaml_node *child;

    if (key->is_broken)
        return;
    if (key->type != DV_YAML_SCALAR) {
        key->is_broken = true;
        say(r, key->place, NULL, "a key must be plain text");
        return;
    }
    if (frame->node->count == DV_YAML_KEYS) {
        if (!frame->is_full)
            say(r, key->place, NULL, "the mapping has too many keys");
        frame->is_full = true;
        key->is_broken = true;
        return;
    }
    for (child = frame->node->first; child != NULL; child = child->next) {
        if (!dv_span_equal(child->key->text, key->text))
            continue;
        key->is_broken = true;
        if (dv_messages_say(r->messages, DAVY_BAD_RULES, false, key->place,
                            "keep one of them",
                            "key \"%.40s\" stands twice in this mapping",
                            (const char *)key->text.at) != DAVY_OK)
            r->status = DAVY_NO_MEMORY;
        return;
    }
}

static void
link_child(struct dv_yaml_node *parent, struct dv_yaml_node *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
    parent->count++;
}

/* A node is complete enough to stand under its parent. */
static void
attach(struct reader *r, struct dv_yaml_node *node)
{
    struct frame *frame;

    if (r->depth == 0) {
        r->root = node;
        return;
    }
    frame = &r->frames[r->depth - 1];
    if (frame->node->type == DV_YAML_LIST) {
        link_child(frame->node, node);
    } else if (frame->key == NULL) {
        check_key(r, frame, node);
        frame->key = node;
    } else {
        node->key = frame->key;
        if (!frame->key->is_broken)
            link_child(frame->node, node);
        frame->key = NULL;
    }
}

/* ---- Events ----------------------------------------------------------- */

static void
refuse_decorations(struct reader *r, const struct dv_yaml_node *node,
                   const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        say(r, node->place, "write the value out",
            "anchors are not allowed");
    if (tag != NULL)
        say(r, node->place, "write the value alone", "tags are not allowed");
}

static void
find_verbatim(struct reader *r, struct dv_yaml_node *node,
              yaml_scalar_style_t style)
{
    size_t at = r->cursor.at;

    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE
        || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
        at++;
        node->text_place.column++;
    }
    node->is_verbatim = dv_span_equal(
        dv_span_slice(r->text, at, node->text.len), node->text);
}

static void
on_scalar(struct reader *r, const yaml_event_t *event)
{
    struct dv_yaml_node *node = new_node(r, DV_YAML_SCALAR,
                                         &event->start_mark);
    const size_t len = event->data.scalar.length;
    uint8_t *text;

    if (node == NULL)
        return;
    text = dv_arena_bytes(r->arena, len + 1);
    if (text == NULL) {
        r->status = DAVY_NO_MEMORY;
        return;
    }
    memcpy(text, event->data.scalar.value, len);
    text[len] = '\0';
    node->text = dv_span_of(text, len);
    find_verbatim(r, node, event->data.scalar.style);
    refuse_decorations(r, node, event->data.scalar.anchor,
                       event->data.scalar.tag);
    attach(r, node);
}

static void
on_alias(struct reader *r, const yaml_event_t *event)
{
    struct dv_yaml_node *node = new_node(r, DV_YAML_SCALAR,
                                         &event->start_mark);

    if (node == NULL)
        return;
    node->is_broken = true;
    node->text = DV_SPAN_LIT("");
    say(r, node->place, "write the value out", "aliases are not allowed");
    attach(r, node);
}

static void
on_open(struct reader *r, const yaml_event_t *event, enum dv_yaml_type type,
        const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct dv_yaml_node *node = new_node(r, type, &event->start_mark);

    if (node == NULL)
        return;
    refuse_decorations(r, node, anchor, tag);
    if (r->depth == DV_YAML_DEPTH) {
        say(r, node->place, NULL, "the parts are nested too deeply");
        r->is_over = true;
        return;
    }
    attach(r, node);
    r->frames[r->depth++] = (struct frame){ .node = node };
}

static void
on_document(struct reader *r, const yaml_event_t *event)
{
    const struct dv_place place = place_of(r, &event->start_mark);

    if (event->data.document_start.version_directive != NULL
        || event->data.document_start.tag_directives.start
               != event->data.document_start.tag_directives.end)
        say(r, place, "leave out the line with %",
            "directives are not allowed");
    if (++r->documents == 1)
        return;
    say(r, place, "write a second file", "a file holds one document only");
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
        on_alias(r, event);
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(r, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_open(r, event, DV_YAML_LIST, event->data.sequence_start.anchor,
                event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        on_open(r, event, DV_YAML_MAP, event->data.mapping_start.anchor,
                event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        break;
    case YAML_STREAM_END_EVENT:
        if (r->documents == 0)
            say(r, (struct dv_place){ 1, 1 }, NULL, "the file is empty");
        r->is_over = true;
        break;
    default:
        break;
    }
}

/* ---- The whole -------------------------------------------------------- */

static void
say_syntax_error(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    struct dv_place place;

    if (p->error == YAML_MEMORY_ERROR) {
        r->status = DAVY_NO_MEMORY;
        return;
    }
    if (p->error == YAML_READER_ERROR)
        place = place_anew(r, SIZE_MAX, p->problem_offset);
    else
        place = place_anew(r, p->problem_mark.index, SIZE_MAX);
    if (dv_messages_say(r->messages, DAVY_BAD_RULES, false, place, NULL,
                        "this is no YAML: %s%s%s",
                        p->problem == NULL ? "unknown reason" : p->problem,
                        p->context == NULL ? "" : " ",
                        p->context == NULL ? "" : p->context) != DAVY_OK)
        r->status = DAVY_NO_MEMORY;
}

/* Size and encoding; libyaml would tell the latter without a place. */
static bool
is_readable(struct reader *r)
{
    struct cursor c = cursor_start(r->text);

    if (r->text.len > DV_YAML_BYTES) {
        say(r, (struct dv_place){ 0, 0 }, "split the file",
            "the file is larger than 4 MiB");
        return false;
    }
    if (dv_utf8_is_valid(r->text))
        return true;
    while (c.at < r->text.len) {
        uint32_t code_point;
        size_t taken;

        if (!dv_utf8_read_strict(dv_span_slice(r->text, c.at, SIZE_MAX),
                                 &code_point, &taken))
            break;
        cursor_move(&c, r->text, c.index + 1, SIZE_MAX);
    }
    say(r, cursor_place(&c), "save the file as UTF-8",
        "the file is not valid UTF-8");
    return false;
}

/* What was open when reading ended lacks its end: only what stands in it can
 * be judged. */
static void
break_open_frames(struct reader *r)
{
    for (size_t i = 0; i < r->depth; i++)
        r->frames[i].node->is_broken = true;
}

static void
read_events(struct reader *r)
{
    while (!r->is_over && r->status == DAVY_OK) {
        yaml_event_t event;

        if (!yaml_parser_parse(&r->parser, &event)) {
            say_syntax_error(r);
            return;
        }
        on_event(r, &event);
        yaml_event_delete(&event);
    }
}

davy_status
dv_yaml_parse(struct dv_arena *arena, struct dv_messages *messages,
              struct dv_span text, const struct dv_yaml_node **root)
{
    struct reader r = { .arena = arena, .messages = messages, .text = text };

    *root = NULL;
    if (!is_readable(&r))
        return r.status;
    r.cursor = cursor_start(text);
    if (!yaml_parser_initialize(&r.parser))
        return DAVY_NO_MEMORY;
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser,
                                 text.len == 0 ? (const uint8_t *)""
                                               : text.at,
                                 text.len);
    read_events(&r);
    break_open_frames(&r);
    yaml_parser_delete(&r.parser);
    if (r.status == DAVY_OK)
        *root = r.root;
    return r.status;
}

const struct dv_yaml_node *
dv_yaml_get(const struct dv_yaml_node *map, const char *key)
{
    const struct dv_yaml_node *child = map->first;

    while (child != NULL && !dv_span_equal_cstr(child->key->text, key))
        child = child->next;
    return child;
}
