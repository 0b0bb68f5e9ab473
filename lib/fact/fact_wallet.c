/* SPDX-License-Identifier: MIT */
/* fact_wallet.c - addresses of CryptoNote coins (base58 in blocks with a
 * Keccak checksum; CryptoNote Standard 7) and of Bitcoin's kin
 * (base58check). */

#include "fact/fact_wallet.h"

#include "base/compiler.h"
#include "base/keccak.h"
#include "base/sha256.h"

#define BLOCK_BYTES   8
#define BLOCK_LETTERS 11
#define CHECKSUM      4

/* Addresses with a payment id have 106 to 110 letters; base58check ones 25 to
 * 35. */
#define MAX_LETTERS  111
#define MIN_LETTERS  90
#define MAX_CHECK    36
#define MIN_CHECK    26
#define CHECK_BYTES  25

/* Letters of a last, shorter block, by its number of bytes. */
static const uint8_t letters_of[BLOCK_BYTES + 1] = { 0, 2, 3, 5,
                                                     6, 7, 9, 10, 11 };

static const struct {
    const char *coin;
    uint64_t prefix;
    size_t body;
} notes[] = {
#define DV_WALLET_NOTE(coin, prefix, body, front) { coin, prefix, body },
#include "fact/fact_wallet.def"
#undef DV_WALLET_NOTE
};

static const struct {
    const char *coin;
    uint8_t version;
} checks[] = {
#define DV_WALLET_CHECK(coin, version, front) { coin, version },
#include "fact/fact_wallet.def"
#undef DV_WALLET_CHECK
};

/* The value of a letter, or -1: digits and letters without 0, O, I and l. */
static int
letter_value(uint8_t c)
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
                                   "abcdefghijkmnopqrstuvwxyz";
    const char *at = c == 0 ? NULL : strchr(alphabet, c);

    return at == NULL ? -1 : (int)(at - alphabet);
}

/* How many letters of base58 stand at the start. */
static size_t
run_of_letters(struct dv_span text)
{
    size_t n = 0;

    while (n < text.len && n <= MAX_LETTERS && letter_value(text.at[n]) >= 0)
        n++;
    return n;
}

/* What may follow an address. */
static bool
ends_address(struct dv_span text, size_t n)
{
    return n == text.len
           || memchr(".+/:@;,|&?# ", text.at[n], 12) != NULL;
}

/* One block into its bytes, big-endian; false when the number is too large. */
static bool
decode_block(const uint8_t *letters, size_t count, uint8_t *out,
             size_t bytes)
{
    unsigned __int128 value = 0;

    for (size_t i = 0; i < count; i++)
        value = value * 58 + (unsigned)letter_value(letters[i]);
    if (value >> (8 * bytes) != 0)
        return false;
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    return true;
}

static bool
last_block_bytes(size_t letters, size_t *bytes)
{
    for (size_t i = 0; i <= BLOCK_BYTES; i++) {
        if (letters_of[i] == letters) {
            *bytes = i;
            return true;
        }
    }
    return false;
}

/* Decode in blocks; the number of bytes, 0 when malformed. */
static size_t
decode_note(struct dv_span text, uint8_t out[MAX_LETTERS])
{
    size_t n = 0;

    while (text.len >= BLOCK_LETTERS) {
        if (!decode_block(text.at, BLOCK_LETTERS, out + n, BLOCK_BYTES))
            return 0;
        n += BLOCK_BYTES;
        dv_span_skip(&text, BLOCK_LETTERS);
    }
    if (text.len > 0) {
        size_t bytes;

        if (!last_block_bytes(text.len, &bytes)
            || !decode_block(text.at, text.len, out + n, bytes))
            return 0;
        n += bytes;
    }
    return n;
}

