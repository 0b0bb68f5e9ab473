/* SPDX-License-Identifier: MIT */
/* native.c - reads a program, script or archive as it streams.
 *
 * Each archive is a layer that hands the bytes of its members to the layer
 * below; the lowest one is a file, whose bytes go through the window.  Where
 * something is found, the files around it become nodes. */

#include "native/native.h"

/* Bytes that archives may yield beyond the ratio: small ones grow much. */
#define GRACE ((uint64_t)8 << 20)

/* The target is read in pieces that end at multiples of this, so that what
 * archives may yield does not depend on chunks. */
#define PIECE ((uint64_t)16 << 10)

/* The rules are asked again when there is so much more than before: so asking
 * costs no more than some times what the last time does. */
#define PATIENCE 64

/* Files that something was found in. */
#define MAX_NODES ((size_t)4096)

void
dv_native_init(struct dv_native *n, struct dv_mem *mem,
               const struct dv_native_terms *terms,
               const struct dv_native_limits *limits)
{
    *n = (struct dv_native){ .mem = mem, .terms = terms, .limits = *limits };
    if (n->limits.depth >= DV_NATIVE_LAYERS)
        n->limits.depth = DV_NATIVE_LAYERS - 1;
    dv_native_window_init(&n->window, mem, terms);
    dv_arena_init(&n->texts, mem);
    dv_strmap_init(&n->seen, mem);
    dv_vec_init(&n->nodes, mem, sizeof(struct dv_native_node), MAX_NODES);
    dv_vec_init(&n->finds, mem, sizeof(struct dv_native_find),
                limits->texts);
}

void
dv_native_fini(struct dv_native *n)
{
    for (size_t i = 0; i < DV_NATIVE_LAYERS; i++) {
        if (n->layers[i] == NULL)
            continue;
        dv_native_inflate_fini(&n->layers[i]->inflate);
        dv_mem_free(n->mem, n->layers[i], sizeof(*n->layers[i]));
        n->layers[i] = NULL;
    }
    dv_native_window_fini(&n->window);
    dv_arena_fini(&n->texts);
    dv_strmap_fini(&n->seen);
    dv_vec_fini(&n->nodes);
    dv_vec_fini(&n->finds);
}

enum dv_native_format
dv_native_format(const struct dv_native *n)
{
    return n->layers[0] == NULL ? DV_NATIVE_DATA : n->layers[0]->format;
}

static struct dv_native_layer *
current(struct dv_native *n)
{
    return n->layers[n->depth];
}

static void
note(void *ctx, enum dv_native_note what)
{
    struct dv_native_layer *layer = ctx;

    layer->native->notes |= UINT32_C(1) << what;
}

/* ---- Finds ------------------------------------------------------------ */

/* The node of a layer, made with those above it; gzip hides nothing, so what
 * it holds is the file itself.  NONE when there is no room (noted) or memory
 * (n->status). */
static uint32_t
node_of(struct dv_native *n, size_t depth)
{
    struct dv_native_layer *layer = n->layers[depth];
    uint32_t parent = DV_NATIVE_NONE;
    struct dv_native_node *node;

    if (layer->node != DV_NATIVE_NONE)
        return layer->node;
    if (depth > 0) {
        parent = node_of(n, depth - 1);
        if (parent == DV_NATIVE_NONE)
            return parent;
        if (n->layers[depth - 1]->format == DV_NATIVE_GZIP) {
            layer->node = parent;
            return parent;
        }
    }
    node = dv_vec_push(&n->nodes);
    if (node == NULL) {
        if (dv_vec_is_full(&n->nodes))
            note(layer, DV_NATIVE_NOTE_TEXTS);
        else
            n->status = DAVY_NO_MEMORY;
        return DV_NATIVE_NONE;
    }
    node->parent = parent;
    node->first = DV_NATIVE_NONE;
    node->at = layer->origin;
    if (!dv_arena_copy(&n->texts, layer->path, &node->path)) {
        dv_vec_pop(&n->nodes);
        n->status = DAVY_NO_MEMORY;
        return DV_NATIVE_NONE;
    }
    layer->node = (uint32_t)(n->nodes.len - 1);
    return layer->node;
}

