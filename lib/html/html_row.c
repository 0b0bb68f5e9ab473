/* SPDX-License-Identifier: MIT */
/* html_row.c - what the attributes named in html_place.def say. */

#include "html/html_row.h"

#include "base/ascii.h"
#include "html/html_charref.h"

/* How a value is read. */
enum row_read {
    READ_PLAIN,                         /* all of it is the address */
    READ_WORDS,                         /* addresses between white space */
    READ_ANIMATED,                      /* addresses between semicolons, when
                                         * attributeName is href */
    READ_REFRESHED,                     /* the address behind url= */
    READ_BY_REL,                        /* use says `rel` and `as` */
    READ_BY_TYPE                        /* module or not says `type` */
};

#define IN_HTML    DV_HTML_NS_HTML
#define IN_FOREIGN DV_HTML_NS_FOREIGN
#define IN_BOTH    (DV_HTML_NS_HTML | DV_HTML_NS_FOREIGN)

/* The rows of any element stand before those of `a`. */
#define ANY_ROWS ((size_t)2)

struct row {
    struct dv_span tag;
    struct dv_span attr;
    const char *label;
    uint8_t ns;
    uint8_t kind;
    uint8_t use;
    uint8_t read;
};

static const struct row rows[] = {
#define DV_HTML_PLACE_ROW(tag, attr, where, KIND, USE, READ)                  \
    { { (const uint8_t *)(tag), sizeof(tag) - 1 },                            \
      { (const uint8_t *)(attr), sizeof(attr) - 1 },                          \
      tag "@" attr, IN_##where, DV_HTML_##KIND, DAVY_KIND_##USE, READ_##READ },
#include "html/html_place.def"
#undef DV_HTML_PLACE_ROW
};

static const struct {
    const char *value;
    davy_kind use;
} as_rows[] = {
#define DV_HTML_AS_ROW(value, USE) { value, DAVY_KIND_##USE },
#include "html/html_place.def"
#undef DV_HTML_AS_ROW
}, rel_rows[] = {
#define DV_HTML_REL_ROW(value, USE) { value, DAVY_KIND_##USE },
#include "html/html_place.def"
#undef DV_HTML_REL_ROW
};

void
dv_html_row_index(uint8_t first[27])
{
    size_t row = 0;

    for (size_t letter = 0; letter < 27; letter++) {
        while (row < DV_COUNT_OF(rows)
               && rows[row].tag.at[0] < 'a' + letter)
            row++;
        first[letter] = (uint8_t)row;
    }
}

struct dv_html_range
dv_html_row_range(const uint8_t first[27], struct dv_span name)
{
    const size_t letter = (size_t)(name.at[0] | 0x20) - 'a';
    struct dv_html_range range = { first[letter], first[letter] };

    for (size_t i = first[letter]; i < first[letter + 1]; i++) {
        if (dv_html_name_is(name, rows[i].tag))
            range.to = i + 1;
        else if (range.to == range.from)
            range.from = range.to = i + 1;
    }
    return range;
}

static size_t
match_in(size_t from, size_t to, struct dv_span attr, unsigned ns)
{
    for (size_t i = from; i < to; i++) {
        if ((rows[i].ns & ns) && dv_html_name_is(attr, rows[i].attr))
            return i;
    }
    return SIZE_MAX;
}

size_t
dv_html_row_match(struct dv_html_range range, struct dv_span attr,
                  unsigned ns)
{
    const size_t found = match_in(range.from, range.to, attr, ns);

    return found != SIZE_MAX ? found : match_in(0, ANY_ROWS, attr, ns);
}

bool
dv_html_row_same(size_t a, size_t b)
{
    return rows[a].kind == rows[b].kind && rows[a].use == rows[b].use
           && rows[a].read == rows[b].read;
}

static void
emit_piece(struct dv_html_walk *walk, const struct row *row, davy_kind use,
           struct dv_span raw, struct dv_span value, struct dv_span piece)
{
    struct dv_html_place place = {
        .kind = (enum dv_html_kind)row->kind, .use = use, .label = row->label
    };

    if (piece.len == 0)
        return;                         /* leads nowhere, loads nothing */
    dv_html_walk_source(walk, &place, raw, value, piece);
    dv_html_walk_emit(walk, &place,
                      (size_t)(DV_HTML_LABEL_ROWS + (row - rows)));
}

/* The decoded value of the tag's attribute `name`, empty without one. */
static struct dv_span
value_of(struct dv_html_walk *walk, struct dv_span name)
{
    const struct dv_html_attr *attr = dv_html_tag_attr(&walk->tag, name);
    struct dv_span value = dv_span_of(NULL, 0);

    if (attr != NULL && !dv_html_walk_decode(walk, attr->value, &value))
        value.len = 0;
    return value;
}

static bool
is_separator(uint8_t c, enum row_read read)
{
    return read == READ_WORDS ? dv_ascii_is_space(c) : c == ';';
}

static void
emit_list(struct dv_html_walk *walk, const struct row *row,
          struct dv_span raw, struct dv_span value)
{
    size_t from = 0;

    for (size_t i = 0; i <= value.len; i++) {
        struct dv_span piece;

        if (i < value.len && !is_separator(value.at[i], row->read))
            continue;
        piece = dv_span_trim(dv_span_slice(value, from, i - from));
        from = i + 1;
        if (piece.len > 0)
            emit_piece(walk, row, (davy_kind)row->use, raw, value, piece);
    }
}

/* The shared declarative refresh steps (4.2.5.3): "5; url='...'". */
static struct dv_span
refresh_address(struct dv_span value)
{
    struct dv_span rest = dv_span_trim(value);
    size_t i = 0;
    uint8_t quote;

    while (i < rest.len
           && (dv_ascii_is_digit(rest.at[i]) || rest.at[i] == '.'))
        i++;
    if (i == 0 || i == rest.len
        || !(rest.at[i] == ';' || rest.at[i] == ','
             || dv_ascii_is_space(rest.at[i])))
        return dv_span_of(value.at, 0);
    rest = dv_span_trim(dv_span_slice(rest, i, rest.len));
    if (rest.len > 0 && (rest.at[0] == ';' || rest.at[0] == ','))
        rest = dv_span_trim(dv_span_slice(rest, 1, rest.len));
    if (dv_span_starts_with_nocase(rest, DV_SPAN_LIT("url"))) {
        const struct dv_span tail
            = dv_span_trim(dv_span_slice(rest, 3, rest.len));

        if (tail.len > 0 && tail.at[0] == '=')
            rest = dv_span_trim(dv_span_slice(tail, 1, tail.len));
    }
    quote = rest.len > 0 ? rest.at[0] : 0;
    if (quote == '"' || quote == '\'') {
        rest = dv_span_slice(rest, 1, rest.len);
        rest.len = dv_span_find_byte(rest, quote);
    }
    return rest;
}

static void
emit_refresh(struct dv_html_walk *walk, const struct row *row,
             struct dv_span raw, struct dv_span value)
{
    const struct dv_span equiv = value_of(walk, DV_SPAN_LIT("http-equiv"));
    const struct dv_span address = refresh_address(value);

    if (address.len > 0 && dv_html_name_is(equiv, DV_SPAN_LIT("refresh")))
        emit_piece(walk, row, (davy_kind)row->use, raw, value, address);
}

/* Whether one of the words in `list` is `word`. */
static bool
has_word(struct dv_span list, struct dv_span word)
{
    for (size_t i = 0; i < list.len;) {
        size_t n = 0;

        while (i + n < list.len && !dv_ascii_is_space(list.at[i + n]))
            n++;
        if (dv_html_name_is(dv_span_slice(list, i, n), word))
            return true;
        i += n + 1;
    }
    return false;
}

static davy_kind
use_of_link(struct dv_html_walk *walk)
{
    const struct dv_span rel = value_of(walk, DV_SPAN_LIT("rel"));
    const struct dv_span as = value_of(walk, DV_SPAN_LIT("as"));
    davy_kind use = DAVY_KIND_LINK;

    for (size_t i = 0; i < DV_COUNT_OF(rel_rows); i++) {
        if (has_word(rel, dv_span_cstr(rel_rows[i].value))) {
            use = rel_rows[i].use;
            break;
        }
    }
    if (use != DAVY_KIND_OTHER && use != DAVY_KIND_MODULE)
        return use;
    for (size_t i = 0; i < DV_COUNT_OF(as_rows); i++) {
        /* The word script means a module to modulepreload. */
        if (dv_html_name_is(as, dv_span_cstr(as_rows[i].value))
            && as_rows[i].use != DAVY_KIND_SCRIPT)
            return as_rows[i].use;
        if (dv_html_name_is(as, dv_span_cstr(as_rows[i].value)))
            return use == DAVY_KIND_MODULE ? use : as_rows[i].use;
    }
    return use;
}

static void
emit_script_address(struct dv_html_walk *walk, const struct row *row,
                    struct dv_span raw, struct dv_span value)
{
    enum dv_html_code code;

    if (!dv_html_script_code(&walk->tag, row->ns, walk->arena, &code)) {
        dv_html_walk_fail(walk, DAVY_NO_MEMORY);
        return;
    }
    if (code == DV_HTML_CODE_CLASSIC || code == DV_HTML_CODE_MODULE)
        emit_piece(walk, row,
                   code == DV_HTML_CODE_MODULE ? DAVY_KIND_MODULE
                                               : DAVY_KIND_SCRIPT,
                   raw, value, value);
}

static bool
is_animating_address(struct dv_html_walk *walk)
{
    const struct dv_span name = value_of(walk, DV_SPAN_LIT("attributename"));

    return dv_html_name_is(name, DV_SPAN_LIT("href"))
           || dv_html_name_is(name, DV_SPAN_LIT("xlink:href"));
}

void
dv_html_row_emit(struct dv_html_walk *walk, size_t number,
                 const struct dv_html_attr *attr)
{
    const struct row *row = &rows[number];
    const struct dv_span raw = attr->value;
    struct dv_span value;

    if (!dv_html_walk_decode(walk, raw, &value))
        return;
    switch ((enum row_read)row->read) {
    case READ_PLAIN:
        emit_piece(walk, row, (davy_kind)row->use, raw, value, value);
        break;
    case READ_WORDS:
        emit_list(walk, row, raw, value);
        break;
    case READ_ANIMATED:
        if (is_animating_address(walk))
            emit_list(walk, row, raw, value);
        break;
    case READ_REFRESHED:
        emit_refresh(walk, row, raw, value);
        break;
    case READ_BY_REL:
        emit_piece(walk, row, use_of_link(walk), raw, value, value);
        break;
    case READ_BY_TYPE:
        emit_script_address(walk, row, raw, value);
        break;
    }
}
