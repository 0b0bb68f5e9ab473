/* SPDX-License-Identifier: MIT */
/* html_walk.c - turns one start tag into the places it holds. */

#include "html/html_walk.h"

#include "base/ascii.h"
#include "html/html_charref.h"
#include "html/html_json.h"
#include "html/html_row.h"

/* Traits of one tag; more are not a widget but an attack. */
#define MAX_TRAITS ((size_t)1024)

/* How far back a duplicate attribute is looked for.  Behind it duplicates are
 * taken, which can only be too much. */
#define DUPLICATE_REACH ((size_t)64)

void
dv_html_walk_init(struct dv_html_walk *walk, struct dv_mem *mem,
                  struct dv_arena *arena, struct dv_span page,
                  const struct dv_html_sink *sink)
{
    *walk = (struct dv_html_walk){ .page = page, .arena = arena,
                                   .sink = sink };
    dv_html_tagger_init(&walk->tagger, mem);
    dv_vec_init(&walk->traits, mem, sizeof(struct dv_html_trait), MAX_TRAITS);
    dv_html_row_index(walk->first_row);
}

void
dv_html_walk_fini(struct dv_html_walk *walk)
{
    dv_html_tagger_fini(&walk->tagger);
    dv_vec_fini(&walk->traits);
}

void
dv_html_walk_fail(struct dv_html_walk *walk, davy_status st)
{
    if (walk->status != DAVY_NO_MEMORY)
        walk->status = st;
}

bool
dv_html_walk_decode(struct dv_html_walk *walk, struct dv_span raw,
                    struct dv_span *value)
{
    if (!dv_html_charref_decode(raw, DV_HTML_IN_ATTRIBUTE, walk->arena,
                                value)) {
        dv_html_walk_fail(walk, DAVY_NO_MEMORY);
        return false;
    }
    if (value->at != raw.at)
        walk->work += value->len;
    return true;
}

void
dv_html_walk_source(const struct dv_html_walk *walk,
                    struct dv_html_place *place, struct dv_span raw,
                    struct dv_span value, struct dv_span piece)
{
    place->text = piece;
    place->is_verbatim = value.at == raw.at;
    place->at = (size_t)(raw.at - walk->page.at);
    place->len = raw.len;
    if (place->is_verbatim) {
        place->at = (size_t)(piece.at - walk->page.at);
        place->len = piece.len;
    }
}

static void
hand_out(struct dv_html_walk *walk, struct dv_html_place *place)
{
    place->tag_at = walk->tag.at;
    place->tag_len = walk->tag.len;
    if (place->element_len == 0) {
        place->element_at = walk->tag.at;
        place->element_len = walk->tag.len;
    }
    walk->sink->place(walk->sink->ctx, place);
}

void
dv_html_walk_emit(struct dv_html_walk *walk, struct dv_html_place *place,
                  size_t label)
{
    place->number = ++walk->numbers[label];
    hand_out(walk, place);
}

/* Whether no attribute before the `i`-th has its name: the first counts
 * (13.2.5.33). */
static bool
is_first(const struct dv_html_tag *tag, size_t i)
{
    const struct dv_span name = tag->attrs[i].name;

    if (i > DUPLICATE_REACH)
        return true;
    for (size_t k = 0; k < i; k++) {
        if (dv_span_equal_nocase(tag->attrs[k].name, name))
            return false;
    }
    return true;
}

/* Event handlers are `on` and letters; the shortest are onend and oncut. */
static bool
is_handler(struct dv_span name)
{
    if (name.len < 5 || (name.at[0] | 0x20) != 'o'
        || (name.at[1] | 0x20) != 'n')
        return false;
    for (size_t i = 2; i < name.len; i++) {
        if (!dv_ascii_is_alpha(name.at[i]))
            return false;
    }
    return true;
}

/* aria- is left out: it describes, and is on every second element; so is what
 * HTML itself writes with a hyphen. */
static bool
is_trait(struct dv_span name)
{
    const uint8_t c = name.at[0] | 0x20;

    if (c == 'i' && name.len == 2)
        return (name.at[1] | 0x20) == 'd';
    if (c == 'c' && dv_html_name_is(name, DV_SPAN_LIT("class")))
        return true;
    return dv_span_find_byte(name, '-') < name.len
           && !(c == 'a'
                && dv_span_starts_with_nocase(name, DV_SPAN_LIT("aria-")))
           && !dv_html_name_is(name, DV_SPAN_LIT("http-equiv"))
           && !dv_html_name_is(name, DV_SPAN_LIT("accept-charset"));
}

/* `name` in lower case; a copy when it is not. */
static bool
lower_name(struct dv_html_walk *walk, struct dv_span name,
           struct dv_span *lower)
{
    uint8_t *copy;
    size_t i = 0;

    *lower = name;
    while (i < name.len && !dv_ascii_is_upper(name.at[i]))
        i++;
    if (i == name.len)
        return true;
    copy = dv_arena_bytes(walk->arena, name.len);
    if (copy == NULL) {
        dv_html_walk_fail(walk, DAVY_NO_MEMORY);
        return false;
    }
    for (i = 0; i < name.len; i++)
        copy[i] = dv_ascii_lower(name.at[i]);
    *lower = dv_span_of(copy, name.len);
    return true;
}