/* The last find becomes the last one of its node. */
static void
link_find(struct dv_native *n, uint32_t number)
{
    struct dv_native_node *node = dv_vec_at(&n->nodes, number);
    const uint32_t find = (uint32_t)(n->finds.len - 1);

    if (node->first == DV_NATIVE_NONE)
        node->first = find;
    else
        ((struct dv_native_find *)dv_vec_at(&n->finds, node->last))->next
            = find;
    node->last = find;
}

/* Copy `find` and its text; DAVY_DECLINED for a text that the file has shown
 * before, and when there is no room. */
static davy_status
add_find(struct dv_native *n, struct dv_native_find find)
{
    struct dv_native_find *slot;

    if (dv_strmap_get(&n->seen, find.text) != NULL)
        return DAVY_DECLINED;
    if (dv_vec_is_full(&n->finds)) {
        note(current(n), DV_NATIVE_NOTE_TEXTS);
        return DAVY_DECLINED;
    }
    find.node = node_of(n, n->depth);
    if (find.node == DV_NATIVE_NONE)
        return n->status == DAVY_OK ? DAVY_DECLINED : n->status;
    if (!dv_arena_copy(&n->texts, find.text, &find.text)
        || dv_strmap_put(&n->seen, find.text, 0) == NULL)
        return DAVY_NO_MEMORY;
    slot = dv_vec_push(&n->finds);
    if (slot == NULL)
        return DAVY_NO_MEMORY;
    *slot = find;
    slot->next = DV_NATIVE_NONE;
    link_find(n, find.node);
    return DAVY_OK;
}

static davy_status
on_text(void *ctx, const struct dv_native_text *text)
{
    struct dv_native *n = ctx;
    const struct dv_native_layer *layer = current(n);
    const bool is_root = n->depth == 0;

    return add_find(n, (struct dv_native_find){
        .kind = DV_NATIVE_FIND_TEXT,
        .class = dv_native_class_of(layer->format),
        .text = text->text,
        .focus = text->focus,
        .at = layer->origin + (layer->is_exact ? text->at : 0),
        .len = layer->is_exact ? text->len : 0,
        .line = is_root ? text->line : 1,
        .column = is_root ? text->column : 1,
    });
}

static bool
note_hit(void *ctx, const struct dv_native_hit *hit)
{
    bool *is_hit = ctx;

    *is_hit |= (hit->where & DV_NATIVE_IN_NAMES) != 0;
    return !*is_hit;
}

/* Names are what stands behind the last slash. */
static davy_status
look_at_name(struct dv_native *n, struct dv_span path, uint64_t at)
{
    const struct dv_span name = dv_native_base_name(path);
    bool is_hit = false;
    davy_status st;

    if (n->terms == NULL || name.len == 0)
        return DAVY_OK;
    if (n->window.scratch == NULL) {
        st = dv_native_terms_scratch(n->terms, n->mem, &n->window.scratch);
        if (st != DAVY_OK)
            return st;
    }
    st = dv_native_terms_scan(n->terms, n->window.scratch, name, note_hit,
                              &is_hit);
    if (st != DAVY_OK || !is_hit)
        return st;
    st = add_find(n, (struct dv_native_find){
        .kind = DV_NATIVE_FIND_NAME, .class = DV_NATIVE_CLASS_NONE,
        .text = name, .at = at, .line = 1, .column = 1
    });
    return st == DAVY_DECLINED ? DAVY_OK : st;
}

/* Let the rules look when there is something new. */
static davy_status
tell(void *ctx)
{
    struct dv_native *n = ctx;

    if (n->on_finds == NULL || n->finds.len == n->asked
        || n->finds.len < n->asked + n->asked / PATIENCE)
        return DAVY_OK;
    n->asked = n->finds.len;
    return n->on_finds(n->ctx);
}

/* ---- Layers ----------------------------------------------------------- */

static struct dv_native_layer *
make_layer(struct dv_native *n, size_t depth)
{
    struct dv_native_layer *layer = n->layers[depth];

    if (layer != NULL)
        return layer;
    layer = dv_mem_calloc(n->mem, 1, sizeof(*layer));
    if (layer == NULL)
        return NULL;
    layer->native = n;
    layer->depth = depth;
    dv_native_inflate_init(&layer->inflate, n->mem);
    n->layers[depth] = layer;
    return layer;
}

