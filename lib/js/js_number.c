/* SPDX-License-Identifier: MIT */
/* js_number.c - digits into the nearest double.
 *
 * Few digits and a small power of ten: one exact multiplication (Clinger 1990).
 * Up to 19 digits: the method of Eisel and Lemire (D. Lemire, "Number Parsing
 * at a Gigabyte per Second", 2021), which is exact for them (Mushtak, Lemire,
 * "Fast Number Parsing Without Fallback", 2023).  More digits: the same with
 * the digits cut off and with one more; where the two differ, js_number_exact
 * compares whole numbers. */

#include "js/js_number.h"

#include <math.h>

#include "base/ascii.h"
#include "js/js_number_exact.h"

#define MOST_DIGITS    19       /* decimal digits that fit into 64 bits */
#define LEAST_POWER    (-342)
#define MOST_POWER     308
#define MANTISSA_BITS  52
#define INFINITE_POWER 2047
#define EXPONENT_CAP   100000   /* beyond every finite number */

struct power {
    uint64_t high, low;
};

static const struct power powers[] = {
#define P(high, low) { UINT64_C(high), UINT64_C(low) },
#include "js/js_power.def"
#undef P
};

static double
from_parts(uint64_t mantissa, uint64_t power2)
{
    const uint64_t bits = mantissa | power2 << MANTISSA_BITS;
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* All 128 bits of a product. */
static struct power
multiply(uint64_t a, uint64_t b)
{
    const uint64_t a0 = a & UINT32_MAX;
    const uint64_t a1 = a >> 32;
    const uint64_t b0 = b & UINT32_MAX;
    const uint64_t b1 = b >> 32;
    const uint64_t low = a0 * b0;
    const uint64_t middle = a1 * b0 + (low >> 32);
    const uint64_t other = a0 * b1 + (middle & UINT32_MAX);

    return (struct power){ a1 * b1 + (middle >> 32) + (other >> 32),
                           other << 32 | (low & UINT32_MAX) };
}

static unsigned
leading_zeros(uint64_t value)
{
    unsigned n = 0;

    for (unsigned step = 32; step > 0; step /= 2) {
        if (value >> (64 - step) == 0) {
            value <<= step;
            n += step;
        }
    }
    return n;
}

/* The top of digits * 5**power, `digits` having its highest bit set. */
static struct power
scale(uint64_t digits, int power)
{
    const struct power *const p = &powers[power - LEAST_POWER];
    const uint64_t mask = UINT64_MAX >> (MANTISSA_BITS + 3);
    struct power product = multiply(digits, p->high);

    if ((product.high & mask) == mask) {
        const struct power more = multiply(digits, p->low);

        product.low += more.high;
        if (more.high > product.low)
            product.high++;
    }
    return product;
}

static double
round_subnormal(uint64_t mantissa, int power2)
{
    if (1 - power2 >= 64)
        return 0;
    mantissa >>= 1 - power2;
    mantissa += mantissa & 1;

    /* Rounding up may reach the smallest normal number; its exponent bit is
     * then just what the carry sets. */
    return from_parts(mantissa >> 1, 0);
}

/* digits * 10**power, rounded to nearest, ties to even. */
static double
eisel_lemire(uint64_t digits, int power)
{
    unsigned zeros, upper, shift;
    struct power product;
    uint64_t mantissa;
    int power2;

    if (digits == 0 || power < LEAST_POWER)
        return 0;
    if (power > MOST_POWER)
        return HUGE_VAL;
    zeros = leading_zeros(digits);
    product = scale(digits << zeros, power);
    upper = (unsigned)(product.high >> 63);
    shift = upper + 64 - MANTISSA_BITS - 3;
    mantissa = product.high >> shift;
    power2 = (217706 * power >> 16) + 63 + (int)upper - (int)zeros + 1023;
    if (power2 <= 0)
        return round_subnormal(mantissa, power2);

    /* Exactly between two doubles: only possible for these powers. */
    if (product.low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1
        && mantissa << shift == product.high)
        mantissa &= ~UINT64_C(1);
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> (MANTISSA_BITS + 1) != 0) {
        mantissa >>= 1;
        power2++;
    }
    if (power2 >= INFINITE_POWER)
        return HUGE_VAL;
    return from_parts(mantissa & ~(UINT64_C(1) << MANTISSA_BITS),
                      (uint64_t)power2);
}

