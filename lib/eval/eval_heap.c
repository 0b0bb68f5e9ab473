/* SPDX-License-Identifier: MIT */
/* eval_heap.c - the memory of an evaluation, and its end. */

#include "eval/eval_heap.h"

#include "eval/eval_text.h"

#define MAX_SCRATCH ((size_t)256 << 20)
#define MAX_STACK   ((size_t)1 << 28)

davy_status
dv_heap_init(struct dv_heap *heap, struct dv_mem *mem)
{
    *heap = (struct dv_heap){ .mem = mem };
    dv_arena_init(&heap->arena, mem);
    dv_buf_init(&heap->scratch, mem, MAX_SCRATCH);
    dv_vec_init(&heap->stack, mem, sizeof(struct dv_text *), MAX_STACK);
    return DAVY_OK;
}

void
dv_heap_fini(struct dv_heap *heap)
{
    dv_arena_fini(&heap->arena);
    dv_buf_fini(&heap->scratch);
    dv_vec_fini(&heap->stack);
    dv_mem_free(heap->mem, heap->keys, heap->keys_cap * sizeof(*heap->keys));
    *heap = (struct dv_heap){ .mem = heap->mem };
}

davy_status
dv_heap_reset(struct dv_heap *heap)
{
    dv_arena_reset(&heap->arena);
    heap->over = DV_OVER_NOT;
    heap->steps = 0;
    heap->keys_count = 0;
    if (heap->keys != NULL)
        memset(heap->keys, 0, heap->keys_cap * sizeof(*heap->keys));
    memset(heap->number, 0, sizeof(heap->number));
    return dv_text_begin(heap) ? DAVY_OK : DAVY_NO_MEMORY;
}

bool
dv_heap_end(struct dv_heap *heap, enum dv_over why)
{
    if (heap->over == DV_OVER_NOT)
        heap->over = why;
    return false;
}

void *
dv_heap_alloc(struct dv_heap *heap, size_t size)
{
    void *at;

    if (heap->over != DV_OVER_NOT)
        return NULL;
    if (size > heap->max_bytes
        || heap->arena.used > heap->max_bytes - size) {
        (void)dv_heap_end(heap, DV_OVER_BYTES);
        return NULL;
    }
    at = dv_arena_alloc(&heap->arena, size);
    if (at == NULL)
        (void)dv_heap_end(heap, DV_OVER_MEMORY);
    else
        memset(at, 0, size);
    return at;
}

void *
dv_heap_grow(struct dv_heap *heap, const void *at, size_t old,
                size_t count, size_t size)
{
    size_t bytes;
    void *to;

    if (!dv_mem_mul(count, size, &bytes)) {
        (void)dv_heap_end(heap, DV_OVER_BYTES);
        return NULL;
    }
    to = dv_heap_alloc(heap, bytes);
    if (to != NULL && old > 0)
        memcpy(to, at, old * size);
    return to;
}
