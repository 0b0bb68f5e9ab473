/* SPDX-License-Identifier: MIT */
/* test_decode_coding.c - gzip, deflate, brotli and zstd, each by itself. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_brotli.h"
#include "decode/decode_gzip.h"
#include "decode/decode_zstd.h"
#include "support/encoder.h"
#include "support/guard.h"
#include "support/oom.h"

typedef davy_status (*undo_fn)(struct dv_span,
                               const struct dv_decode_bounds *,
                               struct dv_buf *);

static const struct dv_decode_bounds wide = { SIZE_MAX, SIZE_MAX };

static const struct {
    const char *name;
    encode_fn encode;
    undo_fn undo;
} codings[] = {
    { "gzip", encode_gzip, dv_decode_gzip },
    { "zlib", encode_zlib, dv_decode_deflate },
    { "raw deflate", encode_raw, dv_decode_deflate },
    { "brotli", encode_brotli, dv_decode_brotli },
    { "zstd", encode_zstd, dv_decode_zstd },
};

#define EACH_CODING(c) \
    for (size_t c = 0; c < DV_COUNT_OF(codings); c++)

/* Decode from a guard page; `out` is cleared. */
static davy_status
undo(size_t c, struct dv_span in, const struct dv_decode_bounds *bounds,
     struct dv_buf *out)
{
    struct guard guard;
    davy_status st;

    guard_init(&guard, in.at, in.len);
    dv_buf_clear(out);
    st = codings[c].undo(guard.bytes, bounds, out);
    guard_fini(&guard);
    return st;
}

static void
what_was_encoded_comes_back(void **state)
{
    static const size_t sizes[] = { 0, 1, 100, 16383, 16384, 16385, 300000 };

    (void)state;
    EACH_CODING(c) {
        for (size_t i = 0; i < DV_COUNT_OF(sizes); i++) {
            struct page page, coded;
            struct dv_mem mem;
            struct dv_buf out;

            page_of_text(&page, sizes[i]);
            codings[c].encode(page_span(&page), &coded);
            dv_mem_init(&mem, NULL, SIZE_MAX);
            dv_buf_init(&out, &mem, SIZE_MAX);
            assert_int_equal(undo(c, page_span(&coded), &wide, &out),
                             DAVY_OK);
            assert_true(dv_span_equal(dv_buf_span(&out), page_span(&page)));
            dv_buf_fini(&out);
            assert_int_equal(mem.used, 0);
            page_free(&page);
            page_free(&coded);
        }
    }
}

static void
a_stream_cut_off_anywhere_keeps_its_beginning(void **state)
{
    (void)state;
    EACH_CODING(c) {
        struct page page, coded;
        struct dv_mem mem;
        struct dv_buf out;
        size_t longest = 0;

        page_of_text(&page, 20000);
        codings[c].encode(page_span(&page), &coded);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&out, &mem, SIZE_MAX);
        for (size_t cut = 0; cut < coded.len; cut++) {
            const struct dv_span head = dv_span_of(coded.at, cut);

            assert_int_equal(undo(c, head, &wide, &out), DAVY_MALFORMED);
            assert_true(dv_span_starts_with(page_span(&page),
                                            dv_buf_span(&out)));
            assert_true(out.len >= longest);
            longest = out.len;
        }
        /* zstd hands out whole blocks; this page is one. */
        if (codings[c].encode != encode_zstd)
            assert_true(longest > page.len / 2);
        dv_buf_fini(&out);
        page_free(&page);
        page_free(&coded);
    }
}

static void
a_flipped_bit_anywhere_is_survived(void **state)
{
    (void)state;
    EACH_CODING(c) {
        struct page page, coded;
        struct dv_mem mem;
        struct dv_buf out;

        page_of_text(&page, 3000);
        codings[c].encode(page_span(&page), &coded);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&out, &mem, 1 << 20);
        for (size_t bit = 0; bit < coded.len * 8; bit++) {
            davy_status st;

            coded.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
            st = undo(c, page_span(&coded), &wide, &out);
            assert_true(st == DAVY_OK || st == DAVY_MALFORMED
                        || st == DAVY_LIMIT);
            coded.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        dv_buf_fini(&out);
        page_free(&page);
        page_free(&coded);
    }
}

