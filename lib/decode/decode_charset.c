/* SPDX-License-Identifier: MIT */
/* decode_charset.c - finds the encoding of a page or script and converts it to
 * UTF-8 (WHATWG Encoding).
 *
 * iconv is asked for single characters only: decode_double.c says why. */

#include "decode/decode_charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "decode/decode_double.h"
#include "decode/decode_meta.h"

/* Stack room for counting text that nobody wants, and for the characters of
 * which it is made. */
#define SCRATCH   ((size_t)4096)
#define CELLS_LOG 8

struct converter {
    enum dv_encoding encoding;
    enum dv_encoding_kind kind;
    iconv_t pairs;                      /* NO_ICONV where there is none */
    iconv_t triples;
    struct dv_double state;
    struct dv_double_cell few[1 << CELLS_LOG];
};

#define NO_ICONV ((iconv_t)-1)

/* ---- Which encoding --------------------------------------------------- */

/* WHATWG Encoding, 6, "BOM sniff". */
static bool
sniff_bom(struct dv_span bytes, struct dv_charset *charset)
{
    static const struct {
        struct dv_charset charset;
        const char *bytes;
    } rows[] = { { { DV_ENCODING_UTF_8, 3 }, "\xef\xbb\xbf" },
                 { { DV_ENCODING_UTF_16BE, 2 }, "\xfe\xff" },
                 { { DV_ENCODING_UTF_16LE, 2 }, "\xff\xfe" } };

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (dv_span_starts_with(bytes, dv_span_of(rows[i].bytes,
                                                  rows[i].charset.bom))) {
            *charset = rows[i].charset;
            return true;
        }
    }
    return false;
}

void
dv_charset_find(struct dv_span bytes, const struct dv_charset_hint *hint,
                struct dv_charset *charset)
{
    const bool is_page = hint->use == DV_CHARSET_PAGE;
    const bool has_bom = sniff_bom(bytes, charset);

    if (hint->use == DV_CHARSET_UTF8) {
        /* "UTF-8 decode" knows no other mark. */
        if (!has_bom || charset->encoding != DV_ENCODING_UTF_8)
            *charset = (struct dv_charset){ DV_ENCODING_UTF_8, 0 };
        return;
    }
    if (has_bom)
        return;
    charset->bom = 0;
    charset->encoding = dv_encoding_find(hint->label);
    if (charset->encoding == DV_ENCODING_NONE && is_page)
        charset->encoding = dv_meta_prescan(bytes);
    if (charset->encoding == DV_ENCODING_NONE)
        charset->encoding = hint->fallback;
    if (charset->encoding == DV_ENCODING_NONE)
        charset->encoding = is_page && !dv_utf8_is_valid(bytes)
                                ? DV_ENCODING_WINDOWS_1252
                                : DV_ENCODING_UTF_8;
}

/* ---- Conversion ------------------------------------------------------- */

/* One character through iconv. */
static uint32_t
look_up(void *ctx, const uint8_t *bytes, size_t n)
{
    const struct converter *const c = ctx;
    const iconv_t cd = n == 3 ? c->triples : c->pairs;
    char *from = (char *)(uintptr_t)bytes;
    char text[2 * DV_UTF8_MAX];
    char *to = text;
    size_t room = sizeof(text);
    uint32_t code_point;

    bool is_character;

    if (cd == NO_ICONV)
        return DV_UTF8_REPLACEMENT;
    is_character = iconv(cd, &from, &n, &to, &room) != (size_t)-1;
    /* Hand out what might be combined, and be as new. */
    (void)iconv(cd, NULL, NULL, &to, &room);
    if (!is_character
        || dv_utf8_read(dv_span_of(text, sizeof(text) - room), &code_point)
               == 0)
        return DV_UTF8_REPLACEMENT;
    return code_point;
}

/* Open one converter; DAVY_DECLINED when this system has none. */
static davy_status
open_iconv(const char *name, iconv_t *cd)
{
    if (name == NULL)
        return DAVY_OK;
    *cd = iconv_open("UTF-8", name);
    if (*cd != NO_ICONV)
        return DAVY_OK;
    return errno == ENOMEM ? DAVY_NO_MEMORY : DAVY_DECLINED;
}

/* DAVY_OK; DAVY_DECLINED when iconv lacks the encoding, with a converter that
 * works without; DAVY_NO_MEMORY.  `c` must not move until fini. */
static davy_status
converter_init(struct converter *c, enum dv_encoding encoding)
{
    davy_status st;

    *c = (struct converter){ .encoding = encoding,
                             .kind = dv_encoding_kind(encoding),
                             .pairs = NO_ICONV,
                             .triples = NO_ICONV };
    c->state.encoding = encoding;
    c->state.look_up = look_up;
    c->state.ctx = c;
    c->state.cells = c->few;
    c->state.cells_log = CELLS_LOG;
    st = open_iconv(dv_encoding_converter(encoding), &c->pairs);
    if (st == DAVY_OK && encoding == DV_ENCODING_EUC_JP)
        st = open_iconv("EUC-JP", &c->triples);
    return st;
}

