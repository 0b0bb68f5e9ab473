/* SPDX-License-Identifier: MIT */
/* places.c - keeps the places of a look, and compares those of two. */

#include "support/places.h"

#include <stdlib.h>

#include "html/html_doc.h"
#include "html/html_token.h"

struct places_one {
    struct dv_html_place place;
    uint64_t key;                       /* of all that the law compares */
};

static uint64_t
mix(uint64_t hash, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t
key_of(const struct dv_html_place *place)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    hash = mix(hash, &place->kind, sizeof(place->kind));
    hash = mix(hash, &place->use, sizeof(place->use));
    hash = mix(hash, &place->at, sizeof(place->at));
    hash = mix(hash, &place->len, sizeof(place->len));
    hash = mix(hash, &place->tag_at, sizeof(place->tag_at));
    hash = mix(hash, place->text.at, place->text.len);
    for (size_t i = 0; i < place->traits_len; i++) {
        hash = mix(hash, place->traits[i].name.at, place->traits[i].name.len);
        hash = mix(hash, place->traits[i].value.at,
                   place->traits[i].value.len);
    }
    return hash;
}

static void
keep(void *ctx, const struct dv_html_place *place)
{
    struct places *places = ctx;
    struct places_one *one = dv_vec_push(&places->all);

    if (one == NULL) {
        places->status = DAVY_NO_MEMORY;
        return;
    }
    one->place = *place;
    one->place.traits = NULL;
    one->place.traits_len = 0;
    one->key = key_of(place);
    if (places->with_lines
        && dv_html_place_print(place, &places->lines) != DAVY_OK)
        places->status = DAVY_NO_MEMORY;
}

void
places_init(struct places *places, struct dv_mem *mem, bool with_lines)
{
    *places = (struct places){ .mem = mem, .with_lines = with_lines };
    dv_arena_init(&places->arena, mem);
    dv_vec_init(&places->all, mem, sizeof(struct places_one), SIZE_MAX);
    dv_buf_init(&places->lines, mem, SIZE_MAX);
}

void
places_fini(struct places *places)
{
    dv_arena_fini(&places->arena);
    dv_vec_fini(&places->all);
    dv_buf_fini(&places->lines);
}

static void
end_look(struct places *places, davy_status st)
{
    if (places->status == DAVY_OK)
        places->status = st;
}

void
places_first_look(struct places *places, struct dv_span page)
{
    const struct dv_html_sink sink = { keep, places };

    end_look(places,
             dv_html_token(places->mem, &places->arena, page, &sink));
}

void
places_second_look(struct places *places, struct dv_span page)
{
    const struct dv_html_sink sink = { keep, places };
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .html_depth = 2048,
                                 .memory = (size_t)1 << 30 };

    end_look(places, dv_html_doc(places->mem, &places->arena, &limits, page,
                                 &sink));
}

static int
compare(const void *a, const void *b)
{
    const struct places_one *x = a;
    const struct places_one *y = b;

    return x->key < y->key ? -1 : x->key > y->key;
}

bool
places_are_within(struct places *second, struct places *first,
                  struct dv_buf *line)
{
    if (first->all.len > 0)
        qsort(first->all.at, first->all.len, first->all.item, compare);
    for (size_t i = 0; i < second->all.len; i++) {
        const struct places_one *one = dv_vec_at(&second->all, i);

        if (first->all.len > 0
            && bsearch(one, first->all.at, first->all.len, first->all.item,
                       compare) != NULL)
            continue;
        (void)dv_html_place_print(&one->place, line);
        return false;
    }
    return true;
}

bool
places_obey_the_law(struct dv_mem *mem, struct dv_span page,
                    struct dv_buf *line, bool *decided)
{
    struct places first;
    struct places second;
    bool obeys = true;

    places_init(&first, mem, false);
    places_init(&second, mem, false);
    places_first_look(&first, page);
    places_second_look(&second, page);
    *decided = first.status == DAVY_OK && second.status == DAVY_OK;
    if (*decided)
        obeys = places_are_within(&second, &first, line);
    places_fini(&first);
    places_fini(&second);
    return obeys;
}
