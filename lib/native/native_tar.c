/* SPDX-License-Identifier: MIT */
/* native_tar.c - reads tar archives (POSIX.1-2017, pax, "ustar Interchange
 * Format", and GNU's long names) and ar archives, which .deb packages are
 * (deb(5)), as they stream. */

#include "native/native_tar.h"

#include "base/ascii.h"

/* Fields of a tar header: offset and length. */
#define NAME_LEN   100
#define SIZE_AT    124
#define SIZE_LEN   12
#define SUM_AT     148
#define SUM_LEN    8
#define TYPE_AT    156
#define MAGIC_AT   257
#define PREFIX_AT  345
#define PREFIX_LEN 155

/* Of an ar header. */
#define AR_MAGIC    8
#define AR_HEADER   60
#define AR_NAME_LEN 16
#define AR_SIZE_AT  48
#define AR_SIZE_LEN 10

static struct dv_span
field_of(const struct dv_native_tar *tar, size_t at, size_t len)
{
    const struct dv_span field = dv_span_of(tar->block + at, len);

    return dv_span_slice(field, 0, dv_span_find_byte(field, 0));
}

/* Digits in front of spaces or a NUL; UINT64_MAX for what is no number. */
static uint64_t
read_number(struct dv_span text, uint64_t base)
{
    uint64_t number = 0;

    while (text.len > 0 && text.at[0] == ' ')
        dv_span_skip(&text, 1);
    for (size_t i = 0; i < text.len; i++) {
        const uint64_t digit = (uint64_t)text.at[i] - '0';

        if (text.at[i] == ' ' || text.at[i] == 0)
            break;
        if (digit >= base)
            return UINT64_MAX;
        number = number * base + digit;
    }
    return number;
}

/* GNU writes large sizes in binary, with the first bit set. */
static uint64_t
read_size(const uint8_t *at)
{
    uint64_t number = 0;

    if (!(at[0] & 0x80))
        return read_number(dv_span_of(at, SIZE_LEN), 8);
    if (at[0] != 0x80)
        return UINT64_MAX;
    for (size_t i = 4; i < SIZE_LEN; i++)
        number = number << 8 | at[i];
    return number;
}

/* The sum of the header's bytes, those of the sum itself as spaces. */
static bool
has_sum(const uint8_t *block)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < DV_NATIVE_TAR_BLOCK; i++)
        sum += i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : block[i];
    return read_number(dv_span_of(block + SUM_AT, SUM_LEN), 8) == sum;
}

static bool
is_zero(const uint8_t *block)
{
    for (size_t i = 0; i < DV_NATIVE_TAR_BLOCK; i++) {
        if (block[i] != 0)
            return false;
    }
    return true;
}

bool
dv_native_tar_is(struct dv_span head)
{
    return head.len >= DV_NATIVE_TAR_BLOCK && head.at[0] != 0
           && has_sum(head.at);
}

void
dv_native_tar_begin(struct dv_native_tar *tar, bool is_ar)
{
    memset(tar, 0, sizeof(*tar));
    tar->is_ar = is_ar;
    tar->collect.wanted = is_ar ? AR_MAGIC : DV_NATIVE_TAR_BLOCK;
}

static void
begin_header(struct dv_native_tar *tar)
{
    tar->state = DV_NATIVE_TAR_HEADER;
    tar->collect = (struct dv_native_collect){
        .wanted = tar->is_ar ? AR_HEADER : DV_NATIVE_TAR_BLOCK
    };
}

/* ---- Paths ------------------------------------------------------------ */

static size_t
append(uint8_t *path, size_t len, struct dv_span part)
{
    part = dv_span_slice(part, 0, DV_NATIVE_PATH - len);
    if (part.len > 0)
        memcpy(path + len, part.at, part.len);
    return len + part.len;
}

