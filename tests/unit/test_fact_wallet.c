/* SPDX-License-Identifier: MIT */
/* test_fact_wallet.c - addresses of every coin in fact_wallet.def, made here, and
 * what is one letter away from them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/keccak.h"
#include "base/sha256.h"
#include "fact/fact_wallet.h"
#include "support/guard.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
                               "abcdefghijkmnopqrstuvwxyz";

#define MAX_TEXT 200

static const struct {
    const char *coin;
    uint64_t prefix;
    size_t body;
    const char *front;
} notes[] = {
#define DV_WALLET_NOTE(coin, prefix, body, front) \
    { coin, prefix, body, front },
#include "fact/fact_wallet.def"
#undef DV_WALLET_NOTE
};

static const struct {
    const char *coin;
    uint8_t version;
    const char *front;
} checks[] = {
#define DV_WALLET_CHECK(coin, version, front) { coin, version, front },
#include "fact/fact_wallet.def"
#undef DV_WALLET_CHECK
};

/* ---- Making addresses ---- */

/* A block of CryptoNote's base58: the bytes as one number. */
static size_t
write_block(const uint8_t *bytes, size_t n, char *out)
{
    static const size_t letters[] = { 0, 2, 3, 5, 6, 7, 9, 10, 11 };
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    for (size_t i = letters[n]; i-- > 0; value /= 58)
        out[i] = alphabet[value % 58];
    return letters[n];
}

/* prefix, `body` bytes that depend on `seed`, checksum. */
static void
make_note(uint64_t prefix, size_t body, unsigned seed, char out[MAX_TEXT])
{
    uint8_t bytes[128], digest[DV_KECCAK_SIZE];
    size_t n = 0, letters = 0;

    for (; prefix >= 0x80; prefix >>= 7)
        bytes[n++] = (uint8_t)(prefix | 0x80);
    bytes[n++] = (uint8_t)prefix;
    for (size_t i = 0; i < body; i++)
        bytes[n++] = (uint8_t)(seed * 31 + i * 7);
    dv_keccak256(dv_span_of(bytes, n), digest);
    memcpy(bytes + n, digest, 4);
    n += 4;
    for (size_t i = 0; i < n; i += 8)
        letters += write_block(bytes + i, n - i < 8 ? n - i : 8,
                               out + letters);
    out[letters] = '\0';
}

static void
make_check(uint8_t version, unsigned seed, char out[MAX_TEXT])
{
    uint8_t bytes[25] = { version }, digest[DV_SHA256_SIZE];
    struct dv_sha256 sha;
    size_t n = 0;
    char text[40];

    for (size_t i = 1; i < 21; i++)
        bytes[i] = (uint8_t)(seed * 31 + i * 7);
    dv_sha256_begin(&sha);
    dv_sha256_feed(&sha, dv_span_of(bytes, 21));
    dv_sha256_finish(&sha, digest);
    dv_sha256_begin(&sha);
    dv_sha256_feed(&sha, dv_span_of(digest, DV_SHA256_SIZE));
    dv_sha256_finish(&sha, digest);
    memcpy(bytes + 21, digest, 4);
    for (bool is_zero = false; !is_zero;) {
        unsigned rest = 0;

        is_zero = true;
        for (size_t i = 0; i < sizeof(bytes); i++) {
            rest = rest << 8 | bytes[i];
            bytes[i] = (uint8_t)(rest / 58);
            is_zero = is_zero && bytes[i] == 0;
            rest %= 58;
        }
        text[n++] = alphabet[rest];
    }
    for (size_t i = 0; i < n; i++)
        out[i] = text[n - 1 - i];
    out[n] = '\0';
}

/* ---- Looking for them ---- */

/* The coin that is found at the front of `text`, "" for none. */
static const char *
coin_of(const char *text, size_t *length)
{
    struct dv_wallet wallet;
    struct guard guard;
    const char *coin = "";

    guard_init(&guard, text, strlen(text));
    if (dv_fact_wallet_find(guard.bytes, &wallet)) {
        coin = wallet.coin;
        assert_ptr_equal(wallet.address.at, guard.bytes.at);
        *length = wallet.address.len;
    }
    guard_fini(&guard);
    return coin;
}

static void
must_be(const char *text, const char *coin)
{
    size_t length = 0;

    assert_string_equal(coin_of(text, &length), coin);
    if (*coin != '\0')
        assert_int_equal(length, strlen(text));
}

/* Every letter but one makes another text, which is no wallet. */
static void
neighbours_are_none(const char *text)
{
    char other[MAX_TEXT];
    size_t length;

    for (size_t i = 0; text[i] != '\0'; i++) {
        memcpy(other, text, strlen(text) + 1);
        other[i] = alphabet[(strchr(alphabet, text[i]) - alphabet + 1) % 58];
        if (*coin_of(other, &length) != '\0')
            fail_msg("%s: letter %zu does not matter", text, i);
        other[i] = '0';
        assert_string_equal(coin_of(other, &length), "");
        other[i] = '\0';
        assert_string_equal(coin_of(other, &length), "");
    }
    for (size_t i = 0; text[i + 1] != '\0'; i++) {
        if (text[i] == text[i + 1])
            continue;
        memcpy(other, text, strlen(text) + 1);
        other[i] = text[i + 1];
        other[i + 1] = text[i];
        assert_string_equal(coin_of(other, &length), "");
    }
}

