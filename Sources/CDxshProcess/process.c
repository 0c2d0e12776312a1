#define _GNU_SOURCE
#include "CDxshProcess.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// posix_spawn(3), as it copies nothing of this process: a fork's time grows with this process's memory.
int dxsh_start(const dxsh_start_t *start, pid_t *process) {
  posix_spawn_file_actions_t actions;
  int status = posix_spawn_file_actions_init(&actions);
  if (status != 0) return status;
  posix_spawnattr_t attributes;
  status = posix_spawnattr_init(&attributes);
  if (status != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return status;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, start->input, STDIN_FILENO);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, start->output, STDOUT_FILENO);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, start->error, STDERR_FILENO);
  if (status == 0) status = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  if (status == 0) status = posix_spawn_file_actions_addchdir_np(&actions, start->directory);
  if (status == 0) {
    status = posix_spawn(process, start->program, &actions, &attributes, start->arguments, start->environment);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

int dxsh_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int dxsh_memory_file(void) { return memfd_create("dxsh", MFD_CLOEXEC); }

int dxsh_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
