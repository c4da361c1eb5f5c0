//! Finished tiles in memory.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use quick_cache::Weighter;

use crate::tile::Tile;

/// What was made once and may be asked for again, bounded by bytes. Cloning shares it.
///
/// A key names all that the value was made of, by content: versions of collections and styles, the canonical query, the
/// place, the format. So nothing is ever invalidated: a reload makes new keys, and the old values age out. The whole key is
/// kept and compared, since parts of it are a client's words and a hash alone could be made to meet another's.
pub struct Cache<V>(Arc<Inner<V>>);

struct Inner<V> {
    values: quick_cache::sync::Cache<String, V, Weight>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Something whose memory can be counted.
pub trait Bytes {
    /// The bytes that it holds, roughly.
    fn bytes(&self) -> usize;
}

/// What the cache holds and how it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheState {
    /// Number of values.
    pub entries: usize,
    /// Bytes that they hold.
    pub bytes: u64,
    /// Times that a value was there, or was being made for somebody else.
    pub hits: u64,
    /// Times that a value had to be made.
    pub misses: u64,
}

impl Bytes for Tile {
    fn bytes(&self) -> usize {
        self.bytes.len() + self.etag.len()
    }
}

#[derive(Clone, Copy)]
struct Weight;

/// What an entry costs beside its key and value.
const OVERHEAD: usize = 96;

/// A typical value, from which the number of entries is guessed.
const TYPICAL: u64 = 8 << 10;

impl<V: Bytes + Clone> Weighter<String, V> for Weight {
    fn weight(&self, key: &String, value: &V) -> u64 {
        (OVERHEAD + key.len() + value.bytes()) as u64
    }
}

impl<V: Bytes + Clone> Cache<V> {
    /// An empty cache that holds `bytes` at most.
    pub fn new(bytes: u64) -> Self {
        let values = quick_cache::sync::Cache::with_weighter((bytes / TYPICAL) as usize, bytes, Weight);
        Self(Arc::new(Inner { values, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }))
    }

    /// The value of a key if it is there.
    pub fn find(&self, key: &str) -> Option<V> {
        let found = self.0.values.get(key);
        if found.is_some() {
            self.0.hits.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    /// The value of a key if it is there, of which nobody takes account.
    pub fn peek(&self, key: &str) -> Option<V> {
        self.0.values.peek(key)
    }

    /// The value of a key, made if it is not there. Whoever asks for it meanwhile waits for the same value; when making it
    /// fails, or its asker goes away, the next in line makes it.
    pub async fn find_or_make<E>(&self, key: &str, make: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let mut made = false;
        let making = async {
            made = true;
            make.await
        };
        let value = self.0.values.get_or_insert_async(key, making).await;
        let counter = if made { &self.0.misses } else { &self.0.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        value
    }

    /// Adds a value that was made together with another one.
    pub fn insert(&self, key: String, value: V) {
        self.0.values.insert(key, value);
    }

    /// What it holds and how it did.
    pub fn state(&self) -> CacheState {
        let Inner { values, hits, misses } = &*self.0;
        CacheState {
            entries: values.len(),
            bytes: values.weight(),
            hits: hits.load(Ordering::Relaxed),
            misses: misses.load(Ordering::Relaxed),
        }
    }
}

impl<V> Clone for Cache<V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<V: Bytes + Clone> fmt::Debug for Cache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cache").field(&self.state()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    impl Bytes for u32 {
        fn bytes(&self) -> usize {
            *self as usize
        }
    }

    #[tokio::test]
    async fn a_value_is_made_once_for_all_who_ask_meanwhile() {
        let cache = Cache::<u32>::new(1 << 20);
        let asked = (0..8).map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move {
                let slow = async {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Ok::<_, ()>(7)
                };
                cache.find_or_make("a", slow).await
            })
        });
        for answer in asked.collect::<Vec<_>>() {
            assert_eq!(answer.await.unwrap(), Ok(7));
        }
        let state = cache.state();
        assert_eq!((state.entries, state.misses, state.hits), (1, 1, 7));
        assert_eq!((cache.find("a"), cache.find("b")), (Some(7), None));
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = Cache::<u32>::new(1 << 20);
        assert_eq!(cache.find_or_make("a", async { Err("busy") }).await, Err("busy"));
        assert_eq!(cache.find_or_make("a", async { Ok::<_, &str>(1) }).await, Ok(1));
    }

    #[tokio::test]
    async fn the_next_in_line_makes_what_a_client_that_left_began() {
        let cache = Cache::<u32>::new(1 << 20);
        let never = cache.find_or_make("a", std::future::pending::<Result<u32, ()>>());
        assert!(tokio::time::timeout(Duration::from_millis(5), never).await.is_err());
        assert_eq!(cache.find_or_make("a", async { Ok::<_, ()>(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn it_stays_within_its_bytes() {
        let cache = Cache::<u32>::new(1 << 20);
        for number in 0..500 {
            cache.find_or_make(&format!("{number}"), async { Ok::<_, ()>(10_000) }).await.unwrap();
        }
        let state = cache.state();
        assert!(state.bytes <= 1 << 20 && state.entries > 20, "{state:?}");
    }
}
