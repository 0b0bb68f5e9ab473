/* SPDX-License-Identifier: MIT */
/* ca.c - makes certificates as in RFC 5280: our authority's, and leaves. */

#include "proxy/ca.h"

#include <gnutls/crypto.h>
#include <string.h>

/* Room for SHA-1 or SHA-256 of a public key. */
#define KEY_ID_SIZE 32

/* 126 random bits in 16 bytes: positive, and never a zero byte in front, which
 * would be no DER (RFC 5280, 4.1.2.2). */
static int
set_serial(gnutls_x509_crt_t crt)
{
    unsigned char serial[16];
    const int code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

    if (code < 0)
        return code;
    serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40);
    return gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
}

static int
set_common_name(gnutls_x509_crt_t crt, const char *name)
{
    const size_t length = strnlen(name, CA_NAME_MAX);

    return gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                         name, (unsigned)length);
}

static int
set_times(gnutls_x509_crt_t crt, time_t from, time_t until)
{
    int code = gnutls_x509_crt_set_activation_time(crt, from);

    if (code >= 0)
        code = gnutls_x509_crt_set_expiration_time(crt, until);
    return code;
}

static int
set_subject_key_id(gnutls_x509_crt_t crt)
{
    unsigned char id[KEY_ID_SIZE];
    size_t length = sizeof(id);
    const int code = gnutls_x509_crt_get_key_id(crt, 0, id, &length);

    if (code < 0)
        return code;
    return gnutls_x509_crt_set_subject_key_id(crt, id, length);
}

/* ---- The authority ---- */

static int
fill_authority(gnutls_x509_crt_t crt, const char *name, time_t now,
               unsigned days, gnutls_x509_privkey_t key)
{
    int code = gnutls_x509_crt_set_version(crt, 3);

    if (code >= 0)
        code = set_serial(crt);
    if (code >= 0)
        code = set_common_name(crt, name);
    if (code >= 0)
        code = set_times(crt, now - CA_DAY, now + (time_t)days * CA_DAY);
    if (code >= 0)
        code = gnutls_x509_crt_set_key(crt, key);
    if (code >= 0)
        code = gnutls_x509_crt_set_basic_constraints(crt, 1, 0);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(
            crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    if (code >= 0)
        code = set_subject_key_id(crt);
    if (code >= 0)
        code = gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
    return code;
}

/* Both as PEM, or neither. */
static int
export_both(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
            gnutls_datum_t *crt_pem, gnutls_datum_t *key_pem)
{
    gnutls_datum_t first = { NULL, 0 };
    int code = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &first);

    if (code >= 0)
        code = gnutls_x509_privkey_export2_pkcs8(
            key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, key_pem);
    if (code < 0) {
        gnutls_free(first.data);
        return code;
    }
    *crt_pem = first;
    return 0;
}

