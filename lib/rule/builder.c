/* SPDX-License-Identifier: MIT */
/* builder.c - puts rules and lists into a ruleset and freezes it. */

#include "rule/builder.h"

#include <stdio.h>

#include "rule/rule_compile.h"
#include "rule/rule_file.h"
#include "rule/rule_read.h"

/* Bytes of the name of a list that was added without a pack. */
#define MAX_NAME 100

davy_status
dv_builder_new(const davy_allocator *hooks, struct dv_builder **builder)
{
    struct dv_mem mem;
    struct dv_builder *made;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    made = dv_mem_calloc(&mem, 1, sizeof(*made));
    if (made == NULL)
        return DAVY_NO_MEMORY;
    made->mem = mem;
    dv_messages_init(&made->messages, &made->mem);
    dv_arena_init(&made->trees, &made->mem);
    dv_strmap_init(&made->ids, &made->mem);
    st = dv_ruleset_new(hooks, &made->set);
    if (st == DAVY_OK)
        *builder = made;
    else
        dv_builder_free(made);
    return st;
}

void
dv_builder_free(struct dv_builder *builder)
{
    struct dv_mem mem;

    if (builder == NULL)
        return;
    dv_messages_fini(&builder->messages);
    dv_arena_fini(&builder->trees);
    dv_strmap_fini(&builder->ids);
    dv_ruleset_unref(builder->set);
    mem = builder->mem;
    dv_mem_free(&mem, builder, sizeof(*builder));
}

davy_status
dv_builder_answer(struct dv_builder *builder, davy_status st, size_t before)
{
    dv_messages_sort(&builder->messages);
    if (st == DAVY_OK && builder->messages.errors > before)
        return DAVY_BAD_RULES;
    return st;
}

/* ---- Rules ------------------------------------------------------------ */

davy_status
dv_builder_read_rules(struct dv_builder *builder, struct dv_span bytes)
{
    struct dv_check check = { &builder->set->arena, &builder->messages,
                              DAVY_OK };
    const struct dv_yaml_node *root;
    davy_status st = dv_yaml_parse(&builder->trees, &builder->messages, bytes,
                                   &root);

    if (st == DAVY_OK) {
        dv_rule_read_file(&check, builder->set, &builder->ids, root);
        st = check.status;
    }
    dv_arena_reset(&builder->trees);
    return st;
}

davy_status
dv_builder_add_rules_bytes(struct dv_builder *builder, const char *name,
                           struct dv_span bytes)
{
    const size_t before = builder->messages.errors;
    davy_status st;

    if (builder->is_built)
        return DAVY_MISUSE;
    st = dv_messages_open(&builder->messages, name);
    if (st == DAVY_OK)
        st = dv_builder_read_rules(builder, bytes);
    return dv_builder_answer(builder, st, before);
}

davy_status
dv_builder_add_rules(struct dv_builder *builder, const char *path)
{
    const size_t before = builder->messages.errors;
    struct dv_file file = { .mem = &builder->mem };
    davy_status st;

    if (builder->is_built)
        return DAVY_MISUSE;
    st = dv_messages_open(&builder->messages, path);
    if (st == DAVY_OK)
        st = dv_file_read(&file, &builder->mem, &builder->messages, path);
    if (st == DAVY_OK)
        st = dv_builder_read_rules(builder, dv_file_span(&file));
    dv_file_fini(&file);
    return dv_builder_answer(builder, st, before);
}

/* ---- Lists ------------------------------------------------------------ */

static void
on_bad_line(void *ctx, uint32_t line, uint32_t column, const char *reason)
{
    struct dv_check *check = ctx;

    dv_check_warn(check, (struct dv_place){ line, column }, NULL, "%s",
                  reason);
}

/* Make the rule that a block list acts as. */
static void
push_list_rule(struct dv_builder *builder, struct dv_check *check,
               const struct dv_list_entry *entry, struct dv_place place,
               struct dv_ruleset_list *list)
{
    const uint32_t index = (uint32_t)builder->set->rules.len;
    struct dv_rule *rule = dv_vec_push(&builder->set->rules);

    if (rule == NULL) {
        check->status = DAVY_NO_MEMORY;
        return;
    }
    *rule = entry->rule;
    rule->is_list = true;
    rule->cond = DV_RULE_NONE;
    rule->list = (uint32_t)(builder->set->lists.len - 1);
    rule->confidence = entry->confidence;
    rule->info.confidence = dv_word(DV_WORDS_CONFIDENCE,
                                    (int)entry->confidence);
    rule->info.layer = dv_word(DV_WORDS_LAYER, DV_LAYER_ADDRESS);
    rule->info.score = dv_rule_list_score(entry->confidence);
    list->rule = index;
    dv_rule_take_id(check, builder->set, &builder->ids, rule->info.id, index,
                    place);
}

static davy_status
fill_list(struct dv_builder *builder, struct dv_check *check,
          struct dv_span bytes, const struct dv_list_entry *entry,
          struct dv_ruleset_list *list)
{
    struct dv_list_counts counts = { 0, 0, 0, 0 };
    davy_status st;

