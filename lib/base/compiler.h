/* SPDX-License-Identifier: MIT */
/* compiler.h - the few things we need of the compiler beyond C11. */

#ifndef DV_COMPILER_H
#define DV_COMPILER_H

#if defined(__GNUC__)
#define DV_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define DV_MUST_CHECK         __attribute__((warn_unused_result))
#define DV_LIKELY(x)          __builtin_expect(!!(x), 1)
#define DV_UNLIKELY(x)        __builtin_expect(!!(x), 0)
#define DV_NOINLINE           __attribute__((noinline))
#else
#define DV_PRINTF(fmt, first)
#define DV_MUST_CHECK
#define DV_LIKELY(x)   (x)
#define DV_UNLIKELY(x) (x)
#define DV_NOINLINE
#endif

#define DV_COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#endif