int
ca_generate(const char *name, time_t now, unsigned days,
            gnutls_datum_t *certificate, gnutls_datum_t *key)
{
    gnutls_x509_crt_t crt = NULL;
    gnutls_x509_privkey_t private_key = NULL;
    int code = gnutls_x509_crt_init(&crt);

    if (code >= 0)
        code = gnutls_x509_privkey_init(&private_key);
    if (code >= 0)
        code = gnutls_x509_privkey_generate(
            private_key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (code >= 0)
        code = fill_authority(crt, name, now, days, private_key);
    if (code >= 0)
        code = export_both(crt, private_key, certificate, key);
    if (private_key != NULL)
        gnutls_x509_privkey_deinit(private_key);
    if (crt != NULL)
        gnutls_x509_crt_deinit(crt);
    return code;
}

int
ca_init(struct ca *ca, const gnutls_datum_t *certificate,
        const gnutls_datum_t *key)
{
    struct ca new_ca = { NULL, NULL };
    int code = gnutls_x509_crt_init(&new_ca.certificate);

    if (code >= 0)
        code = gnutls_x509_crt_import(new_ca.certificate, certificate,
                                      GNUTLS_X509_FMT_PEM);
    if (code >= 0 && key != NULL)
        code = gnutls_privkey_init(&new_ca.key);
    if (code >= 0 && key != NULL)
        code = gnutls_privkey_import_x509_raw(new_ca.key, key,
                                              GNUTLS_X509_FMT_PEM, NULL, 0);
    if (code < 0) {
        ca_fini(&new_ca);
        return code;
    }
    *ca = new_ca;
    return 0;
}

void
ca_fini(struct ca *ca)
{
    if (ca->key != NULL)
        gnutls_privkey_deinit(ca->key);
    if (ca->certificate != NULL)
        gnutls_x509_crt_deinit(ca->certificate);
    *ca = (struct ca){ NULL, NULL };
}

bool
ca_keys_match(const struct ca *ca)
{
    unsigned char ids[2][KEY_ID_SIZE] = { { 0 } };
    size_t lengths[2] = { KEY_ID_SIZE, KEY_ID_SIZE };
    gnutls_pubkey_t public_key = NULL;
    int code = gnutls_pubkey_init(&public_key);

    if (code >= 0)
        code = gnutls_pubkey_import_privkey(public_key, ca->key, 0, 0);
    if (code >= 0)
        code = gnutls_pubkey_get_key_id(public_key, GNUTLS_KEYID_USE_SHA256,
                                        ids[0], &lengths[0]);
    if (code >= 0)
        code = gnutls_x509_crt_get_key_id(ca->certificate,
                                          GNUTLS_KEYID_USE_SHA256, ids[1],
                                          &lengths[1]);
    if (public_key != NULL)
        gnutls_pubkey_deinit(public_key);
    return code >= 0 && lengths[0] == lengths[1]
           && memcmp(ids[0], ids[1], lengths[0]) == 0;
}

/* ---- Leaves ---- */

static int
set_names(gnutls_x509_crt_t crt, const struct leaf_name *name)
{
    const int code = set_common_name(crt, name->text);

    if (code < 0)
        return code;
    if (name->address_length != 0)
        return gnutls_x509_crt_set_subject_alt_name(
            crt, GNUTLS_SAN_IPADDRESS, name->address, name->address_length,
            GNUTLS_FSAN_SET);
    return gnutls_x509_crt_set_subject_alt_name(
        crt, GNUTLS_SAN_DNSNAME, name->text, (unsigned)strlen(name->text),
        GNUTLS_FSAN_SET);
}

static int
set_authority_key_id(gnutls_x509_crt_t crt, gnutls_x509_crt_t authority)
{
    unsigned char id[KEY_ID_SIZE];
    size_t length = sizeof(id);
    const int code = gnutls_x509_crt_get_subject_key_id(authority, id,
                                                        &length, NULL);

    if (code < 0)
        return code;
    return gnutls_x509_crt_set_authority_key_id(crt, id, length);
}

static int
fill_leaf(gnutls_x509_crt_t crt, const struct ca *ca,
          const struct leaf_name *name, gnutls_pubkey_t subject)
{
    int code = gnutls_x509_crt_set_version(crt, 3);

    if (code >= 0)
        code = set_serial(crt);
    if (code >= 0)
        code = set_names(crt, name);
    if (code >= 0)
        code = gnutls_x509_crt_set_pubkey(crt, subject);
    if (code >= 0)
        code = gnutls_x509_crt_set_basic_constraints(crt, 0, -1);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(crt,
                                             GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_purpose_oid(
            crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (code >= 0)
        code = set_subject_key_id(crt);
    if (code >= 0)
        code = set_authority_key_id(crt, ca->certificate);
    return code;
}

int
ca_mint(const struct ca *ca, const struct leaf_name *name,
        gnutls_pubkey_t subject, time_t now, unsigned seconds,
        gnutls_datum_t *der, time_t *not_after)
{
    const time_t last = gnutls_x509_crt_get_expiration_time(ca->certificate);
    const time_t wanted = now + (time_t)seconds;
    const time_t until = wanted < last ? wanted : last;
    gnutls_x509_crt_t crt = NULL;
    int code;

    if (now >= last
        || now < gnutls_x509_crt_get_activation_time(ca->certificate))
        return GNUTLS_E_EXPIRED;
    code = gnutls_x509_crt_init(&crt);
    if (code >= 0)
        code = fill_leaf(crt, ca, name, subject);
    if (code >= 0)
        code = set_times(crt, now - CA_DAY, until);
    if (code >= 0)
        code = gnutls_x509_crt_privkey_sign(crt, ca->certificate, ca->key,
                                            GNUTLS_DIG_SHA256, 0);
    if (code >= 0)
        code = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, der);
    if (crt != NULL)
        gnutls_x509_crt_deinit(crt);
    if (code < 0)
        return code;
    *not_after = until;
    return 0;
}
