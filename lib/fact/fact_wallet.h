/* SPDX-License-Identifier: MIT */
/* fact_wallet.h - finds wallet addresses whose checksum holds. */

#ifndef DV_FACT_WALLET_H
#define DV_FACT_WALLET_H

#include "fact/fact.h"

struct dv_wallet {
    const char *coin;                   /* "xmr" */
    struct dv_span address;             /* in the text */
};

/* Find an address at the start of `text`, alone or followed by what pools take
 * behind it: `.worker`, `+difficulty`, `/name`.  Linear; most texts are refused
 * by their first bytes and length. */
bool dv_fact_wallet_find(struct dv_span text, struct dv_wallet *wallet);

/* Add a WALLET fact when `text` is a wallet. */
void dv_fact_wallet_add(struct dv_facts *facts, struct dv_span text,
                        size_t at, size_t len);

#endif
