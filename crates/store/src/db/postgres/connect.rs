//! How connections are made: where to, with what time limits, and how each one is set up.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};

use crate::db::{DbError, PgOptions, dialect};

/// The pool; connections are made when first needed.
pub(super) fn pool(url: &str, schema: &str, options: PgOptions) -> Result<Pool, DbError> {
    if !dialect::is_identifier(schema) {
        return Err(DbError::Other("the schema's name must be plain: a-z, 0-9 and _".to_owned()));
    }
    // The parser's own text could repeat a part of the address, and with it the password.
    let mut config: Config =
        url.parse().map_err(|_| DbError::Other("the database's address cannot be read".to_owned()))?;
    refuse_plain_network(&config, options.plain_network)?;
    set_limits(&mut config, options);
    let set_up = session_settings(schema, options);
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let patience = Duration::from_millis(u64::from(options.lock_timeout_ms));
    Pool::builder(manager)
        .max_size(options.n_connections.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(patience))
        .create_timeout(Some(Duration::from_millis(u64::from(options.connect_timeout_ms) * 2)))
        .post_create(Hook::async_fn(move |client, _| {
            let set_up = set_up.clone();
            Box::pin(async move { client.batch_execute(&set_up).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|error| DbError::Other(error.to_string()))
}

/// Health data and the password would go over the wire as they are.
fn refuse_plain_network(config: &Config, allowed: bool) -> Result<(), DbError> {
    if config.get_ssl_mode() == SslMode::Require {
        return Err(DbError::Unsupported(
            "this build speaks to PostgreSQL without TLS only: use a local socket or a tunnel",
        ));
    }
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let all_here = if config.get_hostaddrs().is_empty() {
        config.get_hosts().iter().all(is_here)
    } else {
        config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
    };
    if allowed || all_here {
        return Ok(());
    }
    Err(DbError::Unsupported(
        "the database is on another machine and the connection would not be encrypted: use a tunnel",
    ))
}

fn set_limits(config: &mut Config, options: PgOptions) {
    config.connect_timeout(Duration::from_millis(u64::from(options.connect_timeout_ms)));
    // A machine that is gone without a word is noticed within a minute.
    config.tcp_user_timeout(Duration::from_secs(30));
    config.keepalives_idle(Duration::from_secs(30));
    config.keepalives_interval(Duration::from_secs(10));
    config.keepalives_retries(3);
    config.application_name("mecum");
}

/// What every connection is told first. The schema's name was checked to be plain.
///
/// Every statement is about one record and written to walk along its keys, as the embedded database plans it. So here: one plan for
/// whatever values, made of seeks alone. A plan for the values of the moment believes statistics that are older than the record, takes
/// the record for empty, and walks through all of it again for each of its rows.
fn session_settings(schema: &str, options: PgOptions) -> String {
    let (lock_ms, statement_ms) = (options.lock_timeout_ms, options.statement_timeout_ms);
    format!(
        "SET search_path = \"{schema}\"; SET lock_timeout = {lock_ms}; SET statement_timeout = {statement_ms}; \
         SET idle_in_transaction_session_timeout = 300000; SET jit = off; SET plan_cache_mode = force_generic_plan; \
         SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_seqscan = off; \
         SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
}
