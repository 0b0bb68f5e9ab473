/* SPDX-License-Identifier: MIT */
/* test_base.c - accounts, arenas, buffers, vectors, maps, digests. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/keccak.h"
#include "base/sha256.h"
#include "base/strmap.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "support/oom.h"

static void
an_account_refuses_more_than_its_limit(void **state)
{
    struct dv_mem mem;
    void *a;

    (void)state;
    dv_mem_init(&mem, NULL, 100);
    a = dv_mem_alloc(&mem, 60);
    assert_non_null(a);
    assert_null(dv_mem_alloc(&mem, 41));
    assert_null(dv_mem_realloc(&mem, a, 60, 101));
    a = dv_mem_realloc(&mem, a, 60, 100);
    assert_non_null(a);
    assert_int_equal(mem.used, 100);
    dv_mem_free(&mem, a, 100);
    assert_int_equal(mem.used, 0);
    assert_null(dv_mem_calloc(&mem, SIZE_MAX / 2, 3));
}

static void
an_arena_gives_aligned_pieces_and_takes_them_back(void **state)
{
    struct dv_mem mem;
    struct dv_arena arena;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 3000; n += 7) {
            uint8_t *text = dv_arena_bytes(&arena, n % 5);
            uint64_t *piece = dv_arena_alloc(&arena, n + 8);

            assert_non_null(text);
            assert_non_null(piece);
            assert_int_equal((uintptr_t)piece % 16, 0);
            *piece = n;
        }
        dv_arena_reset(&arena);
    }
    dv_arena_fini(&arena);
    assert_int_equal(mem.used, 0);
}

static void
a_buffer_stops_at_its_maximum(void **state)
{
    struct dv_mem mem;
    struct dv_buf buf;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&buf, &mem, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(dv_buf_append_byte(&buf, (uint8_t)i), DAVY_OK);
    assert_int_equal(dv_buf_append_byte(&buf, 0), DAVY_LIMIT);
    assert_int_equal(buf.len, 1000);
    assert_int_equal(buf.at[999], 999 & 0xff);
    dv_buf_fini(&buf);
    assert_int_equal(mem.used, 0);
}

static void
a_vector_stops_at_its_maximum(void **state)
{
    struct dv_mem mem;
    struct dv_vec vec;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_vec_init(&vec, &mem, sizeof(int), 40);
    for (int i = 0; i < 40; i++) {
        int *slot = dv_vec_push(&vec);

        assert_non_null(slot);
        *slot = i;
    }
    assert_null(dv_vec_push(&vec));
    assert_true(dv_vec_is_full(&vec));
    assert_int_equal(*(int *)dv_vec_at(&vec, 39), 39);
    dv_vec_fini(&vec);
    assert_int_equal(mem.used, 0);
}

static void
a_map_finds_what_was_put(void **state)
{
    static char keys[2000][12];
    struct dv_mem mem;
    struct dv_strmap map;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_strmap_init(&map, &mem);
    assert_null(dv_strmap_get(&map, DV_SPAN_LIT("nothing")));
    for (uint32_t i = 0; i < 2000; i++) {
        snprintf(keys[i], sizeof(keys[i]), "key%u", i);
        assert_int_equal(*dv_strmap_put(&map, dv_span_cstr(keys[i]), i), i);
    }
    for (uint32_t i = 0; i < 2000; i++) {
        assert_int_equal(*dv_strmap_put(&map, dv_span_cstr(keys[i]), 9), i);
        assert_int_equal(*dv_strmap_get(&map, dv_span_cstr(keys[i])), i);
    }
    assert_null(dv_strmap_get(&map, DV_SPAN_LIT("key2000")));
    assert_null(dv_strmap_get(&map, dv_span_of(NULL, 0)));
    assert_non_null(dv_strmap_put(&map, dv_span_of(NULL, 0), 7));
    assert_int_equal(*dv_strmap_get(&map, DV_SPAN_LIT("")), 7);
    dv_strmap_fini(&map);
    assert_int_equal(mem.used, 0);
}

static davy_status
fill_containers(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_strmap map;
    davy_status st = DAVY_OK;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    dv_strmap_init(&map, &mem);
    for (uint32_t i = 0; i < 500 && st == DAVY_OK; i++) {
        char text[12];
        struct dv_span key;

        snprintf(text, sizeof(text), "%u", i);
        if (!dv_arena_copy(&arena, dv_span_cstr(text), &key)
            || dv_strmap_put(&map, key, i) == NULL)
            st = DAVY_NO_MEMORY;
    }
    dv_strmap_fini(&map);
    dv_arena_fini(&arena);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    (void)state;
    oom_sweep(fill_containers, NULL, 100);
}

static void
hex_of(const uint8_t *digest, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void
sha256_gives_the_digests_of_fips_180(void **state)
{
    static const char *const text
        = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char hex[65];
    uint8_t digest[DV_SHA256_SIZE];
    struct dv_sha256 sha;

    (void)state;
    for (size_t cut = 0; cut <= 56; cut++) {
        dv_sha256_begin(&sha);
        if (cut % 2 == 0)
            sha.has_extensions = false; /* both ways must agree */
        dv_sha256_feed(&sha, dv_span_of(text, cut));
        dv_sha256_feed(&sha, dv_span_of(text + cut, 56 - cut));
        dv_sha256_finish(&sha, digest);
        hex_of(digest, sizeof(digest), hex);
        assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039"
                                 "a33ce45964ff2167f6ecedd419db06c1");
    }
    for (int round = 0; round < 2; round++) {
        dv_sha256_begin(&sha);
        sha.has_extensions = sha.has_extensions && round == 0;
        for (int i = 0; i < 1000; i++)
            dv_sha256_feed(&sha, dv_span_of("aaaaaaaaaa", 10));
        dv_sha256_finish(&sha, digest);
        hex_of(digest, sizeof(digest), hex);
        assert_string_equal(hex, "27dd1f61b867b6a0f6e9d8a41c43231d"
                                 "e52107e53ae424de8f847b821db4b711");
    }
}

