//! Time and what is taken of it.

mod engine;
