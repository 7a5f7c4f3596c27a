//! Compiles SQLite3 Multiple Ciphers from the amalgamation that `sqlite3mc-src` carries, as the one SQLite of this build.

fn main() {
    let source = sqlite3mc_src::source_dir();
    let mut build = cc::Build::new();
    // No -maes, -mavx or -march: the ciphers carry their AES code in functions of their own target (x86-64 and AArch64 alike)
    // and choose at run time, so the binary starts on any processor; with the flags it was measured to be no faster.
    build
        .file(source.join(sqlite3mc_src::SOURCE_FILE))
        .include(source)
        .opt_level(2)
        .warnings(false)
        // Ours: the cipher a new database gets, everything temporary kept in memory, no loadable code.
        .define("CODEC_TYPE", "CODEC_TYPE_AEGIS")
        .define("SQLITE_TEMP_STORE", "3")
        .define("SQLITE_OMIT_LOAD_EXTENSION", None)
        // LIKE means the same as on PostgreSQL.
        .define("SQLITE_CASE_SENSITIVE_LIKE", None)
        // SQLite's own recommendations.
        .define("SQLITE_DQS", "0")
        .define("SQLITE_THREADSAFE", "2")
        .define("SQLITE_DEFAULT_MEMSTATUS", "0")
        .define("SQLITE_LIKE_DOESNT_MATCH_BLOBS", None)
        .define("SQLITE_OMIT_DEPRECATED", None)
        .define("SQLITE_OMIT_SHARED_CACHE", None)
        .define("SQLITE_USE_ALLOCA", None)
        .define("SQLITE_ENABLE_API_ARMOR", None)
        .define("SQLITE_SECURE_DELETE", None);
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // A commit is then one fdatasync; without this SQLite falls back to fsync, which also writes the file's times.
        build.define("HAVE_FDATASYNC", "1");
    }
    build.compile("mecum_sqlite3mc");
    println!("cargo:rerun-if-changed=build.rs");
}
