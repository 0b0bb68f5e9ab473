/* SPDX-License-Identifier: MIT */
/* fuzz_facts.c - any bytes as a script: folded, turned into facts, printed. */

#include <stdlib.h>

#include "fact/fact_js.h"
#include "fact/fact_print.h"
#include "js/js_fold.h"
#include "js/js_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* Values are inside of what they are made of. */
static void
check_fold(struct dv_mem *mem, const struct dv_js_tree *tree,
           const davy_limits *limits)
{
    struct dv_js_fold fold;
    davy_status st;

    dv_js_fold_init(&fold, mem);
    st = dv_js_fold_run(&fold, tree, limits);
    must(st == DAVY_OK || st == DAVY_LIMIT);
    must(fold.values.bytes <= limits->fold_bytes);
    must(fold.values.steps <= limits->fold_steps);
    for (uint32_t id = 1; id < tree->count; id++) {
        struct dv_js_value value;

        must(fold.of_node[id] < fold.values.all.len);
        value = *dv_js_fold_of(&fold, id);
        if (value.type != DV_JS_ARRAY && value.type != DV_JS_OBJECT)
            continue;
        must(value.first <= fold.values.items.len);
        must(value.count <= fold.values.items.len - value.first);
        must(value.type == DV_JS_ARRAY || value.count % 2 == 0);
    }
    dv_js_fold_fini(&fold);
}

static void
check_facts(const struct dv_facts *facts, size_t size, struct dv_buf *out)
{
    for (size_t i = 0; i < facts->facts.len; i++) {
        const struct dv_fact *fact = dv_facts_at(facts, i);
        davy_status st;

        must(fact->kind < DV_FACT_KINDS);
        must(fact->at <= size && fact->len <= size - fact->at);
        must(fact->text_len <= facts->stream.len - fact->text);
        must(facts->stream.at[fact->text - 1] == 0);
        must(facts->stream.at[fact->text + fact->text_len] == 0);
        must(fact->parent == DV_FACT_NONE
             || (fact->parent < i
                 && dv_facts_at(facts, fact->parent)->parent
                        == DV_FACT_NONE));
        dv_buf_clear(out);
        st = dv_fact_print(facts, fact, out);
        must(st == DAVY_OK && out->at[out->len - 1] == '\n');
    }
    for (size_t i = 0; i < facts->nested.len; i++) {
        const struct dv_nested *nested = dv_vec_at(&facts->nested, i);

        must(nested->bytes.len != 0 && nested->label != NULL);
        must(nested->at <= size && nested->len <= size - nested->at);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 300,
                                 .fold_steps = 20000,
                                 .fold_bytes = 20000 };
    struct dv_js_tree tree;
    struct dv_fact_js *js;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_url base;
    struct dv_buf out;
    struct dv_mem mem;
    davy_status st;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    dv_facts_init(&facts, &mem, &arena, 10000);
    dv_js_tree_init(&tree, &mem);
    dv_buf_init(&out, &mem, 1 << 16);
    must(dv_url_parse(&base, &arena, DV_SPAN_LIT("https://a.example/b/"),
                      NULL)
         == DAVY_OK);
    must(dv_fact_js_new(&mem, &limits, &js) == DAVY_OK);
    st = dv_js_parse(&tree, dv_span_of(data, size),
                     (enum dv_js_goal)(size % 4), &limits);
    must(st == DAVY_OK || st == DAVY_LIMIT);
    check_fold(&mem, &tree, &limits);
    st = dv_fact_js(js, &facts, &base, &tree);
    must(st == DAVY_OK || st == DAVY_LIMIT);
    must(facts.status == DAVY_OK || facts.status == DAVY_LIMIT);
    check_facts(&facts, size, &out);
    dv_fact_js_free(js);
    dv_buf_fini(&out);
    dv_js_tree_fini(&tree);
    dv_facts_fini(&facts);
    dv_arena_fini(&arena);
    must(mem.used == 0);
    return 0;
}
