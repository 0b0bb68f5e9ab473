/* SPDX-License-Identifier: MIT */
/* eval_object.h - properties and items of objects, without getters and
 * prototypes, which eval_access.h knows. */

#ifndef DV_EVAL_OBJECT_H
#define DV_EVAL_OBJECT_H

#include "eval/eval_text.h"

/* NULL when the run is over. */
struct dv_object *dv_object_new(struct dv_heap *heap, enum dv_class class,
                                struct dv_object *proto);

/* An own property that is not deleted, by interned key; or NULL. */
struct dv_property *dv_object_find(const struct dv_object *object,
                                   const struct dv_text *key);

/* The own property, made when it is missing.  NULL when the run is over. */
struct dv_property *dv_object_make(struct dv_heap *heap,
                                   struct dv_object *object,
                                   const struct dv_text *key);

/* Define a data property; false when the run is over. */
bool dv_object_put(struct dv_heap *heap, struct dv_object *object,
                   const struct dv_text *key, struct dv_value value,
                   unsigned flags);
bool dv_object_put_cstr(struct dv_heap *heap, struct dv_object *object,
                        const char *key, struct dv_value value,
                        unsigned flags);

void dv_object_delete(struct dv_object *object, const struct dv_text *key);

/* Item `i` of an array; EMPTY for holes and beyond. */
static inline struct dv_value
dv_object_item(const struct dv_object *object, uint32_t i)
{
    return i < object->items_len ? object->items[i] : dv_value_empty();
}

/* Set an item of an array; false when the run is over.  Far beyond the end it
 * becomes a property. */
bool dv_object_set_item(struct dv_heap *heap, struct dv_object *object,
                        uint32_t i, struct dv_value value);
bool dv_object_push(struct dv_heap *heap, struct dv_object *object,
                    struct dv_value value);
void dv_object_set_length(struct dv_object *object, uint32_t length);

#endif
