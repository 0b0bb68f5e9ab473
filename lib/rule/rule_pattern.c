/* SPDX-License-Identifier: MIT */
/* rule_pattern.c - turns patterns as written into globs and automata. */

#include "rule/rule_pattern.h"

#include "base/ascii.h"
#include "match/match_atom.h"

#define MAX_KEYS 16

enum form { GLOB, EQUALS, CONTAINS, STARTS, ENDS, REGEX, FORMS };

static const char *const form_names[FORMS + 1] = {
    "glob", "equals", "contains", "starts", "ends", "regex", "nocase",
};

static const enum dv_glob_how form_hows[FORMS] = {
    [EQUALS] = DV_GLOB_EQUALS,
    [CONTAINS] = DV_GLOB_CONTAINS,
    [STARTS] = DV_GLOB_STARTS,
    [ENDS] = DV_GLOB_ENDS,
};

/* The place of byte `at` of a scalar, as well as it is known. */
static struct dv_place
place_in(const struct dv_yaml_node *node, size_t at)
{
    struct dv_place place = node->place;

    if (node->is_verbatim && at <= node->text.len) {
        place = node->text_place;
        place.column += (uint32_t)at;
    }
    return place;
}

/* ---- Regular expressions ---------------------------------------------- */

/* Offset of a repetition `{n,m}` that asks for too much, or the length. */
static size_t
find_large_repeat(struct dv_span source)
{
    for (size_t i = 0; i < source.len; i++) {
        unsigned count = 0;

        if (source.at[i] == '\\')
            i++;
        else if (source.at[i] != '{')
            continue;
        for (size_t j = i + 1; j < source.len; j++) {
            const uint8_t c = source.at[j];

            if (c == ',')
                count = 0;
            else if (dv_ascii_is_digit(c) && count <= DV_REGEX_REPEAT)
                count = count * 10 + (unsigned)(c - '0');
            else
                break;
            if (count > DV_REGEX_REPEAT)
                return i;
        }
    }
    return source.len;
}

static bool
check_regex(struct dv_check *check, const struct dv_yaml_node *node)
{
    const size_t at = find_large_repeat(node->text);

    if (node->text.len == 0) {
        dv_check_error(check, node->place, NULL, "the expression is empty");
        return false;
    }
    if (node->text.len > DV_REGEX_BYTES) {
        dv_check_error(check, node->place, NULL,
                       "the expression is longer than 512 bytes");
        return false;
    }
    if (at != node->text.len) {
        dv_check_error(check, place_in(node, at), NULL,
                       "the expression repeats more than 512 times");
        return false;
    }
    return true;
}

static void
say_regex_error(struct dv_check *check, const struct dv_yaml_node *node,
                davy_status st, const struct dv_match_error *error)
{
    const size_t at = error->has_at ? error->at : 0;

    if (st == DAVY_NO_MEMORY)
        check->status = st;
    else if (st == DAVY_MALFORMED)
        dv_check_error(check, place_in(node, at),
                       strstr(error->text, "upported") == NULL
                           ? NULL
                           : "Vectorscan knows no look-around and no back "
                             "references",
                       "the expression is wrong: %s", error->text);
    else if (st == DAVY_LIMIT)
        dv_check_error(check, node->place, NULL,
                       "there are more than 2048 regular expressions");
    else
        dv_check_error(check, node->place, NULL,
                       "this processor lacks what Vectorscan needs");
}

static bool
read_regex(struct dv_pattern_reader *reader, const struct dv_yaml_node *node,
           struct dv_pattern *pattern)
{
    struct dv_match_error error = { .has_at = false };
    struct dv_atom_set atoms = { .count = 0 };
    davy_status st;

    if (!check_regex(reader->check, node))
        return false;
    st = dv_ruleset_regex(reader->set, node->text, pattern->is_nocase, &error,
                          &pattern->regex);
    if (st == DAVY_OK)
        st = dv_atom_of_regex(&reader->set->arena, node->text, &atoms);
    if (st == DAVY_OK && atoms.positions > DV_REGEX_POSITIONS)
        st = dv_match_regex_prepare(pattern->regex, &error);
    if (st != DAVY_OK) {
        say_regex_error(reader->check, node, st, &error);
        return false;
    }
    pattern->atoms = atoms.at;
    pattern->atoms_count = atoms.count;
    pattern->is_nocase |= atoms.is_nocase;
    return true;
}

/* ---- Globs ------------------------------------------------------------ */

static bool
read_glob(struct dv_pattern_reader *reader, const struct dv_yaml_node *node,
          enum form form, size_t skip, struct dv_pattern *pattern)
{
    struct dv_glob_error error = { NULL, 0 };
    const struct dv_span text = dv_span_slice(node->text, skip, SIZE_MAX);
    davy_status st;

    if (form == GLOB)
        st = dv_glob_compile(&reader->set->arena, text, pattern->is_nocase,
                             &pattern->globs, &error);
    else
        st = dv_glob_literal(&reader->set->arena, text, form_hows[form],
                             pattern->is_nocase, &pattern->globs, &error);
    if (st == DAVY_NO_MEMORY)
        reader->check->status = st;
    else if (st != DAVY_OK)
        dv_check_error(reader->check, place_in(node, skip + error.at), NULL,
                       "%s", error.text);
    return st == DAVY_OK;
}

static bool
read_form(struct dv_pattern_reader *reader, const struct dv_yaml_node *node,
          enum form form, bool *is_new, struct dv_pattern *pattern)
{
    size_t skip = 0;