static void
add_trait(struct dv_html_walk *walk, const struct dv_html_attr *attr)
{
    struct dv_html_trait *trait = dv_vec_push(&walk->traits);

    if (trait == NULL) {
        dv_html_walk_fail(walk, dv_vec_is_full(&walk->traits)
                                    ? DAVY_LIMIT : DAVY_NO_MEMORY);
        return;
    }
    trait->at = (size_t)(attr->value.at - walk->page.at);
    trait->len = attr->value.len;
    if (!lower_name(walk, attr->name, &trait->name)
        || !dv_html_walk_decode(walk, attr->value, &trait->value))
        dv_vec_pop(&walk->traits);
}

static void
emit_element(struct dv_html_walk *walk)
{
    struct dv_html_place place = {
        .kind = DV_HTML_ELEMENT,
        .label = "element",
        .at = walk->tag.at,
        .len = walk->tag.len,
        .traits = walk->traits.at,
        .traits_len = walk->traits.len
    };

    if (lower_name(walk, walk->tag.name, &place.text))
        dv_html_walk_emit(walk, &place, DV_HTML_LABEL_ELEMENT);
}

static void
emit_handler(struct dv_html_walk *walk, const struct dv_html_attr *attr)
{
    struct dv_html_place place = { .kind = DV_HTML_HANDLER,
                                   .use = DAVY_KIND_SCRIPT,
                                   .label = "handler" };
    struct dv_span value;

    if (attr->value.len == 0
        || !dv_html_walk_decode(walk, attr->value, &value))
        return;
    dv_html_walk_source(walk, &place, attr->value, value, value);
    dv_html_walk_emit(walk, &place, DV_HTML_LABEL_HANDLER);
}

/* The rows of an attribute: when the namespace is not known, those of both. */
static void
emit_rows(struct dv_html_walk *walk, struct dv_html_range range,
          const struct dv_html_attr *attr, unsigned ns)
{
    size_t html = SIZE_MAX;
    size_t foreign = SIZE_MAX;

    if (ns & DV_HTML_NS_HTML)
        html = dv_html_row_match(range, attr->name, DV_HTML_NS_HTML);
    if (ns & DV_HTML_NS_FOREIGN)
        foreign = dv_html_row_match(range, attr->name, DV_HTML_NS_FOREIGN);
    if ((html == SIZE_MAX && foreign == SIZE_MAX)
        || !is_first(&walk->tag, (size_t)(attr - walk->tag.attrs)))
        return;
    if (html != SIZE_MAX)
        dv_html_row_emit(walk, html, attr);
    if (foreign != SIZE_MAX
        && (html == SIZE_MAX || !dv_html_row_same(html, foreign)))
        dv_html_row_emit(walk, foreign, attr);
}

static void
emit_attrs(struct dv_html_walk *walk, unsigned ns)
{
    const struct dv_html_tag *tag = &walk->tag;
    const struct dv_html_range range
        = dv_html_row_range(walk->first_row, tag->name);

    dv_vec_clear(&walk->traits);
    for (size_t i = 0; i < tag->attrs_len; i++) {
        const struct dv_html_attr *attr = &tag->attrs[i];

        if (is_trait(attr->name) && is_first(tag, i))
            add_trait(walk, attr);
    }
    if (walk->traits.len > 0
        || dv_span_find_byte(tag->name, '-') < tag->name.len)
        emit_element(walk);
    for (size_t i = 0; i < tag->attrs_len; i++) {
        const struct dv_html_attr *attr = &tag->attrs[i];

        if (!is_handler(attr->name))
            emit_rows(walk, range, attr, ns);
        else if (is_first(tag, i))
            emit_handler(walk, attr);
    }
}

/* The addresses that a JSON block names. */
static void
emit_json(struct dv_html_walk *walk, const struct dv_html_place *script)
{
    const bool is_map = script->code == DV_HTML_CODE_IMPORTMAP;
    struct dv_html_place place = {
        .kind = DV_HTML_ADDRESS,
        .use = is_map ? DAVY_KIND_MODULE : DAVY_KIND_LINK,
        .label = is_map ? "importmap" : "speculationrules"
    };
    struct dv_html_json json;
    struct dv_span raw;
    struct dv_span value;
    davy_status st;

    dv_html_json_init(&json, script->text,
                      is_map ? DV_HTML_JSON_IMPORTMAP
                             : DV_HTML_JSON_SPECULATION,
                      walk->arena);
    while ((st = dv_html_json_next(&json, &raw, &value)) == DAVY_OK) {
        dv_html_walk_source(walk, &place, raw, value, value);
        dv_html_walk_emit(walk, &place,
                          is_map ? DV_HTML_LABEL_IMPORTMAP
                                 : DV_HTML_LABEL_SPECULATION);
    }
    walk->work += script->text.len;
    if (st == DAVY_NO_MEMORY)
        dv_html_walk_fail(walk, st);
}

