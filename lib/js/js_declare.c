/* SPDX-License-Identifier: MIT */
/* js_declare.c - stacks of declarations, threaded by name.
 *
 * For each atom: the newest lexical declaration and the newest var declaration
 * that are still open.  Declarations are numbered as they come, and a scope
 * remembers the numbers at its start.  So "`let x` here although `var x` is
 * somewhere inside this block" is: the newest var x has a higher number than
 * the block's start; and "`var x` here although an outer block has `let x`" is:
 * the newest lexical x is not older than the function. */

#include "js/js_declare.h"

/* What is known of an atom; numbers are places + 1, 0 is none. */
struct atom {
    uint32_t lexical, var, label, private_name, use;
    uint32_t attribute;         /* the last list it was an attribute in */
    bool is_exported;
};

struct lexical {
    uint32_t atom;
    uint32_t older;             /* of the same atom */
    uint32_t firm;              /* the next older that is no catch (x) */
    enum dv_js_declared how;
};

struct var {
    uint32_t atom;
    uint32_t older;
};

struct scope {
    uint32_t lexicals, vars;    /* how many there were at the start */
    uint32_t function;          /* the scope of the function around */
    uint32_t labels;            /* those before belong to outer functions */
    bool is_function;
};

struct label {
    uint32_t atom;
    uint32_t older;
    uint32_t start, body;
    bool is_loop;
};

struct private_name {
    uint32_t atom;
    uint32_t older;
    unsigned what;
};

struct use {
    uint32_t atom;
    uint32_t older;
    uint32_t offset;
    bool is_resolved;
};

struct class {
    uint32_t privates, uses;    /* how many there were at the start */
};

#define ITEM(vec, type, number) ((type *)dv_vec_at(&(vec), (number) - 1))

void
dv_js_declare_init(struct dv_js_declare *names, struct dv_mem *mem)
{
    const size_t max = UINT32_MAX;

    dv_vec_init(&names->atoms, mem, sizeof(struct atom), max);
    dv_vec_init(&names->lexical, mem, sizeof(struct lexical), max);
    dv_vec_init(&names->vars, mem, sizeof(struct var), max);
    dv_vec_init(&names->scopes, mem, sizeof(struct scope), max);
    dv_vec_init(&names->labels, mem, sizeof(struct label), max);
    dv_vec_init(&names->privates, mem, sizeof(struct private_name), max);
    dv_vec_init(&names->pending, mem, sizeof(struct use), max);
    dv_vec_init(&names->classes, mem, sizeof(struct class), max);
    names->function = 0;
}

void
dv_js_declare_fini(struct dv_js_declare *names)
{
    dv_vec_fini(&names->atoms);
    dv_vec_fini(&names->lexical);
    dv_vec_fini(&names->vars);
    dv_vec_fini(&names->scopes);
    dv_vec_fini(&names->labels);
    dv_vec_fini(&names->privates);
    dv_vec_fini(&names->pending);
    dv_vec_fini(&names->classes);
}

/* What is known of `atom`; NULL when memory is refused. */
static struct atom *
atom_of(struct dv_js_declare *names, uint32_t atom)
{
    while (atom >= names->atoms.len) {
        if (dv_vec_push(&names->atoms) == NULL)
            return NULL;
    }
    return dv_vec_at(&names->atoms, atom);
}

bool
dv_js_declare_enter(struct dv_js_declare *names, bool is_function)
{
    struct scope *scope = dv_vec_push(&names->scopes);

    if (scope == NULL)
        return false;
    scope->lexicals = (uint32_t)names->lexical.len;
    scope->vars = (uint32_t)names->vars.len;
    scope->function = names->function;
    scope->is_function = is_function;
    if (is_function) {
        scope->labels = (uint32_t)names->labels.len;
        names->function = (uint32_t)names->scopes.len;
    }
    return true;
}

static void
forget_lexicals(struct dv_js_declare *names, uint32_t count)
{
    while (names->lexical.len > count) {
        const struct lexical *l
            = ITEM(names->lexical, struct lexical, names->lexical.len);

        ((struct atom *)dv_vec_at(&names->atoms, l->atom))->lexical = l->older;
        dv_vec_pop(&names->lexical);
    }
}

static void
forget_vars(struct dv_js_declare *names, uint32_t count)
{
    while (names->vars.len > count) {
        const struct var *v = ITEM(names->vars, struct var, names->vars.len);

        ((struct atom *)dv_vec_at(&names->atoms, v->atom))->var = v->older;
        dv_vec_pop(&names->vars);
    }
}

void
dv_js_declare_leave(struct dv_js_declare *names)
{
    const struct scope scope
        = *ITEM(names->scopes, struct scope, names->scopes.len);

    forget_lexicals(names, scope.lexicals);
    if (scope.is_function)
        forget_vars(names, scope.vars);
    names->function = scope.function;
    dv_vec_pop(&names->scopes);
}

