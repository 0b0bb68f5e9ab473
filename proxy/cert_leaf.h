/* SPDX-License-Identifier: MIT */
/* cert_leaf.h - a certificate that is ready for handshakes; counted. */

#ifndef CERT_LEAF_H
#define CERT_LEAF_H

#include <gnutls/abstract.h>
#include <time.h>

/* Of one thread. */
struct cert_leaf {
    gnutls_pcert_st certificate;
    time_t not_after;
    unsigned references;
};

/* With one reference; NULL when `der` is no certificate. */
struct cert_leaf *cert_leaf_new(const gnutls_datum_t *der, time_t not_after);

struct cert_leaf *cert_leaf_ref(struct cert_leaf *leaf);
void cert_leaf_unref(struct cert_leaf *leaf);

#endif
