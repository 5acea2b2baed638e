//! A TypeScript client from a contract.
