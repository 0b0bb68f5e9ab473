/* SPDX-License-Identifier: MIT */
/* archive.c - makes small programs and archives. */

#include "support/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define BLOCK ((size_t)512)

static void
put(struct dv_buf *out, const void *bytes, size_t length)
{
    if (dv_buf_append(out, dv_span_of(bytes, length)) != DAVY_OK)
        exit(2);
}

static void
put_zeros(struct dv_buf *out, size_t count)
{
    static const uint8_t zeros[4096];

    while (count > 0) {
        const size_t n = count < sizeof(zeros) ? count : sizeof(zeros);

        put(out, zeros, n);
        count -= n;
    }
}

static void
put_number(struct dv_buf *out, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const uint8_t byte = (uint8_t)(number >> 8 * i);

        put(out, &byte, 1);
    }
}

/* ---- Programs ---- */

void
archive_elf(struct dv_buf *out, const char *const *texts, size_t padding)
{
    put(out, "\x7f" "ELF\2\1\1", 7);
    put_zeros(out, 64 - 7 + padding);
    for (; *texts != NULL; texts++)
        put(out, *texts, strlen(*texts) + 1);
}

void
archive_pe(struct dv_buf *out, const char *const *texts, bool wide)
{
    put(out, "MZ", 2);
    put_zeros(out, 0x3a);
    put_number(out, 0x80, 4);
    put_zeros(out, 0x40);
    put(out, "PE\0\0", 4);
    put_zeros(out, 20);
    for (; *texts != NULL; texts++) {
        for (const char *c = *texts; *c != '\0'; c++)
            put_number(out, (uint8_t)*c, wide ? 2 : 1);
        put_zeros(out, wide ? 2 : 1);
    }
}

/* ---- zip ---- */

/* Compress as raw deflate (bits -15) or gzip (31). */
static void
put_deflated(struct dv_buf *out, struct dv_span bytes, int bits)
{
    uint8_t room[4096];
    z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes.at,
                   .avail_in = (uInt)bytes.len };

    if (deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        exit(2);
    do {
        z.next_out = room;
        z.avail_out = sizeof(room);
        (void)deflate(&z, Z_FINISH);
        put(out, room, sizeof(room) - z.avail_out);
    } while (z.avail_out == 0);
    deflateEnd(&z);
}

static void
put_zip_header(struct dv_buf *out, const struct archive_member *member,
               size_t packed, bool deflated)
{
    put_number(out, deflated ? 8 : 0, 2);
    put_number(out, 0, 4);              /* time and date */
    put_number(out, crc32(0, member->bytes.at, (uInt)member->bytes.len), 4);
    put_number(out, packed, 4);
    put_number(out, member->bytes.len, 4);
    put_number(out, strlen(member->path), 2);
    put_number(out, 0, 2);              /* extra field */
}

void
archive_zip(struct dv_buf *out, const struct archive_member *members,
            size_t count, bool deflated)
{
    struct dv_buf directory, packed;

    dv_buf_init(&directory, out->mem, SIZE_MAX);
    dv_buf_init(&packed, out->mem, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct archive_member *member = &members[i];
        const size_t at = out->len;

        dv_buf_clear(&packed);
        if (deflated)
            put_deflated(&packed, member->bytes, -15);
        else
            put(&packed, member->bytes.at, member->bytes.len);
        put(out, "PK\3\4\24\0\0\0", 8);
        put_zip_header(out, member, packed.len, deflated);
        put(out, member->path, strlen(member->path));
        put(out, packed.at, packed.len);
        put(&directory, "PK\1\2\24\0\24\0\0\0", 10);
        put_zip_header(&directory, member, packed.len, deflated);
        put_zeros(&directory, 10);      /* comment, disk, attributes */
        put_number(&directory, at, 4);
        put(&directory, member->path, strlen(member->path));
    }
    put(out, directory.at, directory.len);
    put(out, "PK\5\6", 4);
    put_zeros(out, 18);
    dv_buf_fini(&directory);
    dv_buf_fini(&packed);
}

/* ---- tar, ar, gzip ---- */

void
archive_tar(struct dv_buf *out, const struct archive_member *members,
            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct archive_member *member = &members[i];
        const size_t length = member->bytes.len;
        uint8_t header[BLOCK] = { 0 };
        unsigned sum = 0;

        snprintf((char *)header, 100, "%s", member->path);
        snprintf((char *)header + 100, 24, "0000644");
        snprintf((char *)header + 124, 12, "%011zo", length);
        memset(header + 148, ' ', 8);
        header[156] = '0';
        memcpy(header + 257, "ustar\0" "00", 8);
        for (size_t j = 0; j < BLOCK; j++)
            sum += header[j];
        snprintf((char *)header + 148, 8, "%06o", sum);
        put(out, header, BLOCK);
        put(out, member->bytes.at, length);
        put_zeros(out, (BLOCK - length % BLOCK) % BLOCK);
    }
    put_zeros(out, 2 * BLOCK);
}

void
archive_ar(struct dv_buf *out, const struct archive_member *members,
           size_t count)
{
    put(out, "!<arch>\n", 8);
    for (size_t i = 0; i < count; i++) {
        const struct archive_member *member = &members[i];
        char header[64];

        snprintf(header, sizeof(header), "%-16s%-12d%-6d%-6d%-8s%-10zu`\n",
                 member->path, 0, 0, 0, "100644", member->bytes.len);
        put(out, header, 60);
        put(out, member->bytes.at, member->bytes.len);
        if (member->bytes.len % 2 != 0)
            put(out, "\n", 1);
    }
}

void
archive_gzip(struct dv_buf *out, struct dv_span bytes)
{
    put_deflated(out, bytes, 31);
}
