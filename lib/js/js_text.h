/* SPDX-License-Identifier: MIT */
/* js_text.h - strings of an evaluation: UTF-16 code units (ECMA-262, 6.1.4).
 *
 * Functions that make a text answer NULL when the run is over.  A rope is put
 * together when somebody looks at its units; dv_js_text_flat does that. */

#ifndef DV_JS_TEXT_H
#define DV_JS_TEXT_H

#include "js/js_heap.h"

/* Make what every run needs; false when memory is refused. */
bool dv_js_text_begin(struct dv_js_heap *heap);

/* From WTF-8 (js_ast.h); a byte that is none counts as itself. */
struct dv_js_text *dv_js_text_of_utf8(struct dv_js_heap *heap,
                                      struct dv_span utf8);
struct dv_js_text *dv_js_text_of_cstr(struct dv_js_heap *heap,
                                      const char *ascii);

/* From bytes, each a unit; and from units.  Copied. */
struct dv_js_text *dv_js_text_of_latin(struct dv_js_heap *heap,
                                       const uint8_t *at, size_t length);
struct dv_js_text *dv_js_text_of_units(struct dv_js_heap *heap,
                                       const uint16_t *at, size_t length);
struct dv_js_text *dv_js_text_of_unit(struct dv_js_heap *heap, unsigned unit);

/* Both behind each other. */
struct dv_js_text *dv_js_text_join(struct dv_js_heap *heap,
                                   struct dv_js_text *a,
                                   struct dv_js_text *b);

/* Units [from, to) of a flat text. */
struct dv_js_text *dv_js_text_part(struct dv_js_heap *heap,
                                   struct dv_js_text *text, size_t from,
                                   size_t to);

/* Put a rope together; false when the run is over. */
bool dv_js_text_flat(struct dv_js_heap *heap, struct dv_js_text *text);

/* Unit `i` of a flat text, below its length. */
static inline unsigned
dv_js_text_unit(const struct dv_js_text *text, size_t i)
{
    return text->form == DV_JS_LATIN ? text->latin[i] : text->wide[i];
}

/* The one text of this content, for keys of properties.  Flat. */
struct dv_js_text *dv_js_text_key(struct dv_js_heap *heap,
                                  struct dv_js_text *text);
struct dv_js_text *dv_js_text_key_of_cstr(struct dv_js_heap *heap,
                                          const char *ascii);
struct dv_js_text *dv_js_text_key_of_index(struct dv_js_heap *heap,
                                           uint32_t index);

/* Whether a flat text is an array's index ("0", "17", not "01"). */
bool dv_js_text_is_index(const struct dv_js_text *text, uint32_t *index);

/* Order by code units, < 0, 0, > 0; both flat. */
int dv_js_text_compare(const struct dv_js_text *a,
                       const struct dv_js_text *b);
bool dv_js_text_equal(struct dv_js_heap *heap, struct dv_js_text *a,
                      struct dv_js_text *b);
bool dv_js_text_equal_cstr(const struct dv_js_text *flat, const char *ascii);

/* Where `part` begins, from `from` on; SIZE_MAX when nowhere.  Both flat.
 * Charges what it looked at. */
size_t dv_js_text_find(struct dv_js_heap *heap, const struct dv_js_text *text,
                       const struct dv_js_text *part, size_t from);
size_t dv_js_text_find_last(struct dv_js_heap *heap,
                            const struct dv_js_text *text,
                            const struct dv_js_text *part, size_t from);

/* As WTF-8, appended; false when the run is over.  Flat. */
bool dv_js_text_write(struct dv_js_heap *heap, const struct dv_js_text *text,
                      struct dv_buf *out);

/* As WTF-8 in heap->scratch, which the next call uses again. */
struct dv_span dv_js_text_utf8(struct dv_js_heap *heap,
                               struct dv_js_text *text);

#endif
