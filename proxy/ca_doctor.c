/* SPDX-License-Identifier: MIT */
/* ca_doctor.c - examines an authority, and says what to do. */

#include "proxy/ca_doctor.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "proxy/ca.h"
#include "proxy/ca_store.h"

/* No clock that is right shows an earlier time: this code is younger. */
#define EARLIEST ((time_t)1767225600) /* 2026-01-01 */

/* An authority that ends within this time should be replaced. */
#define SOON (30 * CA_DAY)

struct patient {
    const char *dir;
    char *shown; /* `dir`, clean */
    time_t now;
    int folder;
    int key_file;
    int certificate_file;
    struct ca ca;
    bool has_key;
    bool has_certificate;
    unsigned failures;
};

/* One line; `fault` is NULL when all is well, else `remedy` is shown, with the
 * folder's name where @ stands. */
static void
report(struct patient *p, const char *what, const char *fault,
       const char *remedy)
{
    const int before = (int)strcspn(remedy, "@");

    if (fault == NULL) {
        printf("ok    %s\n", what);
        return;
    }
    printf("FAIL  %s %s\n      -> %.*s%s%s\n", what, fault, before, remedy,
           remedy[before] == '@' ? p->shown : "",
           remedy + before + (remedy[before] == '@'));
    p->failures++;
}

/* ---- Folder and files ---- */

static bool
examine_folder(struct patient *p)
{
    p->folder = ca_store_open(p->dir);
    if (p->folder < 0) {
        report(p, "folder", strerror(errno),
               "davyd ca init --state @ makes it");
        return false;
    }
    report(p, "folder", ca_store_folder_fault(p->folder),
           "give @ to root or to the user of davyd, and chmod go-w it; "
           "who could write there may have put in a key of his own");
    return true;
}

static void
examine_key_file(struct patient *p)
{
    p->key_file = ca_store_open_file(p->folder, CA_STORE_KEY);
    if (p->key_file < 0)
        report(p, "key file", strerror(errno),
               "ca-key.pem in @ must be a file that davyd can read; "
               "davyd ca init makes one");
    else
        report(p, "key file", ca_store_key_fault(p->key_file),
               "others may have read the key: make a new authority with "
               "davyd ca init --force --state @, and take the old one "
               "out of all browsers");
}

static void
examine_certificate_file(struct patient *p)
{
    p->certificate_file = ca_store_open_file(p->folder, CA_STORE_CERTIFICATE);
    if (p->certificate_file < 0)
        report(p, "certificate file", strerror(errno),
               "ca.pem in @ must be a file that davyd can read; davyd ca "
               "init --force makes a new authority");
    else
        report(p, "certificate file",
               ca_store_certificate_fault(p->certificate_file),
               "chmod 644 ca.pem in @, and compare its fingerprint with "
               "the one in a browser");
}

/* ---- Contents ---- */

static void
examine_contents(struct patient *p)
{
    gnutls_datum_t certificate = { NULL, 0 };
    gnutls_datum_t key = { NULL, 0 };
    int code = GNUTLS_E_FILE_ERROR;

    if (ca_store_read(p->certificate_file, &certificate))
        code = ca_init(&p->ca, &certificate, NULL);
    p->has_certificate = code >= 0;
    report(p, "certificate", code < 0 ? gnutls_strerror(code) : NULL,
           "ca.pem is broken: davyd ca init --force --state @");
    if (p->has_certificate && p->key_file >= 0) {
        ca_fini(&p->ca);
        code = GNUTLS_E_FILE_ERROR;
        if (ca_store_read(p->key_file, &key))
            code = ca_init(&p->ca, &certificate, &key);
        p->has_key = code >= 0;
        report(p, "key", code < 0 ? gnutls_strerror(code) : NULL,
               "ca-key.pem is broken: davyd ca init --force --state @");
        p->has_certificate = p->has_key;
    }
    ca_store_forget(&certificate);
    ca_store_forget(&key);
}

static const char *
find_constraint_fault(gnutls_x509_crt_t crt)
{
    unsigned char id[64];
    size_t id_length = sizeof(id);
    unsigned usage = 0;
    unsigned is_ca = 0;
    int path_length = -1;

    if (gnutls_x509_crt_get_basic_constraints(crt, NULL, &is_ca, &path_length)
            < 0
        || is_ca == 0)
        return "is of no authority";
    if (path_length != 0)
        return "would allow further authorities below it";
    if (gnutls_x509_crt_get_key_usage(crt, &usage, NULL) < 0
        || (usage & GNUTLS_KEY_KEY_CERT_SIGN) == 0)
        return "is not for signing certificates";
    if (gnutls_x509_crt_get_subject_key_id(crt, id, &id_length, NULL) < 0)
        return "has no key identifier";
    return NULL;
}

