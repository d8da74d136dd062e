// The bare work of raw2prl, as a yardstick: two threads take turns at the clusters of a raw file, ask for holes, read,
// look for zeros, and write what is not zero into space reserved beforehand. No table, no header, no checks.
//
//   cc -O2 -pthread -o copyloop copyloop.c && ./copyloop disk.img out
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLUSTER = 1 << 20, THREADS = 2 };
static const off_t STEP = 128 << 20;

static int in, out;
static off_t size, next_read, next_write, reserved;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static off_t take(void) {
  pthread_mutex_lock(&lock);
  off_t data = lseek(in, next_read, SEEK_DATA);
  off_t offset = data < 0 ? -1 : data / CLUSTER * CLUSTER;
  if (offset >= 0) next_read = offset + CLUSTER;
  pthread_mutex_unlock(&lock);
  return offset;
}

static off_t place(void) {
  pthread_mutex_lock(&lock);
  off_t offset = next_write;
  next_write += CLUSTER;
  if (next_write > reserved) {
    if (fallocate(out, 0, reserved, STEP) != 0) exit(3);
    reserved += STEP;
  }
  pthread_mutex_unlock(&lock);
  return offset;
}

static void *work(void *unused) {
  (void)unused;
  char *buffer = aligned_alloc(4096, CLUSTER);
  off_t offset;
  while ((offset = take()) >= 0) {
    ssize_t count = pread(in, buffer, CLUSTER, offset);
    if (count < 0) exit(1);
    memset(buffer + count, 0, CLUSTER - count);
    if (buffer[0] == 0 && memcmp(buffer, buffer + 1, CLUSTER - 1) == 0) continue;
    if (pwrite(out, buffer, CLUSTER, place()) != CLUSTER) exit(2);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  in = open(argv[1], O_RDONLY);
  out = open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0666);
  struct stat status;
  if (in < 0 || out < 0 || fstat(in, &status) != 0) return 1;
  size = status.st_size;
  next_write = CLUSTER;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return ftruncate(out, next_write) == 0 && close(out) == 0 ? 0 : 1;
}
