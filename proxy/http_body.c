/* SPDX-License-Identifier: MIT */
/* http_body.c - a strict reader of bodies: every byte of a chunk's line is
 * checked, trailers are read and dropped (9112, 7.1.2 allows it). */

#include "proxy/http_body.h"

/* Of a chunk's line with its extensions, and of all trailers. */
#define MAX_LINE    ((size_t)4096)
#define MAX_TRAILER ((size_t)16384)

/* Hexadecimal digits of a size: 2^60 is beyond any body. */
#define MAX_DIGITS 15

enum step {
    SIZE,                               /* hex digits */
    EXTENSION,                          /* ;name=value */
    SIZE_FEED,                          /* the LF behind the size */
    CHUNK,
    CHUNK_RETURN,                       /* CR LF behind the data */
    CHUNK_FEED,
    TRAILER_START,                      /* of a line */
    TRAILER,
    TRAILER_FEED,
    LAST_FEED,
    DONE
};

void
http_body_begin(struct http_body_reader *r, enum http_body kind,
                uint64_t length)
{
    *r = (struct http_body_reader){ .kind = kind, .left = length };
    if (kind != HTTP_BODY_CHUNKED)
        r->step = kind == HTTP_BODY_NONE || length == 0 ? DONE : CHUNK;
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool
is_line_char(char c)
{
    return (unsigned char)c >= ' ' ? c != 0x7f : c == '\t';
}

static bool
take_size(struct http_body_reader *r, char c)
{
    const int digit = hex_value(c);

    if (digit >= 0) {
        r->left = r->left << 4 | (unsigned)digit;
        return ++r->digits <= MAX_DIGITS;
    }
    if (r->digits == 0)
        return false;
    r->step = c == '\r' ? SIZE_FEED : EXTENSION;
    return c == '\r' || c == ';';
}

static bool
take_size_feed(struct http_body_reader *r, char c)
{
    r->step = r->left == 0 ? TRAILER_START : CHUNK;
    r->line = 0;
    r->digits = 0;
    return c == '\n';
}

static bool
take_line(struct http_body_reader *r, char c, unsigned feed)
{
    if (c == '\r')
        r->step = feed;
    return c == '\r' || is_line_char(c);
}

static bool
take_trailer_start(struct http_body_reader *r, char c)
{
    r->step = c == '\r' ? LAST_FEED : TRAILER;
    return c == '\r' || (is_line_char(c) && c != ' ' && c != '\t');
}

/* One byte that is no data; false when it is wrong. */
static bool
take(struct http_body_reader *r, char c)
{
    switch ((enum step)r->step) {
    case SIZE:
        return take_size(r, c);
    case EXTENSION:
        return ++r->line <= MAX_LINE && take_line(r, c, SIZE_FEED);
    case SIZE_FEED:
        return take_size_feed(r, c);
    case CHUNK_RETURN:
        r->step = CHUNK_FEED;
        return c == '\r';
    case CHUNK_FEED:
        r->step = SIZE;
        return c == '\n';
    case TRAILER_START:
        return ++r->trailer <= MAX_TRAILER && take_trailer_start(r, c);
    case TRAILER:
        return ++r->trailer <= MAX_TRAILER && take_line(r, c, TRAILER_FEED);
    case TRAILER_FEED:
        r->step = TRAILER_START;
        return c == '\n';
    case LAST_FEED:
        r->step = DONE;
        return c == '\n';
    case CHUNK:
    case DONE:
    default:
        return false;
    }
}

static enum http_body_state
give_data(struct http_body_reader *r, const char *bytes, size_t length,
          size_t *used, struct http_text *data)
{
    const size_t n = r->left < length ? (size_t)r->left : length;

    *data = (struct http_text){ bytes, n };
    *used += n;
    r->left -= n;
    if (r->left == 0)
        r->step = r->kind == HTTP_BODY_CHUNKED ? CHUNK_RETURN : DONE;
    return HTTP_BODY_DATA;
}

enum http_body_state
http_body_read(struct http_body_reader *r, const char *bytes, size_t length,
               size_t *used, struct http_text *data)
{
    *used = 0;
    while (r->step != DONE && *used < length) {
        if (r->step == CHUNK)
            return give_data(r, bytes + *used, length - *used, used, data);
        if (!take(r, bytes[(*used)++]))
            return HTTP_BODY_BAD;
    }
    return r->step == DONE ? HTTP_BODY_END : HTTP_BODY_MORE;
}
