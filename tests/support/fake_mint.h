/* SPDX-License-Identifier: MIT */
/* fake_mint.h - a key process in the test's own hands. */

#ifndef TEST_FAKE_MINT_H
#define TEST_FAKE_MINT_H

#include "proxy/ca.h"
#include "proxy/mint.h"
#include "proxy/mint_wire.h"

struct fake_mint {
    struct ca ca;
    gnutls_datum_t ca_pem;
    gnutls_privkey_t leaf_key;
    gnutls_pubkey_t subject;
    struct mint_client *client;         /* the test frees it */
    int fd;
    char last_name[LEAF_NAME_SIZE];     /* that was asked for */
};

/* Leaves are valid for `seconds`; questions time out after 1000. */
void fake_mint_init(struct fake_mint *fake, unsigned seconds);
void fake_mint_fini(struct fake_mint *fake);

/* Answer all questions with a certificate, or with none; how many. */
unsigned fake_mint_answer(struct fake_mint *fake, bool with_leaf);

#endif
