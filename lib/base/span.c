/* SPDX-License-Identifier: MIT */
/* span.c - comparing, searching and trimming borrowed bytes. */

#define _GNU_SOURCE                     /* memmem */

#include "base/span.h"

#include "base/ascii.h"

static bool
equal_nocase(const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (dv_ascii_lower(a[i]) != dv_ascii_lower(b[i]))
            return false;
    }
    return true;
}

bool
dv_span_equal_nocase(struct dv_span a, struct dv_span b)
{
    return a.len == b.len && equal_nocase(a.at, b.at, a.len);
}

bool
dv_span_starts_with(struct dv_span span, struct dv_span head)
{
    return dv_span_equal(dv_span_slice(span, 0, head.len), head);
}

bool
dv_span_ends_with(struct dv_span span, struct dv_span tail)
{
    if (tail.len > span.len)
        return false;
    return dv_span_equal(dv_span_slice(span, span.len - tail.len, tail.len),
                         tail);
}

bool
dv_span_starts_with_nocase(struct dv_span span, struct dv_span head)
{
    return dv_span_equal_nocase(dv_span_slice(span, 0, head.len), head);
}

size_t
dv_span_find(struct dv_span span, struct dv_span needle)
{
    const uint8_t *hit;

    if (needle.len == 0)
        return 0;
    if (span.len < needle.len)
        return span.len;
    hit = memmem(span.at, span.len, needle.at, needle.len);
    return hit == NULL ? span.len : (size_t)(hit - span.at);
}

size_t
dv_span_find_byte(struct dv_span span, uint8_t byte)
{
    const uint8_t *hit = NULL;

    if (span.len != 0)
        hit = memchr(span.at, byte, span.len);
    return hit == NULL ? span.len : (size_t)(hit - span.at);
}

int
dv_span_compare(struct dv_span a, struct dv_span b)
{
    const size_t n = a.len < b.len ? a.len : b.len;
    const int order = n == 0 ? 0 : memcmp(a.at, b.at, n);

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

struct dv_span
dv_span_trim(struct dv_span span)
{
    while (span.len > 0 && dv_ascii_is_space(span.at[0]))
        dv_span_skip(&span, 1);
    while (span.len > 0 && dv_ascii_is_space(span.at[span.len - 1]))
        span.len--;
    return span;
}
