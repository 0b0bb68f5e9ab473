/* SPDX-License-Identifier: MIT */
/* rule_read.c - turns files of rules into rules: what they say of themselves,
 * their condition and their tests. */

#include "rule/rule_read.h"

#include "rule/rule_cond.h"

void
dv_rule_take_id(struct dv_check *check, struct dv_ruleset *set,
                struct dv_strmap *ids, const char *id, uint32_t rule,
                struct dv_place place)
{
    const uint32_t *taken;
    const struct dv_rule *other;

    if (id[0] == '\0')
        return;
    taken = dv_strmap_put(ids, dv_span_cstr(id), rule);
    if (taken == NULL) {
        check->status = DAVY_NO_MEMORY;
        return;
    }
    if (*taken == rule)
        return;
    other = dv_ruleset_rule_at(set, *taken);
    dv_check_error(check, place, "ids are never used twice",
                   "the id %s is taken by %.200s:%u", id, other->info.source,
                   (unsigned)other->info.line);
}

/* ---- Conditions ------------------------------------------------------- */

/* Whether a condition holds where no fact matches anything. */
static bool
holds_on_nothing(const struct dv_ruleset *set, uint32_t index)
{
    const struct dv_cond *cond = dv_ruleset_cond_at(set, index);
    uint32_t total = 0;
    uint32_t held = 0;

    for (uint32_t i = index + 1; i < cond->end;
         i = dv_ruleset_cond_at(set, i)->end) {
        total++;
        held += holds_on_nothing(set, i);
    }
    switch (cond->type) {
    case DV_COND_ALL:
        return held == total;
    case DV_COND_ANY:
        return held != 0;
    case DV_COND_NONE:
        return held == 0;
    case DV_COND_AT_LEAST:
        return held >= cond->least;
    case DV_COND_LEAF:
        break;
    }
    return false;
}

static void
read_match(struct dv_check *check, struct dv_ruleset *set,
           const struct dv_yaml_node *node, uint32_t rule,
           bool is_page_scope, uint32_t *cond)
{
    struct dv_cond_reader reader = {
        .pattern = { check, set },
        .rule = rule,
        .is_page_scope = is_page_scope,
    };

    if (node == NULL || !dv_cond_read(&reader, node, cond))
        return;
    if (holds_on_nothing(set, *cond))
        dv_check_error(check, node->place,
                       "add a condition that asks for something",
                       "the rule holds where nothing is found");
}

/* ---- Tests ------------------------------------------------------------ */

static void
read_test(struct dv_check *check, const struct dv_yaml_node *node,
          davy_rule_test *test)
{
    struct dv_fields fields;
    const struct dv_yaml_node *detect;
    const struct dv_yaml_node *ignore;
    struct dv_span bytes;

    if (!dv_check_fields(check, node, DV_TABLE_TEST, &fields))
        return;
    detect = dv_yaml_get(node, "detect");
    ignore = dv_yaml_get(node, "ignore");
    if ((detect == NULL) == (ignore == NULL)) {
        if (!node->is_broken)
            dv_check_error(check, node->place, NULL,
                           "a test needs one of \"detect\" and \"ignore\"");
        return;
    }
    test->must_detect = detect != NULL;
    node = detect != NULL ? detect : ignore;
    if (!dv_check_type(check, node, DV_YAML_SCALAR, "the example"))
        return;
    bytes = node->text;
    if (fields.test_type == DV_TEST_TYPE_URL)
        bytes = dv_span_trim(bytes);    /* a block ends with a line feed */
    test->bytes = dv_check_keep(check, bytes);
    test->length = bytes.len;
    test->type = dv_word(DV_WORDS_TEST_TYPE, fields.test_type);
    test->address = fields.address;
    test->line = node->place.line;
}

static void
say_missing_tests(struct dv_check *check, const struct dv_yaml_node *map,
                  const davy_rule_test *tests, size_t count)
{
    bool has[2] = { false, false };

    for (size_t i = 0; i < count; i++)
        has[tests[i].must_detect] = true;
    if (!has[1])
        dv_check_error(check, map->place, NULL,
                       "a stable rule needs a test with \"detect\"");
    if (!has[0])
        dv_check_error(check, map->place, NULL,
                       "a stable rule needs a test with \"ignore\"");
}

static void
read_tests(struct dv_check *check, const struct dv_yaml_node *list,
           struct dv_rule *rule)
{
    davy_rule_test *tests;
    size_t n = 0;

