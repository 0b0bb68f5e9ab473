/* SPDX-License-Identifier: MIT */
/* eval_text.c - strings of an evaluation. */

#include "eval/eval_text.h"

#include "base/compiler.h"

/* Shorter texts are joined at once. */
#define MIN_ROPE 24u

/* ---- Making ---- */

static struct dv_text *
new_text(struct dv_heap *heap, size_t length, enum dv_text_form form)
{
    struct dv_text *text;

    if (length > heap->max_text) {
        (void)dv_heap_end(heap, DV_OVER_TEXT);
        return NULL;
    }
    text = dv_heap_alloc(heap, sizeof(*text));
    if (text == NULL)
        return NULL;
    text->length = (uint32_t)length;
    text->form = (uint8_t)form;
    return text;
}

static uint8_t *
new_latin(struct dv_heap *heap, size_t length, struct dv_text **text)
{
    uint8_t *at = NULL;

    *text = new_text(heap, length, DV_TEXT_LATIN);
    if (*text != NULL)
        at = dv_heap_alloc(heap, length == 0 ? 1 : length);
    if (at != NULL)
        (*text)->latin = at;
    return at;
}

static uint16_t *
new_wide(struct dv_heap *heap, size_t length, struct dv_text **text)
{
    uint16_t *at = NULL;

    *text = new_text(heap, length, DV_TEXT_WIDE);
    if (*text != NULL)
        at = dv_heap_alloc(heap, length * sizeof(*at));
    if (at != NULL)
        (*text)->wide = at;
    return at;
}

bool
dv_text_begin(struct dv_heap *heap)
{
    for (unsigned i = 0; i < 256; i++) {
        uint8_t *at = new_latin(heap, 1, &heap->latin[i]);

        if (at == NULL)
            return false;
        at[0] = (uint8_t)i;
    }
    return new_latin(heap, 0, &heap->empty) != NULL;
}

struct dv_text *
dv_text_of_latin(struct dv_heap *heap, const uint8_t *from,
                    size_t length)
{
    struct dv_text *text;
    uint8_t *at;

    if (length == 0)
        return heap->empty;
    if (length == 1)
        return heap->latin[from[0]];
    at = new_latin(heap, length, &text);
    if (at == NULL)
        return NULL;
    memcpy(at, from, length);
    return text;
}

struct dv_text *
dv_text_of_units(struct dv_heap *heap, const uint16_t *from,
                    size_t length)
{
    struct dv_text *text;
    unsigned all = 0;

    for (size_t i = 0; i < length; i++)
        all |= from[i];
    if (length <= 1)
        return dv_text_of_unit(heap, length == 0 ? UINT32_MAX : from[0]);
    if (all < 256) {
        uint8_t *at = new_latin(heap, length, &text);

        for (size_t i = 0; at != NULL && i < length; i++)
            at[i] = (uint8_t)from[i];
        return at == NULL ? NULL : text;
    }
    uint16_t *at = new_wide(heap, length, &text);

    if (at == NULL)
        return NULL;
    memcpy(at, from, length * sizeof(*at));
    return text;
}

struct dv_text *
dv_text_of_unit(struct dv_heap *heap, unsigned unit)
{
    struct dv_text *text;
    uint16_t *at;

    if (unit == UINT32_MAX)
        return heap->empty;
    if (unit < 256)
        return heap->latin[unit];
    at = new_wide(heap, 1, &text);
    if (at == NULL)
        return NULL;
    at[0] = (uint16_t)unit;
    return text;
}

struct dv_text *
dv_text_of_cstr(struct dv_heap *heap, const char *ascii)
{
    return dv_text_of_latin(heap, (const uint8_t *)ascii, strlen(ascii));
}

/* One code point of WTF-8, or a byte that is none. */
static uint32_t
next_point(const uint8_t *at, size_t left, size_t *used)
{
    const uint8_t b = at[0];
    const size_t n = b < 0x80 ? 1 : b < 0xc2 ? 0 : b < 0xe0 ? 2
                     : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 0;
    uint32_t c = b & (n == 2 ? 0x1fu : n == 3 ? 0x0fu : 0x07u);

    *used = 1;
    if (n <= 1 || n > left)
        return b;
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return b;
        c = c << 6 | (at[i] & 0x3fu);
    }
    *used = n;
    return c;
}

