//! Tests of signing in, on both engines.
