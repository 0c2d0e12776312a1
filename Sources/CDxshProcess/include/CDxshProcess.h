// What Linux has for processes and Swift's module of the C library has not. All of it returns -1, or an error number
// where it says so, when the system refuses it.
#ifndef CDXSH_PROCESS_H
#define CDXSH_PROCESS_H

#include <sys/epoll.h>
#include <sys/types.h>

// What a program is started with. Texts end with a NUL, lists of them with a null pointer.
typedef struct {
  // A path.
  const char *program;
  char *const *arguments;
  // Each `NAME=value`.
  char *const *environment;
  const char *directory;
  // What becomes its standard input, output and error; each above 2.
  int input, output, error;
} dxsh_start_t;

// Starts a program in a session of its own, with no descriptor but its three, and with signals as a shell would have
// them, whatever this thread blocks and this process ignores. Returns an error number; 0 once the program runs.
int dxsh_start(const dxsh_start_t *start, pid_t *process);

// pidfd_open(2), of Linux 5.3 and newer: a descriptor that becomes readable when the process ends. The C library has a
// name for it only since glibc 2.36.
int dxsh_pidfd_open(pid_t process);

// memfd_create(2): an empty file in memory.
int dxsh_memory_file(void);

// pipe2(2): the ends to read and to write. Like all descriptors here they are closed in programs that are started.
int dxsh_pipe(int ends[2]);

#endif
