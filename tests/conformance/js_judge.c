/* SPDX-License-Identifier: MIT */
/* js_judge.c - says of each file whether it parses as JavaScript.
 *
 * Reads lines `GOAL PATH` (GOAL: script, module, either) from standard input and
 * writes a line for each:
 *
 *     ok HASH PATH                   HASH is of the tree without places,
 *                                    parentheses, empty statements, and
 *                                    nesting of the comma operator
 *     refused OFFSET PATH: MESSAGE   the first error
 *
 * Exit status 2 when a file cannot be read or memory runs out. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "js/js_parse.h"
#include "js/js_walk.h"

#define LONGEST_LINE 4096

static const davy_limits limits = { .struct_size = sizeof(davy_limits),
                                    .js_depth = 1000 };

static uint64_t
hash_bytes(uint64_t hash, const void *at, size_t len)
{
    const uint8_t *bytes = at;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t
hash_span(uint64_t hash, struct dv_span span)
{
    return hash_bytes(hash, span.at, span.len);
}

/* Whether a node is a key that may as well be written as a string: {a: 1} and
 * {"a": 1} are the same. */
static bool
is_plain_key(const struct dv_js_tree *tree, const struct dv_js_visit *visit)
{
    const struct dv_js_node *parent = dv_js_at(tree, visit->parent);

    return visit->slot == 0 && !(parent->flags & DV_JS_COMPUTED)
           && (parent->kind == DV_JS_PROPERTY
               || parent->kind == DV_JS_METHOD_DEFINITION)
           && dv_js_kind(tree, visit->id) != DV_JS_PRIVATE_IDENTIFIER;
}

/* The same for keys that are numbers, when they print as whole ones. */
static struct dv_span
key_text(const struct dv_js_tree *tree, uint32_t id, char *room, size_t size)
{
    double number;

    switch (dv_js_kind(tree, id)) {
    case DV_JS_IDENTIFIER:
        return dv_js_name(tree, id);
    case DV_JS_STRING_LITERAL:
        return dv_js_string(tree, id);
    default:
        number = dv_js_number(tree, id);
        if (number > 1e308)
            return DV_SPAN_LIT("Infinity");
        snprintf(room, size, "%.17g", number);
        return dv_span_cstr(room);
    }
}

/* What a literal or name says, apart from how it is written. */
static uint64_t
hash_value(uint64_t hash, const struct dv_js_tree *tree, uint32_t id)
{
    double number;

    switch (dv_js_kind(tree, id)) {
    case DV_JS_IDENTIFIER:
    case DV_JS_PRIVATE_IDENTIFIER:
        return hash_span(hash, dv_js_name(tree, id));
    case DV_JS_STRING_LITERAL:
    case DV_JS_BIGINT_LITERAL:
    case DV_JS_TEMPLATE_ELEMENT:
        return hash_span(hash, dv_js_string(tree, id));
    case DV_JS_REGEXP_LITERAL:
        return hash_span(hash, dv_js_source(tree, id));
    case DV_JS_NUMERIC_LITERAL:
        number = dv_js_number(tree, id);
        return hash_bytes(hash, &number, sizeof(number));
    default:
        return hash;
    }
}

static davy_status
hash_tree(const struct dv_js_tree *tree, uint64_t *hash)
{
    const uint8_t how_written = DV_JS_PAREN;
    struct dv_js_visit visit;
    struct dv_js_walk walk;
    davy_status st;

    *hash = UINT64_C(0xcbf29ce484222325);
    dv_js_walk_init(&walk, tree);
    st = dv_js_walk_begin(&walk, tree->root);
    while (st == DAVY_OK) {
        const struct dv_js_node *node;
        uint8_t mark[4];

        st = dv_js_walk_next(&walk, &visit);
        if (st != DAVY_OK)
            break;
        node = dv_js_at(tree, visit.id);
        if (is_plain_key(tree, &visit)) {
            char room[32];

            *hash = hash_span(*hash, key_text(tree, visit.id, room,
                                              sizeof(room)));
            continue;
        }
        if (node->kind == DV_JS_EMPTY_STATEMENT
            || node->kind == DV_JS_SEQUENCE_EXPRESSION)
            continue;
        mark[0] = visit.is_leaving;
        mark[1] = node->kind;
        mark[2] = visit.slot;
        mark[3] = (uint8_t)node->op;
        *hash = hash_bytes(*hash, mark, sizeof(mark));
        switch (node->kind) {
        case DV_JS_STRING_LITERAL:
        case DV_JS_BIGINT_LITERAL:
        case DV_JS_TEMPLATE_ELEMENT:
        case DV_JS_IDENTIFIER:
            break;                      /* flags say how it is written */
        default:
            mark[0] = node->flags & (uint8_t)~how_written;
            *hash = hash_bytes(*hash, mark, 1);
            break;
        }
        if (!visit.is_leaving)
            *hash = hash_value(*hash, tree, visit.id);
    }
    dv_js_walk_fini(&walk);
    return st == DAVY_DECLINED ? DAVY_OK : st;
}

static uint8_t *
read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long size;

    if (f == NULL)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0
        && fseek(f, 0, SEEK_SET) == 0) {
        bytes = malloc((size_t)size + 1);
        *len = (size_t)size;
        if (bytes != NULL && fread(bytes, 1, *len, f) != *len) {
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(f);
    return bytes;
}

static int
judge(struct dv_js_tree *tree, enum dv_js_goal goal, const char *path)
{
    size_t len = 0;
    uint8_t *bytes = read_file(path, &len);
    uint64_t hash;
    davy_status st;

    if (bytes == NULL) {
        fprintf(stderr, "%s: cannot read\n", path);
        return 2;
    }
    st = dv_js_parse(tree, dv_span_of(bytes, len), goal, &limits);
    if (st == DAVY_LIMIT) {
        printf("refused %u %s: too deep\n", tree->end, path);
    } else if (st != DAVY_OK || hash_tree(tree, &hash) != DAVY_OK) {
        fprintf(stderr, "%s: out of memory\n", path);
        free(bytes);
        return 2;
    } else if (tree->errors > 0) {
        printf("refused %u %s: %s\n", tree->first.offset, path,
               tree->first.message);
    } else {
        printf("ok %016llx %s\n", (unsigned long long)hash, path);
    }
    dv_js_tree_reset(tree);
    free(bytes);
    return 0;
}

int
main(void)
{
    char line[LONGEST_LINE];
    struct dv_js_tree tree;
    struct dv_mem mem;
    int status = 0;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        enum dv_js_goal goal = DV_JS_GOAL_SCRIPT;
        char *path = strchr(line, ' ');

        line[strcspn(line, "\n")] = '\0';
        if (path == NULL)
            continue;
        *path++ = '\0';
        if (strcmp(line, "module") == 0)
            goal = DV_JS_GOAL_MODULE;
        else if (strcmp(line, "either") == 0)
            goal = DV_JS_GOAL_SCRIPT_OR_MODULE;
        status |= judge(&tree, goal, path);
    }
    dv_js_tree_fini(&tree);
    return status;
}
