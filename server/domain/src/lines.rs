//! Reading lines of files that nobody has checked, with a bound.

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

use crate::Error;

/// One line without its end; of a longer one than `longest` bytes, as much as tells that it is. `None` at the end of input.
pub(crate) async fn read_line(
    lines: &mut (impl AsyncBufRead + Unpin),
    longest: usize,
    read: &mut u64,
) -> Result<Option<Vec<u8>>, Error> {
    let unreadable = |error: std::io::Error| Error::Unusable(format!("The input could not be read: {error}."));
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let available = lines.fill_buf().await.map_err(unreadable)?;
        if available.is_empty() {
            return Ok(any.then_some(line));
        }
        any = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        line.extend_from_slice(&part[..part.len().min((longest + 1).saturating_sub(line.len()))]);
        let used = part.len() + usize::from(end.is_some());
        lines.consume(used);
        *read += used as u64;
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_read_with_a_bound() {
        const LONGEST: usize = 100;
        let long = [vec![b'x'; LONGEST * 3], b"\nshort\r\n\nlast".to_vec()].concat();
        let mut reader = tokio::io::BufReader::with_capacity(10, long.as_slice());
        let mut read = 0;
        let mut next = async || read_line(&mut reader, LONGEST, &mut read).await.unwrap();
        assert_eq!(next().await.unwrap().len(), LONGEST + 1);
        assert_eq!(next().await.unwrap(), b"short\r");
        assert_eq!(next().await.unwrap(), b"");
        assert_eq!(next().await.unwrap(), b"last");
        assert_eq!(next().await, None);
        assert_eq!(read, long.len() as u64);
    }
}
