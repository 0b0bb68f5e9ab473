/* SPDX-License-Identifier: MIT */
/* js_number_exact.c - whole numbers of some thousand bits, for the few decimal
 * numbers that lie too near to the middle of two doubles. */

#include "js/js_number_exact.h"

#include "base/ascii.h"

/* 767 digits decide every comparison with the middle of two doubles; what is
 * behind only matters by being not zero. */
#define MOST_DIGITS 768

/* Bits for 769 digits times 2**1075, or 2**54 times 5**1111 times 2**1111. */
#define LIMBS 160

#define MANTISSA_BITS 52

/* A whole number, lowest part first. */
struct whole {
    uint32_t limb[LIMBS];
    size_t len;
};

/* n = n * factor + add */
static void
multiply_add(struct whole *n, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;

    for (size_t i = 0; i < n->len; i++) {
        carry += (uint64_t)n->limb[i] * factor;
        n->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0 && n->len < LIMBS)
        n->limb[n->len++] = (uint32_t)carry;
}

static void
multiply_power_of_5(struct whole *n, unsigned power)
{
    for (; power >= 13; power -= 13)
        multiply_add(n, 1220703125, 0);         /* 5**13 */
    for (; power > 0; power--)
        multiply_add(n, 5, 0);
}

static void
shift_left(struct whole *n, unsigned bits)
{
    const size_t limbs = bits / 32;

    if (n->len == 0 || n->len + limbs > LIMBS)
        return;
    memmove(n->limb + limbs, n->limb, n->len * sizeof(n->limb[0]));
    memset(n->limb, 0, limbs * sizeof(n->limb[0]));
    n->len += limbs;
    multiply_add(n, UINT32_C(1) << bits % 32, 0);
}

static int
compare(const struct whole *a, const struct whole *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    for (size_t i = a->len; i-- > 0;) {
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    }
    return 0;
}

/* The exponent behind an e, capped. */
static int
read_exponent(struct dv_span text)
{
    int value = 0;
    int sign = 1;

    for (; text.len > 0; dv_span_skip(&text, 1)) {
        if (text.at[0] == '-')
            sign = -1;
        else if (dv_ascii_is_digit(text.at[0]) && value < 1000000)
            value = value * 10 + (text.at[0] - '0');
        else if (text.at[0] != '+' && text.at[0] != '_'
                 && !dv_ascii_is_digit(text.at[0]))
            break;
    }
    return sign * value;
}

/* The digits of `text` as a whole number; returns the power of ten that goes
 * with it.  Digits beyond the most are one 1 when any of them is not 0. */
static int
read_digits(struct dv_span text, struct whole *n)
{
    bool in_fraction = false;
    bool is_cut = false;
    unsigned count = 0;
    int power = 0;

    n->len = 0;
    for (; text.len > 0; dv_span_skip(&text, 1)) {
        const uint8_t c = text.at[0];

        if (c == '.' && !in_fraction) {
            in_fraction = true;
        } else if (dv_ascii_is_digit(c)) {
            if (count < MOST_DIGITS) {
                multiply_add(n, 10, (uint32_t)(c - '0'));
                count += n->len > 0;
                power -= in_fraction;
            } else {
                is_cut |= c != '0';
                power += !in_fraction;
            }
        } else if (c != '_') {
            break;
        }
    }
    if (is_cut) {
        multiply_add(n, 10, 1);
        power--;
    }
    if (text.len > 0 && (text.at[0] | 0x20) == 'e') {
        dv_span_skip(&text, 1);
        power += read_exponent(text);
    }
    return power;
}

bool
dv_js_number_is_above_middle(struct dv_span text, double low)
{
    struct whole decimal, middle;
    uint64_t bits, mantissa;
    int power, power2, order;

    memcpy(&bits, &low, sizeof(bits));
    mantissa = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
    power2 = (int)(bits >> MANTISSA_BITS & 0x7ff);
    if (power2 == 0)
        power2 = 1;
    else
        mantissa |= UINT64_C(1) << MANTISSA_BITS;

    /* The middle is (2 * mantissa + 1) * 2**power2. */
    power2 -= 1023 + MANTISSA_BITS + 1;
    middle.len = 2;
    middle.limb[0] = (uint32_t)(mantissa << 1 | 1);
    middle.limb[1] = (uint32_t)(mantissa >> 31);
    if (middle.limb[1] == 0)
        middle.len = 1;

    power = read_digits(text, &decimal);
    if (power >= 0)
        multiply_power_of_5(&decimal, (unsigned)power);
    else
        multiply_power_of_5(&middle, (unsigned)-power);
    power -= power2;
    if (power >= 0)
        shift_left(&decimal, (unsigned)power);
    else
        shift_left(&middle, (unsigned)-power);
    order = compare(&decimal, &middle);
    return order > 0 || (order == 0 && (mantissa & 1) == 1);
}
