/* SPDX-License-Identifier: MIT */
/* conf_yaml.h - reads a configuration file in a strict subset of YAML 1.1 into
 * a tree that knows its places.
 *
 * The subset: one document of mappings with scalar keys, lists and scalars in
 * any style; every scalar is text.  Refused: anchors, aliases, tags,
 * directives, several documents, keys that stand twice, and more than the
 * limits below. */

#ifndef CONF_YAML_H
#define CONF_YAML_H

#include <stdbool.h>
#include <stddef.h>

/* Of one file: a hundred times what anybody writes by hand. */
#define CONF_YAML_BYTES ((size_t)1 << 20)
#define CONF_YAML_DEPTH 16
#define CONF_YAML_NODES 50000

struct conf_place {
    const char *file;
    unsigned line, column;              /* from 1; column in characters */
};

enum conf_kind { CONF_SCALAR, CONF_LIST, CONF_MAP };

struct conf_node {
    enum conf_kind kind;
    struct conf_place place;            /* of the key, where there is one */
    char *key;                          /* in a mapping, else NULL */
    char *text;                         /* of a scalar, else NULL */
    struct conf_node *first, *last;     /* children */
    struct conf_node *next;             /* sibling */
};

/* Told each fault. */
typedef void conf_fault(void *ctx, const struct conf_place *place,
                        const char *text);

/* Read `length` bytes of YAML; `file` must live as long as the tree.  All
 * faults are told; NULL when there was one.  An empty file is an empty
 * mapping. */
struct conf_node *conf_yaml_read(const char *file, const char *bytes,
                                 size_t length, conf_fault *fault, void *ctx);
void conf_yaml_free(struct conf_node *root);

#endif
