/* SPDX-License-Identifier: MIT */
/* rule_cond.c - turns trees of all, any, none and at_least into a flat one. */

#include "rule/rule_cond.h"

static const char *const group_names[] = {
    [DV_COND_ALL] = "all",
    [DV_COND_ANY] = "any",
    [DV_COND_NONE] = "none",
    [DV_COND_AT_LEAST] = "of",
};

/* Every key that can stand in a condition, for suggestions. */
static const char *const all_names[] = {
    "all", "any", "none", "at_least", "of", "times", "args", "attrs", "kinds",
    "in",
#define DV_LEAF_ROW(NAME, key, siblings) key,
#include "rule/rule_leaf.def"
};

static enum dv_cond_type
group_of_key(struct dv_span key)
{
    for (size_t i = 0; i < DV_COUNT_OF(group_names); i++) {
        if (dv_span_equal_cstr(key, group_names[i]))
            return (enum dv_cond_type)i;
    }
    return DV_COND_LEAF;
}

static bool
is_head(struct dv_span key)
{
    return group_of_key(key) != DV_COND_LEAF
           || dv_leaf_of_key(key) != DV_LEAF_TYPES;
}

static bool
is_known(struct dv_span key)
{
    for (size_t i = 0; i < DV_COUNT_OF(all_names); i++) {
        if (dv_span_equal_cstr(key, all_names[i]))
            return true;
    }
    return false;
}

/* The one key that says what the condition is; NULL when there is none or a
 * second one (said). */
static const struct dv_yaml_node *
find_head(struct dv_check *check, const struct dv_yaml_node *map)
{
    const struct dv_yaml_node *head = NULL;
    bool is_right = true;

    for (const struct dv_yaml_node *child = map->first; child != NULL;
         child = child->next) {
        if (!is_known(child->key->text)) {
            dv_check_unknown(check, child->key->place, child->key->text,
                             "a condition", all_names,
                             DV_COUNT_OF(all_names));
            is_right = false;
        } else if (is_head(child->key->text) && head != NULL) {
            dv_check_error(check, child->key->place,
                           "put both into a list under \"all\"",
                           "\"%s\" cannot stand beside \"%s\"",
                           (const char *)child->key->text.at,
                           (const char *)head->key->text.at);
            is_right = false;
        } else if (is_head(child->key->text)) {
            head = child;
        }
    }
    if (head == NULL && is_right && !map->is_broken)
        dv_check_error(check, map->place, NULL,
                       "a condition needs one of all, any, none, at_least or "
                       "a leaf");
    return is_right ? head : NULL;
}

static struct dv_cond *
cond_at(struct dv_cond_reader *reader, uint32_t index)
{
    return dv_vec_at(&reader->pattern.set->conds, index);
}

static bool
push_cond(struct dv_cond_reader *reader, enum dv_cond_type type,
          uint32_t *index)
{
    struct dv_vec *conds = &reader->pattern.set->conds;
    struct dv_cond *cond = dv_vec_push(conds);

    if (cond == NULL) {
        reader->pattern.check->status = DAVY_NO_MEMORY;
        return false;
    }
    cond->type = type;
    *index = (uint32_t)(conds->len - 1);
    return true;
}

/* `at_least` must stand beside `of`, and beside nothing else but `numbers`. */
static bool
check_at_least(struct dv_cond_reader *reader, const struct dv_yaml_node *map,
               const struct dv_yaml_node *list, enum dv_cond_type type,
               struct dv_cond *cond)
{
    struct dv_check *check = reader->pattern.check;
    const struct dv_yaml_node *least = dv_yaml_get(map, "at_least");
    long number;

    if (type != DV_COND_AT_LEAST) {
        for (const struct dv_yaml_node *child = map->first; child != NULL;
             child = child->next) {
            if (child == list)
                continue;
            dv_check_error(check, child->key->place, NULL,
                           "\"%s\" cannot stand beside \"%s\"",
                           (const char *)child->key->text.at,
                           group_names[type]);
            return false;
        }
        return true;
    }
    if (least == NULL) {
        dv_check_error(check, list->key->place, NULL,
                       "\"of\" needs \"at_least\" beside it");
        return false;
    }
    if (!dv_check_number(check, least, 1, (long)list->count, &number))
        return false;
    cond->least = (uint32_t)number;
    return true;
}

static bool
read_group(struct dv_cond_reader *reader, const struct dv_yaml_node *map,
           const struct dv_yaml_node *list, enum dv_cond_type type,
           uint32_t index)
{
    struct dv_check *check = reader->pattern.check;
    struct dv_cond limits = { .least = 0 };
    bool is_right;
    uint32_t child_index;

    if (!dv_check_type(check, list, DV_YAML_LIST, group_names[type]))
        return false;
    if (list->count == 0) {
        dv_check_error(check, list->place, NULL, "the list is empty");
        return false;
    }
    is_right = check_at_least(reader, map, list, type, &limits);
    for (const struct dv_yaml_node *child = list->first; child != NULL;
         child = child->next)
        is_right = dv_cond_read(reader, child, &child_index) && is_right;
    cond_at(reader, index)->least = limits.least;
    cond_at(reader, index)->end = (uint32_t)reader->pattern.set->conds.len;
    return is_right;
}

static bool
read_leaf(struct dv_cond_reader *reader, const struct dv_yaml_node *map,
          const struct dv_yaml_node *head, uint32_t index)
{
    struct dv_vec *leaves = &reader->pattern.set->leaves;
    struct dv_leaf leaf = { .rule = reader->rule,
                            .is_page_scope = reader->is_page_scope };
    struct dv_leaf *slot;

    if (!dv_leaf_read(reader, map, head, dv_leaf_of_key(head->key->text),
                      &leaf))
        return false;
    slot = dv_vec_push(leaves);
    if (slot == NULL) {
        reader->pattern.check->status = DAVY_NO_MEMORY;
        return false;
    }
    *slot = leaf;
    cond_at(reader, index)->leaf = (uint32_t)(leaves->len - 1);
    cond_at(reader, index)->end = index + 1;
    return true;
}

bool
dv_cond_read(struct dv_cond_reader *reader, const struct dv_yaml_node *node,
             uint32_t *index)
{
    struct dv_check *check = reader->pattern.check;
    const struct dv_yaml_node *head;
    enum dv_cond_type type;
    bool is_right;

    if (!dv_check_type(check, node, DV_YAML_MAP, "a condition"))
        return false;
    head = find_head(check, node);
    if (head == NULL)
        return false;
    if (reader->depth == DV_RULE_DEPTH) {
        dv_check_error(check, node->place, NULL,
                       "the conditions are nested more than 16 deep");
        return false;
    }
    type = group_of_key(head->key->text);
    if (!push_cond(reader, type, index))
        return false;
    if (type == DV_COND_LEAF)
        return read_leaf(reader, node, head, *index);
    reader->depth++;
    is_right = read_group(reader, node, head, type, *index);
    reader->depth--;
    return is_right;
}