/* A decimal number taken apart: its first 19 digits as a whole number, and the
 * power of ten to multiply them with. */
struct decimal {
    uint64_t digits;
    unsigned count;             /* of digits taken */
    bool is_cut;                /* digits that are not 0 were left */
    int power;
};

static void
take_digit(struct decimal *d, unsigned digit, bool in_fraction)
{
    if (d->count < MOST_DIGITS) {
        d->digits = d->digits * 10 + digit;
        d->count += d->digits != 0;
        d->power -= in_fraction && d->power > -EXPONENT_CAP;
        return;
    }
    d->is_cut |= digit != 0;
    d->power += !in_fraction && d->power < EXPONENT_CAP;
}

static int
read_exponent(struct dv_span text)
{
    bool is_negative = false;
    int value = 0;

    if (text.len > 0 && (text.at[0] == '+' || text.at[0] == '-')) {
        is_negative = text.at[0] == '-';
        dv_span_skip(&text, 1);
    }
    for (; text.len > 0; dv_span_skip(&text, 1)) {
        if (text.at[0] == '_')
            continue;
        if (!dv_ascii_is_digit(text.at[0]))
            break;
        if (value < EXPONENT_CAP * 10)
            value = value * 10 + (text.at[0] - '0');
    }
    return is_negative ? -value : value;
}

static struct decimal
take_apart(struct dv_span text)
{
    struct decimal d = { 0, 0, false, 0 };
    bool in_fraction = false;

    for (; text.len > 0; dv_span_skip(&text, 1)) {
        const uint8_t c = text.at[0];

        if (dv_ascii_is_digit(c))
            take_digit(&d, (unsigned)(c - '0'), in_fraction);
        else if (c == '.' && !in_fraction)
            in_fraction = true;
        else if (c != '_')
            break;
    }
    if (text.len > 0 && (text.at[0] | 0x20) == 'e') {
        dv_span_skip(&text, 1);
        d.power += read_exponent(text);
    }
    return d;
}

double
dv_js_number_decimal(struct dv_span text)
{
    static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,
                                   1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
                                   1e18, 1e19, 1e20, 1e21, 1e22 };
    const struct decimal d = take_apart(text);
    double value, above;

    if (!d.is_cut && d.digits <= UINT64_C(1) << 53 && d.power >= -22
        && d.power <= 22)
        return d.power < 0 ? (double)d.digits / tens[-d.power]
                           : (double)d.digits * tens[d.power];
    value = eisel_lemire(d.digits, d.power);
    if (!d.is_cut)
        return value;
    above = eisel_lemire(d.digits + 1, d.power);
    if (memcmp(&value, &above, sizeof(value)) == 0)
        return value;
    return dv_js_number_is_above_middle(text, value) ? above : value;
}

double
dv_js_number_binary(struct dv_span digits, unsigned bits)
{
    uint64_t top = 0;
    uint64_t sticky = 0;
    int more = 0;

    for (; digits.len > 0; dv_span_skip(&digits, 1)) {
        const int digit = dv_ascii_hex(digits.at[0]);

        if (digit < 0)
            continue;
        for (unsigned bit = bits; bit-- > 0;) {
            const uint64_t one = (unsigned)digit >> bit & 1u;

            if (top >> 62 == 0) {
                top = top << 1 | one;
            } else {
                sticky |= one;
                more += more < EXPONENT_CAP;
            }
        }
    }
    return ldexp((double)(top | sticky), more);
}
