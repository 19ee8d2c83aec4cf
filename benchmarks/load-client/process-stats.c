#include "process-stats.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t process_cpu_time(int pid) {
  char path[320];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  if (!tasks) return 0;
  uint64_t sum = 0;
  for (struct dirent *task; (task = readdir(tasks));) {
    if (task->d_name[0] == '.') continue;
    /* schedstat counts nanoseconds; stat only ticks of 10 ms. */
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, task->d_name);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    unsigned long long time;
    if (fscanf(file, "%llu", &time) == 1) sum += time;
    fclose(file);
  }
  closedir(tasks);
  return sum;
}

long process_memory(int pid, const char *line) {
  char path[64], text[256];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *file = fopen(path, "r");
  if (!file) return -1;
  long kib = -1;
  size_t length = strlen(line);
  while (kib < 0 && fgets(text, sizeof text, file)) {
    if (strncmp(text, line, length) == 0 && text[length] == ':') kib = atol(text + length + 1);
  }
  fclose(file);
  return kib;
}
