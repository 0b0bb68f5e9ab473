/* SPDX-License-Identifier: MIT */
/* test_html_law.c - the first look sees all that the second sees.
 *
 * Over tests/files/html, Debian's documentation, the folders in
 * DAVY_HTML_CORPUS (separated by colons), and pages that a generator makes and
 * mutates.  DAVY_HTML_MUTATIONS says how many of the latter, else 3,000. */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "support/golden.h"
#include "support/places.h"

/* Enough to meet all kinds of pages, and to end in seconds. */
#define MOST_FILES ((size_t)400)

struct tally {
    size_t pages;
    size_t undecided;
};

static void
check_page(struct tally *tally, const char *name, struct dv_span page)
{
    struct dv_mem mem;
    struct dv_buf line;
    bool decided;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&line, &mem, SIZE_MAX);
    if (!places_obey_the_law(&mem, page, &line, &decided))
        fail_msg("%s: only the second look sees %.*s\nin %.*s", name,
                 (int)line.len, (const char *)line.at,
                 page.len < 2000 ? (int)page.len : 0, (const char *)page.at);
    tally->pages++;
    tally->undecided += !decided;
    dv_buf_fini(&line);
    assert_int_equal(mem.used, 0);
}

static void
check_file(struct tally *tally, const char *path)
{
    struct dv_mem mem;
    struct dv_buf page;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&page, &mem, SIZE_MAX);
    golden_read_file(path, &page);
    check_page(tally, path, dv_buf_span(&page));
    dv_buf_fini(&page);
}

static bool
is_page(const char *name)
{
    return strstr(name, ".html") != NULL && strstr(name, ".gz") == NULL;
}

/* Every `step`-th page below `folder`. */
static void
check_folder(struct tally *tally, const char *folder, size_t *seen,
             size_t step)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir != NULL && tally->pages < MOST_FILES
           && (entry = readdir(dir)) != NULL) {
        char path[4096];
        struct stat st;

        snprintf(path, sizeof(path), "%.3000s/%.1000s", folder,
                 entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            check_folder(tally, path, seen, step);
        else if (is_page(entry->d_name) && (*seen)++ % step == 0)
            check_file(tally, path);
    }
    if (dir != NULL)
        closedir(dir);
}

static void
check_corpus(const char *folder, size_t step)
{
    struct tally tally = { 0, 0 };
    size_t seen = 0;

    check_folder(&tally, folder, &seen, step);
    if (tally.pages == 0)
        print_message("%s has no pages; left out\n", folder);
    else
        print_message("%s: %zu pages, %zu of them undecided\n", folder,
                      tally.pages, tally.undecided);
}

static void
our_own_pages_obey_the_law(void **state)
{
    char room[4096];

    (void)state;
    check_corpus(golden_source_path("tests/files/html", room, sizeof(room)),
                 1);
}

static void
documentation_obeys_the_law(void **state)
{
    (void)state;
    check_corpus("/usr/share/doc/python3.11/html", 4);
    check_corpus("/usr/share/doc/postgresql-doc-15/html", 9);
    check_corpus("/usr/share/doc/apache2-doc/manual", 17);
}

static void
other_folders_obey_the_law(void **state)
{
    const char *folders = getenv("DAVY_HTML_CORPUS");
    char folder[1000];

    (void)state;
    while (folders != NULL && *folders != '\0') {
        const size_t n = strcspn(folders, ":");

        snprintf(folder, sizeof(folder), "%.*s", (int)n, folders);
        check_corpus(folder, 1);
        folders += n + (folders[n] == ':');
    }
}

/* Pieces that pages are made of: what begins, ends, hides, or leads astray. */
static const char *const pieces[] = {
    "<p>", "</p>", "<b>", "</b>", "<i class=a>", "<a href=b>", "</a>",
    "<div data-c=d>", "</div>", "<table>", "</table>", "<tr>", "<td>",
    "<svg>", "</svg>", "<svg onload=a>", "<math>", "</math>", "<mi>",
    "<foreignObject>", "<desc>", "</desc>", "<g/>", "<annotation-xml>",
    "<script>", "</script>", "<script src=a>", "<script type=module>",
    "<script><!--", "<script>a</script>", "<!--<script>b</script>-->",
    "<style>", "</style>", "<title>", "</title>", "<textarea>",
    "</textarea>", "<xmp>", "</xmp>", "<iframe src=a>", "</iframe>",
    "<noscript>", "</noscript>", "<noframes>", "</noframes>", "<template>",
    "</template>", "<template shadowrootmode=open>", "<select>",
    "</select>", "<option>", "<frameset>", "<body onload=a>", "<html id=a>",
    "</body>", "</html>", "<head>", "</head>", "<plaintext>",
    "<img src=x onerror=a()>", "<object data=a>", "</object>", "<!--",
    "-->", "--!>", "<!-->", "<![CDATA[", "]]>", "<!DOCTYPE html>", "<?x>",
    "</>", "<", ">", "/>", "\"", "'", "=", " ", "\n", "\r\n", "&amp;", "&lt",
    "&#x3c;", "x", "onclick=a", "</br>", "<font color=a>", "<font a a>",
    "<meta http-equiv=refresh content='0;url=a'>", "<base href=a>",
    "<link rel=preload as=script href=a>", "<x-y>", "</x-z>",
    "<a xlink:href=javascript:a>", "<animate attributeName=href to=a>",
};

static uint32_t
next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static size_t
make_page(uint32_t *seed, char *page, size_t size)
{
    const size_t parts = 1 + next_random(seed) % 20;
    size_t n = 0;

    for (size_t i = 0; i < parts; i++)
        n += (size_t)snprintf(page + n, size - n, "%s",
                              pieces[next_random(seed)
                                     % DV_COUNT_OF(pieces)]);
    for (size_t i = next_random(seed) % 4; i > 0; i--)
        page[next_random(seed) % n] = (char)next_random(seed);
    return n;
}

static void
random_pages_obey_the_law(void **state)
{
    const char *wish = getenv("DAVY_HTML_MUTATIONS");
    const unsigned long rounds = wish == NULL ? 3000 : strtoul(wish, NULL, 10);
    struct tally tally = { 0, 0 };
    uint32_t seed = 2463534242;

    (void)state;
    for (unsigned long i = 0; i < rounds; i++) {
        char page[2000];
        const size_t n = make_page(&seed, page, sizeof(page));

        check_page(&tally, "a random page", dv_span_of(page, n));
    }
    print_message("%zu random pages, %zu of them undecided\n", tally.pages,
                  tally.undecided);
    assert_true(tally.undecided < tally.pages / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_pages_obey_the_law),
        cmocka_unit_test(documentation_obeys_the_law),
        cmocka_unit_test(other_folders_obey_the_law),
        cmocka_unit_test(random_pages_obey_the_law),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
