/* SPDX-License-Identifier: MIT */
/* rule_leaf.c - reads the leaves of conditions, by rule_leaf.def. */

#include <math.h>

#include "base/ascii.h"
#include "fact/fact.h"
#include "rule/rule_cond.h"

/* Facts that one leaf may ask for; limits.hits ends counting anyway. */
#define MAX_TIMES 1000

static const struct {
    const char *key;
    unsigned siblings;
} leaf_rows[] = {
#define DV_LEAF_ROW(NAME, key, siblings) { key, siblings },
#include "rule/rule_leaf.def"
};

static const uint8_t views[DV_LEAF_TYPES][DV_FACT_KINDS] = {
#define DV_LEAF_FACT_ROW(LEAF, KIND, VIEW) \
    [DV_LEAF_##LEAF][DV_FACT_##KIND] = DV_VIEW_##VIEW,
#include "rule/rule_leaf.def"
};

static const struct {
    unsigned bit;
    const char *key;
} beside_rows[] = {
    { DV_BESIDE_TIMES, "times" },
    { DV_BESIDE_ARGS, "args" },
    { DV_BESIDE_ATTRS, "attrs" },
    { DV_BESIDE_KINDS, "kinds" },
    { DV_BESIDE_AT_LEAST, "at_least" },
    { DV_BESIDE_IN, "in" },
};

enum dv_leaf_view
dv_leaf_view(enum dv_leaf_type type, unsigned kind)
{
    return (enum dv_leaf_view)views[type][kind];
}

enum dv_leaf_type
dv_leaf_of_key(struct dv_span key)
{
    for (size_t i = 0; i < DV_COUNT_OF(leaf_rows); i++) {
        if (dv_span_equal_cstr(key, leaf_rows[i].key))
            return (enum dv_leaf_type)i;
    }
    return DV_LEAF_TYPES;
}

/* ---- What stands beside ----------------------------------------------- */

static bool
check_siblings(struct dv_check *check, const struct dv_yaml_node *map,
               const struct dv_yaml_node *value, enum dv_leaf_type type)
{
    bool is_right = true;

    for (const struct dv_yaml_node *child = map->first; child != NULL;
         child = child->next) {
        bool is_allowed = child == value;

        for (size_t i = 0; i < DV_COUNT_OF(beside_rows); i++) {
            if (dv_span_equal_cstr(child->key->text, beside_rows[i].key))
                is_allowed = (leaf_rows[type].siblings & beside_rows[i].bit)
                             != 0;
        }
        if (is_allowed)
            continue;
        is_right = false;
        dv_check_error(check, child->key->place, NULL,
                       "\"%s\" cannot stand beside \"%s\"",
                       (const char *)child->key->text.at,
                       leaf_rows[type].key);
    }
    return is_right;
}

static bool
read_times(struct dv_check *check, const struct dv_yaml_node *map,
           struct dv_leaf *leaf)
{
    const struct dv_yaml_node *node = dv_yaml_get(map, "times");
    long number = 1;

    if (node != NULL && !dv_check_number(check, node, 1, MAX_TIMES, &number))
        return false;
    leaf->times = (uint32_t)number;
    return true;
}

static const char *const kind_names[] = {
#define DAVY_KIND_ROW(NAME, number, text) [number] = text,
#include <davy/kinds.def>
#undef DAVY_KIND_ROW
};

/* In the order of enum dv_native_class. */
static const char *const class_names[] = { "program", "script", "text" };

/* The list of words beside the leaf: `kinds` of an address, or what a text must
 * stand `in`. */
static bool
read_kinds(struct dv_check *check, const struct dv_yaml_node *map,
           struct dv_leaf *leaf)
{
    const bool is_text = leaf->type == DV_LEAF_TEXT;
    const struct dv_yaml_node *list = dv_yaml_get(map,
                                                  is_text ? "in" : "kinds");
    bool is_right = true;

    if (list == NULL)
        return true;
    if (!dv_check_type(check, list, DV_YAML_LIST,
                       is_text ? "\"in\"" : "\"kinds\""))
        return false;
    for (const struct dv_yaml_node *child = list->first; child != NULL;
         child = child->next) {
        const int kind = is_text
                             ? dv_check_choice(check, child, class_names,
                                               DV_COUNT_OF(class_names))
                             : dv_check_choice(check, child, kind_names,
                                               DV_COUNT_OF(kind_names));

        if (kind >= 0)
            leaf->kinds |= (uint16_t)(1u << kind);
        is_right = is_right && kind >= 0;
    }
    return is_right;
}

/* ---- Wallets and numbers ---------------------------------------------- */

static const char *const coins[] = {
    "any",
#define DV_WALLET_NOTE(coin, prefix, body, front) coin,
#define DV_WALLET_CHECK(coin, version, front) coin,
#include "fact/fact_wallet.def"
#undef DV_WALLET_NOTE
#undef DV_WALLET_CHECK
};

/* `any`, and each coin once, though it may have several kinds of addresses. */
static size_t
coin_names(const char *names[DV_COUNT_OF(coins)])
{
    size_t n = 0;

    for (size_t i = 0; i < DV_COUNT_OF(coins); i++) {
        if (n == 0 || strcmp(names[n - 1], coins[i]) != 0)
            names[n++] = coins[i];
    }
    return n;
}

static bool
read_coin(struct dv_check *check, const struct dv_yaml_node *node,
          const char **coin)
{
    const char *names[DV_COUNT_OF(coins)];
    const size_t n = coin_names(names);
    const int number = dv_check_choice(check, node, names, n);

    *coin = number <= 0 ? NULL : names[number];
    return number >= 0;
}

double
dv_rule_number(double number)
{
    const double words = 4294967296.0;

    if (number < 0 && number >= -2147483648.0 && floor(number) == number)
        number += words;
    return number;
}

/* A whole number, decimal or hexadecimal (0x), below 2^64, maybe negative. */
static bool
read_number(struct dv_span text, double *number)
{
    const bool is_negative = dv_span_starts_with(text, DV_SPAN_LIT("-"));
    uint64_t base = 10;
    uint64_t value = 0;

    if (is_negative)
        dv_span_skip(&text, 1);
    if (dv_span_starts_with(text, DV_SPAN_LIT("0x"))) {
        base = 16;
        dv_span_skip(&text, 2);
    }
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const int digit = dv_ascii_hex(text.at[i]);

        if (digit < 0 || (uint64_t)digit >= base
            || value > (UINT64_MAX - (uint64_t)digit) / base)
            return false;
        value = value * base + (uint64_t)digit;
    }
    *number = dv_rule_number(is_negative ? -(double)value : (double)value);
    return true;
}

