/* SPDX-License-Identifier: MIT */
/* sha256.c - the SHA-256 digest (FIPS 180-4, section 6.2). */

#include "base/sha256.h"

/* Section 4.2.2. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static uint32_t
rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint32_t
load_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16
           | (uint32_t)at[2] << 8 | at[3];
}

static void
schedule(const uint8_t *block, uint32_t w[64])
{
    for (unsigned t = 0; t < 16; t++)
        w[t] = load_be32(block + 4 * t);
    for (unsigned t = 16; t < 64; t++) {
        const uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18)
                            ^ w[t - 15] >> 3;
        const uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19)
                            ^ w[t - 2] >> 10;

        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
}

/* One round; the working variables stand in `v`, whose first one is at `a`
 * and which turns by one place a round instead of being moved. */
static inline void
round_of(uint32_t v[8], unsigned t, uint32_t word)
{
    const unsigned a = (64 - t) % 8;
    const uint32_t e = v[(a + 4) % 8];
    const uint32_t x = v[a];
    const uint32_t y = v[(a + 1) % 8];
    const uint32_t z = v[(a + 2) % 8];
    const uint32_t t1 = v[(a + 7) % 8]
                        + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25))
                        + ((e & v[(a + 5) % 8]) ^ (~e & v[(a + 6) % 8]))
                        + word;
    const uint32_t t2 = (rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22))
                        + ((x & y) ^ (x & z) ^ (y & z));

    v[(a + 3) % 8] += t1;
    v[(a + 7) % 8] = t1 + t2;
}

static void
compress_portable(uint32_t state[8], const uint8_t *at, size_t blocks)
{
    for (; blocks > 0; blocks--, at += 64) {
        uint32_t w[64];
        uint32_t v[8];

        schedule(at, w);
        memcpy(v, state, sizeof(v));
        for (unsigned t = 0; t < 64; t += 8) {
            for (unsigned i = 0; i < 8; i++)
                round_of(v, i, round_constants[t + i] + w[t + i]);
        }
        for (unsigned i = 0; i < 8; i++)
            state[i] += v[i];
    }
}

#if defined(__x86_64__) && defined(__GNUC__)

/* The SHA extensions of x86 (Intel SDM, SHA256RNDS2, SHA256MSG1, SHA256MSG2):
 * eight times the speed, where the processor has them.  Every report carries a
 * digest, so this counts. */
#include <cpuid.h>
#include <immintrin.h>

static bool
has_sha_extensions(void)
{
    unsigned a, b, c, d;

    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || !(c & bit_SSSE3)
        || !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA);
}

#define SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

/* Four rounds from t on; `m` holds the words t..t+15, oldest in m[0], and is
 * moved on by four. */
SHA_TARGET static inline void
four_rounds(__m128i *abef, __m128i *cdgh, __m128i m[4], unsigned t)
{
    const __m128i k
        = _mm_loadu_si128((const __m128i *)(const void *)(round_constants
                                                          + t));
    const __m128i wk = _mm_add_epi32(m[0], k);
    __m128i next;

    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, wk);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(wk, 0x0e));
    next = _mm_add_epi32(_mm_sha256msg1_epu32(m[0], m[1]),
                         _mm_alignr_epi8(m[3], m[2], 4));
    next = _mm_sha256msg2_epu32(next, m[3]);
    m[0] = m[1];
    m[1] = m[2];
    m[2] = m[3];
    m[3] = next;
}

SHA_TARGET static void
compress_extended(uint32_t state[8], const uint8_t *at, size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b,
                                        0x0405060700010203);
    __m128i *const out = (__m128i *)(void *)state;
    const __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128(out), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(out + 1), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);

    for (; blocks > 0; blocks--, at += 64) {
        const __m128i abef_before = abef;
        const __m128i cdgh_before = cdgh;
        __m128i m[4];

        for (unsigned i = 0; i < 4; i++)
            m[i] = _mm_shuffle_epi8(
                _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i)),
                swap);
        for (unsigned t = 0; t < 64; t += 4)
            four_rounds(&abef, &cdgh, m, t);
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    abef = _mm_shuffle_epi32(abef, 0x1b);
    cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(out, _mm_blend_epi16(abef, cdgh, 0xf0));
    _mm_storeu_si128(out + 1, _mm_alignr_epi8(cdgh, abef, 8));
}

static void
compress(struct dv_sha256 *sha, const uint8_t *at, size_t blocks)
{
    if (sha->has_extensions)
        compress_extended(sha->state, at, blocks);
    else
        compress_portable(sha->state, at, blocks);
}

#else

static bool
has_sha_extensions(void)
{
    return false;
}

static void
compress(struct dv_sha256 *sha, const uint8_t *at, size_t blocks)
{
    compress_portable(sha->state, at, blocks);
}

#endif

void
dv_sha256_again(struct dv_sha256 *sha)
{
    static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                         0xa54ff53a, 0x510e527f, 0x9b05688c,
                                         0x1f83d9ab, 0x5be0cd19 };

    memcpy(sha->state, initial, sizeof(initial));
    sha->total = 0;
}

void
dv_sha256_begin(struct dv_sha256 *sha)
{
    sha->has_extensions = has_sha_extensions();
    dv_sha256_again(sha);
}

void
dv_sha256_feed(struct dv_sha256 *sha, struct dv_span bytes)
{
    size_t filled = (size_t)(sha->total % 64);

    sha->total += bytes.len;
    if (filled != 0) {
        const size_t room = 64 - filled;
        const size_t n = bytes.len < room ? bytes.len : room;

        if (n != 0)
            memcpy(sha->block + filled, bytes.at, n);
        dv_span_skip(&bytes, n);
        if (filled + n < 64)
            return;
        compress(sha, sha->block, 1);
    }
    compress(sha, bytes.at, bytes.len / 64);
    dv_span_skip(&bytes, bytes.len / 64 * 64);
    if (bytes.len != 0)
        memcpy(sha->block, bytes.at, bytes.len);
}

void
dv_sha256_finish(struct dv_sha256 *sha, uint8_t digest[DV_SHA256_SIZE])
{
    static const uint8_t padding[64] = { 0x80 };
    const uint64_t bits = sha->total * 8;
    const size_t filled = (size_t)(sha->total % 64);
    uint8_t length[8];

    dv_sha256_feed(sha, dv_span_of(padding,
                                   filled < 56 ? 56 - filled : 120 - filled));
    for (unsigned i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    dv_sha256_feed(sha, dv_span_of(length, 8));
    for (unsigned i = 0; i < DV_SHA256_SIZE; i++)
        digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}
