/* SPDX-License-Identifier: MIT */
/* sniff.c - decides what a target is.
 *
 * Browsers believe the declared type, and so do we where one is declared;
 * a folder on disk declares nothing, so there the content decides and the
 * file's name only breaks ties.  When in doubt a text is judged as something
 * that runs: the parsers find out. */

#include "scan/sniff.h"

#include "base/ascii.h"
#include "base/compiler.h"
#include "scan/json_check.h"

/* How far to look for bytes that no text has. */
#define BINARY_WINDOW ((size_t)2048)

struct text_type {
    const char *text;
    enum dv_sniff_type type;
};

static const struct text_type essences[] = {
#define DV_SNIFF_ESSENCE(text, type) { text, type },
#include "scan/sniff.def"
#undef DV_SNIFF_ESSENCE
};

static const struct text_type names[] = {
#define DV_SNIFF_NAME(text, type) { text, type },
#include "scan/sniff.def"
#undef DV_SNIFF_NAME
};

static const char *const openings[] = {
#define DV_SNIFF_OPENING(text) text,
#include "scan/sniff.def"
#undef DV_SNIFF_OPENING
};

/* Tags after which text is worth judging as markup wherever it starts. */
static const char *const active_tags[] = { "script", "iframe", "object",
                                           "embed" };

static bool
find_type(const struct text_type *rows, size_t count, struct dv_span text,
          bool is_suffix, enum dv_sniff_type *type)
{
    for (size_t i = 0; i < count; i++) {
        const struct dv_span row = dv_span_cstr(rows[i].text);
        struct dv_span part = text;

        if (is_suffix && text.len > row.len)
            part = dv_span_slice(text, text.len - row.len, row.len);
        if (dv_span_equal_nocase(part, row)) {
            *type = rows[i].type;
            return true;
        }
    }
    return false;
}

static bool
is_wasm(struct dv_span bytes)
{
    return dv_span_starts_with(bytes, dv_span_of("\0asm", 4));
}

/* WHATWG MIME Sniffing 3: binary data bytes; a BOM says text. */
static bool
is_binary(struct dv_span bytes)
{
    const struct dv_span head = dv_span_slice(bytes, 0, BINARY_WINDOW);

    if (dv_span_starts_with(bytes, DV_SPAN_LIT("\xfe\xff"))
        || dv_span_starts_with(bytes, DV_SPAN_LIT("\xff\xfe")))
        return false;
    for (size_t i = 0; i < head.len; i++) {
        const uint8_t c = head.at[i];

        if (c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a)
            || (c >= 0x1c && c <= 0x1f))
            return true;
    }
    return false;
}

static struct dv_span
skip_bom_and_space(struct dv_span text)
{
    if (dv_span_starts_with(text, DV_SPAN_LIT("\xef\xbb\xbf")))
        dv_span_skip(&text, 3);
    while (text.len > 0 && dv_ascii_is_space(text.at[0]))
        dv_span_skip(&text, 1);
    return text;
}

/* What may follow a tag's name in an opening. */
static bool
ends_name(struct dv_span text, size_t at)
{
    return at >= text.len || !dv_ascii_is_alnum(text.at[at])
           || !dv_ascii_is_alnum(text.at[at - 1]);
}

static bool
opens_as_markup(struct dv_span text)
{
    text = skip_bom_and_space(text);
    if (text.len == 0 || text.at[0] != '<')
        return false;
    for (size_t i = 0; i < DV_COUNT_OF(openings); i++) {
        const struct dv_span opening = dv_span_cstr(openings[i]);

        if (dv_span_starts_with_nocase(text, opening)
            && ends_name(text, opening.len))
            return true;
    }
    return false;
}

static bool
starts_with_tag(struct dv_span text, struct dv_span name)
{
    return dv_span_starts_with_nocase(text, name)
           && (text.len == name.len
               || !dv_ascii_is_alnum(text.at[name.len]));
}