static void
every_coin_is_found_and_its_neighbours_are_not(void **state)
{
    char text[MAX_TEXT];

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(notes); i++) {
        make_note(notes[i].prefix, notes[i].body, (unsigned)i, text);
        must_be(text, notes[i].coin);
        assert_memory_equal(text, notes[i].front, strlen(notes[i].front));
        neighbours_are_none(text);
    }
    for (size_t i = 0; i < DV_COUNT_OF(checks); i++) {
        make_check(checks[i].version, (unsigned)i, text);
        must_be(text, checks[i].coin);
        assert_memory_equal(text, checks[i].front, strlen(checks[i].front));
        neighbours_are_none(text);
    }
}

/* Two rows of one number would hide each other. */
static void
no_two_coins_share_a_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(notes); i++) {
        for (size_t k = 0; k < i; k++)
            assert_true(notes[i].prefix != notes[k].prefix);
    }
    for (size_t i = 0; i < DV_COUNT_OF(checks); i++) {
        for (size_t k = 0; k < i; k++)
            assert_true(checks[i].version != checks[k].version);
    }
}

static void
other_networks_are_no_wallets(void **state)
{
    char text[MAX_TEXT];

    (void)state;
    make_note(53, 64, 1, text);         /* Monero's test network */
    must_be(text, "");
    make_check(0, 1, text);             /* Bitcoin */
    must_be(text, "");
}

/* The checksum holds, but there is a key too few, too many, or a payment id
 * in an address that has none. */
static void
an_address_has_the_size_of_its_kind(void **state)
{
    static const size_t bodies[] = { 56, 63, 65, 72, 73 };
    char text[MAX_TEXT];

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(bodies); i++) {
        make_note(18, bodies[i], 1, text);
        must_be(text, "");
    }
    make_note(19, 64, 1, text);
    must_be(text, "");
}

static void
pools_take_more_behind_an_address(void **state)
{
    static const char *const tails[] = { "", ".worker", "+5000", "/name",
                                         " ", ":x", "@pool", "?x", "#1" };
    static const char *const others[] = { "0", "-", "_", "\xc3\xa9", "\"",
                                          "O", "x" };
    char address[MAX_TEXT], text[2 * MAX_TEXT];
    size_t length = 0;

    (void)state;
    make_note(18, 64, 3, address);
    for (size_t i = 0; i < DV_COUNT_OF(tails); i++) {
        snprintf(text, sizeof(text), "%s%s", address, tails[i]);
        assert_string_equal(coin_of(text, &length), "xmr");
        assert_int_equal(length, strlen(address));
    }
    for (size_t i = 0; i < DV_COUNT_OF(others); i++) {
        snprintf(text, sizeof(text), "%s%s", address, others[i]);
        assert_string_equal(coin_of(text, &length), "");
        snprintf(text, sizeof(text), "%s%s", others[i], address);
        assert_string_equal(coin_of(text, &length), "");
    }
}

static void
other_texts_are_no_wallets(void **state)
{
    static const char *const texts[] = {
        "",
        "4",
        "1111111111111111111111111111",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "11111111111111111111111111111111111111111111111111111111111111111"
        "111111111111111111111111111111",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "https://pool.example/4",
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(texts); i++)
        must_be(texts[i], "");
}

static void
a_fact_names_the_coin(void **state)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    char address[MAX_TEXT], text[2 * MAX_TEXT];

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    dv_facts_init(&facts, &mem, &arena, 10);
    make_check(60, 7, address);
    snprintf(text, sizeof(text), "%s.worker", address);
    dv_fact_wallet_add(&facts, dv_span_cstr(text), 5, 6);
    dv_fact_wallet_add(&facts, DV_SPAN_LIT("no wallet"), 5, 6);
    assert_int_equal(facts.facts.len, 1);
    snprintf(text, sizeof(text), "rtm-vrsc:%s", address);
    assert_true(dv_span_equal_cstr(
        dv_facts_text(&facts, dv_facts_at(&facts, 0)), text));
    dv_facts_fini(&facts);
    dv_arena_fini(&arena);
    assert_int_equal(mem.used, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_coin_is_found_and_its_neighbours_are_not),
        cmocka_unit_test(no_two_coins_share_a_number),
        cmocka_unit_test(other_networks_are_no_wallets),
        cmocka_unit_test(an_address_has_the_size_of_its_kind),
        cmocka_unit_test(pools_take_more_behind_an_address),
        cmocka_unit_test(other_texts_are_no_wallets),
        cmocka_unit_test(a_fact_names_the_coin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
