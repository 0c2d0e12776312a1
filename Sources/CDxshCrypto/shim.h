// What dxsh uses of libcrypto, declared here: its own headers include pthread.h, and the compiler would then look for
// Glibc's types in this module.
#ifndef CDXSH_CRYPTO_H
#define CDXSH_CRYPTO_H

#include <stddef.h>

// At least the size of every digest (OpenSSL's evp.h).
#define EVP_MAX_MD_SIZE 64

typedef struct evp_md_st EVP_MD;
typedef struct engine_st ENGINE;

const EVP_MD *EVP_sha256(void);
const EVP_MD *EVP_sha1(void);
const EVP_MD *EVP_md5(void);
typedef struct evp_md_ctx_st EVP_MD_CTX;

EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *context);
int EVP_DigestInit_ex(EVP_MD_CTX *context, const EVP_MD *type, ENGINE *engine);
int EVP_DigestUpdate(EVP_MD_CTX *context, const void *data, size_t count);
int EVP_DigestFinal_ex(EVP_MD_CTX *context, unsigned char *digest, unsigned int *size);
int EVP_Digest(const void *data, size_t count, unsigned char *digest, unsigned int *size, const EVP_MD *type, ENGINE *engine);

// OpenSSL's sha.h.
#define SHA256_DIGEST_LENGTH 32

unsigned char *SHA256(const unsigned char *data, size_t count, unsigned char *digest);

#endif
