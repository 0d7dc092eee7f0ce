/*
 * The transaction of an ADD or a DEL in a state file of layout 3 and nothing else: no configuration is parsed, no pool is
 * chosen, no block is decoded, and what is written is made up. No plugin that keeps its state in SQLite takes less.
 *
 * Standard input: the path of the file. Environment: CNI_COMMAND, CNI_CONTAINERID.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static sqlite3 *database;

static void check(int code) {
    if (code == SQLITE_OK) return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

/* Runs a statement with the container for ?1. */
static void run(const char *sql, const char *container) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, 0));
    sqlite3_bind_text(statement, 1, container, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {}
    check(sqlite3_finalize(statement));
}

static void execute(const char *sql) { check(sqlite3_exec(database, sql, 0, 0, 0)); }

int main(void) {
    const char *container = getenv("CNI_CONTAINERID"), *command = getenv("CNI_COMMAND");
    char path[4000], log[4008];
    ssize_t length = read(0, path, sizeof path - 1);
    if (length <= 0 || !container || !command) return 64;
    path[length] = 0;
    int isAdd = strcmp(command, "ADD") == 0;

    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    check(sqlite3_open_v2(path, &database, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, 0));
    sqlite3_busy_timeout(database, 10000);
    sqlite3_wal_autocheckpoint(database, 0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, 0);
    execute("PRAGMA locking_mode = EXCLUSIVE");
    execute("PRAGMA synchronous = NORMAL");
    execute("BEGIN IMMEDIATE");
    run("SELECT address FROM owners WHERE owner = ?1 AND interface = 'eth0' ORDER BY address", container);
    if (isAdd) {
        run("SELECT value FROM meta WHERE key = 'boot'", container);
        run("SELECT kind, name, body FROM resources WHERE kind = 'SpiderIPPool' AND name = 'p'", container);
        run("SELECT kind, name, body FROM resources WHERE kind = 'SpiderReservedIP' ORDER BY name", container);
        run("SELECT value FROM meta WHERE key = 'cursor/p'", container);
    }
    run("SELECT touched, version, body FROM blocks WHERE key = x'0a000000'", container);
    run("INSERT OR REPLACE INTO blocks(key, version, touched, oldest_rest, rested_at, body)"
        " VALUES(x'0a000000', 1, 1, NULL, NULL, randomblob(200))", container);
    run(isAdd ? "INSERT OR REPLACE INTO owners VALUES(?1, 'eth0', x'0a000001', 1)"
              : "DELETE FROM owners WHERE owner = ?1 AND interface = 'eth0' AND address = x'0a000001'", container);
    run("INSERT INTO history(time, event, address, pool, namespace, name, uid, interface, container, node, sequence)"
        " VALUES(1, 'claimed', x'0a000001', 'p', '', '', ?1, 'eth0', ?1, 'node', 1)", container);
    execute("COMMIT");
    snprintf(log, sizeof log, "%s-wal", path);
    struct stat status;
    if (stat(log, &status) == 0 && status.st_size > 128 << 10)
        sqlite3_wal_checkpoint_v2(database, 0, SQLITE_CHECKPOINT_TRUNCATE, 0, 0);
    sqlite3_close_v2(database);
    if (isAdd) puts("{\"cniVersion\": \"1.0.0\", \"ips\": [{\"address\": \"10.0.0.1/11\"}]}");
    return 0;
}
