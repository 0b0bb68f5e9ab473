/* SPDX-License-Identifier: MIT */
/* rule_yaml.h - reads a strict subset of YAML into a tree that knows places.
 *
 * The subset: one document of mappings with scalar keys, lists and scalars in
 * any style.  Every scalar is text; who asks for a number reads it as one.
 * Refused: anchors, aliases, tags, directives, several documents, keys that
 * are no scalars or stand twice, and more than the limits below. */

#ifndef DV_RULE_YAML_H
#define DV_RULE_YAML_H

#include "base/arena.h"
#include "base/span.h"
#include "rule/rule_message.h"

/* Bytes of one file: a hundred times our own pack. */
#define DV_YAML_BYTES ((size_t)4 << 20)

/* Mappings and lists inside each other; a rule needs 14 and libyaml gets slow
 * with deep ones. */
#define DV_YAML_DEPTH 40

/* Nodes of one file. */
#define DV_YAML_NODES ((size_t)400000)

/* Keys of one mapping: the longest that is known has 20. */
#define DV_YAML_KEYS 100

enum dv_yaml_type { DV_YAML_SCALAR, DV_YAML_LIST, DV_YAML_MAP };

struct dv_yaml_node {
    enum dv_yaml_type type;
    bool is_broken;                     /* cut off or refused; said already */
    bool is_verbatim;                   /* its text stands so in the file */
    struct dv_place place;              /* of its first byte */
    struct dv_place text_place;         /* of the text, inside of quotes */
    struct dv_span text;                /* SCALAR; a NUL follows */
    uint32_t count;                     /* children */
    const struct dv_yaml_node *key;     /* in a mapping: the key's scalar */
    struct dv_yaml_node *first;         /* child */
    struct dv_yaml_node *last;
    struct dv_yaml_node *next;          /* sibling */
};

/* Read `text` into a tree in `arena` and say all that is wrong.  A syntax
 * error ends the tree there.  DAVY_OK with `root` set, NULL when nothing could
 * be read; DAVY_NO_MEMORY. */
davy_status dv_yaml_parse(struct dv_arena *arena, struct dv_messages *messages,
                          struct dv_span text,
                          const struct dv_yaml_node **root);

/* The value under `key`, or NULL. */
const struct dv_yaml_node *dv_yaml_get(const struct dv_yaml_node *map,
                                       const char *key);

#endif
