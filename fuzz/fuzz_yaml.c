/* SPDX-License-Identifier: MIT */
/* fuzz_yaml.c - reads the input as a file of rules, and builds what is right.
 *
 * Messages must have a text and a place; rules that were accepted must be
 * asked about a few facts without harm. */

#include <stdlib.h>

#include "rule/builder.h"
#include "rule/rule_eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_messages(const struct dv_messages *messages)
{
    for (size_t i = 0; i < dv_messages_count(messages); i++) {
        const davy_message *m = dv_messages_at(messages, i);

        require(m->text[0] != '\0');
        require(strcmp(m->source, "input") == 0 || m->source[0] == '\0');
        require((m->line == 0) == (m->column == 0));
    }
}

/* One fact of each kind with this text, the grouped ones below a call. */
static void
add_facts(struct dv_facts *facts, struct dv_span text)
{
    const uint32_t call = dv_facts_add(facts, DV_FACT_CALL, text, 0, 1);
    const uint32_t element = dv_facts_add(facts, DV_FACT_ELEMENT, text, 0, 1);

    for (unsigned kind = 0; kind < DV_FACT_KINDS; kind++)
        dv_facts_add_to(facts, (enum dv_fact_kind)kind,
                        kind == DV_FACT_ATTR ? element : call, kind % 3, text,
                        1, 1);
    dv_facts_add_number(facts, (double)text.len, 2, 2);
}

static void
ask(const struct dv_ruleset *set, struct dv_span input)
{
    const davy_limits limits = { .hits = 100 };
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_rule_eval *eval;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    dv_facts_init(&facts, &mem, &arena, 1000);
    require(dv_rule_eval_new(set, &mem, &limits, &eval) == DAVY_OK);
    dv_rule_eval_begin(eval, NULL);
    for (int i = 0; i < 12 && input.len != 0; i++) {
        const size_t end = dv_span_find_byte(input, i % 2 ? '\'' : '\n');

        add_facts(&facts, dv_span_slice(input, 0, end));
        dv_span_skip(&input, end < input.len ? end + 1 : end);
    }
    (void)dv_rule_eval_artifact(eval, &facts, 0);
    (void)dv_rule_eval_end(eval);
    dv_rule_eval_free(eval);
    dv_facts_fini(&facts);
    dv_arena_fini(&arena);
    require(mem.used == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dv_span input = { data, size };
    struct dv_builder *builder;
    struct dv_ruleset *set;
    davy_status st;

    require(dv_builder_new(NULL, &builder) == DAVY_OK);
    st = dv_builder_add_rules_bytes(builder, "input", input);
    require(st == DAVY_OK || st == DAVY_BAD_RULES);
    check_messages(&builder->messages);
    if (dv_builder_build(builder, &set) == DAVY_OK) {
        require(st == DAVY_OK);
        ask(set, input);
        dv_ruleset_unref(set);
    }
    dv_builder_free(builder);
    return 0;
}
