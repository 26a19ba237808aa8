/* Process 1 of the machine that .ci/aarch64-filter starts: puts the filter on a child, and has it try. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* `ours` is the number in the engine's table, `theirs` that of the headers; -1 where there is none. */
struct refused {
    const char *name;
    long ours, theirs;
    int code;
};
#include "filter.h"

/* The headers of libc may be older than these calls. */
#define OLDEST_UNKNOWN 451

static int wrong, checked;

static void expect(const char *what, int holds) {
    checked++;
    if (!holds) {
        wrong++;
        printf("WRONG: %s (errno %d, %s)\n", what, errno, strerror(errno));
    }
}

static void expect_refusal(const char *what, long result, int code) {
    expect(what, result == -1 && errno == code);
}

static void *nothing(void *given) { return given; }

static void install(const unsigned char *program, size_t bytes) {
    struct sock_fprog filter = {bytes / 8, (struct sock_filter *)program};
    expect("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    expect("the kernel takes the filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0);
}

static void try_tables(void) {
    for (size_t at = 0; at < sizeof REFUSED / sizeof *REFUSED; at++) {
        const struct refused *one = &REFUSED[at];
        int known = one->theirs != -1 || one->ours == -1 || one->ours >= OLDEST_UNKNOWN;
        expect(one->name, known && (one->theirs == -1 || one->theirs == one->ours));
        if (one->ours != -1)
            expect_refusal(one->name, syscall(one->ours, -1, -1, -1, -1, -1, -1), one->code);
    }
    expect_refusal("a call newer than the tables", syscall(NEWEST_CALL + 1), ENOSYS);
}

static void try_arguments(void) {
    struct rlimit limit = {1, 1};
    struct flock lock = {.l_type = F_WRLCK};
    int pair[2];
    expect("socketpair of this host", socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    expect("socket of this host", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    expect_refusal("socket of a network", socket(AF_INET, SOCK_STREAM, 0), EACCES);
    expect_refusal("socket of netlink", socket(AF_NETLINK, SOCK_RAW, 0), EACCES);
    expect("flags of a file", fcntl(pair[0], F_GETFL) >= 0);
    expect_refusal("lock of a file", fcntl(pair[0], F_SETLK, &lock), EPERM);
    expect_refusal("typing into a terminal", ioctl(pair[0], TIOCSTI, "x"), EPERM);
    expect("limit of files", setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 64}) == 0);
    expect_refusal("limit of core files", setrlimit(RLIMIT_CORE, &limit), EPERM);
    expect_refusal("a namespace by clone", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM);
}

static void try_plain(void) {
    pthread_t thread;
    pid_t pid;
    int status;
    install(PLAIN, sizeof PLAIN);
    try_tables();
    try_arguments();
    expect("a thread", pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    pid = fork();
    if (pid == 0) _exit(7);
    expect("a process", pid > 0 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7);
    expect("memory", malloc(8 << 20) != NULL);
}

static void try_timed(void) {
    cpu_set_t cores;
    pthread_t thread;
    install(TIMED, sizeof TIMED);
    try_tables();
    CPU_ZERO(&cores);
    CPU_SET(0, &cores);
    expect_refusal("another core", sched_setaffinity(0, sizeof cores, &cores), EPERM);
    expect_refusal("a process, timed", fork(), EPERM);
    expect("a thread, timed", pthread_create(&thread, NULL, nothing, NULL) != 0);
}

static int in_child(const char *name, void (*work)(void)) {
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        work();
        printf("%s: %d of %d right\n", name, checked - wrong, checked);
        fflush(stdout);
        _exit(wrong != 0);
    }
    return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void) {
    mount("dev", "/dev", "devtmpfs", 0, NULL);
    int console = open("/dev/console", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(console, fd);
    int plain = in_child("plain", try_plain), timed = in_child("timed", try_timed);
    puts(plain && timed ? "the filter holds" : "THE FILTER DOES NOT HOLD");
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
    return 1;
}