/* Hand out a text of the script element; `place` has text, end and code. */
static void
emit_text(struct dv_html_walk *walk, struct dv_html_place *place)
{
    static const davy_kind uses[] = {
        [DV_HTML_CODE_CLASSIC] = DAVY_KIND_SCRIPT,
        [DV_HTML_CODE_MODULE] = DAVY_KIND_MODULE,
        [DV_HTML_CODE_IMPORTMAP] = DAVY_KIND_ANY,
        [DV_HTML_CODE_SPECULATION] = DAVY_KIND_ANY,
        [DV_HTML_CODE_DATA] = DAVY_KIND_ANY,
    };
    const size_t end = place->at + place->len;

    if (place->text.len == 0)
        return;
    place->kind = DV_HTML_SCRIPT;
    place->label = "script";
    place->use = uses[place->code];
    place->element_at = walk->tag.at;
    place->element_len
        = (end < walk->page.len ? dv_html_tag_end(walk->page, end, NULL) : end)
          - walk->tag.at;
    place->number = walk->numbers[DV_HTML_LABEL_SCRIPT];
    hand_out(walk, place);
    if (place->is_verbatim && (place->code == DV_HTML_CODE_IMPORTMAP
                               || place->code == DV_HTML_CODE_SPECULATION))
        emit_json(walk, place);
}

static void
emit_html_text(struct dv_html_walk *walk, enum dv_html_code code,
               size_t from, size_t end)
{
    struct dv_html_place place = {
        .code = code,
        .at = from,
        .len = end - from,
        .is_verbatim = true,
        .text = dv_span_slice(walk->page, from, end - from)
    };

    emit_text(walk, &place);
}

/* The text as an HTML script.  The first look also takes it up to the first
 * end tag of all, should some browser not know of `<!--`. */
static void
emit_html_script(struct dv_html_walk *walk, bool is_first_look)
{
    const size_t from = walk->tag.at + walk->tag.len;
    enum dv_html_code code;
    size_t first;
    size_t end;

    if (!dv_html_script_code(&walk->tag, DV_HTML_NS_HTML, walk->arena,
                             &code)) {
        dv_html_walk_fail(walk, DAVY_NO_MEMORY);
        return;
    }
    end = dv_html_script_end(walk->page, from, &first);
    walk->work += end - from;
    emit_html_text(walk, code, from, end);
    if (first != end && is_first_look)
        emit_html_text(walk, code, from, first);
}

/* The text as an SVG script, unless `is_handed_out` already. */
static void
emit_foreign_script(struct dv_html_walk *walk, bool is_handed_out)
{
    struct dv_html_place place = { .at = walk->tag.at + walk->tag.len };
    struct dv_html_foreign foreign;

    if (!dv_html_script_foreign(walk->page, place.at, walk->arena, &foreign)
        || !dv_html_script_code(&walk->tag, DV_HTML_NS_FOREIGN, walk->arena,
                                &place.code)) {
        dv_html_walk_fail(walk, DAVY_NO_MEMORY);
        return;
    }
    place.len = foreign.end - place.at;
    place.text = foreign.text;
    place.is_verbatim = foreign.is_verbatim;
    walk->work += place.len;
    if (!(is_handed_out && foreign.is_verbatim))
        emit_text(walk, &place);
}

/* A script with an address does not run its text (4.12.1.1, step 31). */
static void
emit_script(struct dv_html_walk *walk, unsigned ns)
{
    const struct dv_html_tag *tag = &walk->tag;
    const bool has_src = dv_html_tag_attr(tag, DV_SPAN_LIT("src")) != NULL;
    const bool has_href
        = dv_html_tag_attr(tag, DV_SPAN_LIT("href")) != NULL
          || dv_html_tag_attr(tag, DV_SPAN_LIT("xlink:href")) != NULL;
    const bool has_language
        = dv_html_tag_attr(tag, DV_SPAN_LIT("language")) != NULL;
    const bool is_html = (ns & DV_HTML_NS_HTML) && !has_src;

    if (is_html)
        emit_html_script(walk, (ns & DV_HTML_NS_ANY) != 0);
    if ((ns & DV_HTML_NS_FOREIGN) && !has_href && !tag->is_self_closing)
        emit_foreign_script(walk, is_html && !has_language);
}

bool
dv_html_walk_tag(struct dv_html_walk *walk, size_t at, unsigned ns)
{
    const davy_status st = dv_html_tag_read(&walk->tagger, walk->page, at,
                                            &walk->tag);
    bool is_script;

    if (st == DAVY_NO_MEMORY)
        dv_html_walk_fail(walk, st);
    if (st != DAVY_OK)
        return false;
    if (walk->tag.is_cut)
        dv_html_walk_fail(walk, DAVY_LIMIT);
    is_script = dv_html_name_is(walk->tag.name, DV_SPAN_LIT("script"));
    walk->numbers[DV_HTML_LABEL_SCRIPT] += is_script;
    emit_attrs(walk, ns);
    if (is_script)
        emit_script(walk, ns);
    return true;
}