static bool
read_one_number(struct dv_check *check, const struct dv_yaml_node *node,
                double *number)
{
    if (!dv_check_type(check, node, DV_YAML_SCALAR, "a number"))
        return false;
    if (read_number(node->text, number))
        return true;
    dv_check_error(check, node->place, "write it as 123 or 0x7b",
                   "\"%.40s\" is no whole number",
                   (const char *)node->text.at);
    return false;
}

static bool
read_numbers(struct dv_check *check, const struct dv_yaml_node *map,
             const struct dv_yaml_node *list, struct dv_leaf *leaf)
{
    const struct dv_yaml_node *least = dv_yaml_get(map, "at_least");
    double *numbers;
    bool is_right = true;
    long number;

    if (!dv_check_type(check, list, DV_YAML_LIST, "\"numbers\""))
        return false;
    if (list->count == 0 || list->count > DV_RULE_NUMBERS) {
        dv_check_error(check, list->place, NULL,
                       "\"numbers\" needs 1 to 64 numbers");
        return false;
    }
    numbers = dv_arena_calloc(check->arena, list->count, sizeof(*numbers));
    if (numbers == NULL) {
        check->status = DAVY_NO_MEMORY;
        return false;
    }
    for (const struct dv_yaml_node *child = list->first; child != NULL;
         child = child->next)
        is_right = read_one_number(check, child,
                                   &numbers[leaf->numbers_count++])
                   && is_right;
    number = (long)list->count;
    leaf->numbers = numbers;
    if (least != NULL
        && !dv_check_number(check, least, 1, (long)list->count, &number))
        return false;
    leaf->times = (uint32_t)number;
    return is_right;
}

/* ---- Arguments and attributes ----------------------------------------- */

static const char *const arg_names[] = { "index", "type", "key", "wallet" };

static bool
check_arg_head(struct dv_check *check, const struct dv_yaml_node *map,
               bool has)
{
    const struct dv_yaml_node *key = dv_yaml_get(map, "key");
    const struct dv_yaml_node *wallet = dv_yaml_get(map, "wallet");
    const struct dv_yaml_node *type = dv_yaml_get(map, "type");

    if ((key != NULL) + (wallet != NULL) + has > 1) {
        dv_check_error(check, map->place, "write two items of the list",
                       "an argument is asked for one of a pattern, \"key\" "
                       "and \"wallet\"");
        return false;
    }
    if (type != NULL && (key != NULL || wallet != NULL)) {
        dv_check_error(check, type->key->place, NULL,
                       "\"type\" cannot stand beside \"key\" or \"wallet\"");
        return false;
    }
    if (map->count == 0) {
        dv_check_error(check, map->place, NULL,
                       "the argument is not asked for anything");
        return false;
    }
    return true;
}

static bool
read_arg(struct dv_cond_reader *reader, const struct dv_yaml_node *map,
         struct dv_part *part)
{
    struct dv_check *check = reader->pattern.check;
    const struct dv_yaml_node *node;
    bool is_right;
    long number = -1;

