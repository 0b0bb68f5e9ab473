/* SPDX-License-Identifier: MIT */
/* test_fact_url.c - addresses become facts, their content artifacts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "fact/fact_url.h"
#include "support/oom.h"

struct bench {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_url base;
};

static davy_status
begin(struct bench *bench, const davy_allocator *hooks)
{
    dv_mem_init(&bench->mem, hooks, SIZE_MAX);
    dv_arena_init(&bench->arena, &bench->mem);
    dv_facts_init(&bench->facts, &bench->mem, &bench->arena, 1000);
    return dv_url_parse(&bench->base, &bench->arena,
                        DV_SPAN_LIT("https://h.example/dir/page"), NULL);
}

static void
end(struct bench *bench)
{
    dv_facts_fini(&bench->facts);
    dv_arena_fini(&bench->arena);
    assert_int_equal(bench->mem.used, 0);
}

struct row {
    const char *raw;
    davy_kind kind;
    const char *fact;                   /* NULL: none */
};

static const struct row rows[] = {
    { "x.js", DAVY_KIND_SCRIPT, "https://h.example/dir/x.js" },
    { "  /x.js\n", DAVY_KIND_SCRIPT, "https://h.example/x.js" },
    { "//C.example/x", DAVY_KIND_FRAME, "https://c.example/x" },
    { "wss://p.example:443/?a?b", DAVY_KIND_WEBSOCKET,
      "wss://p.example/?a?b" },
    { "stratum+tcp://p.example:3333", DAVY_KIND_FETCH,
      "stratum+tcp://p.example:3333" },
    { "", DAVY_KIND_SCRIPT, NULL },
    { " \n", DAVY_KIND_SCRIPT, NULL },
    { "blob:https://h.example/1", DAVY_KIND_WORKER, NULL },
    { "about:blank", DAVY_KIND_FRAME, NULL },
    { "mailto:a@b.example", DAVY_KIND_LINK, NULL },
    { "tel:1", DAVY_KIND_LINK, NULL },
    { "javascript:a()", DAVY_KIND_LINK, NULL },
    { "data:,a", DAVY_KIND_SCRIPT, NULL },
    { "http://[bad/", DAVY_KIND_SCRIPT, NULL }
};

static void
addresses_become_absolute(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct bench bench;
        struct dv_fact *fact;

        assert_int_equal(begin(&bench, NULL), DAVY_OK);
        dv_fact_url_add(&bench.facts, &bench.base,
                        dv_span_cstr(rows[i].raw), rows[i].kind, 5, 7);
        assert_int_equal(bench.facts.status, DAVY_OK);
        if (bench.facts.facts.len != (rows[i].fact != NULL))
            fail_msg("%s: %zu facts", rows[i].raw, bench.facts.facts.len);
        if (rows[i].fact != NULL) {
            fact = dv_facts_at(&bench.facts, 0);
            assert_int_equal(fact->kind, DV_FACT_URL);
            assert_int_equal(fact->aux, rows[i].kind);
            assert_int_equal(fact->at, 5);
            assert_int_equal(fact->len, 7);
            assert_true(dv_span_equal_cstr(dv_facts_text(&bench.facts, fact),
                                           rows[i].fact));
        }
        end(&bench);
    }
}

