/* SPDX-License-Identifier: MIT */
/* test_rule_yaml.c - the subset of YAML, and everything outside of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rule/rule_yaml.h"
#include "support/guard.h"
#include "support/oom.h"

struct fixture {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_messages messages;
    const struct dv_yaml_node *root;
};

static void
fixture_init(struct fixture *f, const davy_allocator *hooks)
{
    dv_mem_init(&f->mem, hooks, SIZE_MAX);
    dv_arena_init(&f->arena, &f->mem);
    dv_messages_init(&f->messages, &f->mem);
}

static void
fixture_fini(struct fixture *f)
{
    dv_messages_fini(&f->messages);
    dv_arena_fini(&f->arena);
    assert_int_equal(f->mem.used, 0);
}

static davy_status
parse(struct fixture *f, const char *text, size_t len)
{
    struct guard guard;
    davy_status st;

    guard_init(&guard, text, len);
    st = dv_yaml_parse(&f->arena, &f->messages, guard.bytes, &f->root);
    guard_fini(&guard);
    return st;
}

/* A tree in one line: {key:value,...} [item,...] with line:column. */
static size_t
print_node(const struct dv_yaml_node *node, char *out, size_t size)
{
    size_t n = 0;

    if (node->type == DV_YAML_SCALAR)
        return (size_t)snprintf(out, size, "%s@%u:%u",
                                (const char *)node->text.at,
                                (unsigned)node->place.line,
                                (unsigned)node->place.column);
    n += (size_t)snprintf(out, size, node->type == DV_YAML_LIST ? "[" : "{");
    for (const struct dv_yaml_node *child = node->first; child != NULL;
         child = child->next) {
        if (child != node->first)
            n += (size_t)snprintf(out + n, size - n, ",");
        if (child->key != NULL)
            n += (size_t)snprintf(out + n, size - n, "%s:",
                                  (const char *)child->key->text.at);
        n += print_node(child, out + n, size - n);
    }
    n += (size_t)snprintf(out + n, size - n,
                          node->type == DV_YAML_LIST ? "]" : "}");
    return n;
}

static void
a_tree_knows_the_place_of_each_part(void **state)
{
    static const struct {
        const char *text;
        const char *tree;
    } rows[] = {
        { "a: b\nc:\n- d\n- e: 'f'\n", "{a:b@1:4,c:[d@3:3,{e:f@4:6}]}" },
        { "{a: [1, \"x\\ty\"], b: }", "{a:[1@1:6,x\ty@1:9],b:@1:21}" },
        { "a: |\n  x\n  y\nb: >\n  x\n  y\n", "{a:x\ny\n@1:4,b:x y\n@4:4}" },
        { "\xef\xbb\xbf" "a: b", "{a:b@1:4}" },
        { "\xc3\xa9\xc3\xa9: b\nc: d", "{\xc3\xa9\xc3\xa9:b@1:7,c:d@2:4}" },
        { "a: no\nb: 0x10\nc: ~", "{a:no@1:4,b:0x10@2:4,c:~@3:4}" },
        { "a: b\r\nc: d\re: f", "{a:b@1:4,c:d@2:4,e:f@3:4}" },
        { "--- \na: b\n...\n", "{a:b@2:4}" },
        { "# only a comment\n- x", "[x@2:3]" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct fixture f;
        char tree[300];

        fixture_init(&f, NULL);
        assert_int_equal(parse(&f, rows[i].text, strlen(rows[i].text)),
                         DAVY_OK);
        assert_non_null(f.root);
        print_node(f.root, tree, sizeof(tree));
        assert_string_equal(tree, rows[i].tree);
        assert_int_equal(dv_messages_count(&f.messages), 0);
        fixture_fini(&f);
    }
}

static void
print_messages(const struct dv_messages *messages, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < dv_messages_count(messages); i++) {
        const davy_message *m = dv_messages_at(messages, i);

        n += (size_t)snprintf(out + n, size - n, "%u:%u %s\n",
                              (unsigned)m->line, (unsigned)m->column,
                              m->text);
    }
}