bool
dv_js_declare_is_top(const struct dv_js_declare *names)
{
    return names->function == names->scopes.len;
}

static davy_status
declare_lexical(struct dv_js_declare *names, uint32_t atom,
                enum dv_js_declared how)
{
    struct atom *known = atom_of(names, atom);
    struct lexical *l = dv_vec_push(&names->lexical);
    const struct scope *scope
        = ITEM(names->scopes, struct scope, names->scopes.len);
    davy_status st = DAVY_OK;

    if (known == NULL || l == NULL) {
        if (l != NULL)
            dv_vec_pop(&names->lexical);
        return DAVY_NO_MEMORY;
    }
    *l = (struct lexical){ atom, known->lexical, 0, how };
    if (known->lexical != 0) {
        const struct lexical *older
            = ITEM(names->lexical, struct lexical, known->lexical);

        l->firm = older->how == DV_JS_DECLARE_CATCH ? older->firm
                                                    : known->lexical;
        if (known->lexical > scope->lexicals
            && !(how == DV_JS_DECLARE_BLOCK_FUNCTION && older->how == how))
            st = DAVY_MALFORMED;
    }
    if (known->var > scope->vars)
        st = DAVY_MALFORMED;
    known->lexical = (uint32_t)names->lexical.len;
    return st;
}

/* Whether a lexical `atom` stands between us and our function. */
static bool
meets_lexical(const struct dv_js_declare *names, const struct atom *known,
              enum dv_js_declared how)
{
    const struct scope *function
        = ITEM(names->scopes, struct scope, names->function);
    uint32_t number = known->lexical;

    if (number != 0 && how != DV_JS_DECLARE_VAR_OF) {
        const struct lexical *l
            = ITEM(names->lexical, struct lexical, number);

        if (l->how == DV_JS_DECLARE_CATCH)
            number = l->firm;
    }
    return number > function->lexicals;
}

static davy_status
declare_var(struct dv_js_declare *names, uint32_t atom, enum dv_js_declared how)
{
    struct atom *known = atom_of(names, atom);
    struct var *v = dv_vec_push(&names->vars);
    const struct scope *function
        = ITEM(names->scopes, struct scope, names->function);
    davy_status st = DAVY_OK;

    if (known == NULL || v == NULL) {
        if (v != NULL)
            dv_vec_pop(&names->vars);
        return DAVY_NO_MEMORY;
    }
    *v = (struct var){ atom, known->var };
    if (meets_lexical(names, known, how))
        st = DAVY_MALFORMED;
    if (how == DV_JS_DECLARE_PARAM && known->var > function->vars)
        st = DAVY_MALFORMED;
    known->var = (uint32_t)names->vars.len;
    return st;
}

davy_status
dv_js_declare_name(struct dv_js_declare *names, uint32_t atom,
                   enum dv_js_declared how)
{
    switch (how) {
    case DV_JS_DECLARE_NOTHING:
        return DAVY_OK;
    case DV_JS_DECLARE_VAR:
    case DV_JS_DECLARE_VAR_OF:
    case DV_JS_DECLARE_FUNCTION:
    case DV_JS_DECLARE_PARAM:
        return declare_var(names, atom, how);
    case DV_JS_DECLARE_LET:
    case DV_JS_DECLARE_BLOCK_FUNCTION:
    case DV_JS_DECLARE_CATCH:
        break;
    }
    return declare_lexical(names, atom, how);
}

bool
dv_js_declare_is_declared(const struct dv_js_declare *names, uint32_t atom)
{
    const struct atom *known;

    if (atom >= names->atoms.len)
        return false;
    known = dv_vec_at(&names->atoms, atom);
    return known->lexical != 0 || known->var != 0;
}

davy_status
dv_js_declare_export(struct dv_js_declare *names, uint32_t atom)
{
    struct atom *known = atom_of(names, atom);

    if (known == NULL)
        return DAVY_NO_MEMORY;
    if (known->is_exported)
        return DAVY_MALFORMED;
    known->is_exported = true;
    return DAVY_OK;
}

davy_status
dv_js_declare_attribute(struct dv_js_declare *names, uint32_t atom,
                        uint32_t list)
{
    struct atom *known = atom_of(names, atom);

    if (known == NULL)
        return DAVY_NO_MEMORY;
    if (known->attribute == list)
        return DAVY_MALFORMED;
    known->attribute = list;
    return DAVY_OK;
}

/* ---- Labels ----------------------------------------------------------- */

static uint32_t
first_label(const struct dv_js_declare *names)
{
    return ITEM(names->scopes, struct scope, names->function)->labels;
}

davy_status
dv_js_declare_push_label(struct dv_js_declare *names, uint32_t atom,
                         uint32_t start, uint32_t body)
{
    struct atom *known = atom_of(names, atom);
    struct label *label = dv_vec_push(&names->labels);
    davy_status st = DAVY_OK;

    if (known == NULL || label == NULL) {
        if (label != NULL)
            dv_vec_pop(&names->labels);
        return DAVY_NO_MEMORY;
    }
    if (known->label > first_label(names))
        st = DAVY_MALFORMED;
    *label = (struct label){ atom, known->label, start, body, false };
    known->label = (uint32_t)names->labels.len;
    return st;
}