/* The number at the front, and how many bytes it takes. */
static uint64_t
read_varint(const uint8_t *at, size_t len, size_t *taken)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len && i < 9; i++) {
        value |= (uint64_t)(at[i] & 0x7f) << (7 * i);
        *taken = i + 1;
        if (!(at[i] & 0x80))
            return value;
    }
    return UINT64_MAX;
}

static const char *
coin_of_note(struct dv_span text)
{
    uint8_t bytes[MAX_LETTERS];
    uint8_t digest[DV_KECCAK_SIZE];
    const size_t n = decode_note(text, bytes);
    uint64_t prefix;
    size_t taken = 0;

    if (n <= CHECKSUM)
        return NULL;
    prefix = read_varint(bytes, n - CHECKSUM, &taken);
    for (size_t i = 0; i < DV_COUNT_OF(notes); i++) {
        if (notes[i].prefix != prefix
            || notes[i].body != n - CHECKSUM - taken)
            continue;
        dv_keccak256(dv_span_of(bytes, n - CHECKSUM), digest);
        return memcmp(digest, bytes + n - CHECKSUM, CHECKSUM) == 0
                   ? notes[i].coin
                   : NULL;
    }
    return NULL;
}

/* Decode as one number of 25 bytes; false when it does not fit. */
static bool
decode_check(struct dv_span text, uint8_t out[CHECK_BYTES])
{
    memset(out, 0, CHECK_BYTES);
    for (size_t i = 0; i < text.len; i++) {
        unsigned carry = (unsigned)letter_value(text.at[i]);

        for (size_t k = CHECK_BYTES; k > 0; k--) {
            carry += 58u * out[k - 1];
            out[k - 1] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry != 0)
            return false;
    }
    return true;
}

static void
sha256_twice(struct dv_span bytes, uint8_t digest[DV_SHA256_SIZE])
{
    struct dv_sha256 sha;

    for (int i = 0; i < 2; i++) {
        dv_sha256_begin(&sha);
        dv_sha256_feed(&sha, i == 0 ? bytes
                                    : dv_span_of(digest, DV_SHA256_SIZE));
        dv_sha256_finish(&sha, digest);
    }
}

static const char *
coin_of_check(struct dv_span text)
{
    uint8_t bytes[CHECK_BYTES];
    uint8_t digest[DV_SHA256_SIZE];

    if (!decode_check(text, bytes))
        return NULL;
    for (size_t i = 0; i < DV_COUNT_OF(checks); i++) {
        if (checks[i].version != bytes[0])
            continue;
        sha256_twice(dv_span_of(bytes, CHECK_BYTES - CHECKSUM), digest);
        return memcmp(digest, bytes + CHECK_BYTES - CHECKSUM, CHECKSUM) == 0
                   ? checks[i].coin
                   : NULL;
    }
    return NULL;
}

bool
dv_fact_wallet_find(struct dv_span text, struct dv_wallet *wallet)
{
    size_t n;

    if (text.len < MIN_CHECK)
        return false;
    n = run_of_letters(text);
    if (!ends_address(text, n))
        return false;
    wallet->address = dv_span_slice(text, 0, n);
    wallet->coin = NULL;
    if (n >= MIN_LETTERS && n < MAX_LETTERS)
        wallet->coin = coin_of_note(wallet->address);
    else if (n >= MIN_CHECK && n <= MAX_CHECK)
        wallet->coin = coin_of_check(wallet->address);
    return wallet->coin != NULL;
}

void
dv_fact_wallet_add(struct dv_facts *facts, struct dv_span text, size_t at,
                   size_t len)
{
    struct dv_wallet wallet;

    if (!dv_fact_wallet_find(text, &wallet))
        return;
    dv_facts_open(facts);
    dv_facts_write(facts, dv_span_cstr(wallet.coin));
    dv_facts_write(facts, DV_SPAN_LIT(":"));
    dv_facts_write(facts, wallet.address);
    dv_facts_commit(facts, DV_FACT_WALLET, DV_FACT_NONE, 0, at, len);
}