size_t
dv_sniff_find_active_tag(struct dv_span text)
{
    size_t at = 0;

    for (;; at++) {
        struct dv_span rest = dv_span_slice(text, at, text.len);

        at += dv_span_find_byte(rest, '<');
        if (at >= text.len)
            return text.len;
        rest = dv_span_slice(text, at + 1, text.len);
        for (size_t i = 0; i < DV_COUNT_OF(active_tags); i++) {
            if (starts_with_tag(rest, dv_span_cstr(active_tags[i])))
                return at;
        }
    }
}

bool
dv_sniff_is_script_essence(struct dv_span essence)
{
    enum dv_sniff_type type = DV_SNIFF_OTHER;

    return find_type(essences, DV_COUNT_OF(essences), essence, false, &type)
           && type == DV_SNIFF_SCRIPT;
}

/* Text of no declared type: its opening, its grammar, then its name. */
static enum dv_sniff_type
sniff_text(struct dv_span bytes, struct dv_span name)
{
    enum dv_sniff_type by_name = DV_SNIFF_MAYBE_SCRIPT;

    if (dv_json_check(bytes))
        return DV_SNIFF_OTHER;
    if (opens_as_markup(bytes))
        return DV_SNIFF_HTML;
    if (find_type(names, DV_COUNT_OF(names), name, true, &by_name))
        return by_name;
    return DV_SNIFF_MAYBE_SCRIPT;
}

static bool
is_script_kind(davy_kind kind)
{
    return kind == DAVY_KIND_SCRIPT || kind == DAVY_KIND_MODULE
           || kind == DAVY_KIND_WORKER || kind == DAVY_KIND_SERVICE_WORKER;
}

/* Fetch, "should response be blocked due to its MIME type": a script element
 * runs anything but these. */
static bool
is_never_a_script(struct dv_span essence)
{
    static const char *const blocked[] = { "audio/", "image/", "video/",
                                           "text/csv" };

    for (size_t i = 0; i < DV_COUNT_OF(blocked); i++) {
        if (dv_span_starts_with(essence, dv_span_cstr(blocked[i])))
            return true;
    }
    return false;
}

bool
dv_sniff_is_declared(const struct dv_sniff_hint *hint)
{
    enum dv_sniff_type declared = DV_SNIFF_OTHER;

    if (is_script_kind(hint->kind) && !is_never_a_script(hint->essence))
        return true;
    if (!find_type(essences, DV_COUNT_OF(essences), hint->essence, false,
                   &declared))
        return hint->kind == DAVY_KIND_FRAME && hint->essence.len == 0;
    return declared != DV_SNIFF_OTHER;
}

enum dv_sniff_type
dv_sniff(struct dv_span bytes, const struct dv_sniff_hint *hint)
{
    enum dv_sniff_type declared;

    if (is_wasm(bytes))
        return DV_SNIFF_WASM;
    if (is_script_kind(hint->kind) && !is_never_a_script(hint->essence))
        return DV_SNIFF_SCRIPT;
    if (find_type(essences, DV_COUNT_OF(essences), hint->essence, false,
                  &declared))
        return declared;
    if (hint->kind == DAVY_KIND_FRAME && hint->essence.len == 0)
        return DV_SNIFF_HTML;
    if (is_binary(bytes) && !opens_as_markup(bytes))
        return DV_SNIFF_BINARY;
    return sniff_text(bytes, hint->name);
}

const char *
dv_sniff_type_text(enum dv_sniff_type type)
{
    static const char *const texts[] = {
        [DV_SNIFF_OTHER] = "other",   [DV_SNIFF_HTML] = "html",
        [DV_SNIFF_SCRIPT] = "js",     [DV_SNIFF_MAYBE_SCRIPT] = "js",
        [DV_SNIFF_WASM] = "wasm",     [DV_SNIFF_BINARY] = "binary",
        [DV_SNIFF_FRAMES] = "other",  [DV_SNIFF_FILES] = "archive",
    };

    return texts[type];
}
