// Preloaded into a program, it shifts the program's clocks by what the file DXSH_TEST_CLOCK says at the moment: the time
// of day, and the time since the machine started, in seconds.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME)) return result;
  const char *path = getenv("DXSH_TEST_CLOCK");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return result;
  long day = 0, uptime = 0;
  if (fscanf(file, "%ld %ld", &day, &uptime) == 2) time->tv_sec += clock == CLOCK_REALTIME ? day : uptime;
  fclose(file);
  return result;
}
