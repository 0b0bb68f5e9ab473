/* SPDX-License-Identifier: MIT */
/* rule_field.c - reads mappings by the tables of rule_field.def. */

#include <stddef.h>

#include "base/ascii.h"
#include "base/sha256.h"
#include "rule/rule_check.h"

enum need { OPTIONAL, REQUIRED };

enum reader {
    NODE, LINE, LABEL, ID, WORD, NUMBER, VERSION, TECHNIQUES, ADDRESSES,
    ADDRESS, LINES, PATH, DIGEST
};

struct field {
    enum dv_field_table table;
    const char *key;
    enum need need;
    enum reader reader;
    size_t member;                      /* offset in struct dv_fields */
    long a;
    long b;
};

static const struct field fields_of_all[] = {
#define DV_FIELD_ROW(TABLE, key, NEED, READER, member, a, b) \
    { DV_TABLE_##TABLE, #key, NEED, READER,                  \
      offsetof(struct dv_fields, member), a, b },
#include "rule/rule_field.def"
#undef DV_FIELD_ROW
};

static const char *const table_names[DV_TABLES] = {
    [DV_TABLE_RULES] = "a file of rules",
    [DV_TABLE_RULE] = "a rule",
    [DV_TABLE_TEST] = "a test",
    [DV_TABLE_PACK] = "a pack",
    [DV_TABLE_FILE] = "a file of a pack",
    [DV_TABLE_STANDIN] = "a stand-in of a pack",
    [DV_TABLE_LIST] = "a list of a pack",
};

/* ---- Shapes of texts -------------------------------------------------- */

static bool
is_line(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < 0x20 || text.at[i] == 0x7f)
            return false;
    }
    return text.len <= DV_LINE_BYTES;
}

/* Capital letters, digits and hyphens: `DAVY-1001`. */
static bool
is_id(struct dv_span text)
{
    bool has_hyphen = false;

    if (text.len == 0 || text.len > 40 || !dv_ascii_is_upper(text.at[0]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];

        if (c == '-')
            has_hyphen = true;
        else if (!dv_ascii_is_upper(c) && !dv_ascii_is_digit(c))
            return false;
    }
    return has_hyphen && text.at[text.len - 1] != '-';
}

/* Three numbers with dots. */
static bool
is_version(struct dv_span text)
{
    unsigned dots = 0;
    unsigned digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (dv_ascii_is_digit(text.at[i])) {
            if (++digits > 6)
                return false;
        } else if (text.at[i] == '.' && digits > 0) {
            dots++;
            digits = 0;
        } else {
            return false;
        }
    }
    return dots == 2 && digits > 0;
}

/* T1496 or T1496.001 */
static bool
is_technique(struct dv_span text)
{
    if ((text.len != 5 && text.len != 9) || text.at[0] != 'T')
        return false;
    for (size_t i = 1; i < text.len; i++) {
        if (i == 5 ? text.at[i] != '.' : !dv_ascii_is_digit(text.at[i]))
            return false;
    }
    return true;
}

static bool
is_address(struct dv_span text)
{
    if (!is_line(text) || dv_span_find_byte(text, ' ') != text.len)
        return false;
    for (size_t i = 0; i + 3 < text.len; i++) {
        if (memcmp(text.at + i, "://", 3) == 0)
            return i > 0;
    }
    return false;
}

/* A path inside the pack: relative, no way up, plain characters. */
static bool
is_path(struct dv_span text)
{
    if (text.len == 0 || text.len > 200 || text.at[0] == '/')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        const bool starts = i == 0 || text.at[i - 1] == '/';

        if (!dv_ascii_is_alnum(c) && memchr("._-/", c, 4) == NULL)
            return false;
        if (starts && (c == '.' || c == '/'))
            return false;               /* `..`, `.`, hidden files, `//` */
    }
    return text.at[text.len - 1] != '/';
}

static bool
is_digest(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!dv_ascii_is_digit(text.at[i])
            && (text.at[i] < 'a' || text.at[i] > 'f'))
            return false;
    }
    return text.len == (size_t)2 * DV_SHA256_SIZE;
}

/* Each shape: the question, and what to say when the answer is no. */
static const struct {
    bool (*is_right)(struct dv_span text);
    const char *message;
    const char *hint;
} shapes[] = {
    [LINE] = { is_line, "is no line of text", "use one line of at most 1000 "
               "bytes" },
    [LABEL] = { is_line, "is no line of text", "use one line of at most 1000 "
                "bytes" },
    [ID] = { is_id, "is no id", "use capital letters, digits and hyphens, "
             "such as DAVY-1001" },
    [VERSION] = { is_version, "is no version", "write three numbers, such as "
                  "2026.11.0" },
    [TECHNIQUES] = { is_technique, "is no ATT&CK technique", "write it as "
                     "T1496 or T1496.001" },
    [ADDRESSES] = { is_address, "is no address", "begin it with https://" },
    [ADDRESS] = { is_address, "is no address", "begin it with https://" },
    [LINES] = { is_line, "is no line of text", "use one line of at most 1000 "
                "bytes" },
    [PATH] = { is_path, "is no path inside the pack", "use letters, digits "
               "and . _ - / without .." },
    [DIGEST] = { is_digest, "is no SHA-256 digest", "run scripts/update-pack" },
};

