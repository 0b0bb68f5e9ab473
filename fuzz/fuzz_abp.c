/* SPDX-License-Identifier: MIT */
/* fuzz_abp.c - compiles the input as a list and asks it about addresses.
 *
 * The input is a list, or, behind a line "---", addresses one a line.  Each
 * filter that blocks when it stands alone must also block beside all others
 * (unless an exception or badfilter is there): the index must not lose any. */

#include <stdlib.h>

#include "url/listset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Filters that are tried alone; more would only be slow. */
#define MAX_ALONE 8

struct input {
    struct dv_span list;
    struct dv_span urls;
};

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static struct input
split(struct dv_span text)
{
    const struct dv_span mark = DV_SPAN_LIT("\n---\n");
    const size_t at = dv_span_find(text, mark);
    struct input input = { .list = dv_span_slice(text, 0, at) };

    input.urls = at == text.len
                     ? DV_SPAN_LIT("https://miner.example/lib/a.js?b=ws://c")
                     : dv_span_slice(text, at + mark.len, text.len);
    return input;
}

static struct dv_span
take_line(struct dv_span *text)
{
    const size_t end = dv_span_find_byte(*text, '\n');
    const struct dv_span line = dv_span_of(text->at, end);

    dv_span_skip(text, end < text->len ? end + 1 : end);
    return line;
}

static void
compile(struct dv_listset *set, struct dv_mem *mem, struct dv_span list,
        davy_list_format format)
{
    struct dv_list_counts counts;
    davy_status st;

    dv_listset_init(set, mem);
    st = dv_listset_add(set, 1, format, false, list, &counts, NULL, NULL);
    require(st == DAVY_OK || st == DAVY_LIMIT);
    require(dv_listset_freeze(set) == DAVY_OK);
}

static bool
blocks(const struct dv_listset *set, const struct dv_url *url,
       const struct dv_url *document)
{
    bool is_blocked = false;

    for (int kind = DAVY_KIND_ANY; kind <= DAVY_KIND_OTHER; kind++) {
        const struct dv_list_query query = { url, document,
                                             (davy_kind)kind };
        struct dv_list_hit hit = { .list = 0 };

        if (dv_listset_match(set, &query, &hit)) {
            require(hit.list == 1 && hit.line != 0);
            is_blocked = true;
        }
    }
    return is_blocked;
}

static void
ask(const struct input *input, const struct dv_listset *all,
    const struct dv_url *url, struct dv_mem *mem)
{
    const struct dv_span exception = DV_SPAN_LIT("@@");
    const struct dv_span bad = DV_SPAN_LIT("bad");
    const bool has_excuses
        = dv_span_find(input->list, exception) != input->list.len
          || dv_span_find(input->list, bad) != input->list.len;
    const bool is_blocked = blocks(all, url, NULL);
    struct dv_span left = input->list;

    (void)blocks(all, url, url);
    for (int i = 0; i < MAX_ALONE && left.len != 0; i++) {
        struct dv_listset alone;

        compile(&alone, mem, take_line(&left), DAVY_LIST_ABP);
        if (!has_excuses && !is_blocked)
            require(!blocks(&alone, url, NULL));
        dv_listset_fini(&alone);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct input input = split(dv_span_of(data, size));
    struct dv_span left = input.urls;
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_listset set;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    compile(&set, &mem, input.list, DAVY_LIST_HOSTS);
    dv_listset_fini(&set);
    compile(&set, &mem, input.list, DAVY_LIST_ABP);
    while (left.len != 0) {
        struct dv_url url;

        if (dv_url_parse(&url, &arena, take_line(&left), NULL) == DAVY_OK)
            ask(&input, &set, &url, &mem);
    }
    dv_listset_fini(&set);
    dv_arena_fini(&arena);
    require(mem.used == 0);
    return 0;
}
