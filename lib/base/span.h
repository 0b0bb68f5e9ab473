/* SPDX-License-Identifier: MIT */
/* span.h - a borrowed run of bytes. */

#ifndef DV_SPAN_H
#define DV_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* `len` bytes at `at`, owned by somebody else.  `at` may be NULL only when
 * `len` is 0. */
struct dv_span {
    const uint8_t *at;
    size_t len;
};

/* A span over a string literal or array of char, without its NUL. */
#define DV_SPAN_LIT(text) \
    ((struct dv_span){ (const uint8_t *)(text), sizeof(text) - 1 })

static inline struct dv_span
dv_span_of(const void *at, size_t len)
{
    return (struct dv_span){ at, len };
}

static inline struct dv_span
dv_span_cstr(const char *text)
{
    return (struct dv_span){ (const uint8_t *)text, strlen(text) };
}

/* Move the front past `n` bytes; `n` is at most `len`. */
static inline void
dv_span_skip(struct dv_span *span, size_t n)
{
    if (n > 0)                          /* at may be NULL */
        span->at += n;
    span->len -= n;
}

/* The part from `from`, at most `len` bytes, cut to what is there. */
static inline struct dv_span
dv_span_slice(struct dv_span span, size_t from, size_t len)
{
    if (from > span.len)
        from = span.len;
    if (len > span.len - from)
        len = span.len - from;
    return (struct dv_span){ from == 0 ? span.at : span.at + from, len };
}

static inline bool
dv_span_equal(struct dv_span a, struct dv_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
dv_span_equal_cstr(struct dv_span a, const char *b)
{
    return dv_span_equal(a, dv_span_cstr(b));
}

/* As above, ASCII letters in any case. */
bool dv_span_equal_nocase(struct dv_span a, struct dv_span b);

bool dv_span_starts_with(struct dv_span span, struct dv_span head);
bool dv_span_ends_with(struct dv_span span, struct dv_span tail);
bool dv_span_starts_with_nocase(struct dv_span span, struct dv_span head);

/* Offset of the first `needle`, or span.len when there is none. */
size_t dv_span_find(struct dv_span span, struct dv_span needle);

/* Offset of the first `byte`, or span.len. */
size_t dv_span_find_byte(struct dv_span span, uint8_t byte);

/* Order by bytes, then by length; < 0, 0, > 0 as in memcmp. */
int dv_span_compare(struct dv_span a, struct dv_span b);

/* Without ASCII white space (space, \t, \n, \f, \r) at both ends. */
struct dv_span dv_span_trim(struct dv_span span);

#endif
