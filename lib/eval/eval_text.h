/* SPDX-License-Identifier: MIT */
/* eval_text.h - strings of an evaluation: UTF-16 code units (ECMA-262, 6.1.4).
 *
 * Functions that make a text answer NULL when the run is over.  A rope is put
 * together when somebody looks at its units; dv_text_flat does that. */

#ifndef DV_EVAL_TEXT_H
#define DV_EVAL_TEXT_H

#include "eval/eval_heap.h"

/* Make what every run needs; false when memory is refused. */
bool dv_text_begin(struct dv_heap *heap);

/* From WTF-8 (js_ast.h); a byte that is none counts as itself. */
struct dv_text *dv_text_of_utf8(struct dv_heap *heap,
                                      struct dv_span utf8);
struct dv_text *dv_text_of_cstr(struct dv_heap *heap,
                                      const char *ascii);

/* From bytes, each a unit; and from units.  Copied. */
struct dv_text *dv_text_of_latin(struct dv_heap *heap,
                                       const uint8_t *at, size_t length);
struct dv_text *dv_text_of_units(struct dv_heap *heap,
                                       const uint16_t *at, size_t length);
struct dv_text *dv_text_of_unit(struct dv_heap *heap, unsigned unit);

/* Both behind each other. */
struct dv_text *dv_text_join(struct dv_heap *heap,
                                   struct dv_text *a,
                                   struct dv_text *b);

/* Units [from, to) of a flat text. */
struct dv_text *dv_text_part(struct dv_heap *heap,
                                   struct dv_text *text, size_t from,
                                   size_t to);

/* Put a rope together; false when the run is over. */
bool dv_text_flat(struct dv_heap *heap, struct dv_text *text);

/* Unit `i` of a flat text, below its length. */
static inline unsigned
dv_text_unit(const struct dv_text *text, size_t i)
{
    return text->form == DV_TEXT_LATIN ? text->latin[i] : text->wide[i];
}

/* The one text of this content, for keys of properties.  Flat. */
struct dv_text *dv_text_key(struct dv_heap *heap,
                                  struct dv_text *text);
struct dv_text *dv_text_key_of_cstr(struct dv_heap *heap,
                                          const char *ascii);
struct dv_text *dv_text_key_of_index(struct dv_heap *heap,
                                           uint32_t index);

/* Whether a flat text is an array's index ("0", "17", not "01"). */
bool dv_text_is_index(const struct dv_text *text, uint32_t *index);

/* Order by code units, < 0, 0, > 0; both flat. */
int dv_text_compare(const struct dv_text *a,
                       const struct dv_text *b);
bool dv_text_equal(struct dv_heap *heap, struct dv_text *a,
                      struct dv_text *b);
bool dv_text_equal_cstr(const struct dv_text *flat, const char *ascii);

/* Where `part` begins, from `from` on; SIZE_MAX when nowhere.  Both flat.
 * Charges what it looked at. */
size_t dv_text_find(struct dv_heap *heap, const struct dv_text *text,
                       const struct dv_text *part, size_t from);
size_t dv_text_find_last(struct dv_heap *heap,
                            const struct dv_text *text,
                            const struct dv_text *part, size_t from);

/* As WTF-8, appended; false when the run is over.  Flat. */
bool dv_text_write(struct dv_heap *heap, const struct dv_text *text,
                      struct dv_buf *out);

/* As WTF-8 in heap->scratch, which the next call uses again. */
struct dv_span dv_text_utf8(struct dv_heap *heap,
                               struct dv_text *text);

#endif
