/* SPDX-License-Identifier: MIT */
/* fake_mint.c - a key process in the test's own hands. */

#include "support/fake_mint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

void
fake_mint_init(struct fake_mint *fake, unsigned seconds)
{
    gnutls_datum_t key;
    int pair[2];

    assert_int_equal(ca_generate("Test", time(NULL), 30, &fake->ca_pem, &key),
                     0);
    assert_int_equal(ca_init(&fake->ca, &fake->ca_pem, &key), 0);
    gnutls_free(key.data);
    assert_int_equal(gnutls_privkey_init(&fake->leaf_key), 0);
    assert_int_equal(gnutls_privkey_generate(fake->leaf_key, GNUTLS_PK_ECDSA,
                                             256, 0), 0);
    assert_int_equal(gnutls_pubkey_init(&fake->subject), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(fake->subject,
                                                  fake->leaf_key, 0, 0), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    fake->client = mint_client_over(pair[0], 1000, seconds);
    fake->fd = pair[1];
}

void
fake_mint_fini(struct fake_mint *fake)
{
    close(fake->fd);
    gnutls_pubkey_deinit(fake->subject);
    gnutls_privkey_deinit(fake->leaf_key);
    gnutls_free(fake->ca_pem.data);
    ca_fini(&fake->ca);
}

static void
answer(struct fake_mint *fake, const struct mint_ask *ask, size_t length,
       bool with_leaf)
{
    struct mint_answer told = { .word = MINT_WORD_NONE,
                                .number = ask->number };
    gnutls_datum_t der = { NULL, 0 };
    struct leaf_name name;
    time_t until = 0;

    assert_true(leaf_name_read(&name, ask->name, length));
    memcpy(fake->last_name, name.text, sizeof(name.text));
    if (with_leaf) {
        assert_int_equal(ca_mint(&fake->ca, &name, fake->subject, time(NULL),
                                 ask->seconds, &der, &until), 0);
        told.word = MINT_WORD_LEAF;
        told.value = until;
        memcpy(told.der, der.data, der.size);
    }
    assert_true(send(fake->fd, &told, MINT_ANSWER_HEAD + der.size, 0) > 0);
    gnutls_free(der.data);
}

unsigned
fake_mint_answer(struct fake_mint *fake, bool with_leaf)
{
    struct mint_ask ask;
    unsigned count = 0;
    ssize_t n;

    while ((n = recv(fake->fd, &ask, sizeof(ask), MSG_DONTWAIT)) > 0) {
        answer(fake, &ask, (size_t)n - MINT_ASK_HEAD, with_leaf);
        count++;
    }
    assert_true(mint_ready(fake->client));
    return count;
}