static void
examine_times(struct patient *p)
{
    const time_t from = gnutls_x509_crt_get_activation_time(p->ca.certificate);
    const time_t until = gnutls_x509_crt_get_expiration_time(p->ca.certificate);
    const char *fault = NULL;

    if (p->now < from)
        report(p, "validity", "begins in the future",
               "the clock was wrong when the authority was made, or is wrong "
               "now: set it, then davyd ca init --force");
    else {
        if (p->now >= until)
            fault = "is over";
        else if (until - p->now < SOON)
            fault = "ends within 30 days";
        report(p, "validity", fault,
               "davyd ca init --force --state @, bring the new ca.pem to "
               "all browsers, reload davyd (SIGHUP)");
    }
}

/* ---- A leaf ---- */

/* Whether a browser that trusts the authority would accept `der`; of times,
 * examine_times speaks. */
static const char *
verify_leaf(const struct ca *ca, const gnutls_datum_t *der, const char *name)
{
    gnutls_typed_vdata_st wanted[] = {
        { GNUTLS_DT_DNS_HOSTNAME, NULL, 0 },
        { GNUTLS_DT_KEY_PURPOSE_OID,
          (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0 },
    };
    gnutls_x509_crt_t authority = ca->certificate;
    gnutls_x509_trust_list_t list = NULL;
    gnutls_x509_crt_t leaf = NULL;
    unsigned status = ~0U;
    int code = gnutls_x509_trust_list_init(&list, 0);

    wanted[0].data = (unsigned char *)(uintptr_t)name;
    if (code >= 0)
        code = gnutls_x509_trust_list_add_cas(list, &authority, 1, 0);
    if (code == 1)
        code = gnutls_x509_crt_init(&leaf);
    if (code >= 0)
        code = gnutls_x509_crt_import(leaf, der, GNUTLS_X509_FMT_DER);
    if (code >= 0)
        code = gnutls_x509_trust_list_verify_crt2(
            list, &leaf, 1, wanted, 2, GNUTLS_VERIFY_DISABLE_TIME_CHECKS,
            &status, NULL);
    if (leaf != NULL)
        gnutls_x509_crt_deinit(leaf);
    if (list != NULL)
        gnutls_x509_trust_list_deinit(list, 0);
    return code >= 0 && status == 0 ? NULL : "does not verify";
}

static const char *
try_leaf(const struct patient *p)
{
    static const char host[] = "doctor.davy.example";
    gnutls_datum_t der = { NULL, 0 };
    const char *fault = "cannot be made";
    gnutls_privkey_t key = NULL;
    gnutls_pubkey_t subject = NULL;
    struct leaf_name name;
    time_t until;
    int code = gnutls_privkey_init(&key);

    if (code >= 0)
        code = gnutls_pubkey_init(&subject);
    if (code >= 0)
        code = gnutls_privkey_generate(
            key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (code >= 0)
        code = gnutls_pubkey_import_privkey(subject, key, 0, 0);
    if (code >= 0 && leaf_name_read(&name, host, sizeof(host) - 1)
        && ca_mint(&p->ca, &name, subject, p->now, 86400, &der, &until) >= 0)
        fault = verify_leaf(&p->ca, &der, host);
    gnutls_free(der.data);
    if (subject != NULL)
        gnutls_pubkey_deinit(subject);
    if (key != NULL)
        gnutls_privkey_deinit(key);
    return fault;
}

/* ---- All of it ---- */

static void
examine_authority(struct patient *p)
{
    if (p->has_key)
        report(p, "key and certificate",
               ca_keys_match(&p->ca) ? NULL : "do not belong together",
               "put the files in @ back from one backup, or davyd ca "
               "init --force");
    report(p, "constraints", find_constraint_fault(p->ca.certificate),
           "davyd ca init --force --state @ makes one that is right");
    examine_times(p);
    if (p->has_key)
        report(p, "a certificate made with it", try_leaf(p),
               "mend what failed above; if nothing did, davyd ca init "
               "--force");
}

bool
ca_doctor(const char *dir, time_t now)
{
    struct patient p = { .dir = dir,
                         .now = now,
                         .folder = -1,
                         .key_file = -1,
                         .certificate_file = -1 };

    p.shown = text_clean(dir);
    report(&p, "clock", now < EARLIEST ? "shows a time long past" : NULL,
           "set it; certificates made now would not be valid");
    if (examine_folder(&p)) {
        examine_key_file(&p);
        examine_certificate_file(&p);
    }
    if (p.certificate_file >= 0)
        examine_contents(&p);
    if (p.has_certificate)
        examine_authority(&p);
    ca_fini(&p.ca);
    if (p.certificate_file >= 0)
        close(p.certificate_file);
    if (p.key_file >= 0)
        close(p.key_file);
    if (p.folder >= 0)
        close(p.folder);
    free(p.shown);
    return p.failures == 0;
}
