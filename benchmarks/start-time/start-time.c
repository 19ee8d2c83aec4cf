/*
 * Times how long a command takes to end, or, with a socket path, until somebody accepts there. Prints milliseconds.
 * A program of its own: starting a process from Node costs as much as some of what is measured.
 *
 * usage: start-time [--socket PATH] COMMAND [ARGUMENT …]
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MICROSECONDS = 200, LONGEST_MS = 30000 };

static void give_up(const char *what) {
  fprintf(stderr, "start-time: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static pid_t start(char **command) {
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child > 0) return child;
  int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, 0);
  dup2(nothing, 1);
  execvp(command[0], command);
  _exit(127);
}

static int accepts(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up("socket");
  int connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return connected;
}

static void await_socket(const char *path, pid_t child, double begun) {
  while (!accepts(path)) {
    if (waitpid(child, NULL, WNOHANG) == child) {
      fprintf(stderr, "start-time: the command ended before anybody accepted on %s\n", path);
      exit(1);
    }
    if (milliseconds() - begun > LONGEST_MS) {
      kill(child, SIGKILL);
      fprintf(stderr, "start-time: nobody accepts on %s\n", path);
      exit(1);
    }
    usleep(POLL_MICROSECONDS);
  }
}

int main(int count, char **arguments) {
  const char *socket_path = NULL;
  int first = 1;
  if (count > 2 && strcmp(arguments[1], "--socket") == 0) {
    socket_path = arguments[2];
    first = 3;
  }
  if (first >= count) {
    fputs("usage: start-time [--socket PATH] COMMAND [ARGUMENT ...]\n", stderr);
    return 2;
  }
  if (socket_path) unlink(socket_path);
  double begun = milliseconds();
  pid_t child = start(arguments + first);
  int status = 0;
  if (socket_path) await_socket(socket_path, child, begun);
  else if (waitpid(child, &status, 0) < 0) give_up("wait");
  printf("%.3f\n", milliseconds() - begun);
  if (socket_path) {
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    unlink(socket_path);
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
