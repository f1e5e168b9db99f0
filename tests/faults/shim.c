/*
 * Counts the system calls by which a program changes files in one folder, or reads them, and
 * ends the program at one of them or lets the call fail.  Loaded before the C library
 * (LD_PRELOAD); shim.py arms it in a child that was forked for one command.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { GROWS = 1, CHANGES = 2, READS = 4, FLUSHES = 8 };
enum { COUNT, KILL, TEAR, FAIL, FAIL_FROM, FAIL_FROM_FLUSH };

static char folder[4096];
static size_t length;
static int kinds, how, number;
static long place;
static volatile long *seen;

/* Arm the shim: which folder and which kinds of calls count, at which of them what happens. */
void faults_arm(const char *where, int which, long at, int what, int error, volatile long *counter)
{
    snprintf(folder, sizeof folder, "%s", where);
    length = strlen(folder);
    kinds = which, place = at, how = what, number = error, seen = counter;
}

static int is_path(const char *path)
{
    char here[4096];
    if (path[0] != '/') {
        if (!getcwd(here, sizeof here)) return 0;
        path = here;
    }
    return !strncmp(path, folder, length);
}

static int is_file(int file)
{
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, name, sizeof name - 1);
    if (size < 0) return 0;
    name[size] = 0;
    return name[0] == '/' && is_path(name);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
}

/* Say what becomes of a call: 0 it is made, 1 it fails, 2 it is made in part and the last one. */
static int struck(int kind, int ours)
{
    if (!length || !(kinds & kind) || !ours) return 0;
    if (how == FAIL_FROM_FLUSH) {
        if (*seen < place && kind & FLUSHES) ++*seen;
        return *seen >= place ? errno = number, 1 : 0;
    }
    long now = ++*seen;
    if (how == FAIL_FROM && now >= place) return errno = number, 1;
    if (now != place) return 0;
    if (how == KILL) die();
    if (how == FAIL) return errno = number, 1;
    return how == TEAR ? 2 : 0;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
/* A call that is made whole and ends the program after that, where it would be torn. */
#define WHOLE(result, kind, ours, call) \
    int fate = struck(kind, ours);      \
    if (fate == 1) return -1;           \
    result done = call;                 \
    if (fate == 2) die();               \
    return done;

ssize_t write(int file, const void *data, size_t size)
{
    REAL(write);
    int fate = struck(GROWS, is_file(file));
    if (fate == 1) return -1;
    if (fate == 2) real(file, data, size / 2), die();
    return real(file, data, size);
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    REAL(pwrite64);
    int fate = struck(GROWS, is_file(file));
    if (fate == 1) return -1;
    if (fate == 2) real(file, data, size / 2, at), die();
    return real(file, data, size, at);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) { return pwrite64(file, data, size, at); }

ssize_t read(int file, void *data, size_t size)
{
    REAL(read);
    WHOLE(ssize_t, READS, is_file(file), real(file, data, size))
}
ssize_t pread64(int file, void *data, size_t size, off64_t at)
{
    REAL(pread64);
    WHOLE(ssize_t, READS, is_file(file), real(file, data, size, at))
}
ssize_t pread(int file, void *data, size_t size, off_t at) { return pread64(file, data, size, at); }

int fsync(int file)
{
    REAL(fsync);
    WHOLE(int, CHANGES | FLUSHES, is_file(file), real(file))
}
int fdatasync(int file)
{
    REAL(fdatasync);
    WHOLE(int, CHANGES | FLUSHES, is_file(file), real(file))
}
int ftruncate64(int file, off64_t size)
{
    REAL(ftruncate64);
    WHOLE(int, CHANGES, is_file(file), real(file, size))
}
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }
int fchmod(int file, mode_t mode)
{
    REAL(fchmod);
    WHOLE(int, CHANGES, is_file(file), real(file, mode))
}
int chmod(const char *path, mode_t mode)
{
    REAL(chmod);
    WHOLE(int, CHANGES, is_path(path), real(path, mode))
}
int unlink(const char *path)
{
    REAL(unlink);
    WHOLE(int, CHANGES, is_path(path), real(path))
}
int rename(const char *old, const char *new)
{
    REAL(rename);
    WHOLE(int, CHANGES, is_path(new), real(old, new))
}
int link(const char *old, const char *new)
{
    REAL(link);
    WHOLE(int, GROWS, is_path(new), real(old, new))
}
int linkat(int at, const char *old, int to, const char *new, int flags)
{
    REAL(linkat);
    WHOLE(int, GROWS, is_path(new), real(at, old, to, new, flags))
}
int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    WHOLE(int, GROWS, is_path(path), real(path, mode))
}

static int makes(int flags)
{
    return flags & (O_CREAT | O_TRUNC);
}
#define OPEN(name)                                                      \
    int name(const char *path, int flags, ...)                          \
    {                                                                   \
        REAL(name);                                                     \
        va_list more;                                                   \
        va_start(more, flags);                                          \
        mode_t mode = makes(flags) ? va_arg(more, mode_t) : 0;          \
        va_end(more);                                                   \
        int ours = makes(flags) && is_path(path);                       \
        WHOLE(int, GROWS, ours, real(path, flags, mode))                \
    }
OPEN(open)
OPEN(open64)
