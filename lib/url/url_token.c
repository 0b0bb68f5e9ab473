/* SPDX-License-Identifier: MIT */
/* url_token.c - finds tokens in patterns; tables of byte classes. */

#include "url/url_token.h"

#include "base/compiler.h"

const uint8_t dv_url_token_lower[256] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58,
    59, 60, 61, 62, 63, 64, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107,
    108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122,
    91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107,
    108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122,
    123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137,
    138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152,
    153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167,
    168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182,
    183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197,
    198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212,
    213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227,
    228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242,
    243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255
};

const uint8_t dv_url_token_byte[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 37, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 48,
    49, 50, 51, 52, 53, 54, 55, 56, 57, 0, 0, 0, 0, 0, 0, 0, 97, 98, 99, 100,
    101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115,
    116, 117, 118, 119, 120, 121, 122, 0, 0, 0, 0, 0, 0, 97, 98, 99, 100, 101,
    102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116,
    117, 118, 119, 120, 121, 122, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
};

const uint8_t dv_url_token_separator[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
    1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0
};

/* Tokens that so many addresses hold that a filter found by them would be
 * tried all the time; the commonest first. */
static const char *const common_tokens[] = {
    "https", "com", "www", "http", "js", "net", "org", "html", "php", "css",
    "png", "jpg", "gif", "min", "v1", "cdn", "static", "assets", "images",
    "img", "api", "ws", "wss", "index", "src", "lib", "content", "wp",
    "themes", "plugins", "scripts", "script", "files", "jquery", "dist",
    "id", "en", "co", "de", "io", "ru", "uk", "www2", "data", "main", "app",
    "public", "ajax", "libs", "uploads", "media", "npm", "gh", "v2", "v3",
    "2", "1", "0", "3"
};

unsigned
dv_url_token_commonness(uint32_t hash)
{
    for (size_t i = 0; i < DV_COUNT_OF(common_tokens); i++) {
        const struct dv_span token = dv_span_cstr(common_tokens[i]);

        if (dv_url_token_hash(token.at, token.len) == hash)
            return (unsigned)(DV_COUNT_OF(common_tokens) - i);
    }
    return 0;
}

static uint32_t
code_in(struct dv_span pattern, size_t i)
{
    if (i >= pattern.len || pattern.at[i] == '*' || pattern.at[i] == '^')
        return 0;
    return dv_url_token_code(pattern.at[i]);
}

uint32_t
dv_url_token_tag_in(struct dv_span pattern, size_t at, size_t end)
{
    return dv_url_token_tag(at == 0 ? 0 : code_in(pattern, at - 1),
                            code_in(pattern, end));
}

bool
dv_url_token_next(struct dv_span pattern, bool has_start, bool has_end,
                  size_t *from, struct dv_url_token *token)
{
    size_t i = *from;

    while (i < pattern.len) {
        size_t start;
        bool is_whole;

        while (i < pattern.len && !dv_url_token_byte[pattern.at[i]])
            i++;
        start = i;
        while (i < pattern.len && dv_url_token_byte[pattern.at[i]])
            i++;
        if (i == start)
            break;
        is_whole = (start == 0 ? has_start : pattern.at[start - 1] != '*')
                   && (i == pattern.len ? has_end : pattern.at[i] != '*');
        if (is_whole) {
            token->hash = dv_url_token_hash(pattern.at + start, i - start);
            token->at = (uint32_t)start;
            token->tag = dv_url_token_tag_in(pattern, start, i);
            *from = i;
            return true;
        }
    }
    return false;
}