static struct dv_text *
wide_of_utf8(struct dv_heap *heap, struct dv_span utf8, size_t units)
{
    struct dv_text *text;
    uint16_t *at = new_wide(heap, units, &text);
    size_t used, n = 0;

    if (at == NULL)
        return NULL;
    for (size_t i = 0; i < utf8.len; i += used) {
        const uint32_t c = next_point(utf8.at + i, utf8.len - i, &used);

        if (c > 0xffff) {
            at[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
            at[n++] = (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff));
        } else {
            at[n++] = (uint16_t)c;
        }
    }
    return text;
}

struct dv_text *
dv_text_of_utf8(struct dv_heap *heap, struct dv_span utf8)
{
    struct dv_text *text;
    size_t units = 0, used, n = 0;
    uint32_t most = 0;
    uint8_t *at;

    for (size_t i = 0; i < utf8.len; i += used) {
        const uint32_t c = next_point(utf8.at + i, utf8.len - i, &used);

        most = c > most ? c : most;
        units += c > 0xffff ? 2 : 1;
    }
    if (most < 128)
        return dv_text_of_latin(heap, utf8.at, utf8.len);
    if (most > 255)
        return wide_of_utf8(heap, utf8, units);
    at = new_latin(heap, units, &text);
    if (at == NULL)
        return NULL;
    for (size_t i = 0; i < utf8.len; i += used)
        at[n++] = (uint8_t)next_point(utf8.at + i, utf8.len - i, &used);
    return text;
}

/* ---- Joining ---- */

static void
copy_units(const struct dv_text *from, uint16_t *to)
{
    if (from->form == DV_TEXT_WIDE) {
        memcpy(to, from->wide, from->length * sizeof(*to));
        return;
    }
    for (uint32_t i = 0; i < from->length; i++)
        to[i] = from->latin[i];
}

static struct dv_text *
join_flat(struct dv_heap *heap, const struct dv_text *a,
          const struct dv_text *b)
{
    const size_t length = (size_t)a->length + b->length;
    struct dv_text *text;

    if (a->form == DV_TEXT_LATIN && b->form == DV_TEXT_LATIN) {
        uint8_t *at = new_latin(heap, length, &text);

        if (at == NULL)
            return NULL;
        memcpy(at, a->latin, a->length);
        memcpy(at + a->length, b->latin, b->length);
    } else {
        uint16_t *at = new_wide(heap, length, &text);

        if (at == NULL)
            return NULL;
        copy_units(a, at);
        copy_units(b, at + a->length);
    }
    text->is_made = true;
    return text;
}

struct dv_text *
dv_text_join(struct dv_heap *heap, struct dv_text *a,
                struct dv_text *b)
{
    const size_t length = (size_t)a->length + b->length;
    struct dv_text *rope;

    if (a->length == 0)
        return b;
    if (b->length == 0)
        return a;
    if (length < MIN_ROPE && a->form != DV_TEXT_ROPE && b->form != DV_TEXT_ROPE)
        return join_flat(heap, a, b);
    rope = new_text(heap, length, DV_TEXT_ROPE);
    if (rope == NULL)
        return NULL;
    rope->left = a;
    rope->right = b;
    rope->is_made = true;
    return rope;
}

/* Whether a leaf of the rope is wide; false in *goes_on when the run ends. */
static bool
push(struct dv_heap *heap, struct dv_text *text)
{
    struct dv_text **slot = dv_vec_push(&heap->stack);

    if (slot == NULL)
        return dv_heap_end(heap, DV_OVER_MEMORY);
    *slot = text;
    return true;
}

static struct dv_text *
pop(struct dv_heap *heap)
{
    struct dv_text *text
        = *(struct dv_text **)dv_vec_at(&heap->stack,
                                           heap->stack.len - 1);

    dv_vec_pop(&heap->stack);
    return text;
}

/* Write the leaves from the last to the first. */
static bool
write_leaves(struct dv_heap *heap, struct dv_text *rope, uint16_t *units)
{
    size_t end = rope->length;

    dv_vec_clear(&heap->stack);
    if (!push(heap, rope))
        return false;
    while (heap->stack.len > 0) {
        struct dv_text *text = pop(heap);

        if (text->form == DV_TEXT_ROPE) {
            if (!push(heap, text->left) || !push(heap, text->right))
                return false;
            continue;
        }
        end -= text->length;
        copy_units(text, units + end);
    }
    return true;
}

