/* Runs a program; then writes its peak memory in KiB on a line of its own. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
    pid_t child = count < 2 ? -1 : fork();
    if (child == 0) {
        execv(arguments[1], arguments + 1);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
    printf("%ld\n", usage.ru_maxrss);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}
