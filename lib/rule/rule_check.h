/* SPDX-License-Identifier: MIT */
/* rule_check.h - holds a tree of YAML against the keys that are known, and
 * says everything that is wrong with it. */

#ifndef DV_RULE_CHECK_H
#define DV_RULE_CHECK_H

#include "base/arena.h"
#include "rule/rule_message.h"
#include "rule/rule_yaml.h"

/* Bytes of one line of text, such as a title. */
#define DV_LINE_BYTES 1000

/* What the checks of one file share.  Errors are said and stick in `messages`;
 * `status` tells of memory only. */
struct dv_check {
    struct dv_arena *arena;             /* for what is kept */
    struct dv_messages *messages;
    davy_status status;                 /* OK or NO_MEMORY */
};

enum dv_words {
    DV_WORDS_SEVERITY,
    DV_WORDS_CONFIDENCE,
    DV_WORDS_STATUS,
    DV_WORDS_LAYER,
    DV_WORDS_SCOPE,
    DV_WORDS_TEST_TYPE,
    DV_WORDS_FILE_KIND,
    DV_WORDS_STANDIN,
    DV_WORDS_ROLE,
    DV_WORDS_ARG_TYPE,
    DV_WORDS_COUNT
};

/* The numbers of words inside their group. */
enum {
    DV_STATUS_EXPERIMENTAL, DV_STATUS_STABLE, DV_STATUS_DEPRECATED,
    DV_SCOPE_ARTIFACT = 0, DV_SCOPE_PAGE,
    DV_LAYER_ADDRESS = 0,
    DV_TEST_TYPE_URL = 3,
    DV_FILE_KIND_RULES = 0, DV_FILE_KIND_ABP, DV_FILE_KIND_HOSTS,
    DV_FILE_KIND_STANDIN,
    DV_ROLE_BLOCK = 0, DV_ROLE_ALLOW
};

enum dv_field_table {
    DV_TABLE_RULES,                     /* a file of rules */
    DV_TABLE_RULE,
    DV_TABLE_TEST,
    DV_TABLE_PACK,
    DV_TABLE_FILE,                      /* rules in a pack */
    DV_TABLE_STANDIN,                   /* a script in a pack */
    DV_TABLE_LIST,                      /* a list in a pack */
    DV_TABLES
};

struct dv_texts {
    const char *const *at;
    size_t count;
};

/* A score that was not given. */
#define DV_SCORE_NONE INT32_MIN

/* Values of a mapping.  Texts are "" and words -1 where nothing (right) was
 * given. */
struct dv_fields {
    const char *id;
    const char *title;
    const char *family;
    const char *since;
    const char *fix;
    const char *address;
    const char *name;
    const char *version;
    const char *min_engine;
    const char *licence;
    const char *path;
    const char *source;
    const char *sha256;
    int layer;
    int severity;
    int confidence;
    int status;
    int scope;
    int test_type;
    int kind;
    int role;
    int use;
    int score;
    int sequence;
    struct dv_texts mitre;
    struct dv_texts references;
    struct dv_texts falsepositives;
    struct dv_texts families;
};

void dv_check_error(struct dv_check *check, struct dv_place place,
                    const char *hint, const char *fmt, ...) DV_PRINTF(4, 5);
void dv_check_warn(struct dv_check *check, struct dv_place place,
                   const char *hint, const char *fmt, ...) DV_PRINTF(4, 5);

/* Whether `node` (may be NULL) is of that type; says so when it is not.
 * `what` names it: "a rule". */
bool dv_check_type(struct dv_check *check, const struct dv_yaml_node *node,
                   enum dv_yaml_type type, const char *what);

/* Say that the key of `node` is not known, with the nearest name of the
 * table. */
void dv_check_unknown(struct dv_check *check, struct dv_place place,
                      struct dv_span key, const char *what,
                      const char *const *names, size_t count);

/* Read a mapping by its table.  False when it is no mapping. */
bool dv_check_fields(struct dv_check *check, const struct dv_yaml_node *map,
                     enum dv_field_table table, struct dv_fields *fields);

/* The number of a text among those that are allowed, or -1 (said). */
int dv_check_choice(struct dv_check *check, const struct dv_yaml_node *node,
                    const char *const *names, size_t count);

/* The same for the words of a group. */
int dv_check_word(struct dv_check *check, const struct dv_yaml_node *node,
                  enum dv_words group);

/* A whole number within bounds; false when it is none (said). */
bool dv_check_number(struct dv_check *check, const struct dv_yaml_node *node,
                     long min, long max, long *number);

/* "true" or "false". */
bool dv_check_flag(struct dv_check *check, const struct dv_yaml_node *node,
                   bool *flag);

/* A word of rule_word.def. */
const char *dv_word(enum dv_words group, int number);

/* The text of a scalar with a NUL behind it, kept in check->arena; "" when
 * memory is refused (then check->status says so). */
const char *dv_check_keep(struct dv_check *check, struct dv_span text);

#endif