static void
a_bomb_stops_at_its_bound(void **state)
{
    static const struct dv_decode_bounds rows[] = {
        { 100000, SIZE_MAX }, { SIZE_MAX, 20 }, { SIZE_MAX, 0 }, { 0, 200 },
    };

    (void)state;
    EACH_CODING(c) {
        struct page coded;
        struct dv_mem mem;
        struct dv_buf out;

        encode_zeros(codings[c].encode, 20 << 20, &coded);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
            size_t most = coded.len * rows[i].max_ratio + DV_DECODE_GRACE;

            if (rows[i].max_ratio == SIZE_MAX || most > rows[i].max_bytes)
                most = rows[i].max_bytes;
            dv_buf_init(&out, &mem, SIZE_MAX);
            assert_int_equal(undo(c, page_span(&coded), &rows[i], &out),
                             DAVY_LIMIT);
            assert_int_equal(out.len, most);
            dv_buf_fini(&out);
        }
        /* The buffer's own maximum is a bound as well. */
        dv_buf_init(&out, &mem, 70000);
        assert_int_equal(undo(c, page_span(&coded), &wide, &out), DAVY_LIMIT);
        assert_int_equal(out.len, 70000);
        dv_buf_fini(&out);
        page_free(&coded);
        assert_int_equal(mem.used, 0);
    }
}

static void
a_stream_that_ends_at_its_bound_is_whole(void **state)
{
    (void)state;
    EACH_CODING(c) {
        struct page page, coded;
        struct dv_mem mem;
        struct dv_buf out;

        page_of_text(&page, 100000);
        codings[c].encode(page_span(&page), &coded);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&out, &mem, SIZE_MAX);
        for (size_t less = 0; less < 3; less++) {
            const struct dv_decode_bounds bounds = { page.len - less,
                                                     SIZE_MAX };
            const davy_status st = undo(c, page_span(&coded), &bounds, &out);

            assert_int_equal(st, less == 0 ? DAVY_OK : DAVY_LIMIT);
            assert_int_equal(out.len, page.len - less);
        }
        dv_buf_fini(&out);
        page_free(&page);
        page_free(&coded);
    }
}

static void
what_follows_a_stream_is_ignored(void **state)
{
    static const char *const tails[] = { "x", "\n<!-- cached -->", "\x1f",
                                         "\x28\xb5\x2f", "\x78\x9c" };

    (void)state;
    EACH_CODING(c) {
        for (size_t i = 0; i < DV_COUNT_OF(tails); i++) {
            struct page page, coded;
            struct dv_mem mem;
            struct dv_buf out;

            page_of_text(&page, 500);
            codings[c].encode(page_span(&page), &coded);
            page_append(&coded, dv_span_cstr(tails[i]));
            dv_mem_init(&mem, NULL, SIZE_MAX);
            dv_buf_init(&out, &mem, SIZE_MAX);
            assert_int_equal(undo(c, page_span(&coded), &wide, &out),
                             DAVY_OK);
            assert_true(dv_span_equal(dv_buf_span(&out), page_span(&page)));
            dv_buf_fini(&out);
            page_free(&page);
            page_free(&coded);
        }
    }
}

/* Decode two streams that stand behind each other; `want` is what comes. */
static void
check_two(encode_fn encode, undo_fn fn, const char *between, davy_status want,
          const char *text)
{
    struct page first, second;
    struct dv_mem mem;
    struct dv_buf out;

    encode(DV_SPAN_LIT("one "), &first);
    encode(DV_SPAN_LIT("two"), &second);
    page_append(&first, dv_span_cstr(between));
    page_append(&first, page_span(&second));
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    assert_int_equal(fn(page_span(&first), &wide, &out), want);
    assert_true(dv_span_equal_cstr(dv_buf_span(&out), text));
    dv_buf_fini(&out);
    page_free(&first);
    page_free(&second);
}

static void
members_and_frames_follow_each_other(void **state)
{
    (void)state;
    check_two(encode_gzip, dv_decode_gzip, "", DAVY_OK, "one two");
    check_two(encode_zstd, dv_decode_zstd, "", DAVY_OK, "one two");
    check_two(encode_zstd, dv_decode_zstd, "\x52\x2a\x4d\x18\1\1\1\1",
              DAVY_MALFORMED, "one ");  /* a skipped frame beyond the end */
    check_two(encode_gzip, dv_decode_gzip, "\x1f\x8b\x08", DAVY_MALFORMED,
              "one ");
    check_two(encode_gzip, dv_decode_gzip, "-", DAVY_OK, "one ");
    check_two(encode_zlib, dv_decode_deflate, "", DAVY_OK, "one ");
    check_two(encode_brotli, dv_decode_brotli, "", DAVY_OK, "one ");
}

