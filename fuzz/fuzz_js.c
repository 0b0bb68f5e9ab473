/* SPDX-License-Identifier: MIT */
/* fuzz_js.c - any bytes as a script: the tree keeps its promises. */

#include <stdlib.h>

#include "base/buf.h"
#include "js/js_parse.h"
#include "js/js_print.h"
#include "js/js_regexp_syntax.h"
#include "js/js_tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* Every value can be read, and lies where it says. */
static void
read_values(const struct dv_js_tree *tree, uint32_t id)
{
    static volatile size_t sum;

    switch (dv_js_kind(tree, id)) {
    case DV_JS_IDENTIFIER:
    case DV_JS_PRIVATE_IDENTIFIER:
        must(dv_js_at(tree, id)->a < tree->atoms.count);
        sum += dv_js_name(tree, id).len;
        break;
    case DV_JS_TEMPLATE_ELEMENT:
        sum += dv_js_raw(tree, id).len;
        sum += dv_js_string(tree, id).len;
        break;
    case DV_JS_STRING_LITERAL:
    case DV_JS_BIGINT_LITERAL:
        sum += dv_js_string(tree, id).len;
        break;
    case DV_JS_NUMERIC_LITERAL:
        sum += dv_js_number(tree, id) > 0;
        break;
    case DV_JS_REGEXP_LITERAL:
        sum += dv_js_regexp_pattern(tree, id).len;
        sum += dv_js_regexp_flags(tree, id).len;
        break;
    default:
        break;
    }
}

/* Children come before parents, siblings link forward, places are inside. */
static void
check_tree(const struct dv_js_tree *tree)
{
    uint8_t *held = calloc(tree->count, 1);

    must(held != NULL && tree->root < tree->count);
    for (uint32_t id = 1; id < tree->count; id++) {
        const struct dv_js_node *node = dv_js_at(tree, id);

        must(node->kind > 0 && node->kind < DV_JS_KIND_COUNT);
        must(node->start <= node->end && node->end <= tree->source.len);
        for (unsigned i = 0; i < 4; i++) {
            const unsigned type = dv_js_shapes[node->kind].slot[i].type;
            uint32_t child = node->slot[i];

            if (type == DV_JS_SLOT_NONE)
                must(child == 0);
            if (type == DV_JS_SLOT_NONE || type == DV_JS_SLOT_BITS)
                continue;
            while (child != 0) {
                must(child < id && !held[child]);
                held[child] = 1;
                child = type == DV_JS_SLOT_LIST ? dv_js_at(tree, child)->next
                                                : 0;
            }
        }
        read_values(tree, id);
    }
    free(held);
}

static void
check_tokens(struct dv_span source)
{
    struct dv_js_tokens tokens;
    uint32_t stop = 0;

    dv_js_tokens_init(&tokens, source, true);
    do {
        dv_js_tokens_next(&tokens);
        must(tokens.lex.start >= stop && tokens.lex.stop <= source.len);
        must(tokens.lex.kind == DV_JS_T_END
             || tokens.lex.stop > tokens.lex.start);
        stop = tokens.lex.stop;
    } while (tokens.lex.kind != DV_JS_T_END);
}

static void
check_regexp(struct dv_mem *mem, struct dv_span source)
{
    struct dv_js_regexp re;

    dv_js_regexp_init(&re, mem);
    (void)dv_js_regexp_check(&re, source, DV_SPAN_LIT(""));
    (void)dv_js_regexp_check(&re, source, DV_SPAN_LIT("u"));
    (void)dv_js_regexp_check(&re, source, DV_SPAN_LIT("v"));
    dv_js_regexp_fini(&re);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dv_span source = dv_span_of(data, size);
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 300 };
    struct dv_js_tree tree;
    struct dv_mem mem;
    struct dv_buf out;
    davy_status st;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    dv_buf_init(&out, &mem, 1 << 16);
    st = dv_js_parse(&tree, source, (enum dv_js_goal)(size % 4), &limits);
    must(st == DAVY_OK || st == DAVY_LIMIT);
    must(tree.root != 0);
    must((tree.errors > 0) == (tree.first.message != NULL));
    check_tree(&tree);
    st = dv_js_ast_print(&tree, &out);
    must(st == DAVY_OK || st == DAVY_LIMIT);
    check_tokens(source);
    check_regexp(&mem, source);
    dv_buf_fini(&out);
    dv_js_tree_fini(&tree);
    must(mem.used == 0);
    return 0;
}
