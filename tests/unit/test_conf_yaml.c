/* SPDX-License-Identifier: MIT */
/* test_conf_yaml.c - the subset of YAML that configurations are written in. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conf_yaml.h"
#include "support/guard.h"

static char said[512];

static void
on_fault(void *ctx, const struct conf_place *place, const char *text)
{
    const size_t length = strlen(said);

    (void)ctx;
    (void)snprintf(said + length, sizeof(said) - length, "%s:%u:%u %s\n",
                   place->file, place->line, place->column, text);
}

static struct conf_node *
read_text(const char *text)
{
    struct guard guard;
    struct conf_node *root;

    guard_init(&guard, text, strlen(text));
    said[0] = '\0';
    root = conf_yaml_read("f", (const char *)guard.bytes.at, strlen(text),
                          on_fault, NULL);
    guard_fini(&guard);
    return root;
}

static void
a_tree_knows_its_keys_texts_and_places(void **state)
{
    struct conf_node *root = read_text("a: 1\nb:\n  - x\n  - {c: 'y z'}\n");
    const struct conf_node *b;

    (void)state;
    assert_non_null(root);
    assert_int_equal(root->kind, CONF_MAP);
    assert_string_equal(root->first->key, "a");
    assert_string_equal(root->first->text, "1");
    b = root->first->next;
    assert_int_equal(b->kind, CONF_LIST);
    assert_int_equal(b->place.line, 2);
    assert_string_equal(b->first->text, "x");
    assert_int_equal(b->first->place.line, 3);
    assert_int_equal(b->first->place.column, 5);
    assert_string_equal(b->first->next->first->key, "c");
    assert_string_equal(b->first->next->first->text, "y z");
    conf_yaml_free(root);
}

static void
an_empty_file_is_an_empty_mapping(void **state)
{
    static const char *const texts[] = { "", "# nothing\n", "\n\n" };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct conf_node *root = read_text(texts[i]);

        assert_non_null(root);
        assert_int_equal(root->kind, CONF_MAP);
        assert_null(root->first);
        conf_yaml_free(root);
    }
}

static void
what_is_not_in_the_subset_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        { "a: 1\na: 2\n", "f:2:1 this key stands twice\n" },
        { "a: &x 1\n", "f:1:4 anchors and tags are not allowed\n" },
        { "a: !t 1\n", "f:1:4 anchors and tags are not allowed\n" },
        { "a: *x\n", "f:1:4 aliases are not allowed\n" },
        { "a: 1\n---\nb: 1\n", "f:2:1 a file holds one document only\n" },
        { "[a]: 1\n", "f:1:1 a key must be a word\n" },
        { "{a: 1\n", "this is no YAML" },
        { "a: \"x\\0y\"\n", "f:1:4 a text must not hold a NUL\n" },
        { "\xff\xfe: 1\n", "this is no YAML" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_null(read_text(rows[i].text));
        assert_non_null(strstr(said, rows[i].fault));
    }
}

static void
nesting_has_an_end(void **state)
{
    char text[CONF_YAML_DEPTH + 2];

    (void)state;
    memset(text, '[', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_null(read_text(text));
    assert_non_null(strstr(said, "nested too deeply"));
}

static void
parts_have_an_end(void **state)
{
    const size_t length = 3 * ((size_t)CONF_YAML_NODES + 1);
    char *text = calloc(1, length + 1);

    (void)state;
    assert_non_null(text);
    text[0] = '[';
    for (size_t i = 1; i + 3 < length; i += 2)
        memcpy(text + i, "a,", 2);
    assert_null(read_text(text));
    assert_non_null(strstr(said, "too many parts"));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_knows_its_keys_texts_and_places),
        cmocka_unit_test(an_empty_file_is_an_empty_mapping),
        cmocka_unit_test(what_is_not_in_the_subset_is_refused_with_its_place),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(parts_have_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