static struct dv_span
path_of(struct dv_native_tar *tar)
{
    struct dv_span prefix;
    size_t len = 0;

    if (tar->has_next) {
        tar->has_next = false;
        len = append(tar->path, 0, dv_span_of(tar->next, tar->next_len));
        return dv_span_of(tar->path, len);
    }
    prefix = field_of(tar, PREFIX_AT, PREFIX_LEN);
    if (memcmp(tar->block + MAGIC_AT, "ustar\0", 6) == 0 && prefix.len > 0) {
        len = append(tar->path, len, prefix);
        len = append(tar->path, len, DV_SPAN_LIT("/"));
    }
    len = append(tar->path, len, field_of(tar, 0, NAME_LEN));
    return dv_span_of(tar->path, len);
}

/* deb(5): names end with spaces, and maybe a slash. */
static struct dv_span
ar_path_of(struct dv_native_tar *tar)
{
    struct dv_span name = dv_span_trim(dv_span_of(tar->block, AR_NAME_LEN));

    if (name.len > 1 && dv_span_ends_with(name, DV_SPAN_LIT("/")))
        name.len--;
    return dv_span_of(tar->path, append(tar->path, 0, name));
}

/* "27 path=bin/xmrig\n": the path among the attributes of the next member. */
static void
take_pax_path(struct dv_native_tar *tar, struct dv_span pax)
{
    const size_t at = dv_span_find(pax, DV_SPAN_LIT(" path="));
    struct dv_span value = dv_span_slice(pax, at + 6, pax.len);

    if (at == pax.len)
        return;
    value = dv_span_slice(value, 0, dv_span_find_byte(value, '\n'));
    tar->next_len = append(tar->next, 0, value);
    tar->has_next = true;
}

/* ---- Headers ---------------------------------------------------------- */

static void
set_member(struct dv_native_tar *tar, enum dv_native_tar_state state,
           uint64_t size, uint64_t unit)
{
    tar->state = state;
    tar->left = size;
    tar->padding = (unit - size % unit) % unit;
}

static davy_status
open_member(struct dv_native_tar *tar, struct dv_span path,
            const struct dv_span *in, const struct dv_native_events *events)
{
    tar->is_open = true;
    return events->open(events->ctx, path, tar->fed - in->len, true);
}

static davy_status
end_ar_header(struct dv_native_tar *tar, const struct dv_span *in,
              const struct dv_native_events *events)
{
    const uint64_t size = read_number(
        dv_span_of(tar->block + AR_SIZE_AT, AR_SIZE_LEN), 10);

    if (tar->collect.wanted == AR_MAGIC) {
        begin_header(tar);
        return DAVY_OK;
    }
    if (memcmp(tar->block + AR_HEADER - 2, "`\n", 2) != 0
        || size == UINT64_MAX) {
        tar->state = DV_NATIVE_TAR_BROKEN;
        events->note(events->ctx, DV_NATIVE_NOTE_BROKEN);
        return DAVY_OK;
    }
    set_member(tar, DV_NATIVE_TAR_MEMBER, size, 2);
    return open_member(tar, ar_path_of(tar), in, events);
}

static davy_status
end_tar_header(struct dv_native_tar *tar, const struct dv_span *in,
               const struct dv_native_events *events)
{
    const uint64_t size = read_size(tar->block + SIZE_AT);
    const uint8_t type = tar->block[TYPE_AT];

    if (is_zero(tar->block)) {          /* the end, or between two archives */
        begin_header(tar);
        return DAVY_OK;
    }
    if (!has_sum(tar->block) || size > UINT64_MAX / 2) {
        tar->state = DV_NATIVE_TAR_BROKEN;
        events->note(events->ctx, DV_NATIVE_NOTE_BROKEN);
        return DAVY_OK;
    }
    if (type == 0 || type == '0' || type == '7') {
        set_member(tar, DV_NATIVE_TAR_MEMBER, size, DV_NATIVE_TAR_BLOCK);
        return open_member(tar, path_of(tar), in, events);
    }
    if (type == 'L' || type == 'x') {
        tar->next_len = 0;
        tar->collect = (struct dv_native_collect){ .len = 0 };
        set_member(tar, type == 'L' ? DV_NATIVE_TAR_LONG_NAME
                                    : DV_NATIVE_TAR_PAX,
                   size, DV_NATIVE_TAR_BLOCK);
        return DAVY_OK;
    }
    tar->has_next = false;              /* it was of this one */
    set_member(tar, DV_NATIVE_TAR_SKIP,
               type >= '1' && type <= '6' ? 0 : size, DV_NATIVE_TAR_BLOCK);
    return DAVY_OK;
}

