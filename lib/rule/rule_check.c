/* SPDX-License-Identifier: MIT */
/* rule_check.c - messages, types and suggestions that all checks share. */

#include "rule/rule_check.h"

#include "base/ascii.h"

/* Names longer than this get no suggestion. */
#define MAX_NAME 40

void
dv_check_error(struct dv_check *check, struct dv_place place,
               const char *hint, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    if (dv_messages_vsay(check->messages, DAVY_BAD_RULES, false, place, hint,
                         fmt, args) != DAVY_OK)
        check->status = DAVY_NO_MEMORY;
    va_end(args);
}

void
dv_check_warn(struct dv_check *check, struct dv_place place, const char *hint,
              const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    if (dv_messages_vsay(check->messages, DAVY_BAD_RULES, true, place, hint,
                         fmt, args) != DAVY_OK)
        check->status = DAVY_NO_MEMORY;
    va_end(args);
}

bool
dv_check_type(struct dv_check *check, const struct dv_yaml_node *node,
              enum dv_yaml_type type, const char *what)
{
    static const char *const types[] = { "text", "a list", "a mapping" };

    if (node == NULL)
        return false;
    if (node->type == type)
        return !node->is_broken || type != DV_YAML_SCALAR;
    if (!node->is_broken)
        dv_check_error(check, node->place, NULL, "%s must be %s", what,
                       types[type]);
    return false;
}

const char *
dv_check_keep(struct dv_check *check, struct dv_span text)
{
    uint8_t *copy;

    if (text.len == 0)
        return "";
    copy = dv_arena_bytes(check->arena, text.len + 1);
    if (copy == NULL) {
        check->status = DAVY_NO_MEMORY;
        return "";
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return (const char *)copy;
}

/* ---- Suggestions ------------------------------------------------------ */

/* Edits (insert, delete, replace, swap neighbours) from `a` to `b`; both are
 * at most MAX_NAME long. */
static unsigned
distance(struct dv_span a, struct dv_span b)
{
    unsigned rows[3][MAX_NAME + 1];

    for (unsigned j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *up = rows[(i + 2) % 3];

        row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            const bool same = a.at[i - 1] == b.at[j - 1];
            unsigned best = up[j - 1] + !same;

            if (up[j] + 1 < best)
                best = up[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2]
                && a.at[i - 2] == b.at[j - 1]
                && rows[(i + 1) % 3][j - 2] + 1 < best)
                best = rows[(i + 1) % 3][j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

/* The nearest of the names, or NULL when none is near. */
static const char *
nearest(struct dv_span name, const char *const *names, size_t count)
{
    unsigned least = (unsigned)name.len / 3 + 1;
    const char *best = NULL;

    if (name.len > MAX_NAME)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct dv_span other = dv_span_cstr(names[i]);
        unsigned d;

        if (other.len > MAX_NAME)
            continue;
        d = distance(name, other);
        if (d < least || (d == least && best == NULL)) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

/* "did you mean "x"" in `hint`, or nothing. */
static const char *
suggest(struct dv_span name, const char *const *names, size_t count,
        char *hint, size_t size)
{
    static const char lead[] = "did you mean \"";
    const char *best = nearest(name, names, count);
    size_t n;

    if (best == NULL)
        return NULL;
    n = strlen(best);
    if (sizeof(lead) + n + 1 > size)
        return NULL;
    memcpy(hint, lead, sizeof(lead) - 1);
    memcpy(hint + sizeof(lead) - 1, best, n);
    memcpy(hint + sizeof(lead) - 1 + n, "\"", 2);
    return hint;
}

void
dv_check_unknown(struct dv_check *check, struct dv_place place,
                 struct dv_span key, const char *what,
                 const char *const *names, size_t count)
{
    char hint[80];
    const int shown = key.len > 40 ? 40 : (int)key.len;

    dv_check_error(check, place,
                   suggest(key, names, count, hint, sizeof(hint)),
                   "unknown key \"%.*s\" in %s", shown, (const char *)key.at,
                   what);
}

/* ---- Words and numbers ------------------------------------------------ */

static const struct {
    enum dv_words group;
    const char *text;
} words[] = {
#define DV_WORD_ROW(GROUP, NAME, text) { DV_WORDS_##GROUP, text },
#include "rule/rule_word.def"
#undef DV_WORD_ROW
};

/* Texts of one group, in order; the number of them. */
static size_t
words_of(enum dv_words group, const char *texts[DV_COUNT_OF(words)])
{
    size_t n = 0;

    for (size_t i = 0; i < DV_COUNT_OF(words); i++) {
        if (words[i].group == group)
            texts[n++] = words[i].text;
    }
    return n;
}

const char *
dv_word(enum dv_words group, int number)
{
    const char *texts[DV_COUNT_OF(words)];
    const size_t n = words_of(group, texts);

    return number < 0 || (size_t)number >= n ? "" : texts[number];
}

/* "low, medium, high" */
static void
join_words(const char *const *texts, size_t count, char *out, size_t size)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const size_t n = strlen(texts[i]);

        if (at + n + 3 > size)
            break;
        if (i > 0) {
            memcpy(out + at, ", ", 2);
            at += 2;
        }
        memcpy(out + at, texts[i], n);
        at += n;
    }
    out[at] = '\0';
}

int
dv_check_choice(struct dv_check *check, const struct dv_yaml_node *node,
                const char *const *names, size_t count)
{
    char choice[120];
    char hint[80];

    if (!dv_check_type(check, node, DV_YAML_SCALAR, "the value"))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (dv_span_equal_cstr(node->text, names[i]))
            return (int)i;
    }
    join_words(names, count, choice, sizeof(choice));
    dv_check_error(check, node->place,
                   suggest(node->text, names, count, hint, sizeof(hint)),
                   "\"%.40s\" is none of %s", (const char *)node->text.at,
                   choice);
    return -1;
}

int
dv_check_word(struct dv_check *check, const struct dv_yaml_node *node,
              enum dv_words group)
{
    const char *texts[DV_COUNT_OF(words)];
    const size_t n = words_of(group, texts);

    return dv_check_choice(check, node, texts, n);
}

static bool
read_number(struct dv_span text, long *number)
{
    const bool is_negative = text.len != 0 && text.at[0] == '-';
    long value = 0;

    if (is_negative)
        dv_span_skip(&text, 1);
    if (text.len == 0 || text.len > 10)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!dv_ascii_is_digit(text.at[i]))
            return false;
        value = value * 10 + (text.at[i] - '0');
    }
    *number = is_negative ? -value : value;
    return true;
}

bool
dv_check_number(struct dv_check *check, const struct dv_yaml_node *node,
                long min, long max, long *number)
{
    long value;

    if (!dv_check_type(check, node, DV_YAML_SCALAR, "the value"))
        return false;
    if (!read_number(node->text, &value) || value < min || value > max) {
        dv_check_error(check, node->place, NULL,
                       "\"%.40s\" is no whole number from %ld to %ld",
                       (const char *)node->text.at, min, max);
        return false;
    }
    *number = value;
    return true;
}

bool
dv_check_flag(struct dv_check *check, const struct dv_yaml_node *node,
              bool *flag)
{
    if (!dv_check_type(check, node, DV_YAML_SCALAR, "the value"))
        return false;
    if (!dv_span_equal_cstr(node->text, "true")
        && !dv_span_equal_cstr(node->text, "false")) {
        dv_check_error(check, node->place, NULL,
                       "\"%.40s\" is none of true, false",
                       (const char *)node->text.at);
        return false;
    }
    *flag = node->text.at[0] == 't';
    return true;
}
