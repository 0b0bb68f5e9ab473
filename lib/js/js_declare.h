/* SPDX-License-Identifier: MIT */
/* js_declare.h - which names are declared where, for the early errors about
 * them: twice the same let, labels, private names, exports (ECMA-262, 8.2,
 * 14.2, 15.7, 16.2).
 *
 * Everything is found through the name's atom, so no check costs more for being
 * nested deeply. */

#ifndef DV_JS_DECLARE_H
#define DV_JS_DECLARE_H

#include "base/vec.h"

enum dv_js_declared {
    DV_JS_DECLARE_NOTHING,      /* a pattern of an assignment */
    DV_JS_DECLARE_VAR,
    DV_JS_DECLARE_VAR_OF,       /* for (var x of ..) */
    DV_JS_DECLARE_FUNCTION,     /* where functions are like var */
    DV_JS_DECLARE_PARAM,
    DV_JS_DECLARE_LET,          /* let, const, class, import */
    DV_JS_DECLARE_BLOCK_FUNCTION, /* sloppy: may be there twice (B.3.3.4) */
    DV_JS_DECLARE_CATCH         /* catch (x): var x may stand inside */
};

/* Private names: what of it is declared in one class. */
enum dv_js_private {
    DV_JS_PRIVATE_GET = 1,
    DV_JS_PRIVATE_SET = 2,
    DV_JS_PRIVATE_OTHER = 3,
    DV_JS_PRIVATE_STATIC = 4
};

struct dv_js_declare {
    struct dv_vec atoms;        /* by atom: what is known of it now */
    struct dv_vec lexical;      /* let, const, class ... of open scopes */
    struct dv_vec vars;         /* var and parameters of open functions */
    struct dv_vec scopes;
    struct dv_vec labels;
    struct dv_vec privates;     /* declared in open classes */
    struct dv_vec pending;      /* private names used, perhaps before */
    struct dv_vec classes;
    uint32_t function;          /* scope of the innermost function */
};

void dv_js_declare_init(struct dv_js_declare *names, struct dv_mem *mem);
void dv_js_declare_fini(struct dv_js_declare *names);

/* Scopes nest; each enter has its leave.  False when memory is refused. */
bool dv_js_declare_enter(struct dv_js_declare *names,
                         bool is_function) DV_MUST_CHECK;
void dv_js_declare_leave(struct dv_js_declare *names);

/* Whether the current scope is that of a function, script or module. */
bool dv_js_declare_is_top(const struct dv_js_declare *names);

/* Declare `atom` in the current scope.  DAVY_OK; DAVY_MALFORMED when it cannot
 * be declared again (it is there all the same); DAVY_NO_MEMORY. */
davy_status dv_js_declare_name(struct dv_js_declare *names, uint32_t atom,
                               enum dv_js_declared how);

/* Whether the outermost scope, the only open one, declares `atom`. */
bool dv_js_declare_is_declared(const struct dv_js_declare *names,
                               uint32_t atom);

/* Export under the name `atom`; answers as dv_js_declare_name. */
davy_status dv_js_declare_export(struct dv_js_declare *names, uint32_t atom);

/* An import's attribute `atom`; `list` tells its list from others (it is not
 * 0).  Answers as dv_js_declare_name. */
davy_status dv_js_declare_attribute(struct dv_js_declare *names, uint32_t atom,
                                    uint32_t list);

/* Labels.  `body` is the offset behind the colon, `start` that of the label: a
 * loop at `body` makes loop labels of all that stand directly before it. */
davy_status dv_js_declare_push_label(struct dv_js_declare *names,
                                     uint32_t atom, uint32_t start,
                                     uint32_t body);
void dv_js_declare_pop_label(struct dv_js_declare *names);
void dv_js_declare_loop_label(struct dv_js_declare *names, uint32_t body);

/* Whether break (or continue) may name `atom` here. */
bool dv_js_declare_has_label(const struct dv_js_declare *names, uint32_t atom,
                             bool is_continue);

/* Classes and their private names; `what` has bits of dv_js_private. */
bool dv_js_declare_enter_class(struct dv_js_declare *names) DV_MUST_CHECK;
davy_status dv_js_declare_private(struct dv_js_declare *names, uint32_t atom,
                                  unsigned what);

/* #name is used at `offset`.  False when memory is refused. */
bool dv_js_declare_use_private(struct dv_js_declare *names, uint32_t atom,
                               uint32_t offset) DV_MUST_CHECK;

/* Leave a class.  At the outermost: the offset + 1 of the first use of a
 * private name that no class declared, or 0. */
uint32_t dv_js_declare_leave_class(struct dv_js_declare *names);

/* Whether a class is open: private names may be used. */
static inline bool
dv_js_declare_in_class(const struct dv_js_declare *names)
{
    return names->classes.len > 0;
}

#endif