void
dv_js_declare_pop_label(struct dv_js_declare *names)
{
    const struct label *label
        = ITEM(names->labels, struct label, names->labels.len);

    ((struct atom *)dv_vec_at(&names->atoms, label->atom))->label
        = label->older;
    dv_vec_pop(&names->labels);
}

void
dv_js_declare_loop_label(struct dv_js_declare *names, uint32_t body)
{
    const uint32_t first = first_label(names);

    for (size_t i = names->labels.len; i > first; i--) {
        struct label *label = ITEM(names->labels, struct label, i);

        if (label->body != body)
            return;
        label->is_loop = true;
        body = label->start;
    }
}

bool
dv_js_declare_has_label(const struct dv_js_declare *names, uint32_t atom,
                        bool is_continue)
{
    const struct atom *known;

    if (atom >= names->atoms.len)
        return false;
    known = dv_vec_at(&names->atoms, atom);
    if (known->label <= first_label(names))
        return false;
    return !is_continue
           || ITEM(names->labels, struct label, known->label)->is_loop;
}

/* ---- Private names ---------------------------------------------------- */

bool
dv_js_declare_enter_class(struct dv_js_declare *names)
{
    struct class *class = dv_vec_push(&names->classes);

    if (class == NULL)
        return false;
    class->privates = (uint32_t)names->privates.len;
    class->uses = (uint32_t)names->pending.len;
    return true;
}

/* A getter and a setter of the same staticness are one name (15.7.1). */
static bool
may_join(unsigned a, unsigned b)
{
    const unsigned kinds = DV_JS_PRIVATE_OTHER;

    return (a & kinds) != kinds && (b & kinds) != kinds && (a & b & kinds) == 0
           && (a & DV_JS_PRIVATE_STATIC) == (b & DV_JS_PRIVATE_STATIC);
}

davy_status
dv_js_declare_private(struct dv_js_declare *names, uint32_t atom,
                      unsigned what)
{
    const struct class *class
        = ITEM(names->classes, struct class, names->classes.len);
    struct atom *known = atom_of(names, atom);
    struct private_name *name;

    if (known == NULL)
        return DAVY_NO_MEMORY;
    if (known->private_name > class->privates) {
        name = ITEM(names->privates, struct private_name,
                    known->private_name);
        if (!may_join(name->what, what))
            return DAVY_MALFORMED;
        name->what |= what;
        return DAVY_OK;
    }
    name = dv_vec_push(&names->privates);
    if (name == NULL)
        return DAVY_NO_MEMORY;
    *name = (struct private_name){ atom, known->private_name, what };
    known->private_name = (uint32_t)names->privates.len;
    return DAVY_OK;
}

bool
dv_js_declare_use_private(struct dv_js_declare *names, uint32_t atom,
                          uint32_t offset)
{
    struct atom *known = atom_of(names, atom);
    struct use *use;

    if (known == NULL)
        return false;
    if (known->private_name != 0)
        return true;                    /* a class around declares it */
    use = dv_vec_push(&names->pending);
    if (use == NULL)
        return false;
    *use = (struct use){ atom, known->use, offset, false };
    known->use = (uint32_t)names->pending.len;
    return true;
}

/* The uses of `atom` since the class began meant this class. */
static void
resolve_uses(struct dv_js_declare *names, uint32_t atom, uint32_t first)
{
    struct atom *known = dv_vec_at(&names->atoms, atom);

    while (known->use > first) {
        struct use *use = ITEM(names->pending, struct use, known->use);

        use->is_resolved = true;
        known->use = use->older;
    }
}

/* The first use that no class declared, as offset + 1; forget all uses. */
static uint32_t
take_unresolved(struct dv_js_declare *names)
{
    uint32_t found = 0;

    while (names->pending.len > 0) {
        const struct use *use
            = ITEM(names->pending, struct use, names->pending.len);

        if (!use->is_resolved) {
            found = use->offset + 1;
            ((struct atom *)dv_vec_at(&names->atoms, use->atom))->use
                = use->older;
        }
        dv_vec_pop(&names->pending);
    }
    return found;
}

uint32_t
dv_js_declare_leave_class(struct dv_js_declare *names)
{
    const struct class class
        = *ITEM(names->classes, struct class, names->classes.len);

    while (names->privates.len > class.privates) {
        const struct private_name *name = ITEM(
            names->privates, struct private_name, names->privates.len);

        resolve_uses(names, name->atom, class.uses);
        ((struct atom *)dv_vec_at(&names->atoms, name->atom))->private_name
            = name->older;
        dv_vec_pop(&names->privates);
    }
    dv_vec_pop(&names->classes);
    return names->classes.len == 0 ? take_unresolved(names) : 0;
}
