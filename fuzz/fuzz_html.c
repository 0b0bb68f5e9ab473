/* SPDX-License-Identifier: MIT */
/* fuzz_html.c - both looks at any page, and the law between them. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dv_mem mem;
    struct dv_buf line;
    bool decided;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&line, &mem, SIZE_MAX);
    if (!places_obey_the_law(&mem, dv_span_of(data, size), &line, &decided)) {
        fprintf(stderr, "only in the second look: %.*s", (int)line.len,
                (const char *)line.at);
        abort();
    }
    dv_buf_fini(&line);
    if (mem.used != 0) {
        fprintf(stderr, "%zu bytes leak\n", mem.used);
        abort();
    }
    return 0;
}
