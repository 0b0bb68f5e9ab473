/* SPDX-License-Identifier: MIT */
/* cuts.c - from the place of a finding to the span that has to be cut.
 *
 * What is cut is always a text or a value, never a tag that something else
 * could lean on: the tree of the page stays as it is, and no two bytes of
 * markup meet that did not stand together before (docs/adr/0006). */

#include "scan/cuts.h"

#include <stdlib.h>

/* Places of one page.  Facts are bounded in the same way. */
#define MAX_PLACES ((size_t)4000000)

/* Bytes of tags that may be read again, for each byte of the page; tags can be
 * made to lie inside of each other. */
#define WORK_PER_BYTE ((size_t)4)
#define LEAST_WORK    ((size_t)1 << 16)

/* Places before a finding that are tried: one tag has few around another, and
 * only pages that the second look cannot decide nest more. */
#define REACH ((size_t)64)

void
dv_cuts_init(struct dv_cuts *cuts, struct dv_mem *mem)
{
    *cuts = (struct dv_cuts){ .is_page = false };
    dv_vec_init(&cuts->places, mem, sizeof(struct dv_cut_place), MAX_PLACES);
    dv_html_tagger_init(&cuts->tagger, mem);
}

void
dv_cuts_fini(struct dv_cuts *cuts)
{
    dv_vec_fini(&cuts->places);
    dv_html_tagger_fini(&cuts->tagger);
}

void
dv_cuts_clear(struct dv_cuts *cuts)
{
    dv_vec_clear(&cuts->places);
    cuts->work = 0;
    cuts->has_tag = false;
    cuts->is_page = false;
    cuts->is_sorted = false;
}

/* Whether the address stands in the text of a script: in an import map. */
static bool
is_in_json(const struct dv_html_place *place)
{
    return place->kind != DV_HTML_SCRIPT && place->kind != DV_HTML_ELEMENT
           && place->at >= place->tag_at + place->tag_len;
}

davy_status
dv_cuts_note(struct dv_cuts *cuts, const struct dv_html_place *place)
{
    struct dv_cut_place *slot;

    if (place->kind == DV_HTML_BASE)
        return DAVY_OK;
    slot = dv_vec_push(&cuts->places);
    if (slot == NULL)
        return dv_vec_is_full(&cuts->places) ? DAVY_OK : DAVY_NO_MEMORY;
    slot->at = (uint32_t)place->at;
    slot->len = (uint32_t)place->len;
    slot->tag_at = (uint32_t)place->tag_at;
    slot->kind = (uint8_t)place->kind;
    slot->is_json = is_in_json(place);
    slot->is_source = place->kind == DV_HTML_ADDRESS
                      && strncmp(place->label, "script@", 7) == 0;
    return DAVY_OK;
}

/* ---- The place of a finding ------------------------------------------- */

/* By start; of two that start together the larger one first. */
static int
compare_places(const void *a, const void *b)
{
    const struct dv_cut_place *x = a;
    const struct dv_cut_place *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->len < y->len) - (x->len > y->len);
}

static void
sort_places(struct dv_cuts *cuts)
{
    if (!cuts->is_sorted && cuts->places.len > 1)
        qsort(cuts->places.at, cuts->places.len, cuts->places.item,
              compare_places);
    cuts->is_sorted = true;
}

/* How many places start at or before `at`. */
static size_t
count_until(const struct dv_cuts *cuts, size_t at)
{
    size_t from = 0;
    size_t to = cuts->places.len;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const struct dv_cut_place *place = dv_vec_at(&cuts->places, middle);

        if (place->at <= at)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The smallest place that holds all of `at`..`at`+`len`, or NULL. */
static const struct dv_cut_place *
place_of(const struct dv_cuts *cuts, size_t at, size_t len)
{
    const struct dv_cut_place *best = NULL;
    size_t i = count_until(cuts, at);

    for (size_t tries = 0; i > 0 && tries < REACH; tries++) {
        const struct dv_cut_place *place = dv_vec_at(&cuts->places, --i);

        if (at - place->at <= place->len
            && len <= place->len - (at - place->at)
            && (best == NULL || place->len < best->len))
            best = place;
    }
    return best;
}

/* ---- The span of a place ---------------------------------------------- */

static size_t
offset_in(struct dv_span text, struct dv_span part)
{
    return (size_t)(part.at - text.at);
}

/* Behind an attribute: its value may stand in quotes. */
static size_t
attr_end(struct dv_span text, const struct dv_html_attr *attr)
{
    const size_t from = offset_in(text, attr->value);
    const size_t end = from + attr->value.len;

    if (end >= text.len || from == 0
        || attr->value.at == attr->name.at + attr->name.len)
        return end;
    return end + ((text.at[end] == '"' || text.at[end] == '\'')
                  && text.at[from - 1] == text.at[end]);
}

/* All attributes of a tag; a tag with a name of its own and none goes. */
static struct dv_cut
cut_element(struct dv_span text, const struct dv_html_tag *tag)
{
    struct dv_cut cut = { DAVY_CUT_TAG, tag->at, tag->len };

    if (tag->attrs_len == 0
        || dv_span_find_byte(tag->name, '-') < tag->name.len)
        return cut;
    cut.kind = DAVY_CUT_ATTRIBUTES;
    cut.at = offset_in(text, tag->attrs[0].name);
    cut.len = attr_end(text, &tag->attrs[tag->attrs_len - 1]) - cut.at;
    return cut;
}

/* The last attribute whose value begins at or before `at`; attributes stand in
 * the order of the page. */
static const struct dv_html_attr *
attr_at(struct dv_span text, const struct dv_html_tag *tag, size_t at)
{
    size_t from = 0;
    size_t to = tag->attrs_len;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;

        if (offset_in(text, tag->attrs[middle].value) <= at)
            from = middle + 1;
        else
            to = middle;
    }
    return from == 0 ? NULL : &tag->attrs[from - 1];
}

