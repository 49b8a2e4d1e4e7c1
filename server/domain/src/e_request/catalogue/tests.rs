use super::*;
#[test]
fn the_shipped_file_is_right() {
    Catalogue::parse(SHIPPED).unwrap();
}