    if (list == NULL || !dv_check_type(check, list, DV_YAML_LIST, "\"tests\""))
        return;
    tests = dv_arena_calloc(check->arena, list->count, sizeof(*tests));
    if (tests == NULL) {
        check->status = DAVY_NO_MEMORY;
        return;
    }
    for (const struct dv_yaml_node *child = list->first; child != NULL;
         child = child->next) {
        tests[n].bytes = "";
        tests[n].type = "";
        tests[n].address = "";
        read_test(check, child, &tests[n++]);
    }
    rule->tests = tests;
    rule->info.tests_count = n;
}

/* ---- Rules ------------------------------------------------------------ */

static void
fill_info(const struct dv_fields *fields, davy_rule_info *info)
{
    info->id = fields->id;
    info->title = fields->title;
    info->family = fields->family;
    info->severity = dv_word(DV_WORDS_SEVERITY, fields->severity);
    info->confidence = dv_word(DV_WORDS_CONFIDENCE, fields->confidence);
    info->status = dv_word(DV_WORDS_STATUS, fields->status);
    info->layer = dv_word(DV_WORDS_LAYER, fields->layer);
    info->since = fields->since;
    info->fix = fields->fix;
    info->mitre = fields->mitre.at;
    info->mitre_count = fields->mitre.count;
    info->references = fields->references.at;
    info->references_count = fields->references.count;
    info->falsepositives = fields->falsepositives.at;
    info->falsepositives_count = fields->falsepositives.count;
}

static void
fill_rule(const struct dv_fields *fields, const struct dv_yaml_node *map,
          const char *source, struct dv_rule *rule)
{
    *rule = (struct dv_rule){ .cond = DV_RULE_NONE };
    fill_info(fields, &rule->info);
    rule->info.source = source;
    rule->info.line = map->place.line;
    rule->confidence = fields->confidence < 0
                           ? DAVY_CONFIDENCE_LOW
                           : (enum davy_confidence)fields->confidence;
    rule->info.score = fields->score == DV_SCORE_NONE
                           ? dv_rule_score(rule->confidence)
                           : fields->score;
    rule->is_page_scope = fields->scope == DV_SCOPE_PAGE;
    rule->is_deprecated = fields->status == DV_STATUS_DEPRECATED;
}

static void
read_rule(struct dv_check *check, struct dv_ruleset *set,
          struct dv_strmap *ids, const char *source,
          const struct dv_yaml_node *map)
{
    const uint32_t index = (uint32_t)set->rules.len;
    struct dv_rule rule;
    struct dv_rule *slot;
    struct dv_fields fields;

    if (!dv_check_fields(check, map, DV_TABLE_RULE, &fields))
        return;
    fill_rule(&fields, map, source, &rule);
    read_match(check, set, dv_yaml_get(map, "match"), index,
               rule.is_page_scope, &rule.cond);
    read_tests(check, dv_yaml_get(map, "tests"), &rule);
    if (fields.status == DV_STATUS_STABLE && !map->is_broken)
        say_missing_tests(check, map, rule.tests, rule.info.tests_count);
    if (dv_vec_is_full(&set->rules)) {
        dv_check_error(check, map->place, NULL,
                       "there are more than 100000 rules");
        return;
    }
    slot = dv_vec_push(&set->rules);
    if (slot == NULL) {
        check->status = DAVY_NO_MEMORY;
        return;
    }
    *slot = rule;
    dv_rule_take_id(check, set, ids, rule.info.id, index, map->place);
}

void
dv_rule_read_file(struct dv_check *check, struct dv_ruleset *set,
                  struct dv_strmap *ids, const struct dv_yaml_node *root)
{
    const struct dv_yaml_node *rules;
    struct dv_fields fields;
    const char *source
        = dv_check_keep(check, dv_span_cstr(check->messages->source.name));

    if (root == NULL || !dv_check_fields(check, root, DV_TABLE_RULES, &fields))
        return;
    rules = dv_yaml_get(root, "rules");
    if (rules == NULL
        || !dv_check_type(check, rules, DV_YAML_LIST, "\"rules\""))
        return;
    for (const struct dv_yaml_node *rule = rules->first;
         rule != NULL && check->status == DAVY_OK; rule = rule->next)
        read_rule(check, set, ids, source, rule);
}