    list->rule = DV_RULE_NONE;
    list->is_allow_list = entry->is_allow_list;
    list->info.name = dv_check_keep(check, dv_span_cstr(entry->name));
    list->info.confidence = dv_word(DV_WORDS_CONFIDENCE,
                                    (int)entry->confidence);
    if (!dv_arena_copy(&builder->set->arena, bytes, &list->text))
        return DAVY_NO_MEMORY;
    st = dv_listset_add(&builder->set->listset,
                        (uint32_t)(builder->set->lists.len - 1),
                        entry->format, entry->is_allow_list, list->text,
                        &counts, on_bad_line, check);
    list->info.entries = counts.filters;
    list->info.skipped = counts.cosmetic + counts.skipped;
    return st == DAVY_OK ? check->status : st;
}

davy_status
dv_builder_read_list(struct dv_builder *builder, struct dv_span bytes,
                     const struct dv_list_entry *entry, struct dv_place place)
{
    struct dv_check check = { &builder->set->arena, &builder->messages,
                              DAVY_OK };
    struct dv_ruleset_list *list;
    davy_status st;

    if (dv_vec_is_full(&builder->set->lists)) {
        dv_check_error(&check, place, NULL, "there are more than 64 lists");
        return check.status;
    }
    list = dv_vec_push(&builder->set->lists);
    if (list == NULL)
        return DAVY_NO_MEMORY;
    st = fill_list(builder, &check, bytes, entry, list);
    if (st == DAVY_LIMIT) {
        dv_check_error(&check, place, NULL,
                       "the lists are larger than can be held");
        return check.status;
    }
    if (st != DAVY_OK || entry->is_allow_list)
        return st;
    builder->set->has_block_lists = true;
    push_list_rule(builder, &check, entry, place, list);
    return check.status;
}

/* ---- Lists without a pack --------------------------------------------- */

/* What a finding of such a list says. */
static davy_status
describe_list(struct dv_builder *builder, const davy_list_options *options,
              const char *source, struct dv_list_entry *entry)
{
    static const char *const severities[] = { "low", "medium", "high",
                                              "critical" };
    struct dv_check check = { &builder->set->arena, &builder->messages,
                              DAVY_OK };
    char text[MAX_NAME + 40];
    davy_rule_info *info = &entry->rule.info;

    *entry = (struct dv_list_entry){
        .name = options->name == NULL ? source : options->name,
        .format = options->format,
        .confidence = options->confidence,
        .is_allow_list = options->is_allow_list != 0,
    };
    (void)snprintf(text, sizeof(text), "LIST-%u",
                   (unsigned)builder->set->lists.len + 1);
    info->id = dv_check_keep(&check, dv_span_cstr(text));
    (void)snprintf(text, sizeof(text), "Address on the list %.*s", MAX_NAME,
                   entry->name);
    info->title = dv_check_keep(&check, dv_span_cstr(text));
    info->family = "";
    info->severity = severities[options->confidence];
    info->status = dv_word(DV_WORDS_STATUS, DV_STATUS_STABLE);
    info->since = "";
    info->fix = "Remove what loads this address";
    info->source = dv_check_keep(&check, dv_span_cstr(source));
    info->line = 1;
    return check.status;
}

davy_status
dv_builder_add_list_bytes(struct dv_builder *builder, const char *name,
                          struct dv_span bytes,
                          const davy_list_options *options)
{
    const size_t before = builder->messages.errors;
    const struct dv_place start = { 1, 1 };
    struct dv_list_entry entry;
    davy_status st;

    if (builder->is_built)
        return DAVY_MISUSE;
    st = dv_messages_open(&builder->messages, name);
    if (st == DAVY_OK)
        st = describe_list(builder, options, name, &entry);
    if (st == DAVY_OK)
        st = dv_builder_read_list(builder, bytes, &entry, start);
    return dv_builder_answer(builder, st, before);
}

davy_status
dv_builder_add_list(struct dv_builder *builder, const char *path,
                    const davy_list_options *options)
{
    const size_t before = builder->messages.errors;
    const struct dv_place start = { 1, 1 };
    struct dv_file file = { .mem = &builder->mem };
    struct dv_list_entry entry;
    davy_status st;

    if (builder->is_built)
        return DAVY_MISUSE;
    st = dv_messages_open(&builder->messages, path);
    if (st == DAVY_OK)
        st = dv_file_read(&file, &builder->mem, &builder->messages, path);
    if (st == DAVY_OK)
        st = describe_list(builder, options, path, &entry);
    if (st == DAVY_OK)
        st = dv_builder_read_list(builder, dv_file_span(&file), &entry, start);
    dv_file_fini(&file);
    return dv_builder_answer(builder, st, before);
}

/* ---- Building --------------------------------------------------------- */

davy_status
dv_builder_build(struct dv_builder *builder, struct dv_ruleset **set)
{
    const struct dv_place nowhere = { 0, 0 };
    davy_status st;

    if (builder->is_built)
        return DAVY_MISUSE;
    builder->is_built = true;
    if (builder->messages.errors != 0)
        return DAVY_BAD_RULES;
    st = dv_rule_compile(builder->set);
    if (st == DAVY_DECLINED || st == DAVY_LIMIT) {
        if (dv_messages_open(&builder->messages, "") != DAVY_OK
            || dv_messages_say(&builder->messages, st, false, nowhere, NULL,
                               st == DAVY_LIMIT
                                   ? "the lists are larger than can be held"
                                   : "this processor lacks what Vectorscan "
                                     "needs")
                   != DAVY_OK)
            return DAVY_NO_MEMORY;
        return DAVY_BAD_RULES;
    }
    if (st != DAVY_OK)
        return st;
    *set = builder->set;
    builder->set = NULL;
    return DAVY_OK;
}
