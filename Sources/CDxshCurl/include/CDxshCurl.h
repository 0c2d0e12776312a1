#ifndef CDXSH_CURL_H
#define CDXSH_CURL_H

// libcurl, without linking it: linking costs 13 ms at every start of the program. The header gives types and constants;
// the functions below call the library of the same name that `dxsh_curl_load` opened, and may be called only after it
// succeeded. See libcurl's manual pages for what each of them does.

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/// Opens libcurl.so.4 and initialises it; to be called once. Null on success, else why it could not be used.
const char *_Nullable dxsh_curl_load(void);

typedef size_t (*dxsh_curl_receive)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
typedef int (*dxsh_curl_connected)(
    void *_Nullable context, char *_Nullable remote, char *_Nullable local, int remote_port, int local_port);

CURL *_Nullable dxsh_curl_easy_init(void);
void dxsh_curl_easy_cleanup(CURL *_Nonnull easy);
const char *_Nonnull dxsh_curl_easy_strerror(CURLcode code);
CURLcode dxsh_curl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
/// The text is copied.
CURLcode dxsh_curl_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nullable text);
/// What the pointer leads to must live as long as the handle uses it.
CURLcode dxsh_curl_set_pointer(CURL *_Nonnull easy, CURLoption option, const void *_Nullable pointer);
CURLcode dxsh_curl_set_offset(CURL *_Nonnull easy, CURLoption option, curl_off_t value);
/// Restricts the handle to HTTP and HTTPS, and makes its sockets such that child processes do not inherit them.
CURLcode dxsh_curl_confine(CURL *_Nonnull easy);
/// All three get `context`. `connected` is called when a connection stands and nothing of the request has been sent.
CURLcode dxsh_curl_set_callbacks(
    CURL *_Nonnull easy, void *_Nullable context, dxsh_curl_receive _Nonnull header, dxsh_curl_receive _Nonnull body,
    dxsh_curl_connected _Nonnull connected);

/// Null when there is no memory; the list is then as it was.
struct curl_slist *_Nullable dxsh_curl_slist_append(struct curl_slist *_Nullable list, const char *_Nonnull text);
void dxsh_curl_slist_free_all(struct curl_slist *_Nullable list);

CURLM *_Nullable dxsh_curl_multi_init(void);
CURLMcode dxsh_curl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode dxsh_curl_multi_add_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode dxsh_curl_multi_remove_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode dxsh_curl_multi_perform(CURLM *_Nonnull multi);
CURLMcode dxsh_curl_multi_poll(CURLM *_Nonnull multi, int milliseconds);
CURLMcode dxsh_curl_multi_wakeup(CURLM *_Nonnull multi);
/// The next transfer that has ended, and how; null when there is none.
CURL *_Nullable dxsh_curl_multi_next_done(CURLM *_Nonnull multi, CURLcode *_Nonnull result);

CURLU *_Nullable dxsh_curl_url(void);
void dxsh_curl_url_cleanup(CURLU *_Nonnull url);
CURLUcode dxsh_curl_url_set(CURLU *_Nonnull url, CURLUPart part, const char *_Nullable text, unsigned flags);
/// The text is to be freed with `dxsh_curl_free`.
CURLUcode dxsh_curl_url_get(CURLU *_Nonnull url, CURLUPart part, char *_Nullable *_Nonnull text, unsigned flags);
void dxsh_curl_free(void *_Nullable memory);

#endif
