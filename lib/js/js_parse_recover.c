/* SPDX-License-Identifier: MIT */
/* js_parse_recover.c - takes up again behind what could not be parsed.
 *
 * The rest of the broken statement is skipped by tokens and brackets.  What had
 * been made of it before the error hangs below an ErrorStatement, so that its
 * calls and strings can still be seen.  All loops here are linear: tokens that
 * are skipped are never looked at again but for a few second tries, and the
 * nodes searched for loose pieces are bounded by a budget. */

#include "js/js_parse_state.h"
#include "js/js_tokens.h"

/* Nodes that all recoveries of one parse may look at, for each there is. */
#define SEARCH_FACTOR 4
#define SEARCH_BASE   4096

bool
dv_js_parse_keeps(const struct dv_js_parser *p, unsigned kind, uint32_t a,
                  uint32_t b)
{
    if (p->status != DAVY_OK)
        return false;
    switch (kind) {
    case DV_JS_ARRAY_EXPRESSION:
    case DV_JS_OBJECT_EXPRESSION:
    case DV_JS_BLOCK_STATEMENT:
    case DV_JS_CLASS_BODY:
    case DV_JS_STATIC_BLOCK:
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_ARROW_FUNCTION_EXPRESSION:
    case DV_JS_CLASS_DECLARATION:
    case DV_JS_CLASS_EXPRESSION:
    case DV_JS_SWITCH_CASE:
        return true;
    case DV_JS_CALL_EXPRESSION:
    case DV_JS_NEW_EXPRESSION:
    case DV_JS_EXPRESSION_STATEMENT:
    case DV_JS_RETURN_STATEMENT:
    case DV_JS_SEQUENCE_EXPRESSION:
    case DV_JS_SPREAD_ELEMENT:
    case DV_JS_SWITCH_STATEMENT:
    case DV_JS_TRY_STATEMENT:
    case DV_JS_UNARY_EXPRESSION:
    case DV_JS_VARIABLE_DECLARATION:
    case DV_JS_VARIABLE_DECLARATOR:
        return a != 0;
    case DV_JS_ASSIGNMENT_EXPRESSION:
    case DV_JS_BINARY_EXPRESSION:
    case DV_JS_IF_STATEMENT:
    case DV_JS_LABELED_STATEMENT:
    case DV_JS_LOGICAL_EXPRESSION:
    case DV_JS_MEMBER_EXPRESSION:
    case DV_JS_METHOD_DEFINITION:
    case DV_JS_PROPERTY:
    case DV_JS_WHILE_STATEMENT:
        return a != 0 && b != 0;
    default:
        return false;
    }
}

static void
mark(uint8_t *marks, uint32_t first, uint32_t id)
{
    if (id >= first)
        marks[id - first] = 1;
}

/* Mark all nodes that hang below or behind another. */
static void
mark_linked(struct dv_js_parser *p, uint8_t *marks, uint32_t first)
{
    for (uint32_t id = first; id < p->tree->count; id++) {
        const struct dv_js_node *node = dv_js_at(p->tree, id);

        mark(marks, first, node->next);
        for (unsigned i = 0; i < 4; i++) {
            const unsigned type = dv_js_shapes[node->kind].slot[i].type;

            if (type == DV_JS_SLOT_ONE || type == DV_JS_SLOT_LIST)
                mark(marks, first, node->slot[i]);
        }
    }
}

/* One byte of 0 for each node from `first` on; NULL when there is none. */
static uint8_t *
clear_marks(struct dv_js_parser *p, uint32_t first)
{
    const uint32_t count = p->tree->count - first;

    dv_vec_clear(&p->marks);
    for (uint32_t i = 0; i < count; i++) {
        if (dv_vec_push(&p->marks) == NULL) {
            dv_js_parse_no_memory(p);
            return NULL;
        }
    }
    return p->marks.at;
}

/* The nodes from `first` on that no other node holds, as one list. */
static uint32_t
loose_pieces(struct dv_js_parser *p, uint32_t first)
{
    const uint32_t count = p->tree->count;
    struct list list = { 0, 0 };
    uint8_t *marks;

    p->recover_spent += count - first;
    if (count == first
        || p->recover_spent > (uint64_t)count * SEARCH_FACTOR + SEARCH_BASE)
        return 0;
    marks = clear_marks(p, first);
    if (marks == NULL)
        return 0;
    mark_linked(p, marks, first);
    for (uint32_t id = first; id < count; id++) {
        if (marks[id - first])
            continue;
        append(p, &list, id);
        while (dv_js_at(p->tree, list.tail)->next != 0)
            list.tail = dv_js_at(p->tree, list.tail)->next;
    }
    return list.head;
}

