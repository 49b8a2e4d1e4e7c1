use std::collections::BTreeMap;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const KEY: Uuid = Uuid::from_u128(7);

#[test]
fn addresses_are_folders_or_buckets() {
    let bucket = |name: &str, prefix: &str| Ok(StorageAddress::Bucket { name: name.into(), prefix: prefix.into() });
    assert_eq!(StorageAddress::parse("data/documents"), Ok(StorageAddress::Folder("data/documents".into())));
    assert_eq!(StorageAddress::parse("s3://papers"), bucket("papers", ""));
    assert_eq!(StorageAddress::parse("s3://papers/portico/a/"), bucket("papers", "portico/a"));
    for bad in
        ["", " ", "s3://", "s3:///prefix", "s3://user:secret@host/x", "s3://a b", "https://s3.agency.example/x", "s3://a/../b?"]
    {
        assert_eq!(StorageAddress::parse(bad), Err(StorageAddressError::Malformed), "{bad}");
    }
    assert!(S3Endpoint::parse("https://s3.agency.example:9000").is_ok());
    assert!(S3Endpoint::parse("http://127.0.0.1:9000/").is_ok());
    assert_eq!(S3Endpoint::parse("http://s3.agency.example"), Err(StorageAddressError::NoTls));
    for bad in ["", "s3.agency.example", "https://user:secret@s3.agency.example", "https://s3.agency.example/bucket", "ftp://x"] {
        assert_eq!(S3Endpoint::parse(bad), Err(StorageAddressError::Endpoint), "{bad}");
    }
}

#[tokio::test]
async fn a_folder_is_its_owners_alone_and_gives_back_what_it_got() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data/documents");
    let storage = Storage::open(&StorageAddress::Folder(folder.clone()), &BucketAccess::default()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(storage.get(KEY).await.unwrap(), None);
    storage.put(KEY, b"sealed".to_vec()).await.unwrap();
    assert_eq!(mode(&folder.join(KEY.to_string())), 0o600);
    assert_eq!(storage.get(KEY).await.unwrap().as_deref(), Some(b"sealed".as_slice()));
    storage.delete(KEY).await.unwrap();
    storage.delete(KEY).await.unwrap();
    storage.check(KEY).await.unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let failed = Storage::open(&StorageAddress::Folder(file.clone()), &BucketAccess::default()).unwrap_err();
    assert!(failed.to_string().contains("a file"), "{failed}");
}

/// Objects by their path, and the requests that were made.
#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    requests: Vec<String>,
}

/// A server that speaks as much of S3 as is asked of it; everything else it answers with `status`.
async fn s3(bucket: Arc<Mutex<Bucket>>, status: Option<&'static str>) -> S3Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = S3Endpoint::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            answer(connection, &bucket, status).await;
        }
    });
    endpoint
}

async fn answer(mut connection: TcpStream, bucket: &Mutex<Bucket>, status: Option<&'static str>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let header = |name: &str| head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)));
    let length = header("content-length").map_or(0, |(_, length)| length.trim().parse().unwrap());
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.unwrap();
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
    let (status, content) = {
        let mut bucket = bucket.lock().unwrap();
        bucket.requests.push(head.clone());
        match (status, method.as_str()) {
            (Some(status), _) => (status, Vec::new()),
            (None, "PUT") => {
                bucket.objects.insert(path, body);
                ("200 OK", Vec::new())
            }
            (None, "DELETE") => {
                bucket.objects.remove(&path);
                ("204 No Content", Vec::new())
            }
            (None, _) => match bucket.objects.get(&path) {
                Some(object) => ("200 OK", object.clone()),
                None => ("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
            },
        }
    };
    let date = "last-modified: Tue, 10 Mar 2026 15:00:00 GMT\r\netag: \"1\"";
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{date}\r\nconnection: close\r\n\r\n", content.len());
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&content).await.unwrap();
    connection.shutdown().await.unwrap();
}

fn bucket(endpoint: S3Endpoint) -> Storage {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let access = BucketAccess {
        endpoint: Some(endpoint),
        region: Some("eu-north-1".into()),
        key_id: Some("an-id".into()),
        secret: Some(Sensitive::new("a secret".into())),
    };
    Storage::open(&StorageAddress::parse("s3://papers/portico").unwrap(), &access).unwrap()
}

#[tokio::test]
async fn a_bucket_gives_back_what_it_got_and_is_asked_with_a_signature() {
    let held = Arc::new(Mutex::new(Bucket::default()));
    let storage = bucket(s3(Arc::clone(&held), None).await);
    assert_eq!(storage.get(KEY).await.unwrap(), None);
    storage.put(KEY, b"sealed".to_vec()).await.unwrap();
    assert_eq!(held.lock().unwrap().objects.keys().collect::<Vec<_>>(), [&format!("/papers/portico/{KEY}")]);
    assert_eq!(storage.get(KEY).await.unwrap().as_deref(), Some(b"sealed".as_slice()));
    storage.delete(KEY).await.unwrap();
    storage.check(KEY).await.unwrap();
    let held = held.lock().unwrap();
    assert!(held.objects.is_empty());
    for request in &held.requests {
        assert!(
            request.contains("AWS4-HMAC-SHA256 Credential=an-id/") && request.contains("/eu-north-1/s3/aws4_request"),
            "{request}"
        );
        assert!(!request.contains("a secret"));
    }
}

#[tokio::test]
async fn a_bucket_that_refuses_says_so_and_what_it_says_is_short() {
    let storage = bucket(s3(Arc::default(), Some("403 Forbidden")).await);
    for failed in [storage.put(KEY, vec![1]).await.unwrap_err(), storage.check(KEY).await.unwrap_err()] {
        assert!(matches!(&failed, StorageError::Refused(said) if said.len() <= 300), "{failed}");
        assert!(!failed.to_string().contains("a secret"));
    }
}

#[tokio::test]
async fn what_a_missing_bucket_was_to_delete_is_not_deleted() {
    let storage = bucket(s3(Arc::default(), Some("404 Not Found")).await);
    assert!(matches!(storage.delete(KEY).await, Err(StorageError::Refused(_))));
    assert!(storage.put(KEY, vec![1]).await.is_err());
}

#[tokio::test]
async fn nothing_goes_to_another_machine_without_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connector = Connector::new().unwrap();
    for address in ["http://192.0.2.1/x", "http://s3.agency.example/x"] {
        let request = HttpRequest::new(Bytes::from_static(b"sealed").into());
        let (mut parts, body) = request.into_parts();
        parts.uri = address.parse().unwrap();
        let refused = connector.call(HttpRequest::from_parts(parts, body)).await.unwrap_err();
        assert!(refused.to_string().contains("without TLS"), "{refused}");
    }
}
