//! `sqlx::migrate!` reads the folders at compile time and would not notice a new file.
fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
