/* SPDX-License-Identifier: MIT */
/* fuzz_url.c - parses each line of the input against the line before.
 *
 * What was accepted must read the same again, and its parts lie inside. */

#include <stdlib.h>

#include "url/url.h"
#include "url/url_site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static bool
is_inside(struct dv_span part, struct dv_span whole)
{
    return part.at >= whole.at && part.len <= whole.len
           && (size_t)(part.at - whole.at) <= whole.len - part.len;
}

static void
check(const struct dv_url *url, struct dv_arena *arena)
{
    struct dv_url again;

    require(is_inside(url->scheme, url->href));
    require(is_inside(url->host, url->href));
    require(is_inside(url->port, url->href));
    require(is_inside(url->path, url->href));
    require(is_inside(url->query, url->href));
    require(is_inside(url->fragment, url->href));
    require(is_inside(dv_url_site(url), url->href));
    require(dv_url_parse(&again, arena, url->href, NULL) == DAVY_OK);
    require(dv_span_equal(again.href, url->href));
    require(dv_span_equal(again.host, url->host));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dv_span left = { data, size };
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_url base;
    bool has_base = false;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    while (left.len != 0) {
        const size_t end = dv_span_find_byte(left, '\n');
        struct dv_url url;
        const davy_status st = dv_url_parse(&url, &arena,
                                            dv_span_of(left.at, end),
                                            has_base ? &base : NULL);

        dv_span_skip(&left, end < left.len ? end + 1 : end);
        require(st == DAVY_OK || st == DAVY_MALFORMED);
        if (st != DAVY_OK)
            continue;
        check(&url, &arena);
        base = url;
        has_base = true;
    }
    dv_arena_fini(&arena);
    require(mem.used == 0);
    return 0;
}
