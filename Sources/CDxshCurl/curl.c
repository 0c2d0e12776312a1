// libcurl, opened when it is first needed.

#define _GNU_SOURCE
#define CURL_DISABLE_TYPECHECK
#include "CDxshCurl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/socket.h>

#define FUNCTIONS(F) \
  F(curl_global_init) F(curl_version_info) F(curl_easy_init) F(curl_easy_cleanup) F(curl_easy_strerror) \
  F(curl_easy_setopt) F(curl_slist_append) F(curl_slist_free_all) F(curl_multi_init) F(curl_multi_setopt) \
  F(curl_multi_add_handle) F(curl_multi_remove_handle) F(curl_multi_perform) F(curl_multi_poll) \
  F(curl_multi_wakeup) F(curl_multi_info_read) F(curl_url) F(curl_url_cleanup) F(curl_url_set) F(curl_url_get) \
  F(curl_free)

// A pointer `p_curl_url` to each, of the type that the header declares.
#define POINTER(name) static typeof(&name) p_##name;
FUNCTIONS(POINTER)

static char reason[512];

static const char *explain(const char *text) {
  snprintf(reason, sizeof reason, "%s", text ? text : "no reason is given");
  return reason;
}

const char *dxsh_curl_load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) return explain(dlerror());
#define LOAD(name) \
  p_##name = (typeof(&name))dlsym(library, #name); \
  if (!p_##name) return explain("it is too old: it has no " #name);
  FUNCTIONS(LOAD)
  // CURLOPT_PREREQFUNCTION is there since 7.80.
  if (p_curl_version_info(CURLVERSION_NOW)->version_num < 0x075000) return explain("it is older than 7.80");
  if (p_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return explain("it cannot be initialised");
  return NULL;
}

CURL *dxsh_curl_easy_init(void) { return p_curl_easy_init(); }

void dxsh_curl_easy_cleanup(CURL *easy) { p_curl_easy_cleanup(easy); }

const char *dxsh_curl_easy_strerror(CURLcode code) { return p_curl_easy_strerror(code); }

CURLcode dxsh_curl_set_long(CURL *easy, CURLoption option, long value) {
  return p_curl_easy_setopt(easy, option, value);
}

CURLcode dxsh_curl_set_text(CURL *easy, CURLoption option, const char *text) {
  return p_curl_easy_setopt(easy, option, text);
}

CURLcode dxsh_curl_set_pointer(CURL *easy, CURLoption option, const void *pointer) {
  return p_curl_easy_setopt(easy, option, pointer);
}

CURLcode dxsh_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return p_curl_easy_setopt(easy, option, value);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)context;
  (void)purpose;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode dxsh_curl_confine(CURL *easy) {
  // CURLOPT_PROTOCOLS: its name is deprecated since 7.85, but that of its successor is unknown before.
  CURLcode code = p_curl_easy_setopt(easy, (CURLoption)181, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  return code;
}

CURLcode dxsh_curl_set_callbacks(
    CURL *easy, void *context, dxsh_curl_receive header, dxsh_curl_receive body, dxsh_curl_connected connected) {
  CURLcode code = p_curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
  if (code == CURLE_OK) code = p_curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, connected);
  return code;
}

struct curl_slist *dxsh_curl_slist_append(struct curl_slist *list, const char *text) {
  return p_curl_slist_append(list, text);
}

void dxsh_curl_slist_free_all(struct curl_slist *list) { p_curl_slist_free_all(list); }

CURLM *dxsh_curl_multi_init(void) { return p_curl_multi_init(); }

CURLMcode dxsh_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return p_curl_multi_setopt(multi, option, value);
}

CURLMcode dxsh_curl_multi_add_handle(CURLM *multi, CURL *easy) { return p_curl_multi_add_handle(multi, easy); }

CURLMcode dxsh_curl_multi_remove_handle(CURLM *multi, CURL *easy) { return p_curl_multi_remove_handle(multi, easy); }

CURLMcode dxsh_curl_multi_perform(CURLM *multi) {
  int running = 0;
  return p_curl_multi_perform(multi, &running);
}

CURLMcode dxsh_curl_multi_poll(CURLM *multi, int milliseconds) {
  return p_curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode dxsh_curl_multi_wakeup(CURLM *multi) { return p_curl_multi_wakeup(multi); }

CURL *dxsh_curl_multi_next_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  for (CURLMsg *message; (message = p_curl_multi_info_read(multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

CURLU *dxsh_curl_url(void) { return p_curl_url(); }

void dxsh_curl_url_cleanup(CURLU *url) { p_curl_url_cleanup(url); }

CURLUcode dxsh_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags) {
  return p_curl_url_set(url, part, text, flags);
}

CURLUcode dxsh_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags) {
  return p_curl_url_get(url, part, text, flags);
}

void dxsh_curl_free(void *memory) { p_curl_free(memory); }
