/* SPDX-License-Identifier: MIT */
/* native_window.c - slides over bytes and cuts texts out.
 *
 * The blocks that are looked at begin and end at the same places whatever the
 * chunks, and a text is seen once it stands in the window with all that may be
 * shown of it: so the answer does not depend on how the bytes came. */

#include "native/native_window.h"

#define ROOM (DV_NATIVE_BACK + DV_NATIVE_BLOCK + DV_NATIVE_AHEAD)

/* A run that stands in the text before is looked at again when less than this
 * many characters of what follows were shown. */
#define ENOUGH ((uint64_t)96)

/* Bytes of the longest run, less one. */
#define OVERLAP (2 * DV_NATIVE_TERM_BYTES - 1)

void
dv_native_window_init(struct dv_native_window *w, struct dv_mem *mem,
                      const struct dv_native_terms *terms)
{
    *w = (struct dv_native_window){ .mem = mem, .terms = terms };
}

static size_t
tallies_size(const struct dv_native_window *w)
{
    return w->tallies == NULL
               ? 0 : dv_native_terms_count(w->terms) * sizeof(*w->tallies);
}

void
dv_native_window_fini(struct dv_native_window *w)
{
    dv_match_scratch_free(w->scratch);
    dv_mem_free(w->mem, w->room, ROOM);
    dv_mem_free(w->mem, w->tallies, tallies_size(w));
    w->scratch = NULL;
    w->room = NULL;
    w->tallies = NULL;
}

davy_status
dv_native_window_begin(struct dv_native_window *w,
                       enum dv_native_class class,
                       const struct dv_native_reader *reader)
{
    w->len = 0;
    w->base = 0;
    w->done = 0;
    w->text_end = 0;
    w->text_is_whole = true;
    w->where = (uint8_t)DV_NATIVE_IN(class);
    w->is_text = class != DV_NATIVE_CLASS_PROGRAM;
    w->counted = 0;
    w->line = 1;
    w->line_at = 0;
    w->reader = *reader;
    w->status = DAVY_OK;
    if (w->room == NULL)
        w->room = dv_mem_alloc(w->mem, ROOM);
    if (w->tallies == NULL)
        w->tallies = dv_mem_calloc(w->mem, dv_native_terms_count(w->terms),
                                   sizeof(*w->tallies));
    if (w->room == NULL || w->tallies == NULL)
        return DAVY_NO_MEMORY;
    memset(w->tallies, 0, tallies_size(w));
    return w->scratch != NULL
               ? DAVY_OK
               : dv_native_terms_scratch(w->terms, w->mem, &w->scratch);
}

/* ---- Texts ------------------------------------------------------------ */

static bool
is_printable(const struct dv_native_window *w, uint8_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\t' || (w->is_text && c >= 0x80);
}

/* Whether a character of `width` bytes that belongs to a text is at `at`. */
static bool
is_text_at(const struct dv_native_window *w, size_t at, size_t width)
{
    return is_printable(w, w->room[at])
           && (width == 1 || w->room[at + 1] == 0);
}

static void
count_lines(struct dv_native_window *w, uint64_t to)
{
    while (w->counted < to) {
        const struct dv_span rest = dv_span_of(
            w->room + (w->counted - w->base), (size_t)(to - w->counted));
        const size_t n = dv_span_find_byte(rest, '\n');

        w->counted += n;
        if (n == rest.len)
            return;
        w->counted++;
        w->line++;
        w->line_at = w->counted;
    }
}

/* Hand on room[from..to). */
static bool
report(struct dv_native_window *w, size_t from, size_t to,
       const struct dv_native_hit *hit)
{
    uint8_t narrow[DV_NATIVE_BEFORE + DV_NATIVE_TERM_BYTES
                   + DV_NATIVE_BEHIND];
    struct dv_native_text text = {
        .text = dv_span_of(w->room + from, to - from),
        .at = w->base + from,
        .len = (uint32_t)(to - from),
        .line = 1,
        .column = w->base + from + 1,
        .focus = (uint32_t)((w->scan_at + hit->end - from) / hit->width),
    };

    if (hit->width == 2) {
        for (size_t i = from; i < to; i += 2)
            narrow[(i - from) / 2] = w->room[i];
        text.text = dv_span_of(narrow, (to - from) / 2);
    }
    if (w->is_text) {
        if (text.at > w->counted)
            count_lines(w, text.at);
        text.line = w->line;
        text.column = text.at < w->line_at ? 1 : text.at - w->line_at + 1;
    }
    w->status = w->reader.text(w->reader.ctx, &text);
    if (w->status == DAVY_OK)
        w->tallies[hit->term].kept++;
    else if (w->status == DAVY_DECLINED)
        w->status = DAVY_OK;
    return w->status == DAVY_OK;
}