/* Words that begin a statement and hardly anything else. */
static bool
begins_statement(unsigned kind)
{
    switch (kind) {
    case DV_JS_T_VAR:
    case DV_JS_T_LET:
    case DV_JS_T_CONST:
    case DV_JS_T_IF:
    case DV_JS_T_FOR:
    case DV_JS_T_WHILE:
    case DV_JS_T_DO:
    case DV_JS_T_RETURN:
    case DV_JS_T_THROW:
    case DV_JS_T_TRY:
    case DV_JS_T_SWITCH:
    case DV_JS_T_IMPORT:
    case DV_JS_T_EXPORT:
        return true;
    default:
        return false;
    }
}

/* Close the innermost open bracket. */
static void
pop_bracket(struct dv_js_lexer *lex)
{
    lex->nest--;
    lex->braces >>= 1;
    lex->templates >>= 1;
}

static void
pop_parentheses(struct dv_js_lexer *lex, uint32_t nest)
{
    while (lex->nest > nest && !(lex->braces & 1))
        pop_bracket(lex);
}

/* Take back what the current token, a closing bracket, did. */
static void
reopen(struct dv_js_lexer *lex)
{
    lex->nest += (lex->closed & DV_JS_CLOSED_ANY) != 0;
    lex->braces = lex->braces << 1 | (lex->closed & DV_JS_CLOSED_BRACE);
    lex->templates = lex->templates << 1
                     | (uint64_t)(lex->closed & DV_JS_CLOSED_TEMPLATE) >> 1;
}

/* A closing bracket, which may not be the one that is wanted: let } close
 * parentheses too, and pass over a ) or ] that closes nothing.  True when it
 * closes the list of statements itself. */
static bool
mend_closer(struct dv_js_lexer *lex, uint32_t nest)
{
    reopen(lex);
    if (lex->kind != DV_JS_T_RBRACE) {
        if (lex->nest > nest && !(lex->braces & 1))
            pop_bracket(lex);
        return false;
    }
    pop_parentheses(lex, nest);
    if (lex->nest > nest) {
        pop_bracket(lex);
        return false;
    }
    if (nest == 0)
        return false;
    pop_bracket(lex);
    return true;
}

static bool
is_closer(unsigned kind)
{
    return kind == DV_JS_T_RBRACE || kind == DV_JS_T_RPAREN
           || kind == DV_JS_T_RBRACKET;
}

/* Whether a statement may begin at the current token. */
static bool
is_beginning(struct dv_js_lexer *lex, uint32_t nest)
{
    const bool on_new_line = lex->flags & DV_JS_TOKEN_NEWLINE;

    if (on_new_line && begins_statement(lex->kind))
        pop_parentheses(lex, nest);
    if (lex->nest > nest)
        return false;
    return (on_new_line && dv_js_token_is_word(lex->kind))
           || lex->kind == DV_JS_T_CASE || lex->kind == DV_JS_T_DEFAULT;
}

/* Skip to where the next statement may begin, or the list ends.  With
 * `is_forced` brackets are not believed.  False when only the end of the source
 * was found. */
static bool
skip_statement(struct dv_js_tokens *tokens, uint32_t start, uint32_t nest,
               bool is_forced)
{
    struct dv_js_lexer *const lex = &tokens->lex;

    for (; lex->kind != DV_JS_T_END; dv_js_tokens_next(tokens)) {
        if (is_closer(lex->kind) && mend_closer(lex, nest))
            return true;
        if (is_forced && lex->nest > nest) {
            lex->nest = nest;
            lex->braces = 1;
            lex->templates = 0;
        }
        if (lex->kind == DV_JS_T_SEMICOLON) {
            pop_parentheses(lex, nest);
            if (lex->nest <= nest) {
                dv_js_lexer_next(lex);
                return true;
            }
        }
        if (lex->start > start && is_beginning(lex, nest))
            return true;
    }
    return false;
}

uint32_t
dv_js_parse_recover(struct dv_js_parser *p, uint32_t start, uint32_t first,
                    uint32_t nest)
{
    struct dv_js_tokens tokens;
    uint32_t pieces;

    if (p->status != DAVY_OK)
        return 0;
    pieces = loose_pieces(p, first);
    if (p->status != DAVY_OK)
        return 0;
    dv_js_tokens_resume(&tokens, &p->resume);
    if (!skip_statement(&tokens, start, nest, false) && p->recover_again > 0) {
        struct dv_js_tokens again;

        p->recover_again--;
        dv_js_tokens_resume(&again, &p->resume);
        if (skip_statement(&again, start, nest, true))
            tokens = again;
    }
    p->lex = tokens.lex;
    p->failed = false;
    p->tree->nodes[0] = (struct dv_js_node){ .kind = DV_JS_NONE };
    return make(p, DV_JS_ERROR_STATEMENT, start, pieces, 0);
}
