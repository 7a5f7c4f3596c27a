//! A fresh database on a PostgreSQL server, dropped with its last user.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Config, NoTls};

/// A database that is dropped with this value, whoever is still connected to it.
pub(super) struct Fresh {
    server: String,
    name: String,
    url: String,
}

impl Fresh {
    /// Makes a database on the server at this address.
    pub(super) fn on(server: &str) -> Fresh {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("mecum_test_{}_{}_{count}", std::process::id(), since.subsec_nanos());
        // A language whose order of letters is not that of their bytes, where the server knows one: text must not depend on it.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        run(server, format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"))
            .or_else(|_| run(server, create))
            .expect("the test server makes a database");
        Fresh { server: server.to_owned(), url: with_database(server, &name), name }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Err(error) = run(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            eprintln!("the test database {} was left behind: {error}", self.name);
        }
    }
}

/// The server's address with another database in it.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) =
        server.split_once('?').map_or((server, None), |(address, options)| (address, Some(options)));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let authority = address[after_scheme..].find('/').map_or(address, |at| &address[..after_scheme + at]);
    match options {
        Some(options) => format!("{authority}/{name}?{options}"),
        None => format!("{authority}/{name}"),
    }
}

/// Runs one statement on a connection and a thread of its own, so that it works from inside any runtime.
fn run(server: &str, sql: String) -> Result<(), String> {
    let config: Config = server.parse().map_err(|_| "MECUM_TEST_POSTGRES cannot be read as an address".to_owned())?;
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let (client, connection) = config.connect(NoTls).await.map_err(|error| error.to_string())?;
            tokio::spawn(connection);
            client.batch_execute(&sql).await.map_err(|error| error.to_string())
        })
    });
    thread.join().map_err(|_| "the thread of the test server's connection panicked".to_owned())?
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_in_an_address_is_exchanged_and_its_options_stay() {
        let check = |server, expect| assert_eq!(with_database(server, "x"), expect);
        check("postgres://me@here:1/postgres", "postgres://me@here:1/x");
        check("postgres://me@here:1", "postgres://me@here:1/x");
        check("postgres://me@here:1/?connect_timeout=2", "postgres://me@here:1/x?connect_timeout=2");
    }
}
