/* SPDX-License-Identifier: MIT */
/* native_zip.c - reads zip archives as they stream (APPNOTE 6.3.10, 4.3).
 *
 * The directory of a zip stands at its end, where a stream cannot go first, so
 * members are read by their local headers; what stands between them (data
 * descriptors, padding, signatures of installers) is passed over by looking
 * for the next header.  The directory's names count, too: they are what
 * unpackers show. */

#include "native/native_zip.h"

#define LOCAL_SIGNATURE   0x04034b50u
#define CENTRAL_SIGNATURE 0x02014b50u

/* Bytes of the headers behind their signatures. */
#define LOCAL_SIZE   26
#define CENTRAL_SIZE 42

/* 4.4.4: bit 0 says encrypted. */
#define FLAG_ENCRYPTED 0x0001u

#define METHOD_STORED   0
#define METHOD_DEFLATED 8

/* 4.5.3: the extra field with sizes of 64 bits. */
#define ZIP64 0x0001u

static uint32_t
load16(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t
load32(const uint8_t *at)
{
    return load16(at) | load16(at + 2) << 16;
}

static uint64_t
load64(const uint8_t *at)
{
    return load32(at) | (uint64_t)load32(at + 4) << 32;
}

void
dv_native_zip_begin(struct dv_native_zip *zip,
                    struct dv_native_inflate *inflate)
{
    memset(zip, 0, sizeof(*zip));
    zip->inflate = inflate;
}

static void
collect_next(struct dv_native_zip *zip, enum dv_native_zip_state state,
             size_t wanted)
{
    zip->state = state;
    zip->collect = (struct dv_native_collect){ .wanted = wanted };
}

static void
look_for_signature(struct dv_native_zip *zip)
{
    zip->state = DV_NATIVE_ZIP_SIGNATURE;
    zip->signature = 0;
}

/* ---- Headers ---------------------------------------------------------- */

/* Where the next byte stands in the archive. */
static uint64_t
position(const struct dv_native_zip *zip, const struct dv_span *in)
{
    return zip->fed - in->len;
}

/* Whether the last bytes are the beginning of a signature that is looked
 * for. */
static bool
has_begun(uint32_t signature)
{
    return signature >> 24 == 0x50 || signature >> 16 == 0x4b50
           || signature >> 8 == LOCAL_SIGNATURE << 8 >> 8
           || signature >> 8 == CENTRAL_SIGNATURE << 8 >> 8;
}

static void
find_signature(struct dv_native_zip *zip, struct dv_span *in)
{
    while (in->len > 0) {
        if (!has_begun(zip->signature))
            dv_span_skip(in, dv_span_find_byte(*in, 'P'));
        if (in->len == 0)
            return;
        zip->signature = zip->signature >> 8 | (uint32_t)in->at[0] << 24;
        dv_span_skip(in, 1);
        if (zip->signature != LOCAL_SIGNATURE
            && zip->signature != CENTRAL_SIGNATURE)
            continue;
        zip->entry_at = position(zip, in) - 4;
        if (zip->signature == LOCAL_SIGNATURE)
            collect_next(zip, DV_NATIVE_ZIP_LOCAL, LOCAL_SIZE);
        else
            collect_next(zip, DV_NATIVE_ZIP_CENTRAL, CENTRAL_SIZE);
        return;
    }
}

static struct dv_span
path_of(const struct dv_native_zip *zip)
{
    return dv_span_slice(dv_span_of(zip->path, sizeof(zip->path)), 0,
                         zip->path_len);
}

/* The compressed size: in the header, or in the extra field of zip64, where it
 * stands behind the other one. */
static uint64_t
size_of(const struct dv_native_zip *zip)
{
    const uint64_t size = load32(zip->fixed + 14);
    struct dv_span extra = dv_span_slice(
        dv_span_of(zip->extra, sizeof(zip->extra)), 0,
        load16(zip->fixed + 24));

    while (size == UINT32_MAX && extra.len >= 4) {
        const struct dv_span field = dv_span_slice(extra, 4,
                                                   load16(extra.at + 2));

        if (load16(extra.at) == ZIP64 && field.len >= 16)
            return load64(field.at + 8);
        dv_span_skip(&extra, 4 + field.len);
    }
    return size;
}

/* How the member whose header was read is read itself. */
static enum dv_native_zip_state
state_of_member(const struct dv_native_zip *zip,
                const struct dv_native_events *events)
{
    const uint32_t flags = load16(zip->fixed + 2);
    const uint32_t method = load16(zip->fixed + 4);

    if (flags & FLAG_ENCRYPTED) {
        events->note(events->ctx, DV_NATIVE_NOTE_ENCRYPTED);
        return DV_NATIVE_ZIP_SKIP;
    }
    if (method == METHOD_DEFLATED)
        return DV_NATIVE_ZIP_DEFLATED;
    if (method == METHOD_STORED)
        return DV_NATIVE_ZIP_STORED;
    events->note(events->ctx, DV_NATIVE_NOTE_METHOD);
    return DV_NATIVE_ZIP_SKIP;
}

static davy_status
begin_member(struct dv_native_zip *zip, const struct dv_span *in,
             const struct dv_native_events *events)
{
    const bool is_stored = load16(zip->fixed + 4) == METHOD_STORED;
    davy_status st;

    zip->left = size_of(zip);
    st = events->open(events->ctx, path_of(zip),
                      is_stored ? position(zip, in) : zip->entry_at,
                      is_stored);
    if (st != DAVY_OK)
        return st;
    zip->is_open = true;
    zip->state = state_of_member(zip, events);
    return zip->state == DV_NATIVE_ZIP_DEFLATED
               ? dv_native_inflate_begin(zip->inflate, false)
               : DAVY_OK;
}

static davy_status
end_member(struct dv_native_zip *zip, const struct dv_native_events *events)
{
    look_for_signature(zip);
    if (!zip->is_open)
        return DAVY_OK;
    zip->is_open = false;
    return events->close(events->ctx);
}

/* ---- Members ---------------------------------------------------------- */

static davy_status
feed_stored(struct dv_native_zip *zip, struct dv_span *in,
            const struct dv_native_events *events)
{
    const size_t n = zip->left < in->len ? (size_t)zip->left : in->len;
    const struct dv_span piece = dv_span_slice(*in, 0, n);
    davy_status st = DAVY_OK;

    if (n > 0 && zip->state == DV_NATIVE_ZIP_STORED)
        st = events->data(events->ctx, piece);
    dv_span_skip(in, n);
    zip->left -= n;
    if (st == DAVY_OK && zip->left == 0)
        st = end_member(zip, events);
    return st;
}

static davy_status
feed_deflated(struct dv_native_zip *zip, struct dv_span *in,
              const struct dv_native_events *events)
{
    struct dv_span out;
    davy_status end;

    do {
        davy_status st = DAVY_OK;

        end = dv_native_inflate_next(zip->inflate, in, &out);
        if (end != DAVY_NO_MEMORY && out.len > 0)
            st = events->data(events->ctx, out);
        if (st != DAVY_OK)
            return st;
    } while (end == DAVY_MORE && (in->len > 0 || out.len > 0));
    if (end == DAVY_MORE || end == DAVY_NO_MEMORY)
        return end == DAVY_MORE ? DAVY_OK : end;
    if (end == DAVY_MALFORMED)
        events->note(events->ctx, DV_NATIVE_NOTE_BROKEN);
    return end_member(zip, events);
}

/* ---- Parts ------------------------------------------------------------ */

/* A part of a header is complete. */
static davy_status
end_part(struct dv_native_zip *zip, const struct dv_span *in,
         const struct dv_native_events *events)
{
    switch (zip->state) {
    case DV_NATIVE_ZIP_LOCAL:
        zip->path_len = load16(zip->fixed + 22);
        collect_next(zip, DV_NATIVE_ZIP_PATH, zip->path_len);
        return DAVY_OK;
    case DV_NATIVE_ZIP_PATH:
        collect_next(zip, DV_NATIVE_ZIP_EXTRA, load16(zip->fixed + 24));
        return DAVY_OK;
    case DV_NATIVE_ZIP_EXTRA:
        return begin_member(zip, in, events);
    case DV_NATIVE_ZIP_CENTRAL:
        zip->path_len = load16(zip->fixed + 24);
        collect_next(zip, DV_NATIVE_ZIP_CENTRAL_PATH, zip->path_len);
        return DAVY_OK;
    default:
        zip->left = (uint64_t)load16(zip->fixed + 26)
                    + load16(zip->fixed + 28);
        zip->state = DV_NATIVE_ZIP_SKIP;
        return events->name(events->ctx, path_of(zip), zip->entry_at);
    }
}

/* Where the part of a header goes that is being collected. */
static uint8_t *
room_of(struct dv_native_zip *zip, size_t *size)
{
    switch (zip->state) {
    case DV_NATIVE_ZIP_PATH:
    case DV_NATIVE_ZIP_CENTRAL_PATH:
        *size = sizeof(zip->path);
        return zip->path;
    case DV_NATIVE_ZIP_EXTRA:
        *size = sizeof(zip->extra);
        return zip->extra;
    default:
        *size = sizeof(zip->fixed);
        return zip->fixed;
    }
}

davy_status
dv_native_zip_feed(struct dv_native_zip *zip, struct dv_span in,
                   const struct dv_native_events *events)
{
    davy_status st = DAVY_OK;
    bool goes_on = true;

    zip->fed += in.len;
    while (st == DAVY_OK && goes_on) {
        uint8_t *room;
        size_t size;

        switch (zip->state) {
        case DV_NATIVE_ZIP_SIGNATURE:
            find_signature(zip, &in);
            goes_on = in.len > 0;
            break;
        case DV_NATIVE_ZIP_STORED:
        case DV_NATIVE_ZIP_SKIP:
            st = feed_stored(zip, &in, events);
            goes_on = in.len > 0;
            break;
        case DV_NATIVE_ZIP_DEFLATED:
            st = feed_deflated(zip, &in, events);
            goes_on = in.len > 0;
            break;
        default:
            room = room_of(zip, &size);
            goes_on = dv_native_collect(&zip->collect, room, size, &in);
            if (goes_on)
                st = end_part(zip, &in, events);
            break;
        }
    }
    return st;
}

davy_status
dv_native_zip_end(struct dv_native_zip *zip,
                  const struct dv_native_events *events)
{
    return end_member(zip, events);
}
