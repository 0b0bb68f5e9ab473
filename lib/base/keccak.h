/* SPDX-License-Identifier: MIT */
/* keccak.h - Keccak-256 as Monero uses it (the padding before FIPS 202). */

#ifndef DV_KECCAK_H
#define DV_KECCAK_H

#include "base/span.h"

#define DV_KECCAK_SIZE 32

void dv_keccak256(struct dv_span bytes, uint8_t digest[DV_KECCAK_SIZE]);

#endif