static davy_status
begin_layer(struct dv_native *n, size_t depth, struct dv_span path,
            uint64_t origin, bool is_exact)
{
    struct dv_native_layer *layer = make_layer(n, depth);
    const struct dv_span kept = dv_span_slice(path, 0, DV_NATIVE_PATH);

    if (layer == NULL)
        return DAVY_NO_MEMORY;
    layer->format = DV_NATIVE_DATA;
    layer->is_known = false;
    layer->is_open = false;
    layer->is_exact = is_exact;
    layer->is_done = false;
    layer->has_ended = false;
    layer->origin = origin;
    layer->node = DV_NATIVE_NONE;
    layer->head_len = 0;
    if (kept.len > 0)
        memcpy(layer->path_room, kept.at, kept.len);
    layer->path = dv_span_of(layer->path_room, kept.len);
    n->depth = depth;
    dv_strmap_clear(&n->seen);
    return DAVY_OK;
}

static davy_status feed_layer(struct dv_native *n, size_t depth,
                              struct dv_span bytes);
static davy_status end_layer(struct dv_native *n, size_t depth);

static davy_status
open_member(void *ctx, struct dv_span path, uint64_t at, bool is_stored)
{
    struct dv_native_layer *layer = ctx;
    struct dv_native *n = layer->native;
    const uint64_t origin = layer->origin + (layer->is_exact ? at : 0);
    davy_status st = begin_layer(n, layer->depth + 1, path, origin,
                                 layer->is_exact && is_stored);

    if (st == DAVY_OK)
        st = look_at_name(n, path, origin);
    return st == DAVY_OK ? tell(n) : st;
}

static davy_status
feed_member(void *ctx, struct dv_span bytes)
{
    struct dv_native_layer *layer = ctx;
    struct dv_native *n = layer->native;

    n->decoded += bytes.len;
    if (n->decoded > GRACE + n->granted * n->limits.ratio) {
        note(layer, DV_NATIVE_NOTE_RATIO);
        return DAVY_DECLINED;
    }
    return feed_layer(n, layer->depth + 1, bytes);
}

static davy_status
close_member(void *ctx)
{
    struct dv_native_layer *layer = ctx;
    const davy_status st = end_layer(layer->native, layer->depth + 1);

    layer->native->depth = layer->depth;
    return st;
}

/* Members that were met have had their names looked at. */
static bool
is_known_name(const struct dv_native *n, struct dv_span path)
{
    const struct dv_span name = dv_native_base_name(path);

    for (size_t i = 0; i < n->finds.len; i++) {
        const struct dv_native_find *find = dv_native_find_at(n, i);

        if (find->kind == DV_NATIVE_FIND_NAME
            && dv_span_equal(find->text, name))
            return true;
    }
    return false;
}

static davy_status
name_member(void *ctx, struct dv_span path, uint64_t at)
{
    struct dv_native_layer *layer = ctx;
    struct dv_native *n = layer->native;
    davy_status st;

    if (is_known_name(n, path))
        return DAVY_OK;
    st = look_at_name(n, path, layer->origin + (layer->is_exact ? at : 0));
    return st == DAVY_OK ? tell(n) : st;
}

static struct dv_native_events
events_of(struct dv_native_layer *layer)
{
    return (struct dv_native_events){
        .open = open_member,
        .data = feed_member,
        .close = close_member,
        .name = name_member,
        .note = note,
        .ctx = layer,
    };
}

/* ---- gzip ------------------------------------------------------------- */

/* Another stream may follow (RFC 1952, 2.2), or padding. */
static davy_status
begin_stream(struct dv_native_layer *layer, struct dv_span in)
{
    layer->has_ended = false;
    layer->is_done = in.at[0] != 0x1f;
    return layer->is_done ? DAVY_OK
                          : dv_native_inflate_begin(&layer->inflate, true);
}

static davy_status
feed_gzip(struct dv_native_layer *layer, struct dv_span in)
{
    davy_status end = DAVY_MORE;
    struct dv_span out = { NULL, 0 };

    while (in.len > 0 || (out.len > 0 && end == DAVY_MORE)) {
        davy_status st = DAVY_OK;

        if (layer->has_ended)
            st = begin_stream(layer, in);
        if (st != DAVY_OK || layer->is_done)
            return st;
        end = dv_native_inflate_next(&layer->inflate, &in, &out);
        if (end == DAVY_NO_MEMORY)
            return end;
        if (out.len > 0)
            st = feed_member(layer, out);
        if (st != DAVY_OK)
            return st;
        layer->has_ended = end == DAVY_OK;
        layer->is_done = end == DAVY_MALFORMED;
        if (layer->is_done)
            note(layer, DV_NATIVE_NOTE_BROKEN);
    }
    return DAVY_OK;
}