/* Whether there is anything to learn from another text of the run; one that
 * stands in the text before is part of that. */
static bool
is_wanted(struct dv_native_window *w, const struct dv_native_hit *hit,
          uint64_t place)
{
    struct dv_native_tally *tally = &w->tallies[hit->term];

    if (place <= w->done || !(hit->where & w->where)
        || tally->kept >= DV_NATIVE_KEPT || tally->tried >= DV_NATIVE_TRIED)
        return false;
    if (place <= w->text_end
        && (w->text_is_whole || w->text_end - place >= ENOUGH * hit->width))
        return false;
    tally->tried++;
    return true;
}

/* What is shown of a text is measured from the end of the hit, so that hits
 * that end together show the same whatever their order. */
static bool
on_hit(void *ctx, const struct dv_native_hit *hit)
{
    struct dv_native_window *w = ctx;
    const size_t width = hit->width;
    const size_t end = w->scan_at + hit->end;
    const uint64_t place = w->base + end;
    size_t from = end - width;
    size_t to = end;
    size_t least, most;

    if (!is_wanted(w, hit, place))
        return true;
    least = (DV_NATIVE_BEFORE + DV_NATIVE_TERM_BYTES) * width;
    least = end > least ? end - least : (end % width);
    while (from - least >= width && is_text_at(w, from - width, width))
        from -= width;
    most = w->len - end < DV_NATIVE_BEHIND * width
               ? w->len : end + DV_NATIVE_BEHIND * width;
    while (most - to >= width && is_text_at(w, to, width))
        to += width;
    w->text_end = w->base + to;
    w->text_is_whole = most - to >= width;
    return report(w, from, to, hit);
}

/* ---- The window ------------------------------------------------------- */

/* See the hits before `limit`, an offset in the room. */
static davy_status
look(struct dv_native_window *w, size_t limit)
{
    const size_t old = (size_t)(w->done - w->base);
    davy_status st;

    w->scan_at = old > OVERLAP ? old - OVERLAP : 0;
    st = dv_native_terms_scan(w->terms, w->scratch,
                              dv_span_of(w->room + w->scan_at,
                                         limit - w->scan_at),
                              on_hit, w);
    w->done = w->base + limit;
    if (w->status != DAVY_OK)
        st = w->status;
    return st == DAVY_OK ? w->reader.looked(w->reader.ctx) : st;
}

/* The room is full. */
static davy_status
slide(struct dv_native_window *w)
{
    const size_t limit = w->len - DV_NATIVE_AHEAD;
    const size_t gone = limit - DV_NATIVE_BACK;
    const davy_status st = look(w, limit);

    if (w->is_text && w->base + gone > w->counted)
        count_lines(w, w->base + gone);
    memmove(w->room, w->room + gone, w->len - gone);
    w->len -= gone;
    w->base += gone;
    return st;
}

davy_status
dv_native_window_feed(struct dv_native_window *w, struct dv_span bytes)
{
    while (bytes.len > 0) {
        const struct dv_span piece = dv_span_slice(bytes, 0, ROOM - w->len);
        davy_status st;

        memcpy(w->room + w->len, piece.at, piece.len);
        w->len += piece.len;
        dv_span_skip(&bytes, piece.len);
        if (w->len < ROOM)
            break;
        st = slide(w);
        if (st != DAVY_OK)
            return st;
    }
    return DAVY_OK;
}

davy_status
dv_native_window_end(struct dv_native_window *w)
{
    return look(w, w->len);
}
