/* SPDX-License-Identifier: MIT */
/* js_parse_module.c - import and export (ECMA-262, 16.2). */

#include "base/utf8.h"
#include "js/js_parse_state.h"

/* import and export stand in modules, at the top.  A script that has one wants
 * to be a module. */
static void
check_place(struct dv_js_parser *p)
{
    if (p->context & C_MODULE)
        return;
    p->wants_module = true;
    if (p->may_be_module)
        dv_js_parse_give_up(p);
    else
        dv_js_parse_complain(p, p->lex.start,
                             "import or export outside of a module");
}

/* A string that names an export must be whole: no lone surrogates. */
static bool
is_well_formed(struct dv_span text)
{
    uint32_t c;

    for (; text.len > 0; dv_span_skip(&text, dv_utf8_read(text, &c))) {
        if (text.at[0] == 0xed && text.len > 1 && text.at[1] >= 0xa0)
            return false;
    }
    return true;
}

/* ModuleExportName: a word or a string. */
static uint32_t
module_name(struct dv_js_parser *p)
{
    const uint32_t offset = p->lex.start;
    uint32_t id;

    if (!is_at(p, DV_JS_T_STRING))
        return dv_js_parse_word(p);
    id = dv_js_parse_string(p);
    if (id != 0 && !is_well_formed(dv_js_string(p->tree, id)))
        dv_js_parse_complain(p, offset, "lone surrogate in a module's name");
    return id;
}