static void
a_wrong_check_sum_keeps_the_text(void **state)
{
    (void)state;
    for (size_t c = 0; c < 2; c++) {    /* gzip, zlib */
        struct page page, coded;
        struct dv_mem mem;
        struct dv_buf out;

        page_of_text(&page, 5000);
        codings[c].encode(page_span(&page), &coded);
        coded.at[coded.len - (c == 0 ? 8 : 4)] ^= 1;
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&out, &mem, SIZE_MAX);
        assert_int_equal(undo(c, page_span(&coded), &wide, &out),
                         DAVY_MALFORMED);
        assert_true(dv_span_equal(dv_buf_span(&out), page_span(&page)));
        dv_buf_fini(&out);
        page_free(&page);
        page_free(&coded);
    }
}

static void
raw_deflate_that_begins_like_zlib_is_read_raw(void **state)
{
    /* A stored block; its first byte's high bits are padding, so 78 01 is a
     * raw block of 0x??01 bytes as well as a header of zlib. */
    static const uint8_t bytes[] = { 0x78, 0x01, 0x00, 0xfe, 0xff, 'A', 0x01,
                                     0x01, 0x00, 0xfe, 0xff, 'B' };
    struct dv_mem mem;
    struct dv_buf out;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    assert_int_equal(dv_buf_append_cstr(&out, "> "), DAVY_OK);
    assert_int_equal(dv_decode_deflate(dv_span_of(bytes, sizeof(bytes)),
                                       &wide, &out),
                     DAVY_OK);
    assert_true(dv_span_equal_cstr(dv_buf_span(&out), "> AB"));
    dv_buf_fini(&out);
}

static void
text_that_is_not_coded_yields_nothing(void **state)
{
    static const char page[] = "<!doctype html><title>x</title>";

    (void)state;
    EACH_CODING(c) {
        struct dv_mem mem;
        struct dv_buf out;

        if (codings[c].undo == dv_decode_deflate)
            continue;                   /* raw deflate has no magic */
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&out, &mem, SIZE_MAX);
        assert_int_equal(undo(c, DV_SPAN_LIT(page), &wide, &out),
                         DAVY_MALFORMED);
        assert_int_equal(out.len, 0);
        dv_buf_fini(&out);
    }
}

static void
a_window_beyond_8_mib_is_a_limit(void **state)
{
    struct page coded;
    struct dv_mem mem;
    struct dv_buf out;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    for (int window_log = 23; window_log <= 24; window_log++) {
        encode_zstd_window(DV_SPAN_LIT("text"), window_log, &coded);
        dv_buf_clear(&out);
        assert_int_equal(dv_decode_zstd(page_span(&coded), &wide, &out),
                         window_log == 23 ? DAVY_OK : DAVY_LIMIT);
        page_free(&coded);
    }
    dv_buf_fini(&out);
}

struct work {
    size_t coding;
    struct dv_span coded;
};

static davy_status
decode_with_hooks(const davy_allocator *hooks, void *ctx)
{
    const struct work *work = ctx;
    struct dv_mem mem;
    struct dv_buf out;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    st = codings[work->coding].undo(work->coded, &wide, &out);
    dv_buf_fini(&out);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    (void)state;
    EACH_CODING(c) {
        struct page page, coded;
        struct work work = { .coding = c };

        page_of_text(&page, 50000);
        codings[c].encode(page_span(&page), &coded);
        work.coded = page_span(&coded);
        oom_sweep(decode_with_hooks, &work, 200);
        page_free(&page);
        page_free(&coded);
    }
}

static void
memory_of_decoders_is_accounted(void **state)
{
    (void)state;
    EACH_CODING(c) {
        struct page page, coded;
        struct dv_mem mem;
        struct dv_buf out;

        page_of_text(&page, 50000);
        codings[c].encode(page_span(&page), &coded);
        dv_mem_init(&mem, NULL, 2000);
        dv_buf_init(&out, &mem, SIZE_MAX);
        assert_int_equal(undo(c, page_span(&coded), &wide, &out),
                         DAVY_NO_MEMORY);
        dv_buf_fini(&out);
        assert_int_equal(mem.used, 0);
        page_free(&page);
        page_free(&coded);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_encoded_comes_back),
        cmocka_unit_test(a_stream_cut_off_anywhere_keeps_its_beginning),
        cmocka_unit_test(a_flipped_bit_anywhere_is_survived),
        cmocka_unit_test(a_bomb_stops_at_its_bound),
        cmocka_unit_test(a_stream_that_ends_at_its_bound_is_whole),
        cmocka_unit_test(what_follows_a_stream_is_ignored),
        cmocka_unit_test(members_and_frames_follow_each_other),
        cmocka_unit_test(a_wrong_check_sum_keeps_the_text),
        cmocka_unit_test(raw_deflate_that_begins_like_zlib_is_read_raw),
        cmocka_unit_test(text_that_is_not_coded_yields_nothing),
        cmocka_unit_test(a_window_beyond_8_mib_is_a_limit),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(memory_of_decoders_is_accounted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