static void
without_a_base_relative_addresses_stay_as_written(void **state)
{
    struct bench bench;
    struct dv_url opaque;
    static uint8_t text[3000];
    struct dv_url endless;

    (void)state;
    assert_int_equal(begin(&bench, NULL), DAVY_OK);
    dv_fact_url_add(&bench.facts, NULL, DV_SPAN_LIT(" ../X.js "),
                    DAVY_KIND_SCRIPT, 0, 9);
    assert_int_equal(dv_url_parse(&opaque, &bench.arena,
                                  DV_SPAN_LIT("about:srcdoc"), NULL),
                     DAVY_OK);
    dv_fact_url_add(&bench.facts, &opaque, DV_SPAN_LIT("../X.js"),
                    DAVY_KIND_SCRIPT, 0, 7);
    memset(text, 'a', sizeof(text));
    memcpy(text, "http://h/", 9);
    assert_int_equal(dv_url_parse(&endless, &bench.arena,
                                  dv_span_of(text, sizeof(text)), NULL),
                     DAVY_OK);
    dv_fact_url_add(&bench.facts, &endless, DV_SPAN_LIT("../X.js"),
                    DAVY_KIND_SCRIPT, 0, 7);
    assert_int_equal(bench.facts.facts.len, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(dv_span_equal_cstr(
            dv_facts_text(&bench.facts, dv_facts_at(&bench.facts, i)),
            "../X.js"));
    end(&bench);
}

static void
without_a_base_two_slashes_name_a_host(void **state)
{
    struct bench bench;

    (void)state;
    assert_int_equal(begin(&bench, NULL), DAVY_OK);
    dv_fact_url_add(&bench.facts, NULL, DV_SPAN_LIT(" //H.example/x.js"),
                    DAVY_KIND_SCRIPT, 0, 17);
    assert_int_equal(bench.facts.facts.len, 1);
    assert_true(dv_span_equal_cstr(
        dv_facts_text(&bench.facts, dv_facts_at(&bench.facts, 0)),
        "https://h.example/x.js"));
    end(&bench);
}

struct nested_row {
    const char *raw;
    davy_kind kind;
    enum dv_nested_type type;
    const char *bytes;                  /* NULL: nothing nested */
    const char *content_type;           /* "" for none */
};

static const struct nested_row nested_rows[] = {
    { "javascript:a(1)", DAVY_KIND_LINK, DV_NESTED_SCRIPT, "a(1)", "" },
    { " JAVA\nSCRIPT:a('%41%zz')?b#c", DAVY_KIND_FRAME, DV_NESTED_SCRIPT,
      "a('A%zz')?b#c", "" },
    { "javascript:void(0)", DAVY_KIND_LINK, DV_NESTED_SCRIPT, NULL, "" },
    { "javascript: ; ", DAVY_KIND_LINK, DV_NESTED_SCRIPT, NULL, "" },
    { "javascript:", DAVY_KIND_LINK, DV_NESTED_SCRIPT, NULL, "" },
    { "data:,a%20b#c", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, "a b",
      "text/plain;charset=US-ASCII" },
    { "data:text/javascript;base64,YSgxKQ==", DAVY_KIND_MODULE,
      DV_NESTED_MODULE, "a(1)", "text/javascript" },
    { "DATA:text/javascript;charset=x; BASE64,YSgx%4bQ", DAVY_KIND_WORKER,
      DV_NESTED_WORKER, "a(1)", "text/javascript;charset=x" },
    { "data:application/javascript,a?b", DAVY_KIND_WORKER, DV_NESTED_WORKER,
      "a?b", "application/javascript" },
    { "data:text/html,<b>x", DAVY_KIND_FRAME, DV_NESTED_PAGE, "<b>x",
      "text/html" },
    { "data:Text/HTML;charset=x,y", DAVY_KIND_DOCUMENT, DV_NESTED_PAGE, "y",
      "Text/HTML;charset=x" },
    { "data:image/svg+xml,y", DAVY_KIND_FRAME, DV_NESTED_PAGE, "y",
      "image/svg+xml" },
    { "data:application/pdf,y", DAVY_KIND_FRAME, DV_NESTED_BYTES, "y",
      "application/pdf" },
    { "data:application/wasm;base64,AGFzbQ==", DAVY_KIND_FETCH,
      DV_NESTED_BYTES, "", "application/wasm" },
    { "data:image/png,y", DAVY_KIND_FETCH, DV_NESTED_BYTES, "y",
      "image/png" },
    { "data:image/png,y", DAVY_KIND_OTHER, DV_NESTED_BYTES, NULL, "" },
    { "data:base64,YQ==", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, "YQ==",
      "text/plain;charset=US-ASCII" },
    { "data:;base64,YQ==", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, "a",
      "text/plain;charset=US-ASCII" },
    { "data:;base64,Y", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, NULL, "" },
    { "data:text/javascript", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, NULL, "" },
    { "data:,", DAVY_KIND_SCRIPT, DV_NESTED_SCRIPT, NULL, "" }
};

static void
check_nested(const struct nested_row *row)
{
    struct bench bench;
    const struct dv_nested *nested;

    assert_int_equal(begin(&bench, NULL), DAVY_OK);
    dv_fact_url_add(&bench.facts, &bench.base, dv_span_cstr(row->raw),
                    row->kind, 5, 1);
    assert_int_equal(bench.facts.status, DAVY_OK);
    assert_int_equal(bench.facts.facts.len, 0);
    if (bench.facts.nested.len != (row->bytes != NULL))
        fail_msg("%s: %zu nested", row->raw, bench.facts.nested.len);
    if (row->bytes != NULL) {
        nested = dv_vec_at(&bench.facts.nested, 0);
        assert_int_equal(nested->type, row->type);
        if (*row->bytes != '\0'
            && !dv_span_equal_cstr(nested->bytes, row->bytes))
            fail_msg("%s: %.*s", row->raw, (int)nested->bytes.len,
                     (const char *)nested->bytes.at);
        assert_string_equal(nested->content_type == NULL
                                ? "" : nested->content_type,
                            row->content_type);
        assert_false(nested->is_verbatim);
    }
    end(&bench);
}

static void
code_and_bytes_in_addresses_become_artifacts(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(nested_rows); i++)
        check_nested(&nested_rows[i]);
}