bool
dv_text_flat(struct dv_heap *heap, struct dv_text *text)
{
    const size_t length = text->length;
    struct dv_text *flat;
    uint16_t *units;
    bool is_done;

    if (text->form != DV_TEXT_ROPE)
        return true;
    if (!dv_heap_charge(heap, length / 8))
        return false;
    units = dv_mem_calloc(heap->mem, length, sizeof(*units));
    if (units == NULL)
        return dv_heap_end(heap, DV_OVER_MEMORY);
    is_done = write_leaves(heap, text, units);
    flat = is_done ? dv_text_of_units(heap, units, length) : NULL;
    dv_mem_free(heap->mem, units, length * sizeof(*units));
    if (flat == NULL)
        return false;
    text->form = flat->form;
    if (flat->form == DV_TEXT_LATIN)
        text->latin = flat->latin;
    else
        text->wide = flat->wide;
    return true;
}

struct dv_text *
dv_text_part(struct dv_heap *heap, struct dv_text *text, size_t from,
                size_t to)
{
    struct dv_text *part;

    if (from >= to)
        return heap->empty;
    if (from == 0 && to == text->length)
        return text;
    if (to - from == 1)
        return dv_text_of_unit(heap, dv_text_unit(text, from));
    if (!dv_heap_charge(heap, (to - from) / 64))
        return NULL;
    if (text->form == DV_TEXT_WIDE) {
        part = dv_text_of_units(heap, text->wide + from, to - from);
    } else {
        part = new_text(heap, to - from, DV_TEXT_LATIN);
        if (part != NULL)
            part->latin = text->latin + from;
    }
    if (part != NULL && to - from > 1)
        part->is_made = true;
    return part;
}

/* ---- Keys ---- */

static uint32_t
hash_of(const struct dv_text *text)
{
    uint32_t hash = 2166136261u;

    for (uint32_t i = 0; i < text->length; i++)
        hash = (hash ^ dv_text_unit(text, i)) * 16777619u;
    return hash ^ hash >> 15;
}

static bool
grow_keys(struct dv_heap *heap)
{
    const uint32_t cap = heap->keys_cap == 0 ? 1024 : heap->keys_cap * 2;
    struct dv_text **keys = dv_mem_calloc(heap->mem, cap, sizeof(*keys));

    if (keys == NULL)
        return dv_heap_end(heap, DV_OVER_MEMORY);
    for (uint32_t i = 0; i < heap->keys_cap; i++) {
        struct dv_text *key = heap->keys[i];
        uint32_t at;

        if (key == NULL)
            continue;
        at = key->hash & (cap - 1);
        while (keys[at] != NULL)
            at = (at + 1) & (cap - 1);
        keys[at] = key;
    }
    dv_mem_free(heap->mem, heap->keys, heap->keys_cap * sizeof(*keys));
    heap->keys = keys;
    heap->keys_cap = cap;
    return true;
}

struct dv_text *
dv_text_key(struct dv_heap *heap, struct dv_text *text)
{
    uint32_t hash, at;

    if (text->is_key || text->is_symbol)
        return text;
    if (!dv_text_flat(heap, text)
        || (heap->keys_count >= heap->keys_cap / 2 && !grow_keys(heap)))
        return NULL;
    hash = hash_of(text);
    for (at = hash & (heap->keys_cap - 1); heap->keys[at] != NULL;
         at = (at + 1) & (heap->keys_cap - 1)) {
        if (heap->keys[at]->hash == hash
            && dv_text_compare(heap->keys[at], text) == 0)
            return heap->keys[at];
    }
    text->is_key = true;
    text->hash = hash;
    heap->keys[at] = text;
    heap->keys_count++;
    return text;
}

struct dv_text *
dv_text_key_of_cstr(struct dv_heap *heap, const char *ascii)
{
    struct dv_text *text = dv_text_of_cstr(heap, ascii);

    return text == NULL ? NULL : dv_text_key(heap, text);
}