/* ---- One layer -------------------------------------------------------- */

static davy_status
begin_archive(struct dv_native *n, struct dv_native_layer *layer)
{
    davy_status st;

    if (layer->depth >= n->limits.depth) {
        note(layer, DV_NATIVE_NOTE_DEPTH);
        layer->is_done = true;
        return DAVY_OK;
    }
    switch (layer->format) {
    case DV_NATIVE_ZIP:
        dv_native_zip_begin(&layer->reader.zip, &layer->inflate);
        return DAVY_OK;
    case DV_NATIVE_GZIP:
        st = dv_native_inflate_begin(&layer->inflate, true);
        layer->is_open = st == DAVY_OK;
        return st == DAVY_OK ? begin_layer(n, layer->depth + 1, layer->path,
                                           layer->origin, false)
                             : st;
    default:
        dv_native_tar_begin(&layer->reader.tar,
                            layer->format == DV_NATIVE_AR);
        return DAVY_OK;
    }
}

/* The format is known: get ready for the bytes. */
static davy_status
begin_format(struct dv_native *n, struct dv_native_layer *layer)
{
    const struct dv_native_reader reader = { on_text, tell, n };
    const enum dv_native_class class = dv_native_class_of(layer->format);

    layer->is_known = true;
    layer->is_done = n->terms == NULL || class == DV_NATIVE_CLASS_NONE
                     || (class == DV_NATIVE_CLASS_TEXT && layer->depth == 0);
    if (layer->is_done)
        return DAVY_OK;
    if (class == DV_NATIVE_CLASS_ARCHIVE)
        return begin_archive(n, layer);
    return dv_native_window_begin(&n->window, class, &reader);
}

static davy_status
feed_format(struct dv_native *n, struct dv_native_layer *layer,
            struct dv_span bytes)
{
    const struct dv_native_events events = events_of(layer);

    if (layer->is_done || bytes.len == 0)
        return DAVY_OK;
    switch (layer->format) {
    case DV_NATIVE_ZIP:
        return dv_native_zip_feed(&layer->reader.zip, bytes, &events);
    case DV_NATIVE_TAR:
    case DV_NATIVE_AR:
        return dv_native_tar_feed(&layer->reader.tar, bytes, &events);
    case DV_NATIVE_GZIP:
        return feed_gzip(layer, bytes);
    default:
        return dv_native_window_feed(&n->window, bytes);
    }
}

/* The head is there, or all there is. */
static davy_status
decide(struct dv_native *n, struct dv_native_layer *layer)
{
    const struct dv_span head = dv_span_of(layer->head, layer->head_len);
    davy_status st;

    layer->format = dv_native_format_of(head, layer->path);
    st = begin_format(n, layer);
    return st == DAVY_OK ? feed_format(n, layer, head) : st;
}

static davy_status
feed_layer(struct dv_native *n, size_t depth, struct dv_span bytes)
{
    struct dv_native_layer *layer = n->layers[depth];

    if (!layer->is_known) {
        const struct dv_span piece = dv_span_slice(
            bytes, 0, DV_NATIVE_HEAD - layer->head_len);
        davy_status st;

        if (piece.len > 0)
            memcpy(layer->head + layer->head_len, piece.at, piece.len);
        layer->head_len += piece.len;
        if (layer->head_len < DV_NATIVE_HEAD)
            return DAVY_OK;
        dv_span_skip(&bytes, piece.len);
        st = decide(n, layer);
        if (st != DAVY_OK)
            return st;
    }
    return feed_format(n, layer, bytes);
}

static davy_status
end_layer(struct dv_native *n, size_t depth)
{
    struct dv_native_layer *layer = n->layers[depth];
    const struct dv_native_events events = events_of(layer);
    davy_status st = layer->is_known ? DAVY_OK : decide(n, layer);

    if (st != DAVY_OK)
        return st;
    if (layer->format == DV_NATIVE_GZIP && layer->is_open)
        return close_member(layer);
    if (layer->is_done)
        return DAVY_OK;
    switch (layer->format) {
    case DV_NATIVE_ZIP:
        return dv_native_zip_end(&layer->reader.zip, &events);
    case DV_NATIVE_TAR:
    case DV_NATIVE_AR:
        return dv_native_tar_end(&layer->reader.tar, &events);
    default:
        return dv_native_window_end(&n->window);
    }
}