    if (!dv_check_type(check, map, DV_YAML_MAP, "an argument"))
        return false;
    is_right = dv_pattern_read_beside(&reader->pattern, map, arg_names,
                                      DV_COUNT_OF(arg_names), "an argument",
                                      &part->pattern, &part->has_pattern);
    node = dv_yaml_get(map, "index");
    if (node != NULL && !dv_check_number(check, node, 0, 255, &number))
        is_right = false;
    part->index = (int)number;
    node = dv_yaml_get(map, "type");
    part->arg_type = -1;
    if (node != NULL) {
        part->arg_type = dv_check_word(check, node, DV_WORDS_ARG_TYPE);
        is_right = is_right && part->arg_type >= 0;
    }
    is_right = check_arg_head(check, map, part->has_pattern) && is_right;
    node = dv_yaml_get(map, "wallet");
    if (node != NULL) {
        part->type = DV_PART_WALLET;
        is_right = read_coin(check, node, &part->coin) && is_right;
    }
    node = dv_yaml_get(map, "key");
    if (node != NULL) {
        part->type = DV_PART_KEY;
        part->has_pattern = true;
        is_right = dv_pattern_read(&reader->pattern, node, NULL,
                                   &part->pattern)
                   && is_right;
    }
    return is_right;
}

static bool
read_part(struct dv_cond_reader *reader, const struct dv_yaml_node *node,
          enum dv_part_type type, struct dv_part *part)
{
    *part = (struct dv_part){ .type = type, .index = -1, .arg_type = -1 };
    if (type == DV_PART_ARG)
        return read_arg(reader, node, part);
    part->has_pattern = true;
    return dv_pattern_read(&reader->pattern, node, NULL, &part->pattern);
}

static bool
read_parts(struct dv_cond_reader *reader, const struct dv_yaml_node *list,
           enum dv_part_type type, struct dv_leaf *leaf)
{
    struct dv_check *check = reader->pattern.check;
    bool is_right = true;

    if (list == NULL)
        return true;
    if (!dv_check_type(check, list, DV_YAML_LIST,
                       type == DV_PART_ARG ? "\"args\"" : "\"attrs\""))
        return false;
    leaf->parts = dv_arena_calloc(check->arena, list->count,
                                  sizeof(*leaf->parts));
    if (leaf->parts == NULL) {
        check->status = DAVY_NO_MEMORY;
        return false;
    }
    for (const struct dv_yaml_node *child = list->first; child != NULL;
         child = child->next)
        is_right = read_part(reader, child, type,
                             &leaf->parts[leaf->parts_count++])
                   && is_right;
    return is_right;
}

/* ---- Leaves ----------------------------------------------------------- */

/* Most elements share few names, so an attribute finds them better. */
static void
choose_anchor(struct dv_leaf *leaf)
{
    size_t best = 0;

    leaf->anchor = -1;
    for (uint32_t i = 0; i < leaf->parts_count; i++) {
        size_t length;

        if (leaf->parts[i].type != DV_PART_ATTR)
            continue;
        length = dv_pattern_atom(&leaf->parts[i].pattern);
        if (length > best) {
            best = length;
            leaf->anchor = (int)i;
        }
    }
}

/* What costs too much or everything: patterns without a literal run. */
static bool
check_atoms(struct dv_check *check, const struct dv_leaf *leaf)
{
    const struct dv_pattern *pattern = &leaf->pattern;

    if (leaf->anchor >= 0 || dv_pattern_atom(pattern) != 0)
        return true;
    if (pattern->regex == NULL) {
        dv_check_error(check, pattern->place,
                       "write more of the text, or a regular expression",
                       "the pattern has no literal run of 3 bytes");
        return false;
    }
    if (leaf->type == DV_LEAF_TEXT || leaf->type == DV_LEAF_FILE) {
        dv_check_error(check, pattern->place,
                       "write a literal run of 3 bytes into the expression",
                       "texts and files are only found by literal runs");
        return false;
    }
    if (leaf->type != DV_LEAF_URL && leaf->type != DV_LEAF_ATTR)
        dv_check_warn(check, pattern->place,
                      "write a literal run of 3 bytes into the expression",
                      "the expression is tried on each fact, which makes "
                      "scans slow");
    return true;
}

bool
dv_leaf_read(struct dv_cond_reader *reader, const struct dv_yaml_node *map,
             const struct dv_yaml_node *value, enum dv_leaf_type type,
             struct dv_leaf *leaf)
{
    struct dv_check *check = reader->pattern.check;
    bool is_right = check_siblings(check, map, value, type);

    leaf->type = type;
    leaf->anchor = -1;
    if (type == DV_LEAF_NUMBERS)
        return read_numbers(check, map, value, leaf) && is_right;
    is_right = read_times(check, map, leaf) && is_right;
    if (type == DV_LEAF_WALLET)
        return read_coin(check, value, &leaf->coin) && is_right;
    is_right = read_kinds(check, map, leaf) && is_right;
    is_right = read_parts(reader, dv_yaml_get(map, "args"), DV_PART_ARG, leaf)
               && is_right;
    is_right = read_parts(reader, dv_yaml_get(map, "attrs"), DV_PART_ATTR,
                          leaf)
               && is_right;
    is_right = dv_pattern_read(&reader->pattern, value,
                               type == DV_LEAF_CALL ? &leaf->is_new_only
                                                    : NULL,
                               &leaf->pattern)
               && is_right;
    choose_anchor(leaf);
    return is_right && check_atoms(check, leaf);
}
