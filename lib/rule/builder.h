/* SPDX-License-Identifier: MIT */
/* builder.h - collects packs, rules and lists, and makes a ruleset of them. */

#ifndef DV_BUILDER_H
#define DV_BUILDER_H

#include "base/strmap.h"
#include "rule/rule_check.h"
#include "rule/rule_message.h"
#include "rule/ruleset.h"

/* A list as it is added. */
struct dv_list_entry {
    const char *name;                   /* shown in findings */
    davy_list_format format;
    davy_confidence confidence;
    bool is_allow_list;
    struct dv_rule rule;                /* what it acts as; not for allow
                                         * lists */
};

struct dv_builder {
    struct dv_mem mem;
    struct dv_messages messages;
    struct dv_arena trees;              /* of the file being read */
    struct dv_strmap ids;               /* -> index of the rule */
    struct dv_ruleset *set;             /* NULL once handed out */
    bool is_built;
};

/* The functions behind davy_builder_*: same answers, arguments checked. */
davy_status dv_builder_new(const davy_allocator *hooks,
                           struct dv_builder **builder);
void dv_builder_free(struct dv_builder *builder);
davy_status dv_builder_add_rules(struct dv_builder *builder,
                                 const char *path);
davy_status dv_builder_add_rules_bytes(struct dv_builder *builder,
                                       const char *name,
                                       struct dv_span bytes);
davy_status dv_builder_add_list(struct dv_builder *builder, const char *path,
                                const davy_list_options *options);
davy_status dv_builder_add_list_bytes(struct dv_builder *builder,
                                      const char *name, struct dv_span bytes,
                                      const davy_list_options *options);
davy_status dv_builder_build(struct dv_builder *builder,
                             struct dv_ruleset **set);

/* pack.c */
davy_status dv_builder_add_pack(struct dv_builder *builder,
                                const char *directory);

/* For pack.c.  `name` stands for the file in messages, which are already about
 * it. */
davy_status dv_builder_read_rules(struct dv_builder *builder,
                                  struct dv_span bytes);
davy_status dv_builder_read_list(struct dv_builder *builder,
                                 struct dv_span bytes,
                                 const struct dv_list_entry *entry,
                                 struct dv_place place);

/* BAD_RULES when errors were said since there were `before`; IO when `st` is;
 * sorts the messages. */
davy_status dv_builder_answer(struct dv_builder *builder, davy_status st,
                              size_t before);

#endif