    if (!dv_check_type(reader->check, node, DV_YAML_SCALAR, "a pattern"))
        return false;
    pattern->place = node->place;
    if (dv_span_find_byte(node->text, 0) != node->text.len) {
        dv_check_error(reader->check, node->place, NULL,
                       "a pattern holds no NUL");
        return false;
    }
    if (form == REGEX)
        return read_regex(reader, node, pattern);
    if (is_new != NULL && form != CONTAINS && form != ENDS
        && dv_span_starts_with(node->text, DV_SPAN_LIT("new "))) {
        *is_new = true;
        skip = 4;
    }
    return read_glob(reader, node, form, skip, pattern);
}

/* ---- Mappings --------------------------------------------------------- */

static bool
is_one_of(struct dv_span key, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dv_span_equal_cstr(key, names[i]))
            return true;
    }
    return false;
}

static bool
check_keys(struct dv_check *check, const struct dv_yaml_node *map,
           const char *const *others, size_t others_count, const char *what)
{
    const char *names[MAX_KEYS];
    size_t n = 0;
    bool is_right = true;

    for (size_t i = 0; i < others_count && n < MAX_KEYS; i++)
        names[n++] = others[i];
    for (size_t i = 0; i < DV_COUNT_OF(form_names) && n < MAX_KEYS; i++)
        names[n++] = form_names[i];
    for (const struct dv_yaml_node *child = map->first; child != NULL;
         child = child->next) {
        if (is_one_of(child->key->text, names, n))
            continue;
        is_right = false;
        dv_check_unknown(check, child->key->place, child->key->text, what,
                         names, n);
    }
    return is_right;
}

/* The one form that a mapping has; NULL without one.  A second one is said and
 * sets `is_right` to false. */
static const struct dv_yaml_node *
find_form(struct dv_check *check, const struct dv_yaml_node *map,
          enum form *form, bool *is_right)
{
    const struct dv_yaml_node *found = NULL;

    for (const struct dv_yaml_node *child = map->first; child != NULL;
         child = child->next) {
        if (!is_one_of(child->key->text, form_names, FORMS))
            continue;
        if (found != NULL) {
            dv_check_error(check, child->key->place, NULL,
                           "\"%s\" cannot stand beside \"%s\"",
                           (const char *)child->key->text.at,
                           (const char *)found->key->text.at);
            *is_right = false;
            continue;
        }
        found = child;
        for (unsigned i = 0; i < FORMS; i++) {
            if (dv_span_equal_cstr(child->key->text, form_names[i]))
                *form = (enum form)i;
        }
    }
    return found;
}

static bool
read_map(struct dv_pattern_reader *reader, const struct dv_yaml_node *map,
         bool *is_new, struct dv_pattern *pattern, bool *has)
{
    const struct dv_yaml_node *nocase = dv_yaml_get(map, "nocase");
    enum form form = GLOB;
    bool is_right = true;
    const struct dv_yaml_node *value
        = find_form(reader->check, map, &form, &is_right);

    if (nocase != NULL
        && !dv_check_flag(reader->check, nocase, &pattern->is_nocase))
        is_right = false;
    *has = value != NULL;
    if (value == NULL) {
        if (nocase != NULL)
            dv_check_error(reader->check, nocase->key->place, NULL,
                           "\"nocase\" needs a pattern beside it");
        return is_right && nocase == NULL;
    }
    return read_form(reader, value, form, is_new, pattern) && is_right;
}

bool
dv_pattern_read(struct dv_pattern_reader *reader,
                const struct dv_yaml_node *node, bool *is_new,
                struct dv_pattern *pattern)
{
    bool is_right;
    bool has;

    *pattern = (struct dv_pattern){ .place = node->place };
    if (node->type == DV_YAML_SCALAR)
        return read_form(reader, node, GLOB, is_new, pattern);
    if (!dv_check_type(reader->check, node, DV_YAML_MAP, "a pattern"))
        return false;
    is_right = check_keys(reader->check, node, NULL, 0, "a pattern");
    is_right = read_map(reader, node, is_new, pattern, &has) && is_right;
    if (!has && is_right && !node->is_broken) {
        dv_check_error(reader->check, node->place, NULL,
                       "a pattern needs one of glob, equals, contains, "
                       "starts, ends, regex");
        return false;
    }
    return has && is_right;
}

bool
dv_pattern_read_beside(struct dv_pattern_reader *reader,
                       const struct dv_yaml_node *map,
                       const char *const *others, size_t others_count,
                       const char *what, struct dv_pattern *pattern, bool *has)
{
    const bool is_right = check_keys(reader->check, map, others, others_count,
                                     what);

    *pattern = (struct dv_pattern){ .place = map->place };
    return read_map(reader, map, NULL, pattern, has) && is_right;
}

/* ---- Atoms ------------------------------------------------------------ */

size_t
dv_pattern_atom(const struct dv_pattern *pattern)
{
    size_t least = SIZE_MAX;

    for (uint32_t i = 0; i < pattern->atoms_count; i++) {
        if (pattern->atoms[i].len < least)
            least = pattern->atoms[i].len;
    }
    for (uint32_t i = 0; i < pattern->globs.count; i++) {
        if (pattern->globs.at[i].atom.len < least)
            least = pattern->globs.at[i].atom.len;
    }
    return least == SIZE_MAX || least < DV_ATOM_LEAST ? 0 : least;
}