static void
code_that_stands_as_it_is_is_verbatim(void **state)
{
    struct bench bench;
    const struct dv_nested *nested;

    (void)state;
    assert_int_equal(begin(&bench, NULL), DAVY_OK);
    dv_fact_url_add(&bench.facts, NULL, DV_SPAN_LIT(" javascript:a(1)"),
                    DAVY_KIND_LINK, 100, 16);
    dv_fact_url_add(&bench.facts, NULL, DV_SPAN_LIT("javascript:a(%31)"),
                    DAVY_KIND_LINK, 100, 17);
    assert_int_equal(bench.facts.nested.len, 2);
    nested = dv_vec_at(&bench.facts.nested, 0);
    assert_true(nested->is_verbatim);
    assert_int_equal(nested->at, 112);
    assert_int_equal(nested->len, 4);
    nested = dv_vec_at(&bench.facts.nested, 1);
    assert_false(nested->is_verbatim);
    assert_int_equal(nested->at, 100);
    end(&bench);
}

static davy_status
add_all(const davy_allocator *hooks, void *ctx)
{
    struct bench bench;
    davy_status st;

    (void)ctx;
    st = begin(&bench, hooks);
    for (size_t i = 0; i < DV_COUNT_OF(rows) && st == DAVY_OK; i++) {
        dv_fact_url_add(&bench.facts, &bench.base, dv_span_cstr(rows[i].raw),
                        rows[i].kind, 0, 1);
        st = bench.facts.status;
    }
    for (size_t i = 0; i < DV_COUNT_OF(nested_rows) && st == DAVY_OK; i++) {
        dv_fact_url_add(&bench.facts, &bench.base,
                        dv_span_cstr(nested_rows[i].raw),
                        nested_rows[i].kind, 0, 1);
        st = bench.facts.status;
        if (i % 3 == 0) {
            dv_facts_clear(&bench.facts);
            dv_arena_fini(&bench.arena);
            if (st == DAVY_OK)
                st = dv_url_parse(&bench.base, &bench.arena,
                                  DV_SPAN_LIT("https://h.example/"), NULL);
        }
    }
    end(&bench);
    return st;
}

static void
any_refused_allocation_is_an_answer(void **state)
{
    (void)state;
    oom_sweep(add_all, NULL, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_become_absolute),
        cmocka_unit_test(without_a_base_relative_addresses_stay_as_written),
        cmocka_unit_test(without_a_base_two_slashes_name_a_host),
        cmocka_unit_test(code_and_bytes_in_addresses_become_artifacts),
        cmocka_unit_test(code_that_stands_as_it_is_is_verbatim),
        cmocka_unit_test(any_refused_allocation_is_an_answer)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
