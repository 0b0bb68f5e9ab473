/* SPDX-License-Identifier: MIT */
/* sha256.h - the SHA-256 digest (FIPS 180-4). */

#ifndef DV_SHA256_H
#define DV_SHA256_H

#include "base/span.h"

#define DV_SHA256_SIZE 32

struct dv_sha256 {
    uint32_t state[8];
    uint64_t total;                     /* bytes fed */
    uint8_t block[64];
    bool has_extensions;                /* of the processor, for SHA */
};

/* Look at the processor (which costs microseconds in a virtual machine) and
 * begin; begin another digest. */
void dv_sha256_begin(struct dv_sha256 *sha);
void dv_sha256_again(struct dv_sha256 *sha);
void dv_sha256_feed(struct dv_sha256 *sha, struct dv_span bytes);
void dv_sha256_finish(struct dv_sha256 *sha, uint8_t digest[DV_SHA256_SIZE]);

#endif