static void
converter_fini(struct converter *c)
{
    if (c->pairs != NO_ICONV)
        iconv_close(c->pairs);
    if (c->triples != NO_ICONV)
        iconv_close(c->triples);
}

/* Convert as much as there is room for. */
static void
convert(struct converter *c, struct dv_convert *io)
{
    switch (c->kind) {
    case DV_ENCODING_TABLE:
        dv_convert_table(io, c->encoding);
        break;
    case DV_ENCODING_DOUBLE:
        dv_double_convert(&c->state, io);
        break;
    case DV_ENCODING_JIS:
        dv_double_convert_jis(&c->state, io);
        break;
    case DV_ENCODING_UTF16LE:
    case DV_ENCODING_UTF16BE:
        dv_convert_utf16(io, c->kind == DV_ENCODING_UTF16BE);
        break;
    case DV_ENCODING_UTF8:              /* is never converted */
    case DV_ENCODING_NOTHING:
        dv_span_skip(&io->in, io->in.len);
        break;
    }
}

/* Whether the text is the same bytes as the source. */
static bool
is_utf8_already(struct dv_span in, enum dv_encoding encoding)
{
    switch (dv_encoding_kind(encoding)) {
    case DV_ENCODING_UTF8:
        return true;
    case DV_ENCODING_TABLE:
    case DV_ENCODING_DOUBLE:
        return dv_ascii_run(in.at, in.len) == in.len;
    default:
        return false;
    }
}

/* Room for the next step: as much as is left to be read, or what is left of
 * the buffer's maximum. */
static davy_status
make_room(struct dv_buf *out, size_t left)
{
    const davy_status st = dv_buf_reserve(out, left + DV_UTF8_MAX);

    if (st != DAVY_LIMIT || out->max - out->len < DV_UTF8_MAX)
        return st;
    return dv_buf_reserve(out, out->max - out->len);
}

static davy_status
convert_all(struct converter *c, struct dv_span in, struct dv_buf *out)
{
    struct dv_convert io = { .in = in };

    while (io.in.len > 0) {
        const size_t before = io.in.len;
        const davy_status st = make_room(out, io.in.len);

        if (st != DAVY_OK)
            return st;
        io.to = out->at + out->len;
        io.room = out->cap - out->len;
        convert(c, &io);
        out->len = (size_t)(io.to - out->at);
        if (io.in.len == before)
            return DAVY_LIMIT;          /* there was room for any character */
    }
    return DAVY_OK;
}

/* How many cells pay for a text of `n` bytes. */
static unsigned
cells_log_for(const struct converter *c, size_t n)
{
    unsigned log = CELLS_LOG;

    if (c->pairs == NO_ICONV)
        return log;
    while (log < DV_DOUBLE_CELLS_LOG_MAX && (size_t)1 << log < n / 2)
        log++;
    return log;
}

static davy_status
convert_with_cells(struct converter *c, struct dv_span in, struct dv_buf *out)
{
    const unsigned log = cells_log_for(c, in.len);
    const size_t count = (size_t)1 << log;
    struct dv_double_cell *cells;
    davy_status st;

    if (log == CELLS_LOG)
        return convert_all(c, in, out);
    cells = dv_mem_calloc(out->mem, count, sizeof(*cells));
    if (cells == NULL)
        return DAVY_NO_MEMORY;
    c->state.cells = cells;
    c->state.cells_log = log;
    st = convert_all(c, in, out);
    dv_mem_free(out->mem, cells, count * sizeof(*cells));
    return st;
}

davy_status
dv_charset_to_utf8(struct dv_span bytes, const struct dv_charset *charset,
                   struct dv_buf *room, struct dv_span *text)
{
    const struct dv_span in = dv_span_slice(bytes, charset->bom, bytes.len);
    struct converter c;
    davy_status opened, st;

    dv_buf_clear(room);
    *text = in;
    if (is_utf8_already(in, charset->encoding))
        return DAVY_OK;
    opened = converter_init(&c, charset->encoding);
    st = opened;
    if (opened != DAVY_NO_MEMORY)
        st = convert_with_cells(&c, in, room);
    converter_fini(&c);
    *text = dv_buf_span(room);
    return st == DAVY_OK ? opened : st;
}

size_t
dv_charset_source_offset(struct dv_span bytes,
                         const struct dv_charset *charset, size_t offset)
{
    const struct dv_span in = dv_span_slice(bytes, charset->bom, bytes.len);
    uint8_t scratch[SCRATCH];
    struct dv_convert io = { .in = in };
    struct converter c;
    size_t before;

    if (is_utf8_already(in, charset->encoding))
        return bytes.len - in.len + (offset < in.len ? offset : in.len);
    (void)converter_init(&c, charset->encoding);
    do {
        io.to = scratch;
        io.room = offset < SCRATCH ? offset : SCRATCH;
        before = io.room;
        convert(&c, &io);
        offset -= before - io.room;
    } while (offset > 0 && io.room != before && io.in.len > 0);
    converter_fini(&c);
    return bytes.len - io.in.len;
}
