/* SPDX-License-Identifier: MIT */
/* keccak.c - Keccak-f[1600] with rate 1088 (FIPS 202, section 3) and the
 * original padding 0x01, which address checksums of CryptoNote coins use. */

#include "base/keccak.h"

#define RATE 136u

static uint64_t
rotl(uint64_t x, unsigned n)
{
    return n == 0 ? x : x << n | x >> (64 - n);
}

static void
theta(uint64_t a[25])
{
    uint64_t c[5];

    for (unsigned x = 0; x < 5; x++)
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (unsigned x = 0; x < 5; x++) {
        const uint64_t d = c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1);

        for (unsigned y = 0; y < 25; y += 5)
            a[y + x] ^= d;
    }
}

static void
rho_pi(uint64_t a[25])
{
    uint64_t moved = a[1];
    unsigned x = 1;
    unsigned y = 0;

    for (unsigned t = 0; t < 24; t++) {
        const unsigned next_y = (2 * x + 3 * y) % 5;
        uint64_t kept;

        x = y;
        y = next_y;
        kept = a[5 * y + x];
        a[5 * y + x] = rotl(moved, (t + 1) * (t + 2) / 2 % 64);
        moved = kept;
    }
}

static void
chi(uint64_t a[25])
{
    for (unsigned y = 0; y < 25; y += 5) {
        uint64_t row[5];

        memcpy(row, a + y, sizeof(row));
        for (unsigned x = 0; x < 5; x++)
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

/* One bit of the round constants: the LFSR of section 3.2.5. */
static bool
next_rc_bit(uint8_t *lfsr)
{
    const bool bit = *lfsr & 1;

    *lfsr = (uint8_t)(*lfsr << 1 ^ (*lfsr & 0x80 ? 0x71 : 0));
    return bit;
}

static void
permute(uint64_t a[25])
{
    uint8_t lfsr = 1;

    for (unsigned round = 0; round < 24; round++) {
        theta(a);
        rho_pi(a);
        chi(a);
        for (unsigned j = 0; j < 7; j++) {
            if (next_rc_bit(&lfsr))
                a[0] ^= UINT64_C(1) << ((1u << j) - 1);
        }
    }
}

static void
absorb(uint64_t a[25], const uint8_t *block)
{
    for (unsigned i = 0; i < RATE; i++)
        a[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
    permute(a);
}

void
dv_keccak256(struct dv_span bytes, uint8_t digest[DV_KECCAK_SIZE])
{
    uint64_t a[25] = { 0 };
    uint8_t last[RATE] = { 0 };

    for (; bytes.len >= RATE; dv_span_skip(&bytes, RATE))
        absorb(a, bytes.at);
    if (bytes.len != 0)
        memcpy(last, bytes.at, bytes.len);
    last[bytes.len] = 0x01;
    last[RATE - 1] |= 0x80;
    absorb(a, last);
    for (unsigned i = 0; i < DV_KECCAK_SIZE; i++)
        digest[i] = (uint8_t)(a[i / 8] >> (8 * (i % 8)));
}