struct dv_text *
dv_text_key_of_index(struct dv_heap *heap, uint32_t index)
{
    char digits[12];
    size_t n = sizeof(digits);
    uint32_t left = index;
    struct dv_text *text;

    if (index < DV_COUNT_OF(heap->number) && heap->number[index] != NULL)
        return heap->number[index];
    do {
        digits[--n] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    text = dv_text_of_latin(heap, (const uint8_t *)digits + n,
                               sizeof(digits) - n);
    if (text != NULL)
        text = dv_text_key(heap, text);
    if (text != NULL && index < DV_COUNT_OF(heap->number))
        heap->number[index] = text;
    return text;
}

bool
dv_text_is_index(const struct dv_text *text, uint32_t *index)
{
    uint64_t number = 0;

    if (text->form != DV_TEXT_LATIN || text->is_symbol || text->length == 0
        || text->length > 10 || (text->latin[0] == '0' && text->length > 1))
        return false;
    for (uint32_t i = 0; i < text->length; i++) {
        if (text->latin[i] < '0' || text->latin[i] > '9')
            return false;
        number = number * 10 + text->latin[i] - '0';
    }
    *index = (uint32_t)number;
    return number < UINT32_MAX;
}

/* ---- Comparing ---- */

int
dv_text_compare(const struct dv_text *a, const struct dv_text *b)
{
    const size_t n = a->length < b->length ? a->length : b->length;

    if (a->form == DV_TEXT_LATIN && b->form == DV_TEXT_LATIN) {
        const int order = n == 0 ? 0 : memcmp(a->latin, b->latin, n);

        if (order != 0)
            return order;
    } else {
        for (size_t i = 0; i < n; i++) {
            const unsigned x = dv_text_unit(a, i);
            const unsigned y = dv_text_unit(b, i);

            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return a->length < b->length ? -1 : a->length > b->length;
}

bool
dv_text_equal(struct dv_heap *heap, struct dv_text *a,
                 struct dv_text *b)
{
    if (a == b)
        return true;
    if (a->length != b->length || (a->is_key && b->is_key))
        return false;
    return dv_text_flat(heap, a) && dv_text_flat(heap, b)
           && dv_text_compare(a, b) == 0;
}

bool
dv_text_equal_cstr(const struct dv_text *flat, const char *ascii)
{
    const size_t length = strlen(ascii);

    return flat->form == DV_TEXT_LATIN && flat->length == length
           && memcmp(flat->latin, ascii, length) == 0;
}

static bool
is_at(const struct dv_text *text, const struct dv_text *part, size_t at)
{
    if (text->form == DV_TEXT_LATIN && part->form == DV_TEXT_LATIN)
        return memcmp(text->latin + at, part->latin, part->length) == 0;
    for (uint32_t i = 0; i < part->length; i++) {
        if (dv_text_unit(text, at + i) != dv_text_unit(part, i))
            return false;
    }
    return true;
}

size_t
dv_text_find(struct dv_heap *heap, const struct dv_text *text,
                const struct dv_text *part, size_t from)
{
    for (size_t i = from; part->length <= text->length
                          && i <= text->length - part->length;
         i++) {
        if (i % 16 == 0 && !dv_heap_charge(heap, 1 + part->length / 16))
            return SIZE_MAX;
        if (is_at(text, part, i))
            return i;
    }
    return SIZE_MAX;
}

size_t
dv_text_find_last(struct dv_heap *heap, const struct dv_text *text,
                     const struct dv_text *part, size_t from)
{
    size_t i;

    if (part->length > text->length)
        return SIZE_MAX;
    i = text->length - part->length;
    for (i = (from < i ? from : i) + 1; i-- > 0;) {
        if (i % 16 == 0 && !dv_heap_charge(heap, 1 + part->length / 16))
            return SIZE_MAX;
        if (is_at(text, part, i))
            return i;
    }
    return SIZE_MAX;
}

/* ---- Writing ---- */

static size_t
put_point(uint8_t out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

/* The code point at `i`; pairs of surrogates are one (11.1.4). */
static uint32_t
point_at(const struct dv_text *text, size_t i, size_t *used)
{
    const uint32_t unit = dv_text_unit(text, i);
    uint32_t low;

    *used = 1;
    if (unit < 0xd800 || unit > 0xdbff || i + 1 >= text->length)
        return unit;
    low = dv_text_unit(text, i + 1);
    if (low < 0xdc00 || low > 0xdfff)
        return unit;
    *used = 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

bool
dv_text_write(struct dv_heap *heap, const struct dv_text *text,
                 struct dv_buf *out)
{
    size_t used;

    if (dv_buf_reserve(out, text->length) != DAVY_OK)
        return dv_heap_end(heap, DV_OVER_MEMORY);
    for (size_t i = 0; i < text->length; i += used) {
        uint8_t bytes[4];
        const size_t n = put_point(bytes, point_at(text, i, &used));

        if (dv_buf_append(out, dv_span_of(bytes, n)) != DAVY_OK)
            return dv_heap_end(heap, DV_OVER_MEMORY);
    }
    return true;
}

struct dv_span
dv_text_utf8(struct dv_heap *heap, struct dv_text *text)
{
    dv_buf_clear(&heap->scratch);
    if (!dv_text_flat(heap, text)
        || !dv_text_write(heap, text, &heap->scratch))
        return dv_span_of("", 0);
    return dv_buf_span(&heap->scratch);
}