static void
keccak_gives_the_digest_of_nothing_and_of_abc(void **state)
{
    char hex[65];
    uint8_t digest[DV_KECCAK_SIZE];

    (void)state;
    dv_keccak256(dv_span_of(NULL, 0), digest);
    hex_of(digest, sizeof(digest), hex);
    assert_string_equal(hex, "c5d2460186f7233c927e7db2dcc703c0"
                             "e500b653ca82273b7bfad8045d85a470");
    dv_keccak256(DV_SPAN_LIT("abc"), digest);
    hex_of(digest, sizeof(digest), hex);
    assert_string_equal(hex, "4e03657aea45a94fc7d47ba826c8d667"
                             "c0d1e6e33a64a036ec44f58fa12d6c45");
}

static void
utf8_takes_the_maximal_subpart_of_a_broken_sequence(void **state)
{
    static const struct {
        const char *bytes;
        size_t taken;
        uint32_t code_point;
    } rows[] = {
        { "A", 1, 'A' },           { "\xc3\xa9", 2, 0xe9 },
        { "\xe2\x82\xac", 3, 0x20ac }, { "\xf0\x9f\x98\x80", 4, 0x1f600 },
        { "\xc0\x80", 1, 0xfffd }, { "\xe0\x80\x80", 1, 0xfffd },
        { "\xed\xa0\x80", 1, 0xfffd }, { "\xf0\x9f\x98", 3, 0xfffd },
        { "\xf4\x90\x80\x80", 1, 0xfffd }, { "\xff", 1, 0xfffd },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        uint32_t c;

        assert_int_equal(dv_utf8_read(dv_span_cstr(rows[i].bytes), &c),
                         rows[i].taken);
        assert_int_equal(c, rows[i].code_point);
    }
}

static void
utf8_reads_back_what_it_writes(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c += 97) {
        uint8_t bytes[DV_UTF8_MAX];
        uint32_t back;
        const size_t n = dv_utf8_write(c, bytes);

        if (c >= 0xd800 && c < 0xe000)
            continue;
        assert_int_equal(dv_utf8_read(dv_span_of(bytes, n), &back), n);
        assert_int_equal(back, c);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_refuses_more_than_its_limit),
        cmocka_unit_test(an_arena_gives_aligned_pieces_and_takes_them_back),
        cmocka_unit_test(a_buffer_stops_at_its_maximum),
        cmocka_unit_test(a_vector_stops_at_its_maximum),
        cmocka_unit_test(a_map_finds_what_was_put),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(sha256_gives_the_digests_of_fips_180),
        cmocka_unit_test(keccak_gives_the_digest_of_nothing_and_of_abc),
        cmocka_unit_test(utf8_takes_the_maximal_subpart_of_a_broken_sequence),
        cmocka_unit_test(utf8_reads_back_what_it_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