static uint32_t
source_string(struct dv_js_parser *p)
{
    if (!is_at(p, DV_JS_T_STRING)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    return dv_js_parse_string(p);
}

static struct dv_span
text_of(const struct dv_js_parser *p, uint32_t id)
{
    return kind_at(p, id) == DV_JS_STRING_LITERAL
               ? dv_js_string(p->tree, id)
               : dv_js_name(p->tree, id);
}

/* The atom of what a name node says; 0 while failing. */
static uint32_t
atom_of(struct dv_js_parser *p, uint32_t id)
{
    uint32_t atom;

    if (id == 0)
        return 0;
    atom = dv_js_atom_put(p->tree, text_of(p, id));
    if (atom == 0)
        dv_js_parse_no_memory(p);
    return atom;
}

static uint32_t
attribute(struct dv_js_parser *p, uint32_t list_start)
{
    const uint32_t start = p->lex.start;
    const uint32_t key = module_name(p);
    const uint32_t atom = atom_of(p, key);
    uint32_t value;

    if (atom != 0) {
        switch (dv_js_declare_attribute(&p->names, atom, list_start)) {
        case DAVY_OK:
            break;
        case DAVY_NO_MEMORY:
            dv_js_parse_no_memory(p);
            return 0;
        default:
            dv_js_parse_complain(p, start, "attribute given twice");
            break;
        }
    }
    expect(p, DV_JS_T_COLON);
    value = source_string(p);
    return make(p, DV_JS_IMPORT_ATTRIBUTE, start, key, value);
}

/* with { type: "json" } (16.2.1, import attributes) */
static uint32_t
attributes(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };

    if (!eat(p, DV_JS_T_WITH))
        return 0;
    expect(p, DV_JS_T_LBRACE);
    while (!is_at(p, DV_JS_T_RBRACE)) {
        append(p, &list, attribute(p, start));
        if (is_at(p, DV_JS_T_RBRACE))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    expect(p, DV_JS_T_RBRACE);
    return list.head;
}

/* ---- import ----------------------------------------------------------- */

static uint32_t
local_name(struct dv_js_parser *p)
{
    const uint32_t id = dv_js_parse_binding_name(p);

    dv_js_parse_declare(p, id, DV_JS_DECLARE_LET);
    return id;
}

/* A second name at the place of the first. */
static uint32_t
twin(struct dv_js_parser *p, uint32_t id)
{
    const uint32_t copy = make(p, kind_at(p, id), node_of(p, id)->start,
                               node_of(p, id)->a, 0);

    node_of(p, copy)->flags = node_of(p, id)->flags;
    return copy;
}

static uint32_t
import_specifier(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const unsigned word = p->lex.word;
    const uint32_t imported = module_name(p);
    uint32_t local, id;

    if (eat(p, DV_JS_T_AS)) {
        local = local_name(p);
        return make(p, DV_JS_IMPORT_SPECIFIER, start, imported, local);
    }
    if (kind_at(p, imported) != DV_JS_IDENTIFIER) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    dv_js_parse_check_binding(p, word, start);
    local = twin(p, imported);
    dv_js_parse_declare(p, local, DV_JS_DECLARE_LET);
    id = make(p, DV_JS_IMPORT_SPECIFIER, start, imported, local);
    node_of(p, id)->flags |= DV_JS_SHORTHAND;
    return id;
}

/* What stands between braces, read by `one`. */
static void
braced(struct dv_js_parser *p, struct list *list,
       uint32_t (*one)(struct dv_js_parser *))
{
    expect(p, DV_JS_T_LBRACE);
    while (!is_at(p, DV_JS_T_RBRACE)) {
        append(p, list, one(p));
        if (is_at(p, DV_JS_T_RBRACE))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    expect(p, DV_JS_T_RBRACE);
}

static uint32_t
import_namespace(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t local;

    next(p);
    expect(p, DV_JS_T_AS);
    local = local_name(p);
    return make(p, DV_JS_IMPORT_NAMESPACE_SPECIFIER, start, local, 0);
}

static void
import_clause(struct dv_js_parser *p, struct list *list)
{
    if (dv_js_parse_is_name(p)) {
        const uint32_t start = p->lex.start;
        const uint32_t local = local_name(p);

        append(p, list,
               make(p, DV_JS_IMPORT_DEFAULT_SPECIFIER, start, local, 0));
        if (!eat(p, DV_JS_T_COMMA))
            return;
    }
    if (is_at(p, DV_JS_T_MUL))
        append(p, list, import_namespace(p));
    else
        braced(p, list, import_specifier);
}

uint32_t
dv_js_parse_import(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };
    uint32_t source, with, id;

    check_place(p);
    next(p);
    if (!is_at(p, DV_JS_T_STRING)) {
        import_clause(p, &list);
        expect(p, DV_JS_T_FROM);
    }
    source = source_string(p);
    with = attributes(p);
    dv_js_parse_semicolon(p);
    id = make(p, DV_JS_IMPORT_DECLARATION, start, list.head, source);
    node_of(p, id)->c = with;
    return id;
}

/* ---- export ----------------------------------------------------------- */

void
dv_js_parse_export_name(struct dv_js_parser *p, uint32_t atom, uint32_t offset)
{
    switch (dv_js_declare_export(&p->names, atom)) {
    case DAVY_OK:
        break;
    case DAVY_NO_MEMORY:
        dv_js_parse_no_memory(p);
        break;
    default:
        dv_js_parse_complain(p, offset, "exported twice");
        break;
    }
}

/* Export under the name that a node says. */
static void
export_as(struct dv_js_parser *p, uint32_t id)
{
    const uint32_t atom = atom_of(p, id);

    if (atom != 0)
        dv_js_parse_export_name(p, atom, node_of(p, id)->start);
}

static void
export_default_name(struct dv_js_parser *p, uint32_t offset)
{
    const uint32_t atom = dv_js_atom_put(p->tree, DV_SPAN_LIT("default"));

    if (atom == 0)
        dv_js_parse_no_memory(p);
    else
        dv_js_parse_export_name(p, atom, offset);
}

static uint32_t
export_specifier(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t local = module_name(p);
    uint32_t exported, id;
    uint8_t flags = 0;

    if (eat(p, DV_JS_T_AS)) {
        exported = module_name(p);
    } else {
        flags = DV_JS_SHORTHAND;
        exported = twin(p, local);
    }
    export_as(p, exported);
    id = make(p, DV_JS_EXPORT_SPECIFIER, start, local, exported);
    node_of(p, id)->flags |= flags;
    return id;
}

/* export {a, b} without a source: these are names of this module. */
static void
check_locals(struct dv_js_parser *p, uint32_t head)
{
    for (uint32_t id = head; id != 0; id = node_of(p, id)->next) {
        const uint32_t local = node_of(p, id)->a;
        uint32_t *place;

        if (kind_at(p, local) != DV_JS_IDENTIFIER) {
            dv_js_parse_complain(p, node_of(p, local)->start,
                                 "string exported without a source");
            continue;
        }
        dv_js_parse_check_reference(
            p, dv_js_lexer_word_kind(dv_js_name(p->tree, local)),
            node_of(p, local)->start);
        place = dv_vec_push(&p->exports);
        if (place == NULL) {
            dv_js_parse_no_memory(p);
            return;
        }
        *place = local;
    }
}

void
dv_js_parse_check_exports(struct dv_js_parser *p)
{
    for (size_t i = 0; i < p->exports.len; i++) {
        const uint32_t id = *(uint32_t *)dv_vec_at(&p->exports, i);
        const struct dv_js_node *node = dv_js_at(p->tree, id);

        if (!dv_js_declare_is_declared(&p->names, node->a))
            dv_js_parse_complain(p, node->start,
                                 "export of a name that is not declared");
    }
}

static uint32_t
export_list(struct dv_js_parser *p, uint32_t start)
{
    struct list list = { 0, 0 };
    uint32_t source = 0;
    uint32_t with = 0;
    uint32_t id;

    braced(p, &list, export_specifier);
    if (eat(p, DV_JS_T_FROM)) {
        source = source_string(p);
        with = attributes(p);
    } else if (!p->failed) {
        check_locals(p, list.head);
    }
    dv_js_parse_semicolon(p);
    id = make(p, DV_JS_EXPORT_NAMED_DECLARATION, start, 0, list.head);
    node_of(p, id)->c = source;
    node_of(p, id)->d = with;
    return id;
}

static uint32_t
export_all(struct dv_js_parser *p, uint32_t start)
{
    uint32_t exported = 0;
    uint32_t source, with, id;

    next(p);
    if (eat(p, DV_JS_T_AS)) {
        exported = module_name(p);
        export_as(p, exported);
    }
    expect(p, DV_JS_T_FROM);
    source = source_string(p);
    with = attributes(p);
    dv_js_parse_semicolon(p);
    id = make(p, DV_JS_EXPORT_ALL_DECLARATION, start, exported, source);
    node_of(p, id)->c = with;
    return id;
}

static bool
is_async_function(const struct dv_js_parser *p)
{
    const struct peeked peeked = dv_js_parse_peek(p);

    return is_at(p, DV_JS_T_ASYNC) && peeked.kind == DV_JS_T_FUNCTION
           && !peeked.has_newline;
}

static uint32_t
export_default(struct dv_js_parser *p, uint32_t start)
{
    uint32_t inner = p->lex.start;
    uint32_t id;

    export_default_name(p, inner);
    next(p);
    inner = p->lex.start;
    if (is_at(p, DV_JS_T_FUNCTION)) {
        id = dv_js_parse_function_declaration(p, inner, false, true);
    } else if (is_async_function(p)) {
        next(p);
        id = dv_js_parse_function_declaration(p, inner, true, true);
    } else if (is_at(p, DV_JS_T_CLASS)) {
        id = dv_js_parse_class(p, true, true);
    } else {
        id = dv_js_parse_assign(p);
        dv_js_parse_semicolon(p);
    }
    return make(p, DV_JS_EXPORT_DEFAULT_DECLARATION, start, id, 0);
}

static bool
is_declaration(const struct dv_js_parser *p)
{
    switch (kind_of(p)) {
    case DV_JS_T_VAR:
    case DV_JS_T_CONST:
    case DV_JS_T_LET:
    case DV_JS_T_FUNCTION:
    case DV_JS_T_CLASS:
        return true;
    default:
        return is_async_function(p);
    }
}

uint32_t
dv_js_parse_export(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    check_place(p);
    next(p);
    switch (kind_of(p)) {
    case DV_JS_T_LBRACE:
        return export_list(p, start);
    case DV_JS_T_MUL:
        return export_all(p, start);
    case DV_JS_T_DEFAULT:
        return export_default(p, start);
    default:
        break;
    }
    if (!is_declaration(p)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    p->is_exporting = true;
    id = dv_js_parse_statement_item(p);
    p->is_exporting = false;
    return make(p, DV_JS_EXPORT_NAMED_DECLARATION, start, id, 0);
}

uint32_t
dv_js_parse_module_item(struct dv_js_parser *p)
{
    switch (kind_of(p)) {
    case DV_JS_T_EXPORT:
        return dv_js_parse_export(p);
    case DV_JS_T_IMPORT:
        switch (dv_js_parse_peek(p).kind) {
        case DV_JS_T_LPAREN:
        case DV_JS_T_DOT:
            break;
        default:
            return dv_js_parse_import(p);
        }
        break;
    default:
        break;
    }
    return dv_js_parse_statement_item(p);
}
