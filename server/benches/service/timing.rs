//! Whether a hidden case can be told from an unknown number by its time: interleaved requests of many different numbers,
//! Welch's t.

use std::time::Instant;

use crate::load::Connection;
use crate::served::Served;

/// Requests of each kind.
pub const EACH: usize = 20_000;

/// Welch's t of the two samples of times. The slowest hundredth of each is left out: those are the machine's own pauses.
pub async fn hidden_against_unknown(served: &Served) -> f64 {
    let requests = served.hidden_and_unknown(EACH).await;
    let different = requests[0].len();
    println!("timing: {different} different numbers of each kind");
    let mut connection = Connection::open(&served.address.trim_start_matches("http://").replace("localhost", "127.0.0.1")).await;
    let mut times = [Vec::with_capacity(EACH), Vec::with_capacity(EACH)];
    for pair in 0..EACH {
        // Which goes first changes by a fixed pattern that neither kind profits from. The partner of a pair is a number from
        // elsewhere, so that neither warms the pages that the other reads.
        let first = (pair ^ (pair >> 1) ^ (pair >> 3)) & 1;
        for kind in [first, 1 - first] {
            let number = (pair + kind * different / 2) % different;
            let began = Instant::now();
            connection.ask(&requests[kind][number]).await;
            times[kind].push(began.elapsed().as_secs_f64() * 1e6);
        }
    }
    let [hidden, unknown] = times.map(summary);
    println!("timing: hidden {:.1} us, unknown {:.1} us on average", hidden.mean, unknown.mean);
    (hidden.mean - unknown.mean) / (hidden.variance / hidden.count + unknown.variance / unknown.count).sqrt()
}

struct Summary {
    count: f64,
    mean: f64,
    variance: f64,
}

fn summary(mut times: Vec<f64>) -> Summary {
    times.sort_by(f64::total_cmp);
    times.truncate(times.len() * 99 / 100);
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Summary { count, mean, variance }
}
