/* SPDX-License-Identifier: MIT */
/* js_scope.h - which declaration each name in a script refers to. */

#ifndef DV_JS_SCOPE_H
#define DV_JS_SCOPE_H

#include "base/vec.h"
#include "js/js_ast.h"

/* Something a name stands for. */
struct dv_js_binding {
    uint32_t atom;
    uint32_t writes;                    /* declarations with a value, and
                                         * assignments */
    uint32_t value;                     /* node that is written when writes is
                                         * 1, or 0 when it is no plain value */
    uint32_t part;                      /* then: part of a value, or 0 */
    uint32_t key;                       /* Property or ImportSpecifier that
                                         * takes it out of something unknown
                                         * under another name, or 0 */
    uint32_t uses;                      /* Identifier nodes, declarations too */
    bool is_global;                     /* nobody declares it */
    bool is_global_object;              /* and it is window, self, ... */
    bool is_parameter;                  /* or a catch's: value unknown */
    bool is_changed;                    /* a list or object that is changed in
                                         * place, as far as can be seen */
};

/* What a pattern takes out of a value: `node` itself when `whole` is 0; else of
 * part `whole` the member that Property `node` names, or item `index`. */
struct dv_js_part {
    uint32_t whole;
    uint32_t node;
    uint32_t index;
};

struct dv_js_scopes {
    struct dv_mem *mem;
    const struct dv_js_tree *tree;
    struct dv_vec bindings;             /* struct dv_js_binding; 0 is unused */
    struct dv_vec scopes;               /* in the order of the walk */
    struct dv_vec stack;                /* open scopes while resolving */
    struct dv_vec shadows;              /* what inner names hide */
    struct dv_vec patterns;             /* pattern nodes to look into */
    struct dv_vec declared;             /* bindings by scope */
    struct dv_vec parts;                /* struct dv_js_part; 0 is unused */
    struct dv_vec writers;              /* nodes that may write a name */
    struct dv_vec events;               /* scopes and names, in order */
    uint32_t *of_node;                  /* binding of each Identifier node */
    uint32_t *of_atom;                  /* binding that a name means now */
    size_t nodes_cap, atoms_cap;
};

void dv_js_scopes_init(struct dv_js_scopes *scopes, struct dv_mem *mem);
void dv_js_scopes_fini(struct dv_js_scopes *scopes);

/* Resolve every name of `tree`, which must stay as it is while the result is
 * used.  A name in a `with` or beside a direct eval is resolved as if neither
 * were there, and one that is written once has that value everywhere.  Linear.
 * DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_js_scopes_resolve(struct dv_js_scopes *scopes,
                                 const struct dv_js_tree *tree);

/* The binding of Identifier node `id`; NULL for names of properties, labels
 * and the like. */
const struct dv_js_binding *dv_js_scopes_of(const struct dv_js_scopes *scopes,
                                            uint32_t id);

static inline const struct dv_js_part *
dv_js_scopes_part(const struct dv_js_scopes *scopes, uint32_t part)
{
    return (const struct dv_js_part *)scopes->parts.at + part;
}

/* ---- Between the files of scopes ---- */

/* Whether a node may write a name or change what it stands for; and note what
 * it does, when all names are resolved. */
bool dv_js_scopes_may_write(const struct dv_js_node *node);
davy_status dv_js_scopes_write(struct dv_js_scopes *scopes, uint32_t id);

#endif