/* ---- Reading values --------------------------------------------------- */

static const char *
read_shape(struct dv_check *check, const struct dv_yaml_node *node,
           enum reader reader)
{
    if (!dv_check_type(check, node, DV_YAML_SCALAR, "the value"))
        return "";
    if (node->text.len == 0 && reader != LABEL) {
        dv_check_error(check, node->place, NULL, "the value is empty");
        return "";
    }
    if (!shapes[reader].is_right(node->text)) {
        dv_check_error(check, node->place, shapes[reader].hint, "\"%.40s\" %s",
                       (const char *)node->text.at, shapes[reader].message);
        return "";
    }
    return dv_check_keep(check, node->text);
}

static void
read_list(struct dv_check *check, const struct dv_yaml_node *node,
          enum reader reader, struct dv_texts *texts)
{
    const char **at;
    size_t n = 0;

    if (!dv_check_type(check, node, DV_YAML_LIST, "the value"))
        return;
    at = dv_arena_calloc(check->arena, node->count, sizeof(*at));
    if (at == NULL) {
        check->status = DAVY_NO_MEMORY;
        return;
    }
    for (const struct dv_yaml_node *child = node->first; child != NULL;
         child = child->next)
        at[n++] = read_shape(check, child, reader);
    *texts = (struct dv_texts){ at, n };
}

static void
read_field(struct dv_check *check, const struct dv_yaml_node *node,
           const struct field *field, struct dv_fields *fields)
{
    void *member = (char *)fields + field->member;
    long number;

    switch (field->reader) {
    case NODE:
        break;
    case WORD:
        *(int *)member = dv_check_word(check, node, (enum dv_words)field->a);
        break;
    case NUMBER:
        if (dv_check_number(check, node, field->a, field->b, &number))
            *(int *)member = (int)number;
        break;
    case TECHNIQUES:
    case ADDRESSES:
    case LINES:
        read_list(check, node, field->reader, member);
        break;
    default:
        *(const char **)member = read_shape(check, node, field->reader);
        break;
    }
}

static void
set_nothing(struct dv_fields *fields)
{
    *fields = (struct dv_fields){
        .id = "", .title = "", .family = "", .since = "", .fix = "",
        .address = "", .name = "", .version = "", .min_engine = "",
        .licence = "", .path = "", .source = "", .sha256 = "",
        .layer = -1, .severity = -1, .confidence = -1, .status = -1,
        .scope = -1, .test_type = -1, .kind = -1, .role = -1,
        .use = -1,
        .score = DV_SCORE_NONE,
    };
}

/* ---- Mappings --------------------------------------------------------- */

static const struct field *
find_field(enum dv_field_table table, struct dv_span key)
{
    for (size_t i = 0; i < DV_COUNT_OF(fields_of_all); i++) {
        if (fields_of_all[i].table == table
            && dv_span_equal_cstr(key, fields_of_all[i].key))
            return &fields_of_all[i];
    }
    return NULL;
}

static void
say_unknown(struct dv_check *check, const struct dv_yaml_node *key,
            enum dv_field_table table)
{
    const char *names[DV_COUNT_OF(fields_of_all)];
    size_t n = 0;

    for (size_t i = 0; i < DV_COUNT_OF(fields_of_all); i++) {
        if (fields_of_all[i].table == table)
            names[n++] = fields_of_all[i].key;
    }
    dv_check_unknown(check, key->place, key->text, table_names[table], names,
                     n);
}

static void
say_missing(struct dv_check *check, const struct dv_yaml_node *map,
            enum dv_field_table table)
{
    for (size_t i = 0; i < DV_COUNT_OF(fields_of_all); i++) {
        const struct field *field = &fields_of_all[i];

        if (field->table == table && field->need == REQUIRED
            && dv_yaml_get(map, field->key) == NULL)
            dv_check_error(check, map->place, NULL, "%s needs the key \"%s\"",
                           table_names[table], field->key);
    }
}

bool
dv_check_fields(struct dv_check *check, const struct dv_yaml_node *map,
                enum dv_field_table table, struct dv_fields *fields)
{
    set_nothing(fields);
    if (!dv_check_type(check, map, DV_YAML_MAP, table_names[table]))
        return false;
    for (const struct dv_yaml_node *child = map->first; child != NULL;
         child = child->next) {
        const struct field *field = find_field(table, child->key->text);

        if (field != NULL)
            read_field(check, child, field, fields);
        else
            say_unknown(check, child->key, table);
    }
    if (!map->is_broken)
        say_missing(check, map, table);
    return true;
}