/* The whole value that `place` is a part of. */
static struct dv_cut
cut_value(struct dv_span text, const struct dv_html_tag *tag,
          const struct dv_cut_place *place)
{
    const struct dv_html_attr *attr = attr_at(text, tag, place->at);
    struct dv_cut cut = { DAVY_CUT_VALUE, place->at, place->len };

    if (place->is_source)
        cut.kind = DAVY_CUT_SOURCE;
    if (attr != NULL
        && place->at - offset_in(text, attr->value) < attr->value.len) {
        cut.at = offset_in(text, attr->value);
        cut.len = attr->value.len;
    }
    return cut;
}

static struct dv_cut
cut_integrity(struct dv_span text, const struct dv_html_tag *tag)
{
    const struct dv_html_attr *attr
        = dv_html_tag_attr(tag, DV_SPAN_LIT("integrity"));

    if (attr == NULL || attr->value.len == 0)
        return (struct dv_cut){ DAVY_CUT_NONE, 0, 0 };
    return (struct dv_cut){ DAVY_CUT_VALUE, offset_in(text, attr->value),
                            attr->value.len };
}

/* Read the place's tag into cuts->tag.  DAVY_OK; DAVY_DECLINED when that would
 * cost too much; DAVY_NO_MEMORY. */
static davy_status
read_tag(struct dv_cuts *cuts, struct dv_span text, size_t at)
{
    davy_status st;

    if (cuts->has_tag && cuts->tag.at == at)
        return DAVY_OK;
    if (cuts->work > LEAST_WORK
        && (cuts->work - LEAST_WORK) / WORK_PER_BYTE > text.len)
        return DAVY_DECLINED;
    st = dv_html_tag_read(&cuts->tagger, text, at, &cuts->tag);
    cuts->has_tag = st == DAVY_OK;
    if (st == DAVY_OK)
        cuts->work += cuts->tag.len;
    return st;
}

static davy_status
cut_place(struct dv_cuts *cuts, struct dv_span text,
          const struct dv_cut_place *place, struct dv_cut *cut,
          struct dv_cut *integrity)
{
    davy_status st;

    if (place->kind == DV_HTML_SCRIPT || place->is_json) {
        cut->kind = place->is_json ? DAVY_CUT_JSON : DAVY_CUT_SCRIPT;
        cut->at = place->at;
        cut->len = place->len;
        return DAVY_OK;
    }
    st = read_tag(cuts, text, place->tag_at);
    if (st != DAVY_OK)
        return st == DAVY_NO_MEMORY ? st : DAVY_OK;
    if (place->kind == DV_HTML_ELEMENT)
        *cut = cut_element(text, &cuts->tag);
    else
        *cut = cut_value(text, &cuts->tag, place);
    if (place->is_source)
        *integrity = cut_integrity(text, &cuts->tag);
    return DAVY_OK;
}

davy_status
dv_cuts_find(struct dv_cuts *cuts, struct dv_span text, size_t at, size_t len,
             struct dv_cut *cut, struct dv_cut *integrity)
{
    const struct dv_cut_place *place;

    *cut = (struct dv_cut){ DAVY_CUT_TARGET, 0, text.len };
    *integrity = (struct dv_cut){ DAVY_CUT_NONE, 0, 0 };
    if (!cuts->is_page || len == 0)     /* the page's own address */
        return DAVY_OK;
    sort_places(cuts);
    place = place_of(cuts, at, len);
    return place == NULL ? DAVY_OK
                         : cut_place(cuts, text, place, cut, integrity);
}