/* ---- The target ------------------------------------------------------- */

davy_status
dv_native_begin(struct dv_native *n, struct dv_span name)
{
    davy_status st;

    dv_arena_reset(&n->texts);
    dv_vec_clear(&n->nodes);
    dv_vec_clear(&n->finds);
    n->fed = 0;
    n->granted = 0;
    n->decoded = 0;
    n->notes = 0;
    n->asked = 0;
    n->is_done = false;
    st = begin_layer(n, 0, name, 0, true);
    if (st == DAVY_OK && node_of(n, 0) == DV_NATIVE_NONE)
        st = DAVY_NO_MEMORY;
    return st == DAVY_OK ? look_at_name(n, name, 0) : st;
}

/* Who declined wants no more; that is no error. */
static davy_status
settle(struct dv_native *n, davy_status st)
{
    if (st != DAVY_DECLINED)
        return st;
    n->is_done = true;
    return DAVY_OK;
}

davy_status
dv_native_feed(struct dv_native *n, struct dv_span bytes)
{
    while (bytes.len > 0 && !n->is_done) {
        const struct dv_span piece = dv_span_slice(
            bytes, 0, (size_t)(PIECE - n->fed % PIECE));
        davy_status st;

        n->granted = (n->fed / PIECE + 1) * PIECE;
        st = settle(n, feed_layer(n, 0, piece));
        if (st != DAVY_OK)
            return st;
        n->fed += piece.len;
        dv_span_skip(&bytes, piece.len);
    }
    return DAVY_OK;
}

davy_status
dv_native_end(struct dv_native *n)
{
    return n->is_done ? DAVY_OK : settle(n, end_layer(n, 0));
}

/* ---- Files in writing ------------------------------------------------- */

/* "name class" behind "== "; false for a class that is none. */
static bool
read_heading(struct dv_span line, struct dv_span *path,
             enum dv_native_format *format)
{
    static const struct {
        const char *word;
        enum dv_native_format format;
    } rows[] = {
        { " program", DV_NATIVE_ELF },
        { " script", DV_NATIVE_SCRIPT },
        { " text", DV_NATIVE_TEXT },
    };

    dv_span_skip(&line, 3);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const struct dv_span word = dv_span_cstr(rows[i].word);

        if (!dv_span_ends_with(line, word))
            continue;
        *path = dv_span_slice(line, 0, line.len - word.len);
        *format = rows[i].format;
        return true;
    }
    return false;
}

static davy_status
read_file(struct dv_native *n, struct dv_span path,
          enum dv_native_format format, uint64_t at, struct dv_span bytes)
{
    struct dv_native_layer *root = n->layers[0];
    struct dv_native_layer *layer;
    davy_status st = open_member(root, path, at, true);

    if (st != DAVY_OK)
        return st;
    layer = n->layers[1];
    layer->format = format;
    st = begin_format(n, layer);
    if (st == DAVY_OK)
        st = feed_format(n, layer, bytes);
    return st == DAVY_OK ? close_member(root) : st;
}

davy_status
dv_native_files(struct dv_native *n, struct dv_span text)
{
    const struct dv_span mark = DV_SPAN_LIT("\n== ");
    davy_status st = DAVY_OK;
    size_t at = 0;

    n->layers[0]->format = DV_NATIVE_FILES;
    n->layers[0]->is_known = true;
    n->granted = text.len;
    while (st == DAVY_OK && at < text.len) {
        struct dv_span rest = dv_span_slice(text, at, text.len);
        const size_t end = dv_span_find(rest, mark);
        const size_t line = dv_span_find_byte(rest, '\n');
        enum dv_native_format format;
        struct dv_span path;

        rest.len = end < rest.len ? end + 1 : end;
        if (dv_span_starts_with(rest, DV_SPAN_LIT("== "))
            && read_heading(dv_span_slice(rest, 0, line), &path, &format))
            st = read_file(n, path, format, at + line,
                           dv_span_slice(rest, line, rest.len));
        at += rest.len;
    }
    return settle(n, st);
}