/* ---- Bytes ------------------------------------------------------------ */

/* The bytes of an attribute block are kept in the header's room. */
static void
keep_block(struct dv_native_tar *tar, struct dv_span piece)
{
    piece = dv_span_slice(piece, 0, sizeof(tar->block) - tar->collect.len);
    if (piece.len > 0)
        memcpy(tar->block + tar->collect.len, piece.at, piece.len);
    tar->collect.len += piece.len;
}

static davy_status
end_member(struct dv_native_tar *tar, const struct dv_native_events *events)
{
    const struct dv_span kept = dv_span_of(tar->block, tar->collect.len);

    if (tar->state == DV_NATIVE_TAR_LONG_NAME) {
        tar->next_len = append(tar->next, 0, dv_span_slice(
            kept, 0, dv_span_find_byte(kept, 0)));
        tar->has_next = true;
    } else if (tar->state == DV_NATIVE_TAR_PAX) {
        take_pax_path(tar, kept);
    }
    tar->state = DV_NATIVE_TAR_SKIP;
    tar->left = tar->padding;
    tar->padding = 0;
    if (!tar->is_open)
        return DAVY_OK;
    tar->is_open = false;
    return events->close(events->ctx);
}

static davy_status
feed_member(struct dv_native_tar *tar, struct dv_span *in,
            const struct dv_native_events *events)
{
    const size_t n = tar->left < in->len ? (size_t)tar->left : in->len;
    const struct dv_span piece = dv_span_slice(*in, 0, n);
    davy_status st = DAVY_OK;

    if (n > 0 && tar->state == DV_NATIVE_TAR_MEMBER)
        st = events->data(events->ctx, piece);
    else if (tar->state != DV_NATIVE_TAR_SKIP)
        keep_block(tar, piece);
    dv_span_skip(in, n);
    tar->left -= n;
    if (st != DAVY_OK || tar->left > 0)
        return st;
    if (tar->state == DV_NATIVE_TAR_SKIP && tar->padding == 0) {
        begin_header(tar);
        return DAVY_OK;
    }
    return end_member(tar, events);
}

davy_status
dv_native_tar_feed(struct dv_native_tar *tar, struct dv_span in,
                   const struct dv_native_events *events)
{
    davy_status st = DAVY_OK;
    bool goes_on = true;

    tar->fed += in.len;
    while (st == DAVY_OK && goes_on && tar->state != DV_NATIVE_TAR_BROKEN) {
        if (tar->state != DV_NATIVE_TAR_HEADER) {
            goes_on = in.len > 0 || tar->left == 0;
            if (goes_on)
                st = feed_member(tar, &in, events);
            continue;
        }
        goes_on = dv_native_collect(&tar->collect, tar->block,
                                    sizeof(tar->block), &in);
        if (goes_on)
            st = tar->is_ar ? end_ar_header(tar, &in, events)
                            : end_tar_header(tar, &in, events);
    }
    return st;
}

davy_status
dv_native_tar_end(struct dv_native_tar *tar,
                  const struct dv_native_events *events)
{
    if (!tar->is_open)
        return DAVY_OK;
    tar->is_open = false;
    return events->close(events->ctx);
}