static void
what_is_outside_of_the_subset_is_refused(void **state)
{
    static const struct {
        const char *text;
        const char *messages;
    } rows[] = {
        { "", "1:1 the file is empty\n" },
        { "# nothing\n", "1:1 the file is empty\n" },
        { "a: &x b\n", "1:4 anchors are not allowed\n" },
        { "a: &x [b]\nc: &y {d: e}\n",
          "1:4 anchors are not allowed\n2:4 anchors are not allowed\n" },
        { "a: &x b\nc: *x\n",
          "1:4 anchors are not allowed\n2:4 aliases are not allowed\n" },
        { "*x : b\n", "1:1 aliases are not allowed\n" },
        { "a: !!int 5\n", "1:4 tags are not allowed\n" },
        { "a: !mine [b]\n", "1:4 tags are not allowed\n" },
        { "%YAML 1.1\n---\na: b\n", "1:1 directives are not allowed\n" },
        { "a: b\n---\nc: d\n", "2:1 a file holds one document only\n" },
        { "a: b\nc: d\na: e\n", "3:1 key \"a\" stands twice in this mapping\n" },
        { "{a: 1, a: 2, a: 3}",
          "1:8 key \"a\" stands twice in this mapping\n"
          "1:14 key \"a\" stands twice in this mapping\n" },
        { "? [a]\n: b\n", "1:3 a key must be plain text\n" },
        { "? {a: b}\n: b\n", "1:3 a key must be plain text\n" },
        { "a: 'b\n",
          "2:1 this is no YAML: found unexpected end of stream while scanning "
          "a quoted scalar\n" },
        { "a: b: c\n",
          "1:5 this is no YAML: mapping values are not allowed in this "
          "context\n" },
        { "a:\n\tb: c\n",
          "2:1 this is no YAML: found character that cannot start any token "
          "while scanning for the next token\n" },
        { "a: b\n\xff: c\n", "2:1 the file is not valid UTF-8\n" },
        { "a: \x01\n",
          "1:4 this is no YAML: control characters are not allowed\n" },
        { "\xff\xfe" "a\0", "1:1 the file is not valid UTF-8\n" },
        { "a: &x b\nc: d: e\n",
          "1:4 anchors are not allowed\n"
          "2:5 this is no YAML: mapping values are not allowed in this "
          "context\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct fixture f;
        char messages[600];

        fixture_init(&f, NULL);
        assert_int_equal(parse(&f, rows[i].text, strlen(rows[i].text)),
                         DAVY_OK);
        print_messages(&f.messages, messages, sizeof(messages));
        assert_string_equal(messages, rows[i].messages);
        fixture_fini(&f);
    }
}

static void
what_stood_before_a_syntax_error_is_kept(void **state)
{
    static const char text[] = "a: b\nc: [d, e\nf: g: h\n";
    struct fixture f;
    const struct dv_yaml_node *c;

    (void)state;
    fixture_init(&f, NULL);
    assert_int_equal(parse(&f, text, sizeof(text) - 1), DAVY_OK);
    assert_non_null(f.root);
    assert_true(f.root->is_broken);
    assert_non_null(dv_yaml_get(f.root, "a"));
    c = dv_yaml_get(f.root, "c");
    assert_non_null(c);
    assert_true(c->is_broken);
    assert_null(dv_yaml_get(f.root, "z"));
    fixture_fini(&f);
}

/* `n` times `piece` and what the messages say then. */
static void
assert_flood(const char *head, const char *piece, size_t n,
             const char *expected)
{
    const size_t len = strlen(piece);
    char *text = malloc(strlen(head) + n * len + 1);
    struct fixture f;
    char messages[600];
    size_t at = strlen(head);

    assert_non_null(text);
    memcpy(text, head, at);
    for (size_t i = 0; i < n; i++, at += len)
        memcpy(text + at, piece, len);
    fixture_init(&f, NULL);
    assert_int_equal(parse(&f, text, at), DAVY_OK);
    print_messages(&f.messages, messages, sizeof(messages));
    assert_string_equal(messages, expected);
    fixture_fini(&f);
    free(text);
}

static void
what_is_too_large_is_refused(void **state)
{
    (void)state;
    assert_flood("", "[", 100000, "1:41 the parts are nested too deeply\n");
    assert_flood("", "{a: ", 100000, "1:161 the parts are nested too deeply\n");
    assert_flood("", "- - - - - - - - - - ", 5,
                 "1:81 the parts are nested too deeply\n");
    assert_flood("", "- a\n", 450000, "400000:3 the file has too many parts\n");
    assert_flood("a: '", "x", DV_YAML_BYTES,
                 "0:0 the file is larger than 4 MiB\n");
}

static void
a_mapping_has_a_bounded_number_of_keys(void **state)
{
    char text[3000];
    size_t at = 0;
    struct fixture f;
    char messages[300];

    (void)state;
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "k%d: 1\n", i);
    fixture_init(&f, NULL);
    assert_int_equal(parse(&f, text, at), DAVY_OK);
    assert_int_equal(f.root->count, DV_YAML_KEYS);
    print_messages(&f.messages, messages, sizeof(messages));
    assert_string_equal(messages, "101:1 the mapping has too many keys\n");
    fixture_fini(&f);
}

static void
the_text_of_a_scalar_has_a_place_of_its_own(void **state)
{
    static const char text[] = "a: 'bc'\nd: \"e\\tf\"\ng: hi\n";
    struct fixture f;
    const struct dv_yaml_node *node;

    (void)state;
    fixture_init(&f, NULL);
    assert_int_equal(parse(&f, text, sizeof(text) - 1), DAVY_OK);
    node = dv_yaml_get(f.root, "a");
    assert_true(node->is_verbatim);
    assert_int_equal(node->text_place.column, 5);
    assert_false(dv_yaml_get(f.root, "d")->is_verbatim);
    node = dv_yaml_get(f.root, "g");
    assert_true(node->is_verbatim);
    assert_int_equal(node->text_place.column, 4);
    fixture_fini(&f);
}

static davy_status
parse_with(const davy_allocator *hooks, void *ctx)
{
    struct fixture f;
    davy_status st;

    fixture_init(&f, hooks);
    st = parse(&f, ctx, strlen(ctx));
    fixture_fini(&f);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    char text[] = "a: [b, c, {d: e, d: *x}]\nf: &y g\nh: |\n  i\nj: 'k\n";

    (void)state;
    oom_sweep(parse_with, text, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_knows_the_place_of_each_part),
        cmocka_unit_test(what_is_outside_of_the_subset_is_refused),
        cmocka_unit_test(what_stood_before_a_syntax_error_is_kept),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(a_mapping_has_a_bounded_number_of_keys),
        cmocka_unit_test(the_text_of_a_scalar_has_a_place_of_its_own),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
